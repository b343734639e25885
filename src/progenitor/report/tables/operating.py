"""Operating characteristics of each trial design on the simulated patients."""

from collections.abc import Mapping

from progenitor.report._numbers import count_text, estimate_parts, number_text, shown
from progenitor.report.figures._palette import arm_labels
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import ArmResult, DesignResult, Estimate

__all__ = ["design_title", "operating_table"]

_ENDPOINTS = {"pfs_12_months": "12-month PFS"}
_NAMES = {
    "simon_two_stage": "Simon two-stage",
    "bop2": "BOP2",
    "exact_binomial": "Exact binomial",
    "predictive_probability": "Predictive probability",
}
_FIXED = ("p0", "p1", "alpha", "power")
_SETS = {"infused": "infused set", "itt": "ITT set"}


def operating_table(arms: Mapping[str, ArmResult]) -> Table:
    """Return one row per arm and design: success, expected size, early stop, and their errors."""
    labels = arm_labels(arms)
    return Table(
        caption=(
            "As designed: exact, at the fixed rates of the hypotheses. On mechanistic patients: "
            "averaged over parameter draws (assurance); ± is the Monte Carlo standard error"
        ),
        columns=(
            Column("Arm and design"),
            Column("Design"),
            Column("P(success) as designed, %", numeric=True),
            Column("P(success) on mechanistic patients, %", numeric=True),
            Column("Expected patients", numeric=True),
            Column("P(early stop), %", numeric=True),
            Column("Share of variance between draws, %", numeric=True),
            Column("Replicates", numeric=True),
        ),
        rows=tuple(
            _row(labels[name], design) for name, arm in arms.items() for design in arm.designs
        ),
        empty="The study conducts no trial.",
    )


def design_title(design: DesignResult) -> str:
    """Return the printed name of a design: ``simon_two_stage`` becomes *Simon two-stage*."""
    return _NAMES.get(design.design, design.design)


def _row(label: str, design: DesignResult) -> tuple[Cell, ...]:
    numbers = ", ".join(
        f"{name} = {value:.3g}" for name, value in design.numbers.items() if name not in _FIXED
    )
    endpoint, chosen = _ENDPOINTS.get(design.endpoint), design.analysis_set
    endpoint = endpoint or design.endpoint.replace("_", " ")
    return (
        Cell(label, design_title(design), f"{endpoint}, {_SETS.get(chosen, chosen)}"),
        Cell(numbers, small=design.description),
        _as_designed(design),
        _with_error(design.success),
        _with_error(design.expected_patients),
        _with_error(design.early_stop),
        Cell(number_text(100 * design.between_draw_share)),
        Cell(count_text(design.replicates)),
    )


def _as_designed(design: DesignResult) -> Cell:
    """Return power and type I error at the fixed rates of the design, which are exact."""
    p0, p1, alpha, power = (design.numbers.get(name) for name in _FIXED)
    if power is None or p1 is None:
        return Cell("–")
    error = "" if alpha is None or p0 is None else f"{100 * alpha:.1f} at {100 * p0:g} %"
    return Cell(f"{100 * power:.1f}", f"at {100 * p1:g} %", error)


def _with_error(estimate: Estimate) -> Cell:
    """Return value, interval and error; a probability given as a fraction is printed in %."""
    estimate = shown(estimate)
    value, interval = estimate_parts(estimate)
    return Cell(value, interval, f"± {number_text(estimate.mcse, digits=2)}")
