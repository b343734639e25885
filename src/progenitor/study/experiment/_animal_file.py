"""The section of an experiment file that plans a study in mice."""

from typing import Literal, final

from pydantic import Field

from progenitor.study._quantities import Days
from progenitor.study._sections import Reference, Section, Text
from progenitor.study.experiment._amount import Amount

__all__ = ["AnimalTrial", "Measurements", "Variations"]


@final
class Measurements(Section):
    """When tumours are measured; the first time is day 0, before mice are randomised."""

    until: Days
    """Last day."""
    every: Days
    """Days between two measurements."""


@final
class Variations(Section):
    """Other sizes of the study whose power is shown."""

    donors: list[int] = Field(default_factory=list, max_length=8)
    """Numbers of donors, 2 or more each."""
    per_donor: list[int] = Field(default_factory=list, max_length=6)
    """Numbers of mice for each donor in an arm."""


@final
class AnimalTrial(Section):
    """A planned study in mice, conducted many times on the simulated ones."""

    title: Text
    """What it is called in the report."""
    control: Reference
    """Arm that all others are compared with."""
    volume: Reference = "tumour_cells_total"
    """Observable that is measured: tumour cells, or a volume."""
    measured_by: Literal["calliper", "bioluminescence"] = "calliper"
    """How; the error and the smallest measurable volume are catalogue numbers."""
    measurements: Measurements
    humane_volume: Amount
    """Measured volume at which a mouse is removed."""
    donors: int = Field(ge=2, le=24)
    """Donors of cells in each arm; they are the units of the analysis."""
    per_donor: int = Field(ge=1, le=50)
    """Mice for each donor in an arm."""
    own_donors: bool = False
    """Whether every arm has donors of its own; otherwise one donor's cells go to all arms."""
    cage_size: int = Field(default=5, ge=1, le=20)
    """Mice in a cage."""
    donor_numbers: list[Reference] = Field(min_length=1, max_length=60)
    """Catalogue ids of what differs between donors of cells rather than between mice."""
    bank_donors: int = Field(ge=2, le=500)
    """Donors simulated in each draw; with them the subjects per draw must be whole mice."""
    alpha: float = Field(default=0.05, gt=0.0, lt=1.0)
    """Two-sided error rate for all comparisons with control together."""
    replicates: int = Field(ge=2, le=2_000)
    """Studies conducted in each draw."""
    fitted: int = Field(default=100, ge=1, le=2_000)
    """Studies in all to which a mixed model is fitted."""
    equal_arm: Reference | None = None
    """Arm that every arm equals where error rates with cells everywhere are asked for."""
    vary: Variations = Field(default_factory=Variations)
