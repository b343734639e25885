"""The section of a study file that says where a product is made, and who else waits there."""

from typing import Annotated, Final, Literal, final

import numpy as np
from jaxtyping import Bool, Float
from pydantic import Field

from progenitor.manufacture import WEEKDAYS, Facility, Resource, Shift
from progenitor.study._sections import Section, Text
from progenitor.trial import Arrivals, WaitingStrata

__all__ = ["FacilityResource", "FacilitySection"]

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
Hour = Annotated[float, Field(ge=0.0, le=24.0)]

_STRATA: Final = 10
_YEAR: Final = 365.25


@final
class FacilityResource(Section):
    """What lots wait for, as in the file of `progenitor facility`."""

    name: Text
    """As the steps of recipes name it, such as `clean room` or `QC laboratory`."""
    units: int = Field(ge=1, le=10_000)
    """How many there are."""
    kept: bool = True
    """Whether a lot keeps its unit from the first to the last step that needs one, as it does a
    suite; staff go on to the next lot."""
    days: list[Weekday] | None = Field(default=None, min_length=1, max_length=7)
    """Days of the week on which work may begin; all if left out."""
    begins: Hour | None = Field(default=None, alias="from")
    """Hour of the day from which work may begin."""
    ends: Hour | None = Field(default=None, alias="to")
    """Hour of the day up to which work may begin."""

    def resource(self) -> Resource:
        """Return it as the queue knows it."""
        shift = None
        if any(one is not None for one in (self.days, self.begins, self.ends)):
            shift = Shift(
                WEEKDAYS if self.days is None else tuple(self.days),
                0.0 if self.begins is None else self.begins,
                24.0 if self.ends is None else self.ends,
            )
        return Resource(self.name, self.units, kept=self.kept, shift=shift)


@final
class FacilitySection(Section):
    """Where lots queue, and how many patients come."""

    title: Text
    """Name of the facility in tables and figures."""
    per_year: float = Field(gt=0.0, le=100_000.0)
    """Patients a year for whom each product is made there, coming at random; every product has the
    facility to itself."""
    patients: int = Field(ge=1, le=2_000)
    """Patients of a stream, as many as a trial enrols in an arm: the first finds the facility
    empty. The virtual patients of a draw are streams, one after the other."""
    resources: list[FacilityResource] = Field(min_length=1, max_length=30)
    """What there is, in the order in which lots ask for it: suites, then devices, then people."""

    def facility(self) -> Facility:
        """Return it as the queue knows it.

        Raises
        ------
        InputError
            Listing every resource that cannot be.
        """
        return Facility(tuple(one.resource() for one in self.resources))

    @property
    def stratum(self) -> int:
        """Arrivals from whom trials draw a patient: a tenth of a stream."""
        return -(-self.patients // _STRATA)

    def strata(self, member: Bool[np.ndarray, "draw patient"]) -> WaitingStrata:
        """Return when the virtual patients came, for trials that draw among the members.

        Parameters
        ----------
        member
            Who may be drawn.
        """
        return self.arrivals(member.shape[1]).strata(member)

    def arrivals(self, patients: int) -> Arrivals:
        """Return when each virtual patient of a draw comes.

        Parameters
        ----------
        patients
            Virtual patients of a draw.
        """
        return Arrivals(np.arange(patients) % self.patients, self.stratum)

    def arrivals_by(self, day: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """Return how many patients have come by a day, on average.

        Parameters
        ----------
        day
            Days since the first patient could come.
        """
        return np.asarray(day * self.per_year / _YEAR)
