"""Writes the self-contained HTML report."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from progenitor.report import figures, tables
from progenitor.report._page import drawings, render_page
from progenitor.report._select import (
    TRANSGENE,
    cells_band,
    lot_arms,
    lower_limit,
    other_bands,
    outside_agreement,
)
from progenitor.report._trial_parts import dose_parts, randomised_parts
from progenitor.report._waiting_parts import waiting_parts
from progenitor.report.figures._palette import arm_labels
from progenitor.report.figures._style import Chart
from progenitor.report.figures.composition import phenotype_words
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
    return render_page(
        "report.html.j2",
        result=result,
        labels=arm_labels(result.arms),
        question=[
            (_QUESTION.get(key, key.replace("_", " ").capitalize()), text)
            for key, text in result.question.items()
        ],
        figures=drawings(lambda: _charts(result)),
        examples=_examples(result),
        spread=_spread(result),
        simulations=result.patients * len(result.arms),
        tables=_tables(result),
        missing=_missing(result),
        summaries=tables.summary_tables(result.arms),
        outside=outside_agreement(result),
        evidence=_evidence_facts(result),
        dose_findings=result.dose_findings,
        found_parts={
            **{found.name: dose_parts(found) for found in result.dose_findings},
            **{found.name: randomised_parts(found) for found in result.randomised},
        },
        lots=lot_arms(result.arms),
        counted=_counted(result),
        phenotypes=_phenotypes(result),
        waiting=waiting_parts(lot_arms(result.arms)),
        repeat=f"progenitor run {result.study_path.name} --seed {result.seed}",
    )


def _charts(result: RunResult) -> dict[str, Chart]:
    arms, lots = result.arms, lot_arms(result.arms)
    charts: dict[str, Chart] = {
        "paired": figures.paired_forest(result.paired),
        "composition": figures.lot_composition(lots),
        "quality": figures.lot_quality(lots),
        "cost": figures.cost_lines(lots),
        "kinetics": figures.kinetics(
            arms,
            result.comparisons,
            band=cells_band(arms),
            lower_limit=lower_limit(result.ledger),
        ),
        "agreement": figures.agreement(result.comparisons, arm_labels(arms)),
        "survival_infused": figures.survival(arms, "infused"),
        "survival_itt": figures.survival(arms, "itt"),
        "crs": figures.crs_grades(arms),
        "flow": figures.flow(lots),
    }
    if result.response.change:
        charts["waterfall"] = figures.waterfall(arms, response=result.response)
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
        if cells_band(result.arms) in arm.bands:
            ranks = arm.bands[cells_band(result.arms)].percentiles
            return f"{min(ranks):g}th to the {max(ranks):g}th percentile"
    return "lowest to the highest percentile"


def _counted(result: RunResult) -> str:
    """Return what the kinetics count, in the words of the run."""
    band = cells_band(result.arms)
    found = [arm.bands[band].label for arm in result.arms.values() if band in arm.bands]
    return found[0] if found else "Cells in blood"


def _phenotypes(result: RunResult) -> str:
    """Spell out the phenotypes of the lots."""
    names = dict.fromkeys(name for arm in result.arms.values() for name in arm.composition)
    return "; ".join(f"{short}: {words}" for short, words in map(phenotype_words, names))


def _tables(result: RunResult) -> dict[str, tables.Table]:
    ledger = result.ledger
    return {
        "published": tables.published_table(result.comparisons, result.arms),
        "failures": tables.failure_table(lot_arms(result.arms)),
        "operating": tables.operating_table(result.arms),
        "weakest": tables.evidence_table(
            ledger.weakest(_WEAKEST), "The weakest evidence this run leans on, weakest first"
        ),
        "ledger": tables.evidence_table(ledger.rows, "Every catalogue parameter this run used"),
    }


def _missing(result: RunResult) -> dict[str, tuple[str, ...]]:
    """Endpoints that are not modelled → arms that lack them, none where every arm does."""
    titles = {arm.name: arm.arm_title or arm.title for arm in result.arms.values()}
    named: dict[str, list[str]] = {}
    for arm, endpoints in result.not_modelled.items():
        for endpoint in endpoints:
            named.setdefault(endpoint, []).append(titles.get(arm, arm.replace("_", " ")))
    every = len(result.not_modelled)
    return {
        name: () if len(arms) == every else tuple(dict.fromkeys(arms))
        for name, arms in named.items()
    }


def _evidence_facts(result: RunResult) -> Mapping[str, Any]:
    counts = dict(result.ledger.counts)
    return {"counts": counts, "total": len(result.ledger.rows), "assumed": counts.get("assumed", 0)}
