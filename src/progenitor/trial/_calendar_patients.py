"""The patients of a trial on a calendar: when each comes, what is made, what each suffers."""

from dataclasses import dataclass
from enum import IntEnum
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError

__all__ = ["CalendarPatients", "ProductResult"]


_DAYS = ("to_apheresis", "making", "loss", "to_infusion", "achieved", "toxicity", "end")


class ProductResult(IntEnum):
    """What came of one attempt to make a product.

    Examples
    --------
    >>> ProductResult.OUT_OF_SPECIFICATION.label
    'out of specification'
    """

    SUCCESS = 0
    OUT_OF_SPECIFICATION = 1
    FAILURE = 2

    @property
    def label(self) -> str:
        """The result in words."""
        return self.name.lower().replace("_", " ")


@final
@dataclass(frozen=True, slots=True, eq=False)
class CalendarPatients:
    """Everything that would happen to each patient, whatever the trial decides.

    Parameters
    ----------
    arrival
        Day of screening, not falling (patient,).
    eligible
        Whether screening is passed (patient,).
    to_apheresis
        Days from consent to apheresis, or to the slot of a banked product (patient,).
    making
        Days of each attempt to make a product (patient, attempt).
    result
        ``ProductResult`` of each attempt (patient, attempt).
    loss
        Days from consent to progression, death or withdrawal if not infused before; infinite
        without (patient,).
    to_infusion
        Days from the product to infusion: transport and lymphodepletion (patient,).
    achieved
        Dose really given at each assigned dose, 0 without product (patient, dose).
    toxicity
        Days from infusion to a dose-limiting toxicity at each assigned dose; infinite without.
    end
        Days from infusion to death or loss to follow-up; infinite without (patient,).
    response
        Response at each assigned dose, known with the end of the window; None where no design
        looks at it.

    Raises
    ------
    DesignError
        If shapes or values make no sense; lists every problem.

    Examples
    --------
    >>> quick = CalendarPatients.uneventful(arrival=[0.0, 7.0], doses=2, achieved=[1e6, 3e6])
    >>> quick.patients, quick.doses, quick.achieved.tolist()
    (2, 2, [[1000000.0, 3000000.0], [1000000.0, 3000000.0]])
    """

    arrival: Float[np.ndarray, " patient"]
    eligible: Bool[np.ndarray, " patient"]
    to_apheresis: Float[np.ndarray, " patient"]
    making: Float[np.ndarray, "patient attempt"]
    result: Int[np.ndarray, "patient attempt"]
    loss: Float[np.ndarray, " patient"]
    to_infusion: Float[np.ndarray, " patient"]
    achieved: Float[np.ndarray, "patient dose"]
    toxicity: Float[np.ndarray, "patient dose"]
    end: Float[np.ndarray, " patient"]
    response: Bool[np.ndarray, "patient dose"] | None = None

    def __post_init__(self) -> None:
        count = self.arrival.size
        problems = [
            f"{name} has {len(values)} rows for {count} patients"
            for name in self.__dataclass_fields__
            if (values := getattr(self, name)) is not None and len(values) != count
        ]
        if not count or self.achieved.shape != self.toxicity.shape:
            problems.append(f"achieved {self.achieved.shape}, toxicity {self.toxicity.shape}")
        if self.making.shape != self.result.shape or 0 in self.making.shape:
            problems.append(f"making {self.making.shape}, result {self.result.shape}")
        if np.any(np.diff(self.arrival) < 0.0) or not np.all(np.isfinite(self.arrival)):
            problems.append("arrivals fall or are not finite")
        problems += [
            f"{name} is negative or missing somewhere"
            for name in _DAYS
            if not np.all(getattr(self, name) >= 0.0)
        ]
        if not np.all(np.isin(self.result, list(ProductResult))):
            problems.append("a result is none of ProductResult")
        if problems:
            raise DesignError(
                f"the patients do not fit together: {'; '.join(problems)}. Fix: give one row for "
                "each patient, and days from 0"
            )

    @property
    def patients(self) -> int:
        """Number of patients who come."""
        return self.arrival.size

    @property
    def doses(self) -> int:
        """Number of doses."""
        return int(self.achieved.shape[1])

    @classmethod
    def uneventful(
        cls,
        *,
        arrival: list[float] | Float[np.ndarray, " patient"],
        doses: int,
        achieved: list[float],
        waiting: float = 0.0,
        toxicity: Float[np.ndarray, "patient dose"] | None = None,
    ) -> "CalendarPatients":
        """Make patients who all pass, get their dose after ``waiting`` days and are never lost."""
        days = np.asarray(arrival, dtype=float)
        count = days.size
        never = np.full(count, np.inf)
        return cls(
            arrival=days,
            eligible=np.ones(count, dtype=bool),
            to_apheresis=np.zeros(count),
            making=np.full((count, 1), waiting),
            result=np.zeros((count, 1), dtype=np.int64),
            loss=never,
            to_infusion=np.zeros(count),
            achieved=np.tile(np.asarray(achieved, dtype=float), (count, 1)),
            toxicity=np.full((count, doses), np.inf) if toxicity is None else toxicity,
            end=never,
        )
