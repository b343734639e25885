"""What only the assembled models can tell: names inside them, units, inputs without a value."""

from collections.abc import Mapping
from typing import Final

from pydantic_core import PydanticCustomError

from progenitor.body import Body
from progenitor.documents import suggestion
from progenitor.errors import CatalogueError, ModelError
from progenitor.evidence import Catalogue
from progenitor.study._probe import Probe
from progenitor.study._wording import shorten
from progenitor.study.experiment._amount import amount_in, read_amount
from progenitor.study.experiment._animal_checks import check_animal_bodies
from progenitor.study.experiment._bodies import body_with, fitting
from progenitor.study.experiment._condition import NOTHING, given_species, number_ids
from progenitor.study.experiment._fits import fits, refuse
from progenitor.study.experiment._level_checks import check_comparators, check_levels
from progenitor.units import dimension, parse_quantity

__all__ = ["check_bodies"]

_Path = tuple[str | int, ...]
_NAMED: Final = {"disease": "diseases", "host": "hosts"}


def check_bodies(probe: Probe, catalogue: Catalogue) -> None:
    """Check every name of the catalogue, and every arm against the model it is."""
    for key, kind in _NAMED.items():
        probe.known(("subjects", key), catalogue.names(kind), key)
    for arm in probe.names("arms"):
        probe.known(("arms", arm, "chassis"), [NOTHING, *catalogue.names("chassis")], "chassis")
        _check_fit(probe, catalogue, ("arms", arm, "chassis"))
    bodies = {
        arm: body
        for arm in probe.names("arms")
        if (body := _body(probe, catalogue, arm, ())) is not None
    }
    for arm, body in bodies.items():
        _check_arm(probe, catalogue, arm, body)
    if bodies:
        _check_every_arm(probe, catalogue, list(bodies.values()))
        _check_structures(probe, catalogue, bodies)
        check_levels(probe, catalogue, bodies)
        check_animal_bodies(probe, bodies)
    check_comparators(probe, catalogue, bodies)


def _check_fit(probe: Probe, catalogue: Catalogue, path: _Path) -> None:
    """Refuse a chassis in a disease or host that it is not for."""
    chassis = probe.value(*path)
    if chassis not in catalogue.names("chassis"):
        return
    for key, kind in _NAMED.items():
        wanted = catalogue.entry("chassis", chassis).data.get(kind)
        here = probe.value("subjects", key)
        if wanted is not None and here in catalogue.names(kind) and here not in wanted:
            probe.report(
                path,
                f"'{chassis}' is not for the {key} '{here}'",
                f"choose another chassis, or one of its own: {', '.join(wanted)}",
            )


def _body(probe: Probe, catalogue: Catalogue, arm: str, structure: _Path) -> Body | None:
    """Assemble the body of an arm; problems of its alternatives are reported."""
    chassis = probe.value("arms", arm, "chassis")
    if chassis == NOTHING:
        others = (probe.value("arms", other, "chassis") for other in probe.names("arms"))
        chassis = next((other for other in others if other in catalogue.names("chassis")), None)
    names = (chassis, probe.value("subjects", "disease"), probe.value("subjects", "host"))
    if not all(
        name in catalogue.names(kind)
        for name, kind in zip(names, ("chassis", "diseases", "hosts"), strict=True)
    ):
        return None
    try:
        plain = body_with(catalogue, *names)
    except (CatalogueError, ModelError) as error:
        probe.report(
            ("arms", arm, "chassis"),
            f"{', '.join(map(str, names))} make no model ({shorten(str(error), 300)})",
            "choose a chassis, disease and host that fit each other",
        )
        return None
    places: tuple[_Path, ...] = (("arms", arm, "alternatives"), ("every_arm", "alternatives"))
    wanted: dict[str, str] = {}
    for path in (structure, *places) if structure else places:
        own = probe.value(*path)
        if isinstance(own, dict):
            wanted = {**{k: v for k, v in own.items() if isinstance(v, str)}, **wanted}
    try:
        return body_with(catalogue, *names, fitting(wanted, plain.mechanisms))
    except (CatalogueError, ModelError) as error:
        path = next(
            (path for path in (structure, *places) if path and probe.names(*path)), ("arms", arm)
        )
        probe.report(path, f"no model ({shorten(str(error), 300)})", "name alternatives that fit")
        return None


def _check_arm(probe: Probe, catalogue: Catalogue, arm: str, body: Body) -> None:
    path: _Path = ("arms", arm)
    for name in probe.names(*path, "set"):
        _check_input(probe, (*path, "set", name), name, [body])
    told = {*probe.names(*path, "set"), *probe.names("every_arm", "set"), *body.switches}
    for name, unit in body.inputs.items():
        if name not in told:
            example = "1" if unit == "1" else f"'1 {unit}'"
            probe.report(
                path,
                f"the model needs a value of '{name}'",
                f"add '{name}: {example}' under 'set' of the arm or of every_arm",
            )
    for name in probe.names(*path, "numbers"):
        _check_number(probe, catalogue, (*path, "numbers", name), name, [body])
    known = given_species(body)
    for name in probe.names(*path, "given"):
        if name not in known:
            choices = body.dose_species or known
            probe.report(
                (*path, "given", name),
                f"'{shorten(name)}' cannot be given here",
                f"{suggestion(name, choices)}; or any species of the model",
            )
        else:
            _check_dose(probe, (*path, "given", name), _unit_of(body, known[name]))
    alternatives = probe.names(*path, "alternatives")
    _check_replaced(probe, catalogue, (*path, "alternatives"), alternatives, arm)
    if probe.length(*path, "conditioning") and not body.conditioning_species:
        probe.report(
            (*path, "conditioning"), "this host knows no conditioning", "write 'conditioning: none'"
        )


def _check_replaced(
    probe: Probe, catalogue: Catalogue, path: _Path, names: list[str], arm: str
) -> None:
    """Refuse an alternative of a mechanism that the arm does not have."""
    chassis, subjects = probe.value("arms", arm, "chassis"), probe.value("subjects")
    if not names or chassis not in catalogue.names("chassis"):
        return
    plain = body_with(catalogue, chassis, subjects["disease"], subjects["host"])
    for name in names:
        if name not in plain.mechanisms:
            probe.report(
                (*path, name), f"'{name}' is no mechanism here", suggestion(name, plain.mechanisms)
            )


def _check_every_arm(probe: Probe, catalogue: Catalogue, bodies: list[Body]) -> None:
    for name in probe.names("every_arm", "set"):
        _check_input(probe, ("every_arm", "set", name), name, bodies)
    for name in probe.names("every_arm", "numbers"):
        _check_number(probe, catalogue, ("every_arm", "numbers", name), name, bodies)
    if probe.length("every_arm", "conditioning") and not bodies[0].conditioning_species:
        probe.report(
            ("every_arm", "conditioning"), "this host knows no conditioning", "write 'none'"
        )


def _check_structures(probe: Probe, catalogue: Catalogue, bodies: Mapping[str, Body]) -> None:
    known = {name for body in bodies.values() for name in body.mechanisms}
    for structure in probe.names("structures"):
        path: _Path = ("structures", structure, "alternatives")
        for name in probe.names(*path):
            if name not in known:
                probe.report(
                    (*path, name), f"'{name}' is no mechanism in any arm", suggestion(name, known)
                )
        before = len(probe.problems)
        for arm in bodies:
            if len(probe.problems) == before:
                _body(probe, catalogue, arm, path)


def _check_input(probe: Probe, path: _Path, name: str, bodies: list[Body]) -> None:
    units = [body.inputs[name] for body in bodies if name in body.inputs]
    if not units:
        known = {one for body in bodies for one in body.inputs}
        probe.report(path, f"'{shorten(name)}' is no input of the model", suggestion(name, known))
        return
    fits(probe, path, units[0])


def _check_number(
    probe: Probe, catalogue: Catalogue, path: _Path, name: str, bodies: list[Body]
) -> None:
    for body in bodies:
        known = number_ids(body)
        if name in known:
            record = catalogue.parameter(known[name])
            value = fits(probe, path, record.unit)
            used = record.used
            low = used.lower if used is not None and used.lower is not None else -float("inf")
            high = used.upper if used is not None and used.upper is not None else float("inf")
            if value is not None and not low <= value <= high:
                probe.report(
                    path,
                    f"{value:g} {record.unit} lies outside {low:g} to {high:g}",
                    "give a value that the quantity can have",
                )
            return
    known_anywhere = {one for body in bodies for one in number_ids(body)}
    probe.report(
        path, f"no arm uses the number '{shorten(name)}'", suggestion(name, known_anywhere)
    )


def _check_dose(probe: Probe, path: _Path, unit: str) -> None:
    where = (*path, "dose") if isinstance(probe.value(*path), dict) else path
    try:
        text = read_amount(probe.value(*where))
        own = dimension(parse_quantity(text).unit)
        per_kilogram = own == dimension(f"{unit}/kg")
        amount = amount_in(text, f"{unit}/kg" if per_kilogram else unit)
    except PydanticCustomError as error:
        if probe.number(lambda value: float(len(read_amount(value))), *where) is not None:
            refuse(probe, where, error, f" or {unit}/kg")
        return
    if amount < 0.0:
        probe.report(where, f"a dose of {text} cannot be given", "give 0 or more")


def _unit_of(body: Body, species: str) -> str:
    return next(one.unit for one in body.model.species if one.name == species)
