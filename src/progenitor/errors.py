"""The exception tree: every error says what is wrong, where, with which value, and the way out.

::

    ProgenitorError
    ├── InputError            a list of problems in something a person wrote
    │   ├── StudyError        … in a study file
    │   ├── CatalogueError    … in the catalogue
    │   └── UnsupportedModelError  … a model that uses what cannot be simulated or written
    ├── UnitError             units that are unknown or do not fit
    ├── ModelError            a model that cannot be built
    ├── SimulationError       a simulation that could not be started
    ├── DesignError           a trial design that cannot exist
    ├── RunStoreError         a run folder that cannot be read or written
    └── MissingExtraError     an optional dependency that is not installed
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

__all__ = [
    "CatalogueError",
    "DesignError",
    "InputError",
    "MissingExtraError",
    "ModelError",
    "Problem",
    "ProgenitorError",
    "RunStoreError",
    "SimulationError",
    "StudyError",
    "UnitError",
    "UnsupportedModelError",
]


@final
@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input, where it stands, and how to mend it.

    Parameters
    ----------
    message
        What is wrong, including the offending value.
    fix
        What to type instead.
    file, line, field
        Where it stands; ``field`` is a dotted path such as ``arms.tscm.dose``.

    Examples
    --------
    >>> print(Problem("unknown product 'tscm'", "write 'tscm_car_t'", "s.yaml", 14, "arms.a"))
    s.yaml:14: arms.a: unknown product 'tscm'. Fix: write 'tscm_car_t'
    """

    message: str
    fix: str
    file: str | None = None
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}"
        parts = [part for part in (place, self.field) if part]
        return ": ".join([*parts, f"{self.message}. Fix: {self.fix}"])


class ProgenitorError(Exception):
    """The root of every error Progenitor raises on purpose."""


class InputError(ProgenitorError):
    """Something a person wrote is wrong; ``problems`` lists everything that is.

    Examples
    --------
    >>> raise InputError([Problem("dose is -1 cell/kg", "give a dose above zero", "s.yaml", 3)])
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: s.yaml:3: dose is -1 cell/kg. Fix: give a dose above zero
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class StudyError(InputError):
    """A study file that cannot be run as it stands."""


class CatalogueError(InputError):
    """A catalogue record that cannot be trusted as it stands."""


class UnsupportedModelError(InputError):
    """A model of another tool that uses what Progenitor refuses; names each such construct."""


class UnitError(ProgenitorError):
    """A unit that is unknown, or two units that do not fit each other."""


class ModelError(ProgenitorError):
    """A model that cannot be built: an unknown name, a wrong dimension, a bad expression."""


class SimulationError(ProgenitorError):
    """A simulation that could not be started; a patient who failed is a status, not an error."""


class DesignError(ProgenitorError):
    """A trial design that does not exist for the numbers asked."""


class RunStoreError(ProgenitorError):
    """A run folder that cannot be read, written or resumed."""


class MissingExtraError(ProgenitorError):
    """An optional dependency that is not installed; the message says what to type."""
