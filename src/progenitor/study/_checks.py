"""What a study file must satisfy beyond its shape: names that exist, visits that can be reached."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

from pydantic_core import PydanticCustomError

from progenitor.documents import Document, suggestion
from progenitor.errors import Problem
from progenitor.evidence import Catalogue
from progenitor.study._comparators import comparators
from progenitor.study._quantities import read_probability, read_quantity
from progenitor.study._wording import shorten

__all__ = ["study_problems"]

_HORIZON_DAYS = 5 * 365.25
_YEAR_DAYS = 365.0
_MOST_OUTCOMES = 10_000_000


def study_problems(document: Document, catalogue: Catalogue | None) -> list[Problem]:
    """List every problem that the shape of the file does not show.

    Parts of a file that are malformed are skipped here, since the schema has complained about
    them, so that one pass over a broken file finds everything that is wrong with it.

    Parameters
    ----------
    document
        The study file as read.
    catalogue
        Where recipes, chassis, diseases, hosts and comparators are looked up; ``None`` skips that.
    """
    probe = _Probe(document)
    _check_arms(probe)
    _check_visits(probe)
    _check_trials(probe)
    _check_size(probe)
    if catalogue is not None:
        _check_names(probe, catalogue)
    return probe.problems


@final
@dataclass(frozen=True, slots=True)
class _Probe:
    """Look into a file that may be malformed anywhere."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def value(self, *path: str | int) -> Any:
        """Value at a path, or ``None`` where there is none."""
        current = self.document.data
        for part in path:
            if isinstance(current, Mapping) and isinstance(part, str):
                current = current.get(part)
            elif isinstance(current, list) and isinstance(part, int) and part < len(current):
                current = current[part]
            else:
                return None
        return current

    def names(self, *path: str) -> list[str]:
        """Keys of the mapping at a path."""
        found = self.value(*path)
        return [key for key in found if isinstance(key, str)] if isinstance(found, Mapping) else []

    def length(self, *path: str) -> int:
        """Length of the list at a path."""
        found = self.value(*path)
        return len(found) if isinstance(found, list) else 0

    def number(self, read: Callable[[Any], float], *path: str | int) -> float | None:
        """Quantity at a path, or ``None`` where there is no good one."""
        try:
            return read(self.value(*path))
        except PydanticCustomError:
            return None

    def days(self, *path: str | int) -> float | None:
        """Time in days at a path."""
        return self.number(lambda value: read_quantity(value, "day"), *path)

    def report(self, path: tuple[str | int, ...], message: str, fix: str) -> None:
        """Add a problem that stands at a path."""
        self.problems.append(self.document.problem(path, message, fix))

    def known(self, path: tuple[str | int, ...], names: Iterable[str], kind: str) -> None:
        """Complain when the text at a path is not among the names."""
        value = self.value(*path)
        choices = list(names)
        if isinstance(value, str) and value not in choices:
            self.report(path, f"unknown {kind} '{shorten(value)}'", suggestion(value, choices))


def _check_arms(probe: _Probe) -> None:
    def dose(value: Any) -> float:
        return read_quantity(value, "cell/kg")

    for arm in probe.names("arms"):
        probe.known(("arms", arm, "product"), probe.names("products"), "product")
        aimed = probe.number(dose, "arms", arm, "dose")
        least = probe.number(dose, "arms", arm, "minimum_dose")
        if aimed is not None and least is not None and least > aimed:
            probe.report(
                ("arms", arm, "minimum_dose"),
                f"the minimum dose {least:g} cell/kg is above the dose {aimed:g} cell/kg",
                f"write at most '{aimed:g} cell/kg', or raise the dose",
            )


def _check_visits(probe: _Probe) -> None:
    _check_times(
        probe, ("visits", "response"), (0.0, _HORIZON_DAYS), "after infusion and within 5 years"
    )
    _check_times(
        probe,
        ("regimen", "lymphodepletion", "days"),
        (-30.0, 0.0),
        "before infusion (day 0) and within 30 days of it, such as '-5 day'",
    )
    path = ("visits", "kinetics_until")
    until = probe.days(*path)
    if until is not None and not 0.0 < until <= _HORIZON_DAYS:
        probe.report(
            path,
            f"day {until:g} cannot be followed",
            "give a time after infusion and within 5 years, such as '28 day'",
        )


def _check_times(
    probe: _Probe, path: tuple[str, ...], limits: tuple[float, float], where: str
) -> None:
    """Complain about times outside the open-below interval and about wrong order."""
    low, high = limits
    previous: float | None = None
    for position in range(probe.length(*path)):
        day = probe.days(*path, position)
        if day is None:
            continue
        inside = low <= day < high if high == 0.0 else low < day <= high
        if not inside:
            probe.report((*path, position), f"day {day:g} is impossible", f"give a time {where}")
        elif previous is not None and day <= previous:
            probe.report(
                (*path, position),
                f"day {day:g} does not come after day {previous:g}",
                "list the days in increasing order, each once",
            )
        previous = day if inside else previous


def _check_trials(probe: _Probe) -> None:
    visits = [
        probe.days("visits", "response", i) for i in range(probe.length("visits", "response"))
    ]
    last = max((day for day in visits if day is not None), default=_HORIZON_DAYS)
    for trial in probe.names("trials"):
        path = ("trials", trial)
        listed = [probe.value(*path, "arms", i) for i in range(probe.length(*path, "arms"))]
        for position, arm in enumerate(listed):
            probe.known((*path, "arms", position), probe.names("arms"), "arm")
            if arm in listed[:position]:
                probe.report(
                    (*path, "arms", position), f"arm '{arm}' is listed twice", "list every arm once"
                )
        null = probe.number(read_probability, *path, "null")
        hoped = probe.number(read_probability, *path, "alternative")
        if null is not None and hoped is not None and null >= hoped:
            probe.report(
                (*path, "null"),
                f"the null {null:.0%} is not below the alternative {hoped:.0%}",
                "give a null below the alternative, such as null '20 %', alternative '40 %'",
            )
        alpha = probe.number(read_probability, *path, "alpha")
        power = probe.number(read_probability, *path, "power")
        if alpha is not None and power is not None and alpha >= power:
            probe.report(
                (*path, "alpha"),
                f"alpha {alpha:g} is not below the power {power:g}",
                "give a small alpha and a large power, such as alpha 0.05, power 0.8",
            )
        if probe.value(*path, "endpoint") == "pfs_12_months" and last < _YEAR_DAYS:
            probe.report(
                (*path, "endpoint"),
                f"12-month PFS cannot be read: the last response visit is on day {last:g}",
                "add a response visit at '365 day' or later",
            )


def _check_size(probe: _Probe) -> None:
    draws = probe.value("uncertainty", "draws")
    patients = probe.value("population", "patients_per_draw")
    arms = len(probe.names("arms"))
    if (
        isinstance(draws, int)
        and isinstance(patients, int)
        and draws <= 10_000
        and patients <= 100_000
        and draws * patients * arms > _MOST_OUTCOMES
    ):
        probe.report(
            ("population", "patients_per_draw"),
            f"{draws} draws of {patients} patients in {arms} arms are {draws * patients * arms} "
            "simulations",
            f"ask for at most {_MOST_OUTCOMES}: fewer draws or fewer patients per draw",
        )


def _check_names(probe: _Probe, catalogue: Catalogue) -> None:
    probe.known(("population", "disease"), catalogue.names("diseases"), "disease")
    probe.known(("population", "host"), catalogue.names("hosts"), "host")
    for product in probe.names("products"):
        probe.known(("products", product, "recipe"), catalogue.names("recipes"), "recipe")
        probe.known(("products", product, "chassis"), catalogue.names("chassis"), "chassis")
    known, seen = comparators(catalogue), set[str]()
    for position in range(probe.length("comparators")):
        path = ("comparators", position)
        value = probe.value(*path)
        if isinstance(value, str):
            probe.known(path, known, "comparator")
            if value in seen:
                probe.report(path, f"comparator '{value}' is listed twice", "list it once")
            seen.add(value)
