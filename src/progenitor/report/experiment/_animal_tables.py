"""The tables of a planned mouse study: plan, balance, power, errors, other sizes."""

from collections.abc import Mapping

import numpy as np

from progenitor.report._numbers import count_text, estimate_parts, number_text, shown
from progenitor.report.tables import Cell, Column, Table
from progenitor.study.experiment.animal_results import AnimalTrialOutcome
from progenitor.study.results import Estimate

__all__ = ["animal_tables"]

_TRUSTED = 0.05
"""How far above its level an error rate may lie before it is marked."""


def animal_tables(found: AnimalTrialOutcome, labels: Mapping[str, str]) -> dict[str, Table]:
    """Return every table of a planned mouse study by name.

    Parameters
    ----------
    found
        The planned study.
    labels
        Arm → title.
    """
    return {
        "animal_plan": _plan(found),
        "animal_balance": _balance(found, labels),
        "animal_arms": _arms(found, labels),
        "animal_equal": _equal(found),
        "animal_sizes": _sizes(found, labels),
    }


def _plan(found: AnimalTrialOutcome) -> Table:
    return Table(
        caption="The plan",
        columns=(Column("What"), Column("How")),
        rows=tuple((Cell(label), Cell(text)) for label, text in found.plan.items()),
    )


def _balance(found: AnimalTrialOutcome, labels: Mapping[str, str]) -> Table:
    """Burden at baseline in the first study, by arm."""
    example, rows = found.example, []
    arm = np.array(example.arm)
    for name, label in labels.items():
        burden = example.volume[arm == name, 0]
        removed = int(example.event[arm == name].sum())
        cages = np.unique(example.cage[arm == name]).size
        rows.append(
            (
                Cell(label),
                Cell(str(burden.size)),
                Cell(f"{burden.mean():.0f}", small=f"SD {burden.std(ddof=1):.0f}"),
                Cell(f"{burden.min():.0f} to {burden.max():.0f}"),
                Cell(str(cages)),
                Cell(str(removed)),
            )
        )
    heads = ("Mice", "Mean volume, mm³", "Range, mm³", "Cages", "Removed by the end")
    return Table(
        caption="Randomisation in the study drawn here: measured volume on day 0",
        columns=(Column("Arm"), *(Column(head, numeric=True) for head in heads)),
        rows=tuple(rows),
    )


def _arms(found: AnimalTrialOutcome, labels: Mapping[str, str]) -> Table:
    rows = []
    for name, one in found.arms.items():
        doubt = "" if np.isnan(one.between) else f"{100 * one.between:.0f} % is doubt"
        ends = (7.0 * end for end in (one.effect.value, one.effect.low, one.effect.high))
        per_week, low, high = (_signed(end) for end in ends)
        rows.append(
            (
                Cell(labels[name]),
                Cell(per_week, f"{low} to {high}"),
                _share(one.batches, small=doubt),
                _share(one.mixed),
                _share(one.mice),
                _share(one.log_rank),
                Cell(*estimate_parts(one.hazard_ratio)),
                _share(one.removed),
            )
        )
    heads = (
        "True difference of growth, 1/week",
        "Power: batches",
        "Mixed model",
        "Claimed: mice",
        "Log-rank",
        "Hazard ratio",
        "Removed",
    )
    return Table(
        caption="Chance that an arm is found to grow more slowly than control "
        "(90 % interval over parameter draws; ± Monte Carlo error)",
        columns=(Column("Arm"), *(Column(head, numeric=True) for head in heads)),
        rows=tuple(rows),
    )


def _equal(found: AnimalTrialOutcome) -> Table:
    rows = [
        (
            Cell(one.words),
            *(
                _share(each, mark=each.value > found.alpha + _TRUSTED)
                for each in (one.batches, one.mice, one.log_rank)
            ),
        )
        for one in found.equal
    ]
    level = 100.0 * (1.0 - found.alpha)
    rows.append(
        (
            Cell(f"Joint {level:g} % limits hold every true difference, as planned"),
            _share(found.cover_batches),
            _share(found.cover_mice, mark=found.cover_mice.value < 1.0 - found.alpha - _TRUSTED),
            Cell("–"),
        )
    )
    heads = ("Batches as units", "Mice as units", "Log-rank")
    return Table(
        caption=f"Any arm found different where none is (should be {100 * found.alpha:g} % at "
        "most), and how often limits hold",
        columns=(Column("Truth"), *(Column(head, numeric=True) for head in heads)),
        rows=tuple(rows),
    )


def _sizes(found: AnimalTrialOutcome, labels: Mapping[str, str]) -> Table:
    rows = [
        (
            Cell(f"{size.donors} donors × {size.per_donor} mice"),
            Cell(count_text(size.total)),
            *(
                Cell(
                    f"{100 * size.batches[name].value:.0f} %",
                    small=f"mice claim {100 * size.mice[name].value:.0f} %",
                )
                for name in found.arms
            ),
        )
        for size in found.sizes
    ]
    return Table(
        caption="Power of other sizes, batches as units; below, what mice as units would claim",
        columns=(
            Column("In each arm"),
            Column("Mice in all", numeric=True),
            *(Column(labels[name], numeric=True) for name in found.arms),
        ),
        rows=tuple(rows),
    )


def _signed(value: float) -> str:
    return f"{value:.3f}".replace("-0.000", "0.000").replace("-", "−")


def _share(estimate: Estimate, *, small: str = "", mark: bool = False) -> Cell:
    one = shown(estimate)
    value, interval = estimate_parts(one)
    error = "" if np.isnan(one.mcse) else f"± {number_text(one.mcse, digits=2)}"
    text = f"▲ {value} %" if mark else f"{value} %"
    return Cell(
        text, interval, "; ".join(part for part in (error, small) if part), "weak" if mark else ""
    )
