"""Writes the self-contained HTML report."""

import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import jinja2
from altair.utils import schemapi
from markupsafe import Markup

from progenitor.report import figures, tables
from progenitor.report._draw import description, inline_svg
from progenitor.report._links import linked
from progenitor.report._numbers import count_text, number_text
from progenitor.report._select import CELLS, TRANSGENE, lower_limit, other_bands, outside_agreement
from progenitor.report.figures._palette import arm_labels
from progenitor.report.figures._style import Chart, is_blank
from progenitor.report.tables.operating import design_title
from progenitor.study.results import RunResult

__all__ = ["render_report", "write_report"]

_QUESTION = {
    "of_interest": "Question of interest",
    "context_of_use": "Context of use",
    "influence": "Influence of the model",
    "consequence": "Consequence of a wrong decision",
}
_WEAKEST = 12


@final
@dataclass(frozen=True, slots=True)
class _Drawing:
    """A figure as the page holds it: the picture, or the words that say why there is none."""

    svg: Markup
    absent: str


def write_report(result: RunResult, path: Path) -> Path:
    """Write the report of a finished run as one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    result
        A finished run.
    path
        Where to write; an existing file is replaced.

    Returns
    -------
    Path
        ``path``, so that a caller can print it.
    """
    page = render_report(result)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def render_report(result: RunResult) -> str:
    """Return the report of a finished run as HTML text; every text of the run is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("progenitor.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["linked"] = linked
    environment.filters["number"] = number_text
    environment.filters["count"] = count_text
    environment.filters["fact"] = _fact
    css = importlib.resources.files("progenitor.report").joinpath("templates/report.css")
    return environment.get_template("report.html.j2").render(
        result=result,
        css=Markup(css.read_text(encoding="utf-8")),  # noqa: S704 - a file of this package
        labels=arm_labels(result.arms),
        question=[
            (_QUESTION.get(key, key.replace("_", " ").capitalize()), text)
            for key, text in result.question.items()
        ],
        figures=_drawings(result),
        examples=_examples(result),
        spread=_spread(result),
        simulations=result.patients * len(result.arms),
        tables=_tables(result),
        outside=outside_agreement(result),
        evidence=_evidence_facts(result),
        repeat=f"progenitor run {result.study_path.name} --seed {result.seed}",
    )


def _drawings(result: RunResult) -> dict[str, _Drawing]:
    """Return every figure drawn; schema checks are for tests, and cost seconds here."""
    with schemapi.debug_mode(arg=False):
        charts = _charts(result)
    return {
        name: _Drawing(inline_svg(chart, name), description(chart) if is_blank(chart) else "")
        for name, chart in charts.items()
    }


def _charts(result: RunResult) -> dict[str, Chart]:
    arms = result.arms
    charts: dict[str, Chart] = {
        "paired": figures.paired_forest(result.paired),
        "composition": figures.lot_composition(arms),
        "quality": figures.lot_quality(arms),
        "cost": figures.cost_lines(arms),
        "kinetics": figures.kinetics(
            arms, result.comparisons, band=CELLS, lower_limit=lower_limit(result.ledger)
        ),
        "agreement": figures.agreement(result.comparisons, arm_labels(arms)),
        "waterfall": figures.waterfall(arms),
        "survival_infused": figures.survival(arms, "infused"),
        "survival_itt": figures.survival(arms, "itt"),
        "crs": figures.crs_grades(arms),
        "flow": figures.flow(arms),
    }
    if any(TRANSGENE in arm.bands for arm in arms.values()):
        charts["transgene"] = figures.kinetics(arms, result.comparisons, band=TRANSGENE)
    if others := other_bands(result):
        charts["time_courses"] = figures.time_courses(arms, others)
    return charts


def _examples(result: RunResult) -> list[tuple[str, str]]:
    """Return each design's prose example under the arm and design it belongs to."""
    labels = arm_labels(result.arms)
    return [
        (f"{labels[name]} · {design_title(design)}", design.example)
        for name, arm in result.arms.items()
        for design in arm.designs
        if design.example
    ]


def _spread(result: RunResult) -> str:
    """Return the outermost percentiles of the bands in blood, in words."""
    for arm in result.arms.values():
        if CELLS in arm.bands:
            ranks = arm.bands[CELLS].percentiles
            return f"{min(ranks):g}th to the {max(ranks):g}th percentile"
    return "lowest to the highest percentile"


def _fact(value: object) -> str:
    """Return a fact of the solver as text; floating-point numbers to two figures."""
    if isinstance(value, float):
        return number_text(value, digits=2)
    return "–" if value is None else str(value)


def _tables(result: RunResult) -> dict[str, tables.Table]:
    ledger = result.ledger
    return {
        "summary": tables.summary_table(result.arms),
        "published": tables.published_table(result.comparisons, result.arms),
        "failures": tables.failure_table(result.arms),
        "operating": tables.operating_table(result.arms),
        "weakest": tables.evidence_table(
            ledger.weakest(_WEAKEST), "The weakest evidence this run leans on, weakest first"
        ),
        "ledger": tables.evidence_table(ledger.rows, "Every catalogue parameter this run used"),
    }


def _evidence_facts(result: RunResult) -> Mapping[str, Any]:
    counts = dict(result.ledger.counts)
    return {"counts": counts, "total": len(result.ledger.rows), "assumed": counts.get("assumed", 0)}
