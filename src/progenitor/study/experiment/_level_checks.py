"""Readouts and what is made of them, against the models: observables, levels and units that fit."""

from collections.abc import Mapping

from pydantic_core import PydanticCustomError

from progenitor.body import Body
from progenitor.errors import UnitError
from progenitor.evidence import Catalogue
from progenitor.study._probe import Probe
from progenitor.study._wording import shorten
from progenitor.study.experiment._amount import amount_in, read_amount
from progenitor.study.experiment._condition import given_species, number_ids
from progenitor.study.experiment._factorial import factorial_cells
from progenitor.study.experiment._fits import fits
from progenitor.study.experiment._form_checks import kind_of
from progenitor.study.experiment._readout_kinds import KINDS
from progenitor.units import convert, dimension, parse_quantity

__all__ = ["check_comparators", "check_levels"]

_Path = tuple[str | int, ...]


def check_levels(probe: Probe, catalogue: Catalogue, bodies: Mapping[str, Body]) -> None:
    """Check readouts, curves, expectations, maps and factorials.

    Parameters
    ----------
    probe, catalogue
        The file, and where numbers live.
    bodies
        Arm → its model.
    """
    units = {one.name: one.unit for body in bodies.values() for one in body.model.observables}
    for name in probe.names("readouts"):
        _check_readout(probe, name, units)
    for position in range(probe.length("curves")):
        probe.known(("curves", position), units, "observable")
    for position in range(probe.length("expectations")):
        path: _Path = ("expectations", position)
        _check_benefit(probe, path, _measure_asked(probe, path), units)
    for name in probe.names("maps"):
        _check_benefit(probe, ("maps", name), probe.value("maps", name, "measure"), units)
        _check_axes(probe, catalogue, ("maps", name), bodies)
    for position in range(probe.length("factorials")):
        _check_factorial(probe, ("factorials", position), bodies)


def check_comparators(probe: Probe, catalogue: Catalogue, bodies: Mapping[str, Body]) -> None:
    """Check that published values exist, and measure what the readout beside them does."""
    units = {one.name: one.unit for body in bodies.values() for one in body.model.observables}
    observed = [name for name, record in catalogue.parameters.items() if record.reported]
    near = [name for name in observed if name.startswith("observed/")]
    for position in range(probe.length("comparators")):
        path: _Path = ("comparators", position, "observed")
        name = probe.value(*path)
        if not isinstance(name, str) or name not in observed:
            probe.known(path, near, "published value")
            continue
        readout = probe.value("comparators", position, "readout")
        unit = _printed_unit(probe, readout, units)
        if _measure_asked(probe, ("comparators", position)) in ("ratio", "hazard_ratio"):
            unit = "1"
        record = catalogue.parameter(str(name))
        if unit is not None and not _convertible(record.unit, unit or "1"):
            probe.report(
                path,
                f"'{name}' is in {record.unit} and the readout in {unit or 'plain numbers'}",
                "choose a readout of the same kind, or give the readout another 'unit'",
            )


def _measure_asked(probe: Probe, path: _Path) -> object:
    """Return how an arm is held against another; ``None`` where it stands alone."""
    measure = probe.value(*path, "measure")
    if measure is not None or probe.value(*path, "against") is None:
        return measure
    kind = kind_of(probe, probe.value(*path, "readout"))
    return "hazard_ratio" if kind and KINDS[kind].happens else "difference"


def _printed_unit(probe: Probe, readout: object, units: Mapping[str, str]) -> str | None:
    """Return the unit in which a readout is printed; ``None`` where it cannot be known."""
    kind = kind_of(probe, readout)
    if not kind:
        return None
    if KINDS[kind].share or KINDS[kind].happens:
        return "1"
    own = _course_unit(probe, str(readout), units)
    asked = probe.value("readouts", str(readout), "unit")
    return None if own is None else str(asked) if asked is not None else KINDS[kind].unit(own)


def _course_unit(probe: Probe, readout: str, units: Mapping[str, str]) -> str | None:
    over = probe.value("readouts", readout, "over")
    unit = units.get(str(probe.value("readouts", readout, "observable")))
    if over is None or unit is None:
        return unit
    below = units.get(str(over))
    return None if below is None else "1" if below == unit else f"{unit}/({below})"


def _check_readout(probe: Probe, name: str, units: Mapping[str, str]) -> None:
    path = ("readouts", name)
    probe.known((*path, "observable"), units, "observable")
    probe.known((*path, "over"), units, "observable")
    kind, own = kind_of(probe, name), _course_unit(probe, name, units)
    if own is None or not kind:
        return
    for side in ("above", "below"):
        if KINDS[kind].level and side in probe.names(*path):
            fits(probe, (*path, side), own)
    asked = probe.value(*path, "unit")
    if isinstance(asked, str) and not _convertible(KINDS[kind].unit(own), asked):
        probe.report(
            (*path, "unit"),
            f"{KINDS[kind].unit(own)} is not printed in '{shorten(asked)}'",
            f"write a unit that converts from {KINDS[kind].unit(own)}",
        )
    if kind == "chance_event" and own != "1":
        probe.report(
            (*path, "observable"),
            f"a chance event follows a cumulative hazard, and this is in {own}",
            "name an observable without unit, such as cumulative_hazard",
        )


def _check_benefit(probe: Probe, path: _Path, measure: object, units: Mapping[str, str]) -> None:
    unit = _printed_unit(probe, probe.value(*path, "readout"), units)
    if measure in ("ratio", "hazard_ratio"):
        unit = "1"
    for side in ("above", "below"):
        if unit is not None and side in probe.names(*path):
            fits(probe, (*path, side), unit or "1")


def _check_axes(
    probe: Probe, catalogue: Catalogue, path: _Path, bodies: Mapping[str, Body]
) -> None:
    body = bodies.get(str(probe.value(*path, "arm")))
    if body is None:
        return
    for place in range(probe.length(*path, "axes")):
        axis = (*path, "axes", place)
        known = number_ids(body)
        number, switch = probe.value(*axis, "number"), probe.value(*axis, "set")
        unit = None
        if number is not None:
            probe.known((*axis, "number"), known, "number of the arm")
            address = known.get(str(number))
            unit = None if address is None else catalogue.parameter(address).unit
        if switch is not None:
            probe.known((*axis, "set"), body.inputs, "input of the arm")
            unit = body.inputs.get(str(switch))
        given = given_species(body).get(str(probe.value(*axis, "given")))
        species = {one.name: one.unit for one in body.model.species}
        values = [
            _value(probe, (*axis, "values", at), unit, species.get(given or ""))
            for at in range(probe.length(*axis, "values"))
        ]
        _check_increasing(probe, axis, values)


def _value(probe: Probe, path: _Path, unit: str | None, species: str | None) -> float | None:
    """Return a value of an axis; a dose may be per kilogram, a number a multiple."""
    text = probe.value(*path)
    if species is not None:
        try:
            own = dimension(parse_quantity(read_amount(text)).unit)
            per_kilogram = own == dimension(f"{species}/kg")
        except PydanticCustomError:
            return None
        return fits(probe, path, f"{species}/kg" if per_kilogram else species)
    return fits(probe, path, unit) if unit is not None else None


def _check_increasing(probe: Probe, axis: _Path, values: list[float | None]) -> None:
    for at in range(1, len(values)):
        before, here = values[at - 1], values[at]
        if before is not None and here is not None and here <= before:
            probe.report(
                (*axis, "values", at),
                f"{here:g} does not come after {before:g}",
                "list the values in increasing order, each once",
            )


def _check_factorial(probe: Probe, path: _Path, bodies: Mapping[str, Body]) -> None:
    named = [probe.value(*path, "arms", at) for at in range(probe.length(*path, "arms"))]
    arms = [str(arm) for arm in named] or list(bodies)
    factors = [probe.value(*path, "factors", at) for at in range(probe.length(*path, "factors"))]
    if any(arm not in bodies for arm in arms) or len(arms) != 2 ** len(factors):
        return
    given = {name for arm in arms for name in probe.names("arms", arm, "given")}
    known = {name for arm in arms for name in bodies[arm].inputs} | given
    for at in range(len(factors)):
        probe.known((*path, "factors", at), known, "input or substance")
    inputs = {
        arm: _inputs(probe, arm, bodies[arm])
        | {name: float(name in probe.names("arms", arm, "given")) for name in given}
        for arm in arms
    }
    wanted = [str(factor) for factor in factors]
    if set(wanted) <= known and factorial_cells(wanted, inputs) is None:
        probe.report(
            (*path, "factors"),
            f"the arms do not hold every combination of {', '.join(wanted)} once",
            "give each factor one of two levels in every arm, in all combinations",
        )


def _inputs(probe: Probe, arm: str, body: Body) -> dict[str, float]:
    """Values of the inputs of an arm, as far as they are given and make sense."""
    found = dict(body.switches)
    for path in (("every_arm", "set"), ("arms", arm, "set")):
        for name in probe.names(*path):
            if name in body.inputs:
                try:
                    text = read_amount(probe.value(*path, name))
                    found[name] = amount_in(text, body.inputs[name])
                except PydanticCustomError:
                    continue
    return found


def _convertible(first: str, second: str) -> bool:
    try:
        convert(1.0, first, second)
    except UnitError:
        return False
    return True
