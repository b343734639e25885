"""Tables of an experiment: arms, readouts, comparisons, expectations, structures, what moves it."""

import math
from collections.abc import Mapping

from progenitor.report._numbers import count_text, estimate_parts, number_text, shown, unit_text
from progenitor.report.figures._palette import arm_labels
from progenitor.report.tables import Cell, Column, Table
from progenitor.study.experiment.results import (
    NOT_SEPARATED,
    ArmOutcome,
    ExperimentResult,
    MapOutcome,
    PairOutcome,
)
from progenitor.study.results import Estimate

__all__ = [
    "arms_table",
    "expectation_table",
    "median_tables",
    "mover_table",
    "needed_table",
    "pair_label",
    "pair_table",
    "readout_tables",
    "structure_tables",
]

_ABREAST = 4
"""Arms that stand side by side in one table."""
_MEASURES = {"difference": "minus", "ratio": "÷", "hazard_ratio": "hazard ratio to"}


def arms_table(arms: Mapping[str, ArmOutcome]) -> Table:
    """Return what each arm is: cells, what is given when, conditioning, and what else differs."""
    labels = arm_labels(arms)
    return Table(
        caption="Arms; every virtual subject lives through all of them",
        columns=tuple(
            Column(title) for title in ("Arm", "Cells", "Given", "Conditioning", "Set or what if")
        ),
        rows=tuple(
            (
                Cell(labels[name]),
                Cell(arm.words.chassis),
                _listed(arm.words.given, "nothing"),
                Cell(arm.words.conditioning),
                _listed(arm.words.changes, "–"),
            )
            for name, arm in arms.items()
        ),
    )


def readout_tables(arms: Mapping[str, ArmOutcome], titles: Mapping[str, str]) -> tuple[Table, ...]:
    """Return every readout with its interval and the number of subjects behind it, by arm.

    Many arms stand in several tables, so that each can be read without scrolling.
    """
    rows = []
    for key, title in titles.items():
        estimates = [shown(arm.readouts[key]) for arm in arms.values()]
        unit = next((unit_text(one.unit) for one in estimates), "")
        note = ", ".join(text for text in (unit, estimates[0].note) if text)
        rows.append((Cell(title, small=note), *(_estimate_cell(one) for one in estimates)))
    caption = "Readouts by arm: value, 90 % interval over parameter draws, subjects behind it"
    return _in_blocks(caption, "Readout", arms, rows)


def median_tables(arms: Mapping[str, ArmOutcome], events: Mapping[str, str]) -> tuple[Table, ...]:
    """Return the median time to every event, by arm."""
    rows = [
        (Cell(title), *(_median_cell(arm.events[key].median) for arm in arms.values()))
        for key, title in events.items()
    ]
    caption = "Median time to the event, days (90 % interval over parameter draws)"
    return _in_blocks(caption, "Event", arms, rows)


def _in_blocks(
    caption: str,
    first: str,
    arms: Mapping[str, ArmOutcome],
    rows: list[tuple[Cell, ...]],
) -> tuple[Table, ...]:
    """Cut a table with a column for every arm into tables of few arms."""
    labels = list(arm_labels(arms).values())
    size = math.ceil(len(labels) / math.ceil(len(labels) / _ABREAST))
    return tuple(
        Table(
            caption=caption if begin == 0 else f"{caption}, further arms",
            columns=(
                Column(first),
                *(Column(label, numeric=True) for label in labels[begin : begin + size]),
            ),
            rows=tuple((row[0], *row[1 + begin : 1 + begin + size]) for row in rows),
        )
        for begin in range(0, len(labels), size)
    )


def pair_label(pair: PairOutcome, labels: Mapping[str, str]) -> str:
    """Return what two arms are compared by, on one line.

    Parameters
    ----------
    pair
        The comparison.
    labels
        Arm → label.
    """
    return f"{labels[pair.first]} {_MEASURES[pair.measure]} {labels[pair.second]}"


def pair_table(pairs: tuple[PairOutcome, ...], labels: Mapping[str, str]) -> Table:
    """Return the comparisons with their error and the number of subjects behind them."""
    words = {NOT_SEPARATED: NOT_SEPARATED, "": "–", **labels}
    rows = []
    for pair in pairs:
        one = shown(pair.estimate)
        value, interval = estimate_parts(one)
        unit = unit_text(one.unit)
        if pair.measure == "difference" and one.unit == "%":
            unit = "percentage points"
        error = "" if math.isnan(one.mcse) else f"± {number_text(one.mcse, digits=2)}"
        rows.append(
            (
                Cell(pair.title, small=pair_label(pair, labels)),
                Cell(f"{value} {unit}".strip(), small=error),
                Cell(interval or "–", small=f"n = {count_text(one.n)}"),
                Cell(words[pair.favours]),
            )
        )
    return Table(
        caption="Comparisons on the same subjects, with the Monte Carlo error (±)",
        columns=(
            Column("Readout and arms"),
            Column("Value", numeric=True),
            Column("90 % interval", numeric=True),
            Column("In favour of"),
        ),
        rows=tuple(rows),
        empty="The experiment compares no arms.",
    )


def expectation_table(result: ExperimentResult) -> Table:
    """Return what had to hold, whether it does, and in what share of the draws."""
    rows = []
    for one in result.expectations:
        found = shown(one.found)
        value, interval = estimate_parts(found)
        unit = unit_text(found.unit)
        rows.append(
            (
                Cell(one.statement, small=one.rule),
                Cell("met" if one.met else "▲ missed", mark="" if one.met else "weak"),
                Cell(f"{value} {unit}".strip(), small=interval),
                Cell(f"{100 * one.share:.0f} %"),
            )
        )
    return Table(
        caption="Expectations of the study file",
        columns=(
            Column("Statement"),
            Column("Holds"),
            Column("Found", numeric=True),
            Column("Draws in which it holds", numeric=True),
        ),
        rows=tuple(rows),
        empty="The experiment states no expectation.",
    )


def needed_table(found: MapOutcome) -> Table:
    """Return at which values of the first axis half of the draws benefit."""
    third = found.axes[2] if len(found.axes) > 2 else None
    heads = [f"{third.title} {value}" for value in third.values] if third else ["Enough"]
    up = found.axes[1]
    return Table(
        caption=f"“{found.axes[0].title}” at which at least half of the draws benefit",
        columns=(Column(up.title), *(Column(head, numeric=True) for head in heads)),
        rows=tuple(
            (
                Cell(value),
                *(Cell(one or "none on the map", mark="" if one else "weak") for one in row),
            )
            for value, row in zip(up.values, found.needed, strict=True)
        ),
    )


def structure_tables(result: ExperimentResult) -> tuple[Table, Table]:
    """Return comparisons and readouts under every structure, side by side."""
    labels = arm_labels(result.arms)
    columns = (
        Column("Number"),
        Column("As written", numeric=True),
        *(Column(structure.title, numeric=True) for structure in result.structures),
    )
    pairs = []
    for place, pair in enumerate(result.pairs):
        others = [structure.pairs[place].estimate for structure in result.structures]
        cells = (_estimate_cell(shown(one), unit=True) for one in (pair.estimate, *others))
        pairs.append((Cell(pair.title, small=pair_label(pair, labels)), *cells))
    readouts = []
    for key, title in result.readout_titles.items():
        for name, arm in result.arms.items():
            others = [structure.readouts[name][key] for structure in result.structures]
            cells = (_estimate_cell(shown(one), unit=True) for one in (arm.readouts[key], *others))
            readouts.append((Cell(title, small=labels[name]), *cells))
    empty = "The experiment compares no arms."
    return (
        Table("Comparisons under other structures of the model", columns, tuple(pairs), empty),
        Table("Readouts under other structures of the model", columns, tuple(readouts)),
    )


def mover_table(result: ExperimentResult) -> Table:
    """Return the numbers that the answer moves with, the strongest first."""
    return Table(
        caption=f"Rank correlation over draws with: {result.movers_of}",
        columns=(
            Column("Quantity"),
            Column("Correlation", numeric=True),
            Column("State"),
            Column("Trust"),
        ),
        rows=tuple(
            (
                Cell(one.title, small=one.id),
                Cell(f"{one.correlation:+.2f}".replace("-", "−")),
                Cell(one.state, mark="weak" if one.state in {"assumed", "disputed"} else ""),
                Cell(one.trust, mark=f"grade-{one.trust.lower()}"),
            )
            for one in result.movers
        ),
        empty=(
            f"With {result.draws} draws no number goes with the answer beyond what chance shows "
            f"(rank correlation {result.movers_floor:.2f})."
        ),
    )


def _estimate_cell(one: Estimate, *, unit: bool = False) -> Cell:
    count = f"n = {count_text(one.n)}"
    if not math.isfinite(one.value):
        return Cell("–", small=count if one.n else "not in this model")
    value, interval = estimate_parts(one)
    return Cell(f"{value} {unit_text(one.unit)}".strip() if unit else value, interval, count)


def _median_cell(one: Estimate) -> Cell:
    if math.isnan(one.value):
        return Cell("–")
    sides = [_days(side) for side in (one.value, one.low, one.high)]
    never = math.isinf(one.low)
    interval = "" if math.isnan(one.low) or never else f"{sides[1]} to {sides[2]}"
    return Cell(sides[0], interval, f"n = {count_text(one.n)}")


def _days(value: float) -> str:
    return "not reached" if math.isinf(value) else number_text(value)


def _listed(parts: tuple[str, ...], nothing: str) -> Cell:
    if not parts:
        return Cell(nothing)
    return Cell(parts[0], small="; ".join(parts[1:]))
