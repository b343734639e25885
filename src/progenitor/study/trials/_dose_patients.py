"""The virtual patients of one arm at all its doses, as dose-finding trials look at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError
from progenitor.study._estimates import Table
from progenitor.study._facility_section import FacilitySection
from progenitor.study.trials._dose_limiting import toxicity_day
from progenitor.trial import DoseBank, WaitingStrata

__all__ = ["DosePatientsOfArm", "dose_patients"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class DosePatientsOfArm:
    """Everybody enrolled, counterfactual at every dose (draw, patient, dose).

    Parameters
    ----------
    doses
        Assigned doses, CAR+ cells per kilogram.
    achieved
        Dose really given; 0 where nothing was.
    toxic_day
        Days from infusion to the first dose-limiting toxicity; infinite without.
    response
        Objective response.
    end_day
        Days from infusion to death at the lowest dose; infinite for the living (draw, patient).
    infused, solved
        Who is infused, whatever the dose; whose simulation succeeded at every dose.
    lot_failed, lost, waiting, exit_day
        Whether the lot failed, whether the patient was lost while waiting, days from enrolment to
        infusion and to leaving without it; NaN where there was none (draw, patient).
    facility
        Where the lots queue, if they do: then trials draw patients who came as early.
    """

    doses: tuple[float, ...]
    achieved: Float[np.ndarray, "draw patient dose"]
    toxic_day: Float[np.ndarray, "draw patient dose"]
    response: Bool[np.ndarray, "draw patient dose"]
    end_day: Float[np.ndarray, "draw patient"]
    infused: Bool[np.ndarray, "draw patient"]
    solved: Bool[np.ndarray, "draw patient"]
    lot_failed: Bool[np.ndarray, "draw patient"]
    lost: Bool[np.ndarray, "draw patient"]
    waiting: Float[np.ndarray, "draw patient"]
    exit_day: Float[np.ndarray, "draw patient"]
    facility: FacilitySection | None = None

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return int(self.infused.shape[0])

    @property
    def evaluated(self) -> Bool[np.ndarray, "draw patient"]:
        """Who is infused and simulated."""
        found: Bool[np.ndarray, "draw patient"] = self.infused & self.solved
        return found

    def infused_places(self) -> Int[np.ndarray, "draw patient"]:
        """Places of the evaluated, repeated in order until every draw has as many as enrolled.

        Raises
        ------
        DesignError
            If nobody of some draw is infused.
        """
        count = self.infused.shape[1]
        rows = []
        for draw, who in enumerate(self.evaluated):
            places = np.flatnonzero(who)
            if not places.size:
                raise DesignError(
                    f"nobody of parameter draw {draw + 1} is infused. Fix: give more patients per "
                    "draw, or a smaller minimum dose"
                )
            rows.append(np.resize(places, count))
        return np.stack(rows)

    def strata(self) -> WaitingStrata | None:
        """Return when the evaluated came, where their lots queue.

        Raises
        ------
        DesignError
            If nobody of some draw is infused.
        """
        if self.facility is None:
            return None
        self.infused_places()
        return self.facility.strata(self.evaluated)

    def bank(self, tolerance: float) -> DoseBank:
        """Return the infused patients as a bank from which trials are drawn."""
        if (strata := self.strata()) is not None:
            toxic = np.isfinite(self.toxic_day)
            return DoseBank(self.doses, self.achieved, toxic, tolerance, strata)
        places = self.infused_places()[:, :, np.newaxis]
        return DoseBank(
            self.doses,
            np.take_along_axis(self.achieved, places, axis=1),
            np.isfinite(np.take_along_axis(self.toxic_day, places, axis=1)),
            tolerance,
        )


def dose_patients(
    tables: Sequence[Table],
    doses: tuple[float, ...],
    *,
    events: Sequence[str],
    window: float,
    facility: FacilitySection | None = None,
) -> DosePatientsOfArm:
    """Lay out the rows of an arm, one table for each of its doses.

    Parameters
    ----------
    tables
        Rows at each dose, the lowest first.
    doses
        Assigned doses.
    events, window
        What is a dose-limiting toxicity.
    facility
        Where the lots queue, if they do.
    """
    first = tables[0]

    def flat(name: str) -> np.ndarray[Any, Any]:
        return first.outcomes[name].reshape(first.draws, -1)

    def doses_of(name: str) -> np.ndarray[Any, Any]:
        return _stacked([table.outcomes for table in tables], name, first.draws)

    infused = flat("infused").astype(bool)
    death = flat("death_day").astype(float)
    return DosePatientsOfArm(
        doses=doses,
        achieved=np.nan_to_num(doses_of("dose_per_kg").astype(float)),
        toxic_day=np.stack(
            [toxicity_day(table, events, window=window) for table in tables], axis=2
        ),
        response=doses_of("objective_response") == 1.0,
        end_day=np.where(np.isnan(death), np.inf, death),
        infused=infused,
        solved=np.asarray(~doses_of("failed").astype(bool).any(axis=2)),
        lot_failed=~flat("lot_released").astype(bool),
        lost=flat("lost_waiting").astype(bool),
        waiting=flat("vein_to_vein").astype(float),
        exit_day=flat("exit_day").astype(float),
        facility=facility,
    )


def _stacked(
    outcomes: Sequence[Mapping[str, np.ndarray[Any, Any]]], name: str, draws: int
) -> np.ndarray[Any, Any]:
    return np.stack([columns[name].reshape(draws, -1) for columns in outcomes], axis=2)
