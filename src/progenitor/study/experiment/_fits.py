"""Whether an amount in a file is of the kind that is wanted where it stands."""

from typing import Any

from pydantic_core import PydanticCustomError

from progenitor.study._probe import Probe
from progenitor.study.experiment._amount import amount_in, read_what_if, times_of

__all__ = ["fits", "refuse"]


def fits(probe: Probe, path: tuple[str | int, ...], unit: str) -> float | None:
    """Return the amount at a path in a unit; complain where it is one, but of another kind.

    ``None`` where it is malformed, a multiple, or of another kind.

    Examples
    --------
    >>> from progenitor.documents import load_document
    >>> probe = Probe(load_document("{a: 2 week, b: 3 cell}"))
    >>> fits(probe, ("a",), "day"), fits(probe, ("b",), "day"), len(probe.problems)
    (14.0, None, 1)
    """
    try:
        text = read_what_if(probe.value(*path))
    except PydanticCustomError:
        return None
    if times_of(text) is not None:
        return None
    try:
        return amount_in(text, unit)
    except PydanticCustomError as error:
        refuse(probe, path, error)
        return None


def refuse(
    probe: Probe, path: tuple[str | int, ...], error: PydanticCustomError, more: str = ""
) -> None:
    """Report what was wrong with an amount; ``more`` ends the fix."""
    context: dict[str, Any] = dict(error.context or {})
    probe.report(path, str(context["message"]), f"{context['fix']}{more}")
