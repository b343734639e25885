"""What a group of subjects lives through: a body, what is given when, what is set, what-ifs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, final

from progenitor.body import Body
from progenitor.evidence import Catalogue
from progenitor.study.experiment._amount import amount_in, times_of
from progenitor.study.experiment._bodies import body_with, fitting
from progenitor.study.experiment._file import Arm, ExperimentFile
from progenitor.units import dimension, parse_quantity

__all__ = [
    "BODY_WEIGHT",
    "NOTHING",
    "Change",
    "Condition",
    "Given",
    "arm_chassis",
    "condition_of",
    "given_species",
    "number_ids",
]

BODY_WEIGHT: Final = "host/body_weight"
"""The number that turns a dose per kilogram into a dose."""

NOTHING: Final = "none"
"""Chassis of subjects who are given no cells."""


@final
@dataclass(frozen=True, slots=True)
class Given:
    """Something given to a group, again and again.

    Parameters
    ----------
    species
        What of the model receives it.
    amount
        In the unit of the species, or per kilogram.
    per_kilogram
        Whether it is multiplied by the body weight.
    days
        When.
    """

    species: str
    amount: float
    per_kilogram: bool
    days: tuple[float, ...]


@final
@dataclass(frozen=True, slots=True)
class Change:
    """A what-if on top of an arm, such as one point of a map.

    Parameters
    ----------
    numbers
        Catalogue id → value or multiple, as text.
    doses
        Substance → dose, as text.
    inputs
        Input → value, as text.
    """

    numbers: Mapping[str, str] = field(default_factory=dict)
    doses: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class Condition:
    """A group of subjects, everything resolved.

    Parameters
    ----------
    name
        Of the arm.
    body
        The model they are.
    given
        What is given.
    conditioning
        Days of conditioning.
    inputs
        Input of the model → value.
    fixed
        Catalogue id → value that everybody has.
    factors
        Catalogue id → what everybody's own value is multiplied by.
    """

    name: str
    body: Body
    given: tuple[Given, ...]
    conditioning: tuple[float, ...]
    inputs: Mapping[str, float]
    fixed: Mapping[str, float]
    factors: Mapping[str, float]

    @property
    def weight_id(self) -> str:
        """Catalogue id of the body weight here."""
        return self.body.numbers.get(BODY_WEIGHT, BODY_WEIGHT)

    @property
    def first_day(self) -> float:
        """Day on which the first thing happens; 0 when that is later."""
        return min([0.0, *self.conditioning, *(day for one in self.given for day in one.days)])

    @property
    def used_ids(self) -> frozenset[str]:
        """Catalogue ids of every number it needs, the replaced ones left out."""
        ids = {*self.body.symbols.values()}
        if any(one.per_kilogram for one in self.given):
            ids.add(self.weight_id)
        return frozenset(ids - set(self.fixed))


_NO_CHANGE: Final = Change()


def condition_of(
    catalogue: Catalogue,
    file: ExperimentFile,
    name: str,
    *,
    structure: Mapping[str, str] | None = None,
    change: Change = _NO_CHANGE,
) -> Condition:
    """Resolve an arm.

    Parameters
    ----------
    catalogue
        Where everything lives.
    file
        A checked experiment.
    name
        Of the arm.
    structure
        Alternatives that outrank those of the arm.
    change
        What-ifs on top of those of the arm.

    Raises
    ------
    CatalogueError, ModelError
        When the body cannot be assembled.
    """
    arm, every = file.arms[name], file.every_arm
    body = _body(catalogue, file, arm, structure or {})
    arm = arm.model_copy(
        update={
            "numbers": {**arm.numbers, **change.numbers},
            "set": {**arm.set, **change.inputs},
            "given": {
                key: one.model_copy(update={"dose": change.doses.get(key, one.dose)})
                for key, one in arm.given.items()
            },
        }
    )
    conditioning = every.conditioning if arm.conditioning is None else arm.conditioning
    condition = Condition(
        name=name,
        body=body,
        given=tuple(
            _given(body, key, one.dose, one.on or arm.on) for key, one in arm.given.items()
        ),
        conditioning=tuple(conditioning) if body.conditioning_species else (),
        inputs=_inputs(body, {**every.set, **arm.set}),
        fixed={},
        factors={},
    )
    return _with_numbers(catalogue, condition, {**every.numbers, **arm.numbers})


def arm_chassis(file: ExperimentFile, arm: Arm) -> str:
    """Return the chassis whose body an arm is; without cells, that of the first arm with cells.

    A body that is given nothing is the disease in its host, whichever chassis it was made for.
    """
    if arm.chassis != NOTHING:
        return arm.chassis
    return next(one.chassis for one in file.arms.values() if one.chassis != NOTHING)


def given_species(body: Body) -> dict[str, str]:
    """Return what can be given: phenotypes of the chassis, and species by their own names."""
    own = {species.name: species.name for species in body.model.species}
    return {**own, **body.dose_species}


def number_ids(body: Body) -> dict[str, str]:
    """Return every name a number has here → its own catalogue id."""
    own = {BODY_WEIGHT: BODY_WEIGHT} | {address: address for address in body.symbols.values()}
    instead = {
        name: address
        for name, address in body.numbers.items()
        if address in own or name == BODY_WEIGHT
    }
    return {**own, **instead, **{address: address for address in instead.values()}}


def _body(
    catalogue: Catalogue, file: ExperimentFile, arm: Arm, structure: Mapping[str, str]
) -> Body:
    names = (arm_chassis(file, arm), file.subjects.disease, file.subjects.host)
    plain = body_with(catalogue, *names)
    wanted = {**file.every_arm.alternatives, **arm.alternatives, **structure}
    return body_with(catalogue, *names, fitting(wanted, plain.mechanisms))


def _given(body: Body, name: str, dose: str, days: list[float]) -> Given:
    species = given_species(body)[name]
    unit = next(one.unit for one in body.model.species if one.name == species)
    per_kilogram = dimension(parse_quantity(dose).unit) == dimension(f"{unit}/kg")
    amount = amount_in(dose, f"{unit}/kg" if per_kilogram else unit)
    return Given(species, amount, per_kilogram, tuple(days))


def _inputs(body: Body, wanted: Mapping[str, str]) -> dict[str, float]:
    told = {
        name: amount_in(wanted[name], unit) for name, unit in body.inputs.items() if name in wanted
    }
    return {**body.switches, **told}


def _with_numbers(
    catalogue: Catalogue, condition: Condition, wanted: Mapping[str, str]
) -> Condition:
    """Resolve what-ifs; those of numbers that play no part here are left out."""
    known = number_ids(condition.body)
    fixed: dict[str, float] = {}
    factors: dict[str, float] = {}
    for name, text in wanted.items():
        if name not in known:
            continue
        address, factor = known[name], times_of(text)
        if factor is None:
            fixed[address] = amount_in(text, catalogue.parameter(address).unit)
            factors.pop(address, None)
        else:
            factors[address] = factor
            fixed.pop(address, None)
    return replace(condition, fixed=fixed, factors=factors)
