"""Time zero: the day from which survival counts, and the mixtures that bias it."""

from collections.abc import Iterable
from typing import Final, Literal

from progenitor.errors import DesignError
from progenitor.trial.rules.analysis_set import AnalysisSet

__all__ = ["TimeZero", "require_one_time_zero", "require_time_zero"]

TimeZero = Literal["screening", "enrolment", "infusion", "response"]
"""``response`` is the origin of durations of response, and of nothing else."""

_AFTER_INFUSION: Final = ("infused", "conforming", "dlt_evaluable")


def require_time_zero(analysis_set: AnalysisSet, time_zero: TimeZero) -> None:
    """Refuse an analysis set counted from the wrong day.

    Infused patients counted from enrolment cannot have died or progressed before infusion: the wait
    is immortal time and survival looks too long. Enrolled patients who were never infused have no
    day of infusion to count from, and dropping them hides every loss before it.

    Parameters
    ----------
    analysis_set
        ``"screened"`` counts from ``"screening"``, ``"itt"`` from ``"enrolment"``, the sets of
        infused patients from ``"infusion"``.
    time_zero
        The day from which times are counted.

    Raises
    ------
    DesignError
        If the two do not belong together.

    References
    ----------
    Suissa 2008, American Journal of Epidemiology 167:492–499, doi:10.1093/aje/kwm324.

    Examples
    --------
    >>> require_time_zero("itt", "enrolment")
    >>> require_time_zero("infused", "enrolment")
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: the infused set counted from enrolment has immortal-time bias...
    """
    if analysis_set in _AFTER_INFUSION and time_zero != "infusion":
        raise DesignError(
            f"the {analysis_set} set counted from {time_zero} has immortal-time bias: nobody in it "
            f"can have an event before infusion. Fix: count the {analysis_set} set from "
            "'infusion', or analyse 'itt' from 'enrolment'"
        )
    if analysis_set == "screened" and time_zero != "screening":
        raise DesignError(
            f"the screened set counted from {time_zero} has immortal-time bias: patients who were "
            "never enrolled have no such day. Fix: count 'screened' from 'screening', or analyse "
            "'itt' from 'enrolment'"
        )
    if analysis_set == "itt" and time_zero != "enrolment":
        raise DesignError(
            f"the intention-to-treat set counted from {time_zero} has immortal-time bias: patients "
            "who were never infused have no such day and every loss before it is hidden. "
            "Fix: count 'itt' from 'enrolment', or analyse the 'infused' set"
        )


def require_one_time_zero(zeros: Iterable[TimeZero]) -> TimeZero:
    """Refuse to put times together that count from different days; return the day they share.

    Raises
    ------
    DesignError
        If there is none, or more than one.

    Examples
    --------
    >>> require_one_time_zero(["infusion", "infusion"])
    'infusion'
    >>> require_one_time_zero(["infusion", "enrolment"])
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: times from enrolment and infusion do not mix (immortal-time...
    """
    distinct = sorted(set(zeros))
    if len(distinct) != 1:
        raise DesignError(
            f"times from {' and '.join(distinct) or 'no day at all'} do not mix (immortal-time "
            "bias: the wait before infusion would be event-free for some). Fix: count every time "
            "from the same day"
        )
    return distinct[0]
