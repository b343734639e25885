"""Tables of a model check: bins of the visual check, prediction intervals, prediction errors."""

import numpy as np

from progenitor.inference import ModelCheck
from progenitor.report._numbers import count_text, interval_text, number_text, unit_text
from progenitor.report.figures._check_layers import ordinal
from progenitor.report.tables._table import Cell, Column, Table

__all__ = ["bin_table", "error_table", "interval_table"]


def bin_table(check: ModelCheck) -> Table:
    """Return one row per bin: observed percentiles, each over its simulated interval."""
    visual = check.visual
    limited = bool(np.isfinite(visual.below).any())
    several = len(visual.observed.strata) > 1
    groups = [ordinal(one).capitalize() for one in visual.percentiles]
    columns = [Column("Stratum")] if several else []
    columns += [Column("Days"), Column("n", numeric=True)]
    columns += [Column(name, numeric=True) for name in groups]
    columns += [Column("Below LLOQ, %", numeric=True)] if limited else []
    rows = []
    for index in range(len(visual.stratum)):
        cells = [Cell(visual.observed.strata[int(visual.stratum[index])])] if several else []
        start, end = (f"{float(one[index]):.4g}" for one in (visual.start, visual.end))
        cells += [
            Cell(start if start == end else f"{start} to {end}"),
            Cell(count_text(int(visual.count[index]))),
        ]
        cells += [_percentile(check, row, index) for row in range(len(groups))]
        cells += [_below(check, index)] if limited else []
        rows.append(tuple(cells))
    unit = unit_text(check.unit)
    kind = "Prediction-corrected percentiles" if visual.corrected else "Percentiles"
    caption = f"{kind}{f' ({unit})' if unit else ''}: observed, with the simulated "
    caption += f"{100 * visual.level:g} % interval below; ▲ outside"
    return Table(caption, tuple(columns), tuple(rows))


def _percentile(check: ModelCheck, row: int, index: int) -> Cell:
    visual = check.visual
    found, low, high = (
        float(part[row, index]) for part in (visual.percentile, visual.low, visual.high)
    )
    _, interval = interval_text(found if np.isfinite(found) else low, low, high)
    outside = not visual.inside[row, index]
    text = number_text(found) if np.isfinite(found) else "below LLOQ"
    return Cell(f"{text} ▲" if outside else text, small=interval, mark="weak" if outside else "")


def _below(check: ModelCheck, index: int) -> Cell:
    visual = check.visual
    found, low, high = (
        100.0 * float(part[index]) for part in (visual.below, visual.below_low, visual.below_high)
    )
    if not np.isfinite(found):
        return Cell("–")
    outside = not low <= found <= high
    return Cell(
        f"{found:.0f}{' ▲' if outside else ''}",
        small=f"{low:.0f} to {high:.0f}",
        mark="weak" if outside else "",
    )


def interval_table(check: ModelCheck) -> Table:
    """Return how many observations lie below and above their prediction intervals."""
    found = check.numerical
    rows = []
    for index, interval in enumerate(found.intervals):
        cells = [
            Cell(f"{interval:g} %" if interval else "Median"),
            Cell(f"{100 * found.expected[index]:g}"),
        ]
        for share, low, high in (
            (found.below, found.below_low, found.below_high),
            (found.above, found.above_low, found.above_high),
        ):
            outside = not low[index] <= share[index] <= high[index]
            cells.append(
                Cell(
                    f"{100 * share[index]:.1f}{' ▲' if outside else ''}",
                    small=f"{100 * low[index]:.1f} to {100 * high[index]:.1f}",
                    mark="weak" if outside else "",
                )
            )
        rows.append(tuple(cells))
    columns = (
        Column("Prediction interval"),
        Column("Expected on either side, %", numeric=True),
        Column("Below, %", numeric=True),
        Column("Above, %", numeric=True),
    )
    caption = "Observations outside their own prediction intervals, with the "
    caption += f"{100 * found.level:g} % interval of simulated copies below; ▲ outside"
    return Table(caption, columns, tuple(rows))


def error_table(check: ModelCheck) -> Table:
    """Return the tests of npde."""
    tests = check.fit.tests
    rows = (
        ("Mean", f"{_signed(tests.mean)} ± {tests.mean_se:.3f}", "0", "Student", tests.p_mean),
        (
            "Variance",
            f"{tests.variance:.3f} ± {tests.variance_se:.3f}",
            "1",
            "χ², two-sided",
            tests.p_variance,
        ),
        (
            "Shape",
            f"skewness {_signed(tests.skewness)}, excess kurtosis {_signed(tests.kurtosis)}",
            "0, 0",
            "Shapiro–Wilk" if tests.count <= 5_000 else "D’Agostino–Pearson",
            tests.p_normality,
        ),
        ("All three", "", "", "Bonferroni", tests.p_global),
    )
    columns = (
        Column("npde"),
        Column("Found ± standard error"),
        Column("Expected"),
        Column("Test"),
        Column("p", numeric=True),
    )
    return Table(
        f"Prediction errors of {count_text(tests.count)} observations",
        columns,
        tuple(
            (
                Cell(name),
                Cell(found),
                Cell(expected),
                Cell(test),
                Cell(
                    number_text(p, digits=2) if p >= 1e-3 else "< 0.001",
                    mark="weak" if p < 0.05 else "",
                ),
            )
            for name, found, expected, test, p in rows
        ),
    )


def _signed(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")
