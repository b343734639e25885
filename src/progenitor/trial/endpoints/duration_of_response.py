"""Duration of response: from the first response to progression or death."""

from dataclasses import dataclass
from typing import Literal, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._event_times import EventTimes
from progenitor.trial._thresholds import refuse

__all__ = ["DurationOfResponse"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DurationOfResponse:
    r"""Days from the first response to progression or death from any cause, in responders.

    .. math::

        T = \min(T_{progression}, T_{death}) - T_{response}

    Censored at the last visit that could show progression, or at the data cut-off if that is
    sooner. Patients without a response by the cut-off are not in it (NaN), so the curve is not a
    comparison between arms: who responds is itself an outcome. Times count from the response and
    refuse to be joined with times from infusion or enrolment.

    Parameters
    ----------
    new_therapy
        What a new therapy for the disease before progression does: ``"ignore"`` (treatment
        policy), ``"event"`` (composite) or ``"censor"`` at the last visit before it, which assumes
        that the treated would have done like the others. It has to be said.

    Raises
    ------
    DesignError
        If the strategy is not known.

    References
    ----------
    FDA 2018, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (guidance).

    Examples
    --------
    >>> duration = DurationOfResponse(new_therapy="ignore")
    >>> nan = float("nan")
    >>> found = duration.evaluate(
    ...     np.array([28.0, 28.0, nan]), progression_day=np.array([118.0, nan, 60.0]),
    ...     death_day=np.full(3, nan), last_visit_day=np.array([118.0, 365.0, 60.0]))
    >>> found.time.tolist(), found.event.tolist()
    ([90.0, 337.0, nan], [1.0, 0.0, nan])
    """

    new_therapy: Literal["ignore", "event", "censor"]

    def __post_init__(self) -> None:
        known = ("ignore", "event", "censor")
        wrong = self.new_therapy not in known
        refuse("duration of response", [(wrong, f"new_therapy is '{self.new_therapy}'")],
               f"write one of {', '.join(known)}")  # fmt: skip

    def evaluate(
        self,
        response_day: Float[np.ndarray, " patient"],
        *,
        progression_day: Float[np.ndarray, " patient"],
        death_day: Float[np.ndarray, " patient"],
        last_visit_day: Float[np.ndarray, " patient"],
        new_therapy_day: Float[np.ndarray, " patient"] | None = None,
        cutoff_day: float = float("inf"),
    ) -> EventTimes:
        """Return time and event of each responder, all days from one origin.

        Parameters
        ----------
        response_day
            First day of the response that counts, NaN for non-responders (patient,).
        progression_day, death_day, new_therapy_day
            NaN for none.
        last_visit_day
            Last visit that could show progression; not before the response.
        cutoff_day
            Data cut-off.

        Raises
        ------
        DesignError
            If a responder progressed, died or was last seen before the response.
        """
        never = np.full(response_day.shape, np.nan)
        therapy = never if new_therapy_day is None else new_therapy_day
        event = np.fmin(progression_day, death_day)
        checks = [
            (np.any(event < response_day), "progression or death before the response"),
            (np.any(last_visit_day < response_day), "a last visit before the response"),
        ]
        refuse("duration of response", checks, "give the first response and what came after it")
        responder = (response_day <= cutoff_day) & ~np.isnan(last_visit_day)
        seen = np.minimum(last_visit_day, cutoff_day)
        if self.new_therapy == "event":
            event = np.fmin(event, np.where(therapy >= response_day, therapy, np.nan))
        elif self.new_therapy == "censor":
            earlier = therapy < np.where(np.isnan(event), np.inf, event)
            seen = np.where(earlier, np.clip(therapy, response_day, seen), seen)
            event = np.where(earlier, np.nan, event)
        known = event <= cutoff_day
        time = np.where(known, event, seen) - response_day
        return EventTimes(
            np.where(responder, time, np.nan), np.where(responder, known, np.nan), "response"
        )
