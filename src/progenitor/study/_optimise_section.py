"""The section of a study file that says what may be varied in the making, and what is wanted."""

from typing import Literal, final

from pydantic import Field

from progenitor.study._quantities import Probability
from progenitor.study._sections import Name, Section

__all__ = ["OptimiseSection", "SettingRange"]


@final
class SettingRange(Section):
    """Between which values a setting of the recipe may be varied."""

    low: float | str
    """Smallest value: a quantity such as '4 day', or a number where the setting has no unit."""
    high: float | str
    """Largest value."""
    logarithmic: bool = False
    """Whether factors count rather than differences."""


@final
class OptimiseSection(Section):
    """What `progenitor make --optimise` varies and what it looks for."""

    product: Name | None = None
    """Product whose making is varied; by default the first."""
    settings: dict[str, SettingRange] = Field(default_factory=dict, max_length=30)
    """Ranges by name: 'harvest_day', a setting that steps share, or 'step.setting'. Without any,
    the harvest day, cytokines, inhibitors, seeding and vessel are varied."""
    objectives: list[Literal["yield", "stemness", "cost", "vein_to_vein", "pfs_12_months"]] = Field(
        default=["yield", "stemness", "cost", "vein_to_vein", "pfs_12_months"],
        min_length=1,
        max_length=5,
    )
    """What is wanted: most cells, most stem memory, least cost, least wait, most patients alive
    without progression."""
    candidates: int = Field(default=96, ge=4, le=5000)
    """Settings tried."""
    least_released: Probability = 0.5
    """Share of lots that must be released; a candidate below it is out of question."""
    draws: int = Field(default=20, ge=2, le=1000)
    """Parameter draws over which every candidate is judged."""
    patients_per_draw: int = Field(default=12, ge=1, le=10_000)
    """Patients of each draw while searching; the same for every candidate."""
    patients_to_confirm: int = Field(default=40, ge=1, le=10_000)
    """Other patients of each draw, on whom the front and the shipped recipe are judged anew."""
