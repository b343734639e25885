"""Operating characteristics of a randomised trial, pair by pair, and look by look."""

from progenitor.report._numbers import estimate_parts, number_text, shown
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import Estimate, RandomisedLook, RandomisedPair, RandomisedResult

__all__ = ["randomised_looks_table", "randomised_table"]


def randomised_table(found: RandomisedResult) -> Table:
    """Return one row per characteristic and one column for each arm held against the control."""
    designed = (
        Cell("Power as designed, %", f"hazard ratio {found.hazard_ratio:g}, by integration"),
        *(Cell(number_text(100 * pair.planned)) for pair in found.pairs),
    )
    between = (
        Cell("Variance of success that lies between draws, %", "doubt about the biology"),
        *(Cell(number_text(100 * pair.between_draw_share)) for pair in found.pairs),
    )
    length = (
        Cell("Days from the first patient to the end", "all comparisons"),
        _with_error(found.duration),
        *(Cell("–") for _ in found.pairs[1:]),
    )
    tests = [
        (
            Cell(f"P(success) by {_lower(name)}, %", _test_words(found, name)),
            *(_with_error(pair.tests[name]) for pair in found.pairs),
        )
        for name in (found.pairs[0].tests if found.pairs else ())
    ]
    return Table(
        caption=(
            f"{found.replicates} trials of {found.patients} patients; intervals are the central "
            "90 % over parameter draws, ± the Monte Carlo standard error"
        ),
        columns=(
            Column("Characteristic"),
            *(Column(_against(found, pair), numeric=True) for pair in found.pairs),
        ),
        rows=(designed, *_success(found), between, *_futility(found), length, *tests),
    )


def randomised_looks_table(pair: RandomisedPair) -> Table:
    """Return one row per look of one comparison: bounds, when, what happens, and power left."""
    futile = any(look.futility > -float("inf") for look in pair.looks)
    columns = [
        Column("Look"),
        Column("Success if Z at least", numeric=True),
        *([Column("Futile if Z below", numeric=True)] if futile else []),
        Column("Day, mean", numeric=True),
        Column("Reached, %", numeric=True),
        Column("Succeeds, %", numeric=True),
        *([Column("Futile, %", numeric=True)] if futile else []),
        Column("Power left: planned effect, %", numeric=True),
        Column("Trend, %", numeric=True),
        Column("Predictive, %", numeric=True),
        Column("Came to succeed, %", numeric=True),
    ]
    return Table(
        caption=(
            "Shares of all trials; the last four columns are means over the trials that go on. "
            "± Monte Carlo standard error"
        ),
        columns=tuple(columns),
        rows=tuple(_look(place, look, futile=futile) for place, look in enumerate(pair.looks, 1)),
    )


def _success(found: RandomisedResult) -> list[tuple[Cell, ...]]:
    stops = ", stopping for futility" if _may_stop(found) else ""
    rows = [
        (
            "P(success) on fixed curves, as designed, %",
            (
                f"exponential, {100 * found.control_share:.0f} % of the control event-free on day "
                f"{found.horizon:g}, hazard ratio {found.hazard_ratio:g}{stops}"
            ),
            "paper",
        ),
        (
            "P(success) on mechanistic patients, %",
            f"assurance: averaged over parameter draws{stops}",
            "success",
        ),
        (
            "P(success) with the model’s curves known, %",
            "patients of all draws mixed: no doubt about parameters",
            "fixed",
        ),
        ("P(success) without a difference, %", f"both arms get the control{stops}", "null"),
        ("Events at the end", "", "events"),
    ]
    return [
        (Cell(words, small), *(_with_error(getattr(pair, key)) for pair in found.pairs))
        for words, small, key in rows
    ]


def _futility(found: RandomisedResult) -> list[tuple[Cell, ...]]:
    """Say what stopping for futility costs, where a trial may."""
    if not _may_stop(found):
        return []
    rows = [
        ("Stops for futility, %", "", "futile"),
        ("P(success) if nobody stops for futility, %", "mechanistic patients", "unstopped"),
        (
            "P(success) without a difference if nobody does, %",
            "not controlled: the rule is binding"
            if found.binding
            else "type I error is kept: the rule is not binding",
            "null_unstopped",
        ),
    ]
    return [
        (Cell(words, small), *(_with_error(getattr(pair, key)) for pair in found.pairs))
        for words, small, key in rows
    ]


def _look(place: int, look: RandomisedLook, *, futile: bool) -> tuple[Cell, ...]:
    when = f"{look.events:g} events" if look.events == look.events else "the last day"
    bound = f"{look.futility:.3f}".replace("-", "−") if look.futility > -float("inf") else "–"
    stopped = _brief(look.futile) if look.futility > -float("inf") else Cell("–")
    chances = [
        _brief(look.chances[name]) if name in look.chances else Cell("–")
        for name in ("design", "trend", "predictive", "came")
    ]
    return (
        Cell(f"{place}", f"{when}, {100 * look.information:.0f} % of the information"),
        Cell(f"{look.efficacy:.3f}"),
        *([Cell(bound)] if futile else []),
        Cell(number_text(look.day.value)),
        _brief(look.reached),
        _brief(look.success),
        *([stopped] if futile else []),
        *chances,
    )


def _may_stop(found: RandomisedResult) -> bool:
    return any(futility > -float("inf") for _, _, futility in found.looks[:-1])


def _against(found: RandomisedResult, pair: RandomisedPair) -> str:
    return f"{pair.title} against {next(iter(found.arms.values()))}"


def _test_words(found: RandomisedResult, name: str) -> str:
    words = "one look on the last day"
    if name == "Restricted mean":
        words += f"; difference of means within {found.horizon:g} days"
    elif name == "Milestone":
        words += f"; difference of survival on day {found.horizon:g}"
    count = found.pairs[0].tests[name].n
    return words if count == found.replicates else f"{words}; {count} trials"


def _lower(name: str) -> str:
    """Return a name as it stands within a sentence."""
    plain = name in ("Restricted mean", "Milestone", "Log-rank test")
    return name[0].lower() + name[1:] if plain else name


def _brief(estimate: Estimate) -> Cell:
    """Return a share in % with its error below."""
    estimate = shown(estimate)
    if estimate.value != estimate.value:
        return Cell("–")
    return Cell(number_text(estimate.value), f"± {number_text(estimate.mcse, digits=2)}")


def _with_error(estimate: Estimate) -> Cell:
    """Return value, interval and error; shares are printed in %."""
    estimate = shown(estimate)
    value, interval = estimate_parts(estimate)
    return Cell(value, interval, f"± {number_text(estimate.mcse, digits=2)}")
