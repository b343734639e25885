"""Writes the HTML report of lots: growth, quality, release tests, cost and descent."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

import progenitor
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.manufacture import Batch, Event, cost_factors, cost_tornado, lot_events
from progenitor.product import MeasuredComposition
from progenitor.report import figures, tables
from progenitor.report._numbers import count_text, number_text
from progenitor.report._page import drawings, render_page
from progenitor.report.figures._style import Chart
from progenitor.study import (
    LotSummary,
    cost_steps,
    culture_courses,
    power_curves,
    recipe_doubt,
    summarise_lots,
)

__all__ = ["render_manufacturing_report", "write_manufacturing_report"]

_NOTHING: Final[Mapping[str, MeasuredComposition]] = MappingProxyType({})
_TRACED = 6
_DOSES_TRACED = 4


def write_manufacturing_report(
    batches: Mapping[str, Batch],
    path: Path,
    *,
    seed: int | None = None,
    source: Path | None = None,
    measured: Mapping[str, MeasuredComposition] = _NOTHING,
) -> Path:
    """Write the report of lots as one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    batches
        Lots by name of the product.
    path
        Where to write; an existing file is replaced, whole or not at all.
    seed
        Of every random stream, to be printed.
    source
        The study; its name and SHA-256 are printed.
    measured
        Products whose lots hold a composition that was measured.

    Returns
    -------
    Path
        ``path``.
    """
    from progenitor.study._durable import write_atomically

    page = render_manufacturing_report(batches, seed=seed, source=source, measured=measured)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_atomically(path, page.encode())


def render_manufacturing_report(
    batches: Mapping[str, Batch],
    *,
    seed: int | None = None,
    source: Path | None = None,
    measured: Mapping[str, MeasuredComposition] = _NOTHING,
) -> str:
    """Return the report as HTML text; every text is escaped.

    Parameters
    ----------
    batches, seed, source, measured
        As :func:`write_manufacturing_report` takes them.
    """
    titles = _titles(batches)
    made = {title: batches[name] for name, title in titles.items()}
    summaries = {
        titles[name]: summarise_lots(batch, product=name) for name, batch in batches.items()
    }
    facts = {"progenitor": progenitor.__version__}
    if seed is not None:
        facts["seed"] = str(seed)
    if source is not None:
        facts["study"] = source.name
        facts["SHA-256 of the study"] = hashlib.sha256(source.read_bytes()).hexdigest()
    catalogue = default_catalogue()
    number = 0 if seed is None else seed
    doubts = {
        title: recipe_doubt(catalogue, batches[name].recipe, seed=number).sentence
        for name, title in titles.items()
    }
    return render_page(
        "manufacturing.html.j2",
        title="Manufacture of " + " and ".join(titles.values()),
        headline=_headline(summaries),
        doubts=doubts,
        measured={
            titles[name]: one.source or "no source named"
            for name, one in measured.items()
            if name in titles
        },
        lots=sum(len(batch.lot) for batch in batches.values()),
        products=len(batches),
        tables={
            "lots": tables.lots_table(summaries),
            "lost": tables.lost_table(summaries),
        },
        figures=drawings(lambda: _charts(made, catalogue)),
        priced=_priced(made),
        facts=facts,
    )


def _priced(made: Mapping[str, Batch]) -> list[str]:
    """Title of the product whose cost is taken apart: the first with a released lot."""
    return [title for title, batch in made.items() if batch.product.released.any()][:1]


def _charts(made: Mapping[str, Batch], catalogue: Catalogue) -> dict[str, Chart]:
    """Every figure of the page, by title of the product."""
    priced = _priced(made)
    swings = cost_tornado(cost_factors(made[priced[0]])) if priced else (0.0, ())
    return {
        "courses": figures.culture_courses(
            {name: culture_courses(batch) for name, batch in made.items()}
        ),
        "power": figures.release_power(
            {name: power_curves(batch, catalogue) for name, batch in made.items()}
        ),
        "cost": figures.cost_waterfall({name: cost_steps(batch) for name, batch in made.items()}),
        "swings": figures.cost_swings(*swings),
        "genealogy": figures.genealogy_graph(
            {name: _traced(batch) for name, batch in made.items()}
        ),
    }


def _titles(batches: Mapping[str, Batch]) -> dict[str, str]:
    """Title of each product, made unique by its name where recipes repeat."""
    titles = [batch.recipe.title for batch in batches.values()]
    return {
        name: title if titles.count(title) == 1 else f"{title} ({name})"
        for (name, _), title in zip(batches.items(), titles, strict=True)
    }


def _headline(summaries: Mapping[str, LotSummary]) -> str:
    said = []
    for name, one in summaries.items():
        dose = one.percentiles["cost_per_dose"].p50
        words = f"{name}: {number_text(100 * one.released_fraction)} % of lots released"
        if one.released_fraction > 0:
            wait = one.percentiles["vein_to_vein"].p50
            words += (
                f", {number_text(one.percentiles['car_cells'].p50)} CAR⁺ cells in the median, "
                f"{number_text(wait)} days from vein to vein, US$ {count_text(round(dose))} a dose"
            )
        said.append(words)
    return "; ".join(said) + "."


def _traced(batch: Batch) -> list[Event]:
    """Events of the first lots, as if each released dose were given to a patient."""
    kept = np.flatnonzero(batch.product.released)[:_TRACED]
    doses = batch.log[-1].state.doses
    recipients = {}
    for row in kept:
        lot = int(batch.lot[row])
        count = int(min(_DOSES_TRACED, max(1, doses[row])))
        recipients[lot] = [
            f"patient {lot}" if count == 1 else f"patient {lot}.{dose + 1}" for dose in range(count)
        ]
    shown = {f"{batch.recipe.name}-{lot}" for lot in recipients}
    events = lot_events(batch, recipients=recipients) if recipients else ()
    return [event for event in events if event.batch.split("/")[0] in shown]
