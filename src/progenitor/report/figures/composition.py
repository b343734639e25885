"""Phenotype composition of every lot, stacked, lots sorted by their first phenotype."""

from collections.abc import Mapping
from typing import Final

import altair as alt
import numpy as np
from jaxtyping import Int

from progenitor.report.figures._palette import PHENOTYPE_COLOURS, arm_labels
from progenitor.report.figures._style import Chart, blank, inline, number, styled
from progenitor.report.figures._thinning import evenly
from progenitor.study.results import ArmResult

__all__ = ["lot_composition", "phenotype_words"]

_NAMES: Final = {
    "tscm": ("Tscm", "stem-like memory"),
    "tcm": ("Tcm", "central memory"),
    "teff": ("Teff", "effector"),
    "tex": ("Tex", "exhausted"),
    "gmp": ("GMP", "granulocyte-monocyte progenitor"),
    "monocyte": ("Mono", "monocyte"),
    "macrophage": ("Mac", "macrophage"),
}
_SPARE = ("#7b8794", "#b56576", "#8c6d1f")
_BARS_UP_TO = 80


def lot_composition(
    arms: Mapping[str, ArmResult], *, width: int = 1000, height: int = 210
) -> Chart:
    """Draw the share of each phenotype in each lot, one panel per arm.

    Parameters
    ----------
    arms
        Arms by name; ``composition`` holds fractions between 0 and 1 per lot, NaN for lots that
        were never made.
    width, height
        Size of all panels together, in pixels.
    """
    labels = arm_labels(arms)
    phenotypes = list(dict.fromkeys(name for arm in arms.values() for name in arm.composition))
    found = {name: rows for name, arm in arms.items() if (rows := _rows(arm, phenotypes))}
    if not found:
        return blank("No lot reached harvest, so there is no composition to show.")
    few = max(map(_lots, found.values())) <= _BARS_UP_TO
    made = {name: _made(arms[name]).size for name in found}
    panels = [
        _panel(rows, phenotypes, few=few).properties(
            title=f"{labels[name]} (n = {made[name]} lots)",
            width=width / len(found) - 66,
            height=height,
        )
        for name, rows in found.items()
    ]
    return styled(
        alt.hconcat(*panels, spacing=34),
        description=(
            "Stacked share of phenotypes in each lot, lots sorted by their first phenotype: "
            + "; ".join(f"{labels[name]}, {made[name]} lots" for name in found)
        ),
    )


def phenotype_words(name: str) -> tuple[str, str]:
    """Return the short and the long name of a phenotype.

    Examples
    --------
    >>> phenotype_words("tscm")
    ('Tscm', 'stem-like memory')
    """
    return _NAMES.get(name, (name, name))


def _rows(arm: ArmResult, phenotypes: list[str]) -> list[dict[str, object]]:
    """Return one row per lot and phenotype, lots ranked by the first phenotype, largest first.

    Of more lots than can be told apart every second, third … is drawn.
    """
    if not arm.composition:
        return []
    columns = {name: np.asarray(arm.composition[name]) for name in arm.composition}
    first = next(name for name in phenotypes if name in columns)
    lots = _made(arm)
    order = lots[np.argsort(-columns[first][lots], kind="stable")]
    order = order[evenly(order.size)]
    return [
        {
            "rank": rank + 1,
            "phenotype": phenotype_words(name)[0],
            "order": phenotypes.index(name),
            "share": number(columns[name][lot]),
        }
        for rank, lot in enumerate(order)
        for name in phenotypes
        if name in columns
    ]


def _made(arm: ArmResult) -> Int[np.ndarray, " lot"]:
    """Return the lots whose composition is known."""
    return np.flatnonzero(np.all([np.isfinite(one) for one in arm.composition.values()], axis=0))


def _lots(rows: list[dict[str, object]]) -> int:
    return len({row["rank"] for row in rows})


def _panel(rows: list[dict[str, object]], phenotypes: list[str], *, few: bool) -> alt.Chart:
    names = [phenotype_words(name)[0] for name in phenotypes]
    spare = iter(_SPARE * len(phenotypes))
    colours = [PHENOTYPE_COLOURS.get(name) or next(spare) for name in phenotypes]
    chart = alt.Chart(inline(rows))
    drawn = chart.mark_bar() if few else chart.mark_area(interpolate="step")
    x = (
        alt.X(
            "rank:O",
            title=f"Lot, sorted by share of {names[0]}",
            axis=alt.Axis(labels=False, ticks=False),
        )
        if few
        else alt.X(
            "rank:Q",
            title=f"Lot, sorted by share of {names[0]}",
            scale=alt.Scale(domain=[1, _lots(rows)], nice=False),
            axis=alt.Axis(grid=False, tickMinStep=1, tickCount=5),
        )
    )
    panel: alt.Chart = drawn.encode(
        x=x,
        y=alt.Y(
            "share:Q",
            title="Share of viable CAR⁺ cells",
            stack="zero",
            scale=alt.Scale(domain=[0, 1], clamp=True),
            axis=alt.Axis(format="%", tickCount=5, grid=False),
        ),
        color=alt.Color(
            "phenotype:N",
            title=None,
            sort=names,
            scale=alt.Scale(domain=names, range=colours),
            legend=alt.Legend(orient="bottom", columns=6, symbolType="square"),
        ),
        order=alt.Order("order:Q", sort="ascending"),
    )
    return panel
