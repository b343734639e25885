"""Progression-free survival with documented censoring."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.trial._event_times import EventTimes, first_event
from progenitor.trial.rules.analysis_set import AnalysisSet
from progenitor.trial.rules.time_zero import TimeZero, require_time_zero

__all__ = ["ProgressionFreeSurvival"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressionFreeSurvival:
    r"""Days from time zero to progression or death from any cause, whichever comes first.

    .. math::

        T = \min(T_{progression}, T_{death}), \qquad
        (time, event) = (T, 1) \; \text{if } T \le cutoff, \quad
        (\min(last\ visit, cutoff), 0) \; \text{otherwise}

    Censoring: a patient without event is censored at the last visit that could show progression; at
    time zero (last visit 0) if there was none; at the data cut-off if that is sooner. Progression
    is dated to the visit that found it. Death counts whenever it happens, also after missed visits
    and in a patient who never had a visit. Patients with a missing last visit have no data and get
    NaN, never zero.

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
    FDA 2018, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (guidance);
    Cheson et al. 2007, doi:10.1200/JCO.2006.09.2403 (definition in lymphoma).

    Examples
    --------
    >>> endpoint = ProgressionFreeSurvival(analysis_set="infused", time_zero="infusion")
    >>> nan = float("nan")
    >>> pfs = endpoint.evaluate(
    ...     np.array([90.0, nan, nan]), np.array([200.0, 40.0, nan]), np.array([90.0, 28.0, 730.0]),
    ...     days_from="infusion")
    >>> pfs.time.tolist(), pfs.event.tolist()
    ([90.0, 40.0, 730.0], [1.0, 1.0, 0.0])
    """

    analysis_set: AnalysisSet
    time_zero: TimeZero

    def __post_init__(self) -> None:
        require_time_zero(self.analysis_set, self.time_zero)

    def evaluate(
        self,
        progression_day: Float[np.ndarray, " patient"],
        death_day: Float[np.ndarray, " patient"],
        last_visit_day: Float[np.ndarray, " patient"],
        *,
        days_from: TimeZero,
        cutoff_day: float = float("inf"),
    ) -> EventTimes:
        """Return time and event of each patient.

        Parameters
        ----------
        progression_day, death_day
            Days of the events, NaN for none (patient,).
        last_visit_day
            Day of the last visit that could show progression, 0 for none, NaN for no data.
        days_from
            Day from which the three arrays count; must be the endpoint's time zero.
        cutoff_day
            Data cut-off.

        Raises
        ------
        DesignError
            If the days count from another day than time zero, or lie before it.
        """
        return first_event(
            np.fmin(progression_day, death_day),
            last_visit_day,
            analysis_set=self.analysis_set,
            time_zero=self.time_zero,
            days_from=days_from,
            cutoff_day=cutoff_day,
        )
