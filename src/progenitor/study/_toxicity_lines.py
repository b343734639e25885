"""The toxicities that a study file may list as dose-limiting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, final

from progenitor.trial import ToxicityCriterion

__all__ = ["TOXICITIES", "ToxicityLine", "ToxicityName"]

ToxicityName = Literal[
    "crs_grade_3",
    "crs_grade_4",
    "crs_grade_3_over_3_days",
    "icans_grade_3",
    "icans_grade_4",
    "icans_grade_3_over_3_days",
    "gvhd_grade_2",
    "gvhd_grade_3",
    "gvhd_grade_4",
    "neutropenia_beyond_28",
    "death",
]


@final
@dataclass(frozen=True, slots=True)
class ToxicityLine:
    """What a name in a study file means.

    Parameters
    ----------
    criterion
        The line of the protocol.
    curve
        Curve of grades it is judged by; empty for death.
    observable
        What a body must have for it; empty where every body has it.
    """

    criterion: ToxicityCriterion
    curve: str
    observable: str


_CRS: Final = ("grade_of_crs", "")
_ICANS: Final = ("grade_of_icans", "icans_grade")
_GVHD: Final = ("grade_of_gvhd", "gvhd_grade")
_REACTION: Final = "cytokine release syndrome"
_BRAIN: Final = "neurotoxicity (ICANS)"
_DISEASE: Final = "graft-versus-host disease"

TOXICITIES: Final[Mapping[str, ToxicityLine]] = {
    "crs_grade_3": ToxicityLine(ToxicityCriterion(_REACTION, 3), *_CRS),
    "crs_grade_4": ToxicityLine(ToxicityCriterion(_REACTION, 4), *_CRS),
    "crs_grade_3_over_3_days": ToxicityLine(
        ToxicityCriterion(_REACTION, 3, resolves_within=3.0), *_CRS
    ),
    "icans_grade_3": ToxicityLine(ToxicityCriterion(_BRAIN, 3), *_ICANS),
    "icans_grade_4": ToxicityLine(ToxicityCriterion(_BRAIN, 4), *_ICANS),
    "icans_grade_3_over_3_days": ToxicityLine(
        ToxicityCriterion(_BRAIN, 3, resolves_within=3.0), *_ICANS
    ),
    "gvhd_grade_2": ToxicityLine(ToxicityCriterion(_DISEASE, 2), *_GVHD),
    "gvhd_grade_3": ToxicityLine(ToxicityCriterion(_DISEASE, 3), *_GVHD),
    "gvhd_grade_4": ToxicityLine(ToxicityCriterion(_DISEASE, 4), *_GVHD),
    "neutropenia_beyond_28": ToxicityLine(
        ToxicityCriterion("neutropenia not over by day 28", 3),
        "grade_of_late_neutropenia",
        "neutrophils_in_blood",
    ),
    "death": ToxicityLine(ToxicityCriterion("death", 5), "", ""),
}
"""Toxicities by the name under which a study file lists them."""
