"""The day from which a trial counts times must fit whom it counts."""

from typing import Any

from progenitor.errors import DesignError
from progenitor.study._probe import Probe
from progenitor.trial import require_time_zero

__all__ = ["check_time_zero"]

_ZEROS = {"itt": "enrolment", "infused": "infusion"}


def check_time_zero(probe: Probe, path: tuple[str | int, ...]) -> None:
    """Refuse a trial whose analysis set is counted from another day (immortal-time bias)."""
    who: Any = probe.value(*path, "analysis_set")
    zero: Any = probe.value(*path, "time_zero")
    known = isinstance(who, str) and isinstance(zero, str)
    if not known or who not in _ZEROS or zero not in _ZEROS.values():
        return
    try:
        require_time_zero(who, zero)
    except DesignError as error:
        message = str(error).partition(". Fix: ")[0]
        other = next(key for key, value in _ZEROS.items() if value == zero)
        probe.report(
            (*path, "time_zero"),
            message,
            f"write 'time_zero: {_ZEROS[who]}', or 'analysis_set: {other}'",
        )
