"""Colours that stay apart in greyscale and for colour-blind readers, by meaning."""

from collections.abc import Mapping

from progenitor.report.figures._titled import Titled

__all__ = [
    "ARM_COLOURS",
    "GRADE_COLOURS",
    "INK",
    "PAPER",
    "PHENOTYPE_COLOURS",
    "RESPONSE_COLOURS",
    "arm_colours",
    "arm_labels",
]

INK = "currentColor"
"""The colour of the surrounding text, so that one drawing serves light and dark pages."""

PAPER = "#fefefe"
"""The colour of the surrounding page; the report replaces it where the page is dark."""

# Okabe and Ito (2008), "Color Universal Design": blue, vermilion, bluish green, reddish purple;
# from the seventh on, Tol's muted scheme.
ARM_COLOURS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#8c6d1f",
    "#56b4e9",
    "#882255",
    "#999933",
    "#6b7683",
    "#aa4499",
    "#44aa99",
    "#ddaa33",
)

# ColorBrewer BrBG ends and a neutral middle: response is green-blue, progression is brown.
RESPONSE_COLOURS: Mapping[str, str] = {
    "sCR": "#003c30",
    "CR": "#01665e",
    "CRi": "#35978f",
    "VGPR": "#35978f",
    "PR": "#5ab4ac",
    "MR": "#c7eae5",
    "SD": "#a9b0b7",
    "NR": "#a9b0b7",
    "PD": "#a6611a",
    "Relapse": "#a6611a",
    "NE": "#d8dce0",
}

# ColorBrewer OrRd: lightness falls as the grade rises.
GRADE_COLOURS = ("#dfe3e8", "#fdd49e", "#fdae6b", "#f16913", "#c0392b", "#5c0a12")

# Least to most differentiated, dark to light, then grey for exhausted cells.
PHENOTYPE_COLOURS: Mapping[str, str] = {
    "tscm": "#35206b",
    "tcm": "#2f6fb0",
    "teff": "#62c0b2",
    "tex": "#c9bfae",
}


def arm_labels(arms: Mapping[str, Titled]) -> dict[str, str]:
    """Return the title each arm is drawn under, made unique by its name where titles repeat."""
    titles = [arm.title for arm in arms.values()]
    return {
        name: arm.title if titles.count(arm.title) == 1 else f"{arm.title} ({name})"
        for name, arm in arms.items()
    }


def arm_colours(arms: Mapping[str, Titled]) -> dict[str, str]:
    """Return one colour per arm, in the order in which the study lists its arms."""
    return {name: ARM_COLOURS[index % len(ARM_COLOURS)] for index, name in enumerate(arms)}
