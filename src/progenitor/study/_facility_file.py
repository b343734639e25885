"""A facility as a small YAML file or a recipe's name, and its run with lots of that recipe."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float

from progenitor.engine import uniforms
from progenitor.errors import InputError, Problem
from progenitor.evidence import default_catalogue
from progenitor.manufacture import (
    WEEKDAYS,
    Facility,
    FacilityRun,
    Resource,
    Shift,
    facility_waits,
    load_recipe,
)
from progenitor.manufacture._supply_reader import Fields, supply_document
from progenitor.study._make import sample_lots

__all__ = ["FacilityFile", "load_facility", "poisson_arrivals", "run_facility_file"]

_YEAR: Final = 365.25

_TOP: Final = (
    "facility",
    "description",
    "recipe",
    "per_year",
    "patients",
    "replicates",
    "attempts",
    "restart_wait",
    "resources",
    "seed",
)
_RESOURCE: Final = ("name", "units", "kept", "days", "from", "to")

_USUAL: Final = """
facility: Usual plant
resources:
  - {name: clean room, units: 12}
  - {name: culture device, units: 12}
  - {name: selection device, units: 3}
  - {name: operator, units: 6, kept: false, from: 7, to: 19}
  - {name: QC laboratory, units: 24, kept: false}
  - name: qualified person
    units: 4
    kept: false
    days: [Mon, Tue, Wed, Thu, Fri]
    from: 8
    to: 18
"""
"""What is taken where only a recipe is named."""


@final
@dataclass(frozen=True, slots=True)
class FacilityFile:
    """What a file asks for.

    Parameters
    ----------
    name, facility
        What it is called, and what it has.
    recipe
        How lots are made.
    per_year, patients, replicates
        Patients a year, coming at random; how many are followed; independent repetitions.
    attempts, restart_wait
        Most lots for one patient; days between a failure and the next.
    seed
        Of everything random.
    """

    name: str
    facility: Facility
    recipe: str
    per_year: float
    patients: int
    replicates: int
    attempts: int
    restart_wait: float
    seed: int


def load_facility(source: Path | str | None, **instead: Any) -> FacilityFile:
    """Read a facility file, or take the usual plant for a recipe.

    Parameters
    ----------
    source
        A path, or the text itself; None for the usual plant.
    **instead
        ``recipe``, ``per_year``, ``patients``, ``replicates``, ``suites`` or ``seed`` instead of
        what the file says; None leaves it.

    Raises
    ------
    InputError
        Listing everything that is wrong.

    Examples
    --------
    >>> load_facility(None, recipe="car_gmp", suites=3).facility.resources[0].units
    3
    """
    if source is None and instead.get("recipe") is None:
        fix = "give a facility file, or --recipe NAME"
        raise InputError([Problem("neither a file nor a recipe is given", fix)])
    document = supply_document(_USUAL if source is None else source)
    problems: list[Problem] = []
    top = Fields(document, (), problems, _TOP)

    def chosen(name: str, otherwise: Any) -> Any:
        return otherwise if instead.get(name) is None else instead[name]

    recipe = chosen("recipe", None) or top.text("recipe", None)
    per_year = chosen("per_year", None)
    per_year = top.number("per_year", 100.0) if per_year is None else per_year
    counts = {
        name: int(chosen(name, None) or top.whole(name, usual, least=1))
        for name, usual in (("patients", 200), ("replicates", 20))
    }
    found = FacilityFile(
        name=top.text("facility", None),
        facility=_facility(document, top, problems, instead.get("suites")),
        recipe=recipe,
        per_year=float(per_year),
        **counts,
        attempts=top.whole("attempts", 2, least=1),
        restart_wait=top.number("restart_wait", 10.0),
        seed=int(chosen("seed", None) or top.whole("seed", 1)),
    )
    if not 0 < found.per_year < np.inf:
        fix = "give patients a year above 0"
        problems.append(Problem(f"per_year is {found.per_year:g}", fix, field="per_year"))
    problems += [
        Problem(f"{name} is {value}", "give a whole number from 1", field=name)
        for name, value in counts.items()
        if value < 1
    ]
    known = default_catalogue().names("recipes")
    if recipe not in known:
        fix = f"give one of {', '.join(known)}"
        problems.append(Problem(f"unknown recipe '{recipe}'", fix, field="recipe"))
    if problems:
        raise InputError(problems)
    return found


def _facility(document: Any, top: Fields, problems: list[Problem], suites: int | None) -> Facility:
    resources = []
    for index in range(len(top.items("resources"))):
        one = Fields(document, ("resources", index), problems, _RESOURCE)
        name, units = one.text("name", None), one.whole("units", None, least=1)
        if suites is not None and name in ("clean room", "culture device"):
            units = suites
        shift = None
        if one.given("days") or one.given("from") or one.given("to"):
            days = tuple(one.items("days")) if one.given("days") else WEEKDAYS
            shift = Shift(days, one.number("from", 0.0), one.number("to", 24.0))
        resources.append(Resource(name, units, kept=one.flag("kept", default=True), shift=shift))
    try:
        return Facility(tuple(resources))
    except InputError as error:
        problems += error.problems
        return Facility(())


def poisson_arrivals(
    *, per_year: float, patients: int, replicates: int, seed: int
) -> Float[np.ndarray, "replicate lot"]:
    """Return days on which patients come, independently of each other, (replicate, lot).

    Parameters
    ----------
    per_year
        How many on average.
    patients, replicates, seed
        How many, how often, and the seed.

    Examples
    --------
    >>> days = poisson_arrivals(per_year=365.25, patients=1000, replicates=1, seed=1)
    >>> float(days.max().round(-2))
    1000.0
    """
    replicate, lot = (one.ravel() for one in np.indices((replicates, patients)))
    gaps = -np.log(uniforms(seed, "facility/arrival", replicate, lot)) * _YEAR / per_year
    return np.asarray(np.cumsum(gaps.reshape(replicates, patients), axis=1))


def run_facility_file(asked: FacilityFile) -> FacilityRun:
    """Make the lots and let them queue.

    Parameters
    ----------
    asked
        From :func:`load_facility`.
    """
    catalogue = default_catalogue()
    recipe = load_recipe(catalogue, asked.recipe)
    batch = sample_lots(catalogue, recipe, lots=asked.patients, seed=asked.seed)
    arrivals = poisson_arrivals(
        per_year=asked.per_year,
        patients=asked.patients,
        replicates=asked.replicates,
        seed=asked.seed,
    )
    return facility_waits(
        batch,
        asked.facility,
        arrivals,
        attempts=asked.attempts,
        restart_wait=asked.restart_wait,
        seed=asked.seed,
    )
