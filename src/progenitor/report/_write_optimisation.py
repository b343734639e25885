"""Writes the HTML report of a search for better manufacturing settings."""

import hashlib
from pathlib import Path

import progenitor
from progenitor.report import figures, tables
from progenitor.report._numbers import count_text, number_text, percent, unit_text
from progenitor.report._page import drawings, render_page
from progenitor.study import Optimisation

__all__ = ["render_optimisation_report", "write_optimisation_report"]

_SURE = 2.0
"""Standard errors beyond which a difference is called clear."""


def write_optimisation_report(
    found: Optimisation, path: Path, *, source: Path | None = None
) -> Path:
    """Write the report of a search as one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    found
        From :func:`progenitor.study.optimise_process`.
    path
        Where to write; an existing file is replaced, whole or not at all.
    source
        The study; its name and SHA-256 are printed.

    Returns
    -------
    Path
        ``path``.
    """
    from progenitor.study._durable import write_atomically

    page = render_optimisation_report(found, source=source)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_atomically(path, page.encode())


def render_optimisation_report(found: Optimisation, *, source: Path | None = None) -> str:
    """Return the report as HTML text; every text is escaped.

    Parameters
    ----------
    found, source
        As :func:`write_optimisation_report` takes them.
    """
    facts = {"progenitor": progenitor.__version__, "seed": str(found.seed)}
    if source is not None:
        facts["study"] = source.name
        facts["SHA-256 of the study"] = hashlib.sha256(source.read_bytes()).hexdigest()
    return render_page(
        "optimisation.html.j2",
        title=f"Better settings for {found.space.recipe.title}",
        headline=_headline(found),
        notes=found.notes,
        evaluated=len(found.tried),
        on_front=len(found.front),
        lots=found.lots,
        confirmed=found.lots_to_confirm,
        figures=drawings(
            lambda: {
                "pareto": figures.pareto_plots(found),
                "parallel": figures.parallel_coordinates(found),
            }
        ),
        tables={"front": tables.front_table(found), "settings": tables.setting_table(found)},
        facts=facts,
    )


def _headline(found: Optimisation) -> str:
    """Say by how much the front's best beats the recipe as shipped, goal by goal."""
    if not found.front:
        return "No settings that were tried gave a lot that could be judged."
    said = []
    for goal in found.goals:
        sign = 1 if goal.maximise else -1
        best = max(found.front, key=lambda one: sign * one.judged.values[goal.name])
        difference, error = best.judged.difference(found.reference.judged, goal.name)
        factor, unit = percent(goal.unit)
        clear = sign * difference > _SURE * error
        value = number_text(factor * best.judged.values[goal.name])
        shipped = number_text(factor * found.reference.judged.values[goal.name])
        words = f"{goal.title} {value} against {shipped} {unit_text(unit)} as shipped"
        said.append(words if clear else f"{words} (within the noise)")
    return (
        f"Of {count_text(len(found.tried))} settings, {len(found.front)} are on the Pareto front. "
        f"The best of it, each at the expense of others: {'; '.join(said)}."
    )
