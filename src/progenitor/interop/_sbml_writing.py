"""Writing models as SBML Level 3 Version 2."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from progenitor.engine import Dose, Model, Reaction
from progenitor.errors import InputError, Problem, UnsupportedModelError
from progenitor.interop._mathml import MathWriter
from progenitor.interop._sbml_event_writing import (
    dose_elements,
    event_elements,
    literal,
    without_empty_lists,
)
from progenitor.interop._sbml_ids import SbmlIds, told
from progenitor.units import scale

__all__ = ["write_sbml"]

_SBML: Final = "http://www.sbml.org/sbml/level3/version2/core"
_HILL: Final = "piecewise(x**n/(x**n + k**n), x > 0, 0)"
_TRUE, _FALSE = "true", "false"


def write_sbml(model: Model, parameters: Mapping[str, float], *, doses: Sequence[Dose] = ()) -> str:
    """Write a model with the parameters and doses of one patient as SBML Level 3 Version 2.

    Species are amounts in a compartment of size 1. Rules, and observables that are more than a
    name, become parameters with assignment rules; an observable, reaction or event named like a
    species, parameter or rule is written with a prefix, such as ``observable_tumour``. An event
    that happens once is kept from happening again by a parameter that counts it. Not part of SBML
    and therefore lost: whether a species may be negative or is countable, solver tolerances, and
    that an event ends the simulation.

    Parameters
    ----------
    model
        What to write.
    parameters
        Value of each of its parameters, in their declared units; others are ignored.
    doses
        What the first patient of these is given becomes events, and reactions for infusions.

    Raises
    ------
    InputError
        When a parameter is missing or is not a number; lists every one.
    UnsupportedModelError
        When an event happens once, waits, and may be withdrawn while it waits: SBML cannot say so.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1", initial="100"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ... )
    >>> text = write_sbml(Model.build("decay", [decay]), {"loss_rate": 0.1})
    >>> text.splitlines()[4].strip()
    '<unitDefinition id="time_unit">'
    """
    _refuse(model, parameters)
    ids = SbmlIds.of(model)
    writer = MathWriter(ids.free("hill"))
    body = Element("model", _model_attributes(model, ids))
    _units(body, model)
    functions = SubElement(body, "listOfFunctionDefinitions")
    space = ids.free("space")
    about = {"id": space, "spatialDimensions": "3", "size": "1", "constant": _TRUE}
    SubElement(SubElement(body, "listOfCompartments"), "compartment", about)
    _species(body, model, space)
    values = SubElement(body, "listOfParameters")
    for declared in model.parameters:
        _parameter(values, declared.name, declared.title, parameters[declared.name])
    starts = SubElement(body, "listOfInitialAssignments")
    for species in model.species:
        if literal(species.initial) is None:
            start = SubElement(starts, "initialAssignment", {"symbol": species.name})
            start.append(writer.math(species.initial))
    rules = SubElement(body, "listOfRules")
    for rule in model.rules:
        _assigned(values, rules, rule.name, "", writer, rule.expression)
    for shown in told(model.observables, model):
        _assigned(values, rules, ids.observable(shown.name), shown.title, writer, shown.expression)
    reactions = SubElement(body, "listOfReactions")
    for reaction in model.reactions:
        reactions.append(_reaction(reaction, model, ids, writer))
    infusions, given = dose_elements(doses, ids, writer, values)
    reactions.extend(infusions)
    events = SubElement(body, "listOfEvents")
    for event in model.events:
        events.extend(event_elements(event, ids, writer, values))
    events.extend(given)
    if writer.hill_used:
        definition = SubElement(functions, "functionDefinition", {"id": writer.hill})
        definition.append(writer.lambda_(("x", "k", "n"), _HILL))
    return _document(body)


def _refuse(model: Model, parameters: Mapping[str, float]) -> None:
    """Raise for everything that cannot be written."""
    bad = [
        Problem(
            f"parameter '{declared.name}' [{declared.unit}] is {parameters.get(declared.name)}",
            "give a finite number",
            field=declared.name,
        )
        for declared in model.parameters
        if not math.isfinite(parameters.get(declared.name, math.nan))
    ]
    if bad:
        raise InputError(bad)
    bad = [
        Problem(
            f"event '{event.name}' happens once, waits and may be withdrawn: not in SBML",
            "make it persistent, without delay, or allow it to happen again",
            field=event.name,
        )
        for event in model.events
        if event.once and not event.persistent and literal(event.delay) != 0.0
    ]
    if bad:
        raise UnsupportedModelError(bad)


def _model_attributes(model: Model, ids: SbmlIds) -> dict[str, str]:
    name = {"id": ids.free(re.sub(r"\W", "_", f"model_{model.name}", flags=re.ASCII))}
    if model.time_unit == "1":
        return {**name, "name": model.name}
    return {**name, "name": model.name, "timeUnits": "time_unit"}


def _units(body: Element, model: Model) -> None:
    if model.time_unit == "1":
        return
    seconds = scale(model.time_unit) / scale("second")
    listed = SubElement(body, "listOfUnitDefinitions")
    definition = SubElement(listed, "unitDefinition", {"id": "time_unit"})
    about = {"kind": "second", "exponent": "1", "scale": "0", "multiplier": repr(seconds)}
    SubElement(SubElement(definition, "listOfUnits"), "unit", about)


def _species(body: Element, model: Model, space: str) -> None:
    listed = SubElement(body, "listOfSpecies")
    for species in model.species:
        about = {
            "id": species.name,
            "compartment": space,
            "hasOnlySubstanceUnits": _TRUE,
            "boundaryCondition": _FALSE,
            "constant": _FALSE,
        }
        start = literal(species.initial)
        if start is not None:
            about["initialAmount"] = repr(start)
        if species.title:
            about["name"] = species.title
        SubElement(listed, "species", about)


def _parameter(listed: Element, name: str, title: str, value: float | None) -> None:
    about = {"id": name, "constant": _FALSE if value is None else _TRUE}
    if value is not None:
        about["value"] = repr(float(value))
    if title:
        about["name"] = title
    SubElement(listed, "parameter", about)


def _assigned(
    values: Element, rules: Element, name: str, title: str, writer: MathWriter, text: str
) -> None:
    """Add a parameter that always has the value of an expression."""
    _parameter(values, name, title, None)
    SubElement(rules, "assignmentRule", {"variable": name}).append(writer.math(text))


def _reaction(reaction: Reaction, model: Model, ids: SbmlIds, writer: MathWriter) -> Element:
    element = Element("reaction", {"id": ids.reaction(reaction.name), "reversible": _FALSE})
    for tag, sides in (
        ("listOfReactants", reaction.reactants),
        ("listOfProducts", reaction.products),
    ):
        listed = SubElement(element, tag)
        for name, number in sides.items():
            about = {"species": name, "stoichiometry": repr(float(number)), "constant": _TRUE}
            SubElement(listed, "speciesReference", about)
    law = Element("kineticLaw")
    law.append(writer.math(reaction.rate))
    changed = {*reaction.reactants, *reaction.products}
    read = {ci.text for ci in law.iter("ci")}
    modifiers = SubElement(element, "listOfModifiers")
    for species in model.species:
        if species.name in read - changed:
            SubElement(modifiers, "modifierSpeciesReference", {"species": species.name})
    element.append(law)
    return without_empty_lists(element)


def _document(body: Element) -> str:
    root = Element("sbml", {"xmlns": _SBML, "level": "3", "version": "2"})
    root.append(without_empty_lists(body))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"
