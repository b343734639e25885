"""One case of the SBML test suite: its settings, its model file and the results it expects."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem

__all__ = ["Settings", "SuiteCase"]

_MODEL: Final = re.compile(r"-sbml-l(\d+)v(\d+)\.xml\Z")
_RANGE: Final = re.compile(r"\(\s*(\S+)\s*,\s*(\S+)\s*\)")


@final
@dataclass(frozen=True, slots=True)
class Settings:
    r"""What a case asks for and how exactly it wants it.

    Parameters
    ----------
    start, duration, steps
        Outputs stand at ``start + duration*i/steps``; no steps when it is no time course.
    variables
        Ids whose course is asked for.
    amounts, concentrations
        Which of them are meant as amounts or as concentrations.
    absolute, relative
        A value passes within ``absolute + relative*|expected|``.
    mean_range, sd_range
        Within which Z and Y of a stochastic case lie; None for other cases.

    Examples
    --------
    >>> settings = Settings.of("steps: 50\nvariables: S1, S2\namount: S1\nrelative: 1e-4")
    >>> settings.variables, settings.amounts, settings.steps, settings.relative
    (('S1', 'S2'), frozenset({'S1'}), 50, 0.0001)
    """

    start: float
    duration: float
    steps: int
    variables: tuple[str, ...]
    amounts: frozenset[str]
    concentrations: frozenset[str]
    absolute: float
    relative: float
    mean_range: tuple[float, float] | None = None
    sd_range: tuple[float, float] | None = None

    @classmethod
    def of(cls, text: str) -> "Settings":
        """Read the text of a settings file; what it leaves out is 0 or empty."""
        said = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
        words = {key.strip(): value.strip() for key, value in said.items()}
        return cls(
            start=float(words.get("start") or 0.0),
            duration=float(words.get("duration") or 0.0),
            steps=int(words.get("steps") or 0),
            variables=_listed(words, "variables"),
            amounts=frozenset(_listed(words, "amount")),
            concentrations=frozenset(_listed(words, "concentration")),
            absolute=float(words.get("absolute") or 0.0),
            relative=float(words.get("relative") or 0.0),
            mean_range=_range(words.get("meanRange")),
            sd_range=_range(words.get("sdRange")),
        )


def _listed(words: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in words.get(key, "").split(",") if name.strip())


def _range(text: str | None) -> tuple[float, float] | None:
    found = _RANGE.search(text or "")
    return (float(found[1]), float(found[2])) if found else None


@final
@dataclass(frozen=True, slots=True)
class SuiteCase:
    """A folder of the suite, read as far as its settings.

    Parameters
    ----------
    folder
        Where it stands; its name is the case.
    settings
        What it asks for.
    kind
        ``testType`` of its description, such as ``TimeCourse``.
    """

    folder: Path
    settings: Settings
    kind: str

    @classmethod
    def read(cls, folder: Path) -> "SuiteCase":
        """Read the settings and the kind of a case."""
        name = folder.name
        settings = Settings.of(_text(folder / f"{name}-settings.txt"))
        described = folder / f"{name}-model.m"
        kind = re.search(r"^testType:\s*(\S+)", _text(described), re.MULTILINE)
        return cls(folder, settings, kind[1] if kind else "TimeCourse")

    @property
    def name(self) -> str:
        """Number of the case."""
        return self.folder.name

    @property
    def stochastic(self) -> bool:
        """Whether it asks for means and standard deviations over many runs."""
        return self.settings.mean_range is not None

    @property
    def model(self) -> Path:
        """The model file of the highest SBML level and version.

        Raises
        ------
        InputError
            When the folder holds none.
        """
        found = [
            (int(level), int(version), file)
            for file in self.folder.glob(f"{self.name}-sbml-*.xml")
            for level, version in _MODEL.findall(file.name)
        ]
        if not found:
            raise _unreadable(self.folder, "holds no <case>-sbml-l?v?.xml")
        return max(found)[2]

    def expected(self) -> tuple[Float[np.ndarray, " time"], dict[str, Float[np.ndarray, " time"]]]:
        """Times of the results file and each of its other columns.

        Raises
        ------
        InputError
            When the file is missing or is not a table of numbers.
        """
        path = self.folder / f"{self.name}-results.csv"
        rows = [row for row in csv.reader(_text(path).splitlines()) if row]
        if len(rows) < 2:
            raise _unreadable(path, "is missing or empty")
        try:
            table = np.array([[float(cell) for cell in row] for row in rows[1:]])
        except ValueError as error:
            raise _unreadable(path, f"is not a table of numbers ({error})") from None
        names = [name.strip() for name in rows[0]]
        return table[:, 0], dict(zip(names[1:], table.T[1:], strict=True))


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.is_file() else ""


def _unreadable(path: Path, why: str) -> InputError:
    return InputError([Problem(why, "unpack the suite again", str(path))])
