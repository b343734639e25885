"""Which of a run's results play a named part in the report."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from progenitor.evidence import Ledger
from progenitor.report.figures.agreement import outside
from progenitor.study.results import ArmResult, PublishedComparison, RunResult
from progenitor.units import parse_quantity

__all__ = [
    "CELLS",
    "TRANSGENE",
    "cells_band",
    "lot_arms",
    "lower_limit",
    "other_bands",
    "outside_agreement",
]

CELLS: Final = "car_t_in_blood"
"""Key of the band of CAR⁺ cells in blood, as flow cytometry counts them."""

TRANSGENE: Final = "transgene_in_blood"
"""Key of the band of transgene copies in blood, as polymerase chain reaction counts them."""

_LOWER_LIMIT = "assay/car_t_lower_limit"
_FIXED = "fixed at "


_LEVELS: Final = (CELLS, "product_monocytes_in_blood")


def cells_band(arms: Mapping[str, ArmResult]) -> str:
    """Return the key of the band by which the products are counted in blood."""
    known = {key for arm in arms.values() for key in arm.bands}
    return next((key for key in _LEVELS if key in known), CELLS)


def other_bands(result: RunResult) -> list[str]:
    """Return the keys of all bands that hold no kinetics, in order of first appearance."""
    keys = dict.fromkeys(key for arm in result.arms.values() for key in arm.bands)
    return [key for key in keys if key not in {cells_band(result.arms), TRANSGENE}]


def lot_arms(arms: Mapping[str, ArmResult]) -> dict[str, ArmResult]:
    """Return one arm for each product: doses of an arm share their lots.

    The arm that stands for several carries its title without the dose.
    """
    several = {arm.arm_title for arm in arms.values() if arm.arm_title != arm.title}
    found: dict[str, ArmResult] = {}
    for name, arm in arms.items():
        if arm.arm_title in several:
            shared = replace(arm, title=arm.arm_title)
            found.setdefault(arm.arm_title, shared)
        else:
            found[name] = arm
    return found


def lower_limit(ledger: Ledger) -> float:
    """Return the lower limit of quantification in cells as the ledger of the run records it.

    NaN when the run does not lean on one.
    """
    for row in ledger.rows:
        if row.id == _LOWER_LIMIT and row.used.startswith(_FIXED):
            return parse_quantity(row.used.removeprefix(_FIXED)).value
    return math.nan


def outside_agreement(result: RunResult) -> list[PublishedComparison]:
    """Return the published comparisons whose ratio lies outside 0.5–2."""
    return [comparison for comparison in result.comparisons if outside(comparison)]
