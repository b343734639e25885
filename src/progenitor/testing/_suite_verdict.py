"""What came out of a case of the SBML test suite, and how a failure is kept to its case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

from progenitor.errors import UnsupportedModelError

__all__ = ["SuiteVerdict", "verdict_of"]


@final
@dataclass(frozen=True, slots=True)
class SuiteVerdict:
    """How one case ended.

    Parameters
    ----------
    case
        Its number.
    status
        ``pass``, ``fail`` or ``unsupported``.
    reason
        Why it did not pass; empty when it did.
    worst
        Largest deviation in units of what is allowed: up to 1 passes.

    Examples
    --------
    >>> SuiteVerdict("00001", "pass", "", 0.02).status
    'pass'
    """

    case: str
    status: str
    reason: str = ""
    worst: float | None = None


def verdict_of(case: str, judge: Callable[[], SuiteVerdict]) -> SuiteVerdict:
    """Judge a case; a refusal is ``unsupported``, anything else that is raised is a ``fail``.

    Parameters
    ----------
    case
        Its number.
    judge
        What may raise.

    Examples
    --------
    >>> verdict_of("00001", lambda: 1 / 0).reason
    'ZeroDivisionError: division by zero'
    """
    try:
        return judge()
    except UnsupportedModelError as refusal:
        return SuiteVerdict(case, "unsupported", _refused(refusal))
    except Exception as error:  # noqa: BLE001 - a case that breaks must not end the suite
        return SuiteVerdict(case, "fail", _line(f"{type(error).__name__}: {error}"))


def _refused(refusal: UnsupportedModelError) -> str:
    """Everything that is refused, each once and without where and without the way out."""
    return "; ".join(dict.fromkeys(problem.message for problem in refusal.problems))


def _line(text: str, most: int = 300) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= most else joined[: most - 3] + "..."
