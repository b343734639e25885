"""Writes the report of an experiment."""

from dataclasses import replace
from pathlib import Path

from progenitor.report import figures, tables
from progenitor.report._page import drawings, render_page
from progenitor.report.experiment import _tables
from progenitor.report.experiment._animal_figures import (
    animal_effects,
    animal_growth,
    animal_power,
    animal_survival,
)
from progenitor.report.experiment._animal_tables import animal_tables
from progenitor.report.experiment._change_waterfall import change_waterfall
from progenitor.report.experiment._courses import courses
from progenitor.report.experiment._event_curves import event_curves
from progenitor.report.experiment._factorial import effects_forest, factorial_plot
from progenitor.report.experiment._readout_dots import readout_dots
from progenitor.report.experiment._what_if_map import what_if_map
from progenitor.report.figures._palette import arm_colours, arm_labels
from progenitor.report.figures._style import Chart
from progenitor.report.figures.agreement import outside
from progenitor.study.experiment.results import ExperimentResult
from progenitor.study.results import Estimate, PublishedComparison

__all__ = ["render_experiment_report", "write_experiment_report"]

_QUESTION = {
    "of_interest": "Question of interest",
    "context_of_use": "Context of use",
    "influence": "Influence of the model",
    "consequence": "Consequence of a wrong decision",
}
_WEAKEST = 6


def write_experiment_report(result: ExperimentResult, path: Path) -> Path:
    """Write the report of a finished experiment as one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    result
        A finished experiment.
    path
        Where to write; an existing file is replaced.

    Returns
    -------
    Path
        ``path``, so that a caller can print it.
    """
    page = render_experiment_report(result)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def render_experiment_report(result: ExperimentResult) -> str:
    """Return the report of a finished experiment as HTML text; every text of it is escaped."""
    assumed = result.ledger.counts.get("assumed", 0)
    return render_page(
        "experiment.html.j2",
        result=result,
        labels=arm_labels(result.arms),
        question=[
            (_QUESTION.get(key, key.replace("_", " ").capitalize()), text)
            for key, text in result.question.items()
        ],
        figures=drawings(lambda: _charts(result)),
        tables=_all_tables(result),
        readouts=_tables.readout_tables(result.arms, result.readout_titles),
        medians=_tables.median_tables(result.arms, _events(result)),
        needed=[_tables.needed_table(one) if one.needed else None for one in result.maps],
        events=_events(result),
        changes=_changes(result),
        outside=[one for one in result.comparisons if outside(one)],
        missed=[one for one in result.expectations if not one.met],
        assumed=assumed,
        total=len(result.ledger.rows),
        source=f"{result.name}.yaml",
        repeat=f"progenitor run {result.name}.yaml --seed {result.seed}",
    )


def _charts(result: ExperimentResult) -> dict[str, Chart]:
    arms, labels = result.arms, arm_labels(result.arms)
    charts: dict[str, Chart] = {
        "courses": courses(arms),
        "dots": readout_dots(arms, result.readout_titles),
    }
    if events := _events(result):
        charts["events"] = event_curves(arms, events)
    for key, title in _changes(result).items():
        charts[f"change_{key}"] = change_waterfall(arms, key, title)
    if result.pairs:
        charts["pairs"] = figures.paired_forest(_forest(result, labels), lines=2)
    for place, found in enumerate(result.factorials):
        charts[f"factorial{place}"] = factorial_plot(found)
        charts[f"effects{place}"] = effects_forest(found)
    for place, grid in enumerate(result.maps):
        charts[f"map{place}"] = what_if_map(grid)
    if result.animal_trial is not None:
        trial, colours = result.animal_trial, arm_colours(arms)
        charts["animal_growth"] = animal_growth(trial, labels, colours)
        charts["animal_survival"] = animal_survival(trial, labels, colours)
        charts["animal_effects"] = animal_effects(trial, labels)
        charts["animal_power"] = animal_power(trial, labels, colours)
    if result.comparisons:
        charts["agreement"] = figures.agreement(_shorter(result), labels)
    return charts


def _forest(result: ExperimentResult, labels: dict[str, str]) -> dict[str, Estimate]:
    """Return the comparisons under labels of two lines."""
    return {
        str(place): replace(
            pair.estimate, label=f"{pair.title}\n{_tables.pair_label(pair, labels)}"
        )
        for place, pair in enumerate(result.pairs)
    }


def _shorter(result: ExperimentResult) -> list[PublishedComparison]:
    """Return the comparisons under the title of the readout alone; the table has both."""
    titles = sorted(result.readout_titles.values(), key=len, reverse=True)
    return [
        replace(
            one,
            quantity=next(
                (title for title in titles if one.quantity.startswith(f"{title} (")), one.quantity
            ),
        )
        for one in result.comparisons
    ]


def _events(result: ExperimentResult) -> dict[str, str]:
    first = next(iter(result.arms.values()))
    return {key: result.readout_titles[key] for key in first.events}


def _changes(result: ExperimentResult) -> dict[str, str]:
    first = next(iter(result.arms.values()))
    return {key: result.readout_titles[key] for key in first.changes}


def _all_tables(result: ExperimentResult) -> dict[str, tables.Table]:
    ledger, labels = result.ledger, arm_labels(result.arms)
    trial = result.animal_trial
    return {
        **({} if trial is None else animal_tables(trial, labels)),
        "arms": _tables.arms_table(result.arms),
        "pairs": _tables.pair_table(result.pairs, labels),
        "expectations": _tables.expectation_table(result),
        "structure_pairs": _tables.structure_tables(result)[0],
        "structure_readouts": _tables.structure_tables(result)[1],
        "movers": _tables.mover_table(result),
        "published": tables.published_table(result.comparisons, result.arms),
        "weakest": tables.evidence_table(
            ledger.weakest(_WEAKEST), "The weakest numbers this answer leans on, weakest first"
        ),
        "ledger": tables.evidence_table(ledger.rows, "Every catalogue number this run used"),
    }
