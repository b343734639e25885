"""Overall survival with documented censoring."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.trial._event_times import EventTimes, first_event
from progenitor.trial.rules.analysis_set import AnalysisSet
from progenitor.trial.rules.time_zero import TimeZero, require_time_zero

__all__ = ["OverallSurvival"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OverallSurvival:
    """Days from time zero to death from any cause.

    A patient who is not known to have died is censored on the last day known alive, or at the data
    cut-off if that is sooner. Progression and new treatment do not censor. Patients with a missing
    last day have no data and get NaN, never zero.

    Parameters
    ----------
    analysis_set
        ``"itt"`` (from enrolment) or ``"infused"`` (from infusion).
    time_zero
        ``"enrolment"`` or ``"infusion"``; said aloud, and refused if it does not fit the set.

    Raises
    ------
    DesignError
        If set and time zero do not fit (immortal-time bias).

    References
    ----------
    FDA 2018, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (guidance).

    Examples
    --------
    >>> endpoint = OverallSurvival(analysis_set="itt", time_zero="enrolment")
    >>> deaths, alive = np.array([300.0, float("nan")]), np.array([300.0, 700.0])
    >>> survival = endpoint.evaluate(deaths, alive, days_from="enrolment", cutoff_day=365.0)
    >>> survival.time.tolist(), survival.event.tolist()
    ([300.0, 365.0], [1.0, 0.0])
    """

    analysis_set: AnalysisSet
    time_zero: TimeZero

    def __post_init__(self) -> None:
        require_time_zero(self.analysis_set, self.time_zero)

    def evaluate(
        self,
        death_day: Float[np.ndarray, " patient"],
        last_alive_day: Float[np.ndarray, " patient"],
        *,
        days_from: TimeZero,
        cutoff_day: float = float("inf"),
    ) -> EventTimes:
        """Return time and event of each patient.

        Parameters
        ----------
        death_day
            Day of death, NaN for none (patient,).
        last_alive_day
            Last day known alive (the day of death for the dead), NaN for no data (patient,).
        days_from
            Day from which the arrays count; must be the endpoint's time zero.
        cutoff_day
            Data cut-off.

        Raises
        ------
        DesignError
            If the days count from another day than time zero, or lie before it.
        """
        return first_event(
            death_day,
            last_alive_day,
            analysis_set=self.analysis_set,
            time_zero=self.time_zero,
            days_from=days_from,
            cutoff_day=cutoff_day,
        )
