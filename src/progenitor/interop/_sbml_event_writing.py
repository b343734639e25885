"""Writing events and doses as SBML events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final
from xml.etree.ElementTree import Element, SubElement

from progenitor.engine import Dose, Event
from progenitor.interop._mathml import MathWriter
from progenitor.interop._sbml_ids import SbmlIds

__all__ = ["dose_elements", "event_elements", "literal", "without_empty_lists"]

_XHTML: Final = "http://www.w3.org/1999/xhtml"
_TRUE, _FALSE = "true", "false"
_STOPS: Final = "Progenitor ends the simulation here; other tools go on."


def event_elements(
    event: Event, ids: SbmlIds, writer: MathWriter, values: Element
) -> list[Element]:
    """Write an event of the engine as one SBML event or two.

    An event that happens once is stopped by a parameter that counts it; when it waits as well, a
    second event counts it, because the first acts only later.

    Parameters
    ----------
    event
        What to write.
    ids
        Ids of the document.
    writer
        Writes expressions.
    values
        The list of parameters, which gets the counters.
    """
    name = ids.event(event.name)
    trigger, made = event.trigger, dict(event.assignments)
    counting: list[Element] = []
    if event.once:
        counter = _counter(ids.free(f"{name}_happened"), values)
        trigger = f"({trigger}) and {counter} < 1"
        if literal(event.delay) == 0.0:
            made[counter] = "1"
        else:
            when = _Manner(trigger, at_start=event.fires_at_start)
            counting = [_one_event(ids.free(f"{name}_counted"), when, {counter: "1"}, writer)]
    if event.stop:
        made[_counter(ids.free(f"{name}_stopped"), values)] = "1"
    manner = _Manner(
        trigger,
        event.delay,
        event.priority,
        persistent=event.persistent,
        at_start=event.fires_at_start,
        early=event.values_from_trigger,
        note=_STOPS if event.stop else "",
    )
    return [_one_event(name, manner, made, writer), *counting]


def dose_elements(
    doses: Sequence[Dose], ids: SbmlIds, writer: MathWriter, values: Element
) -> tuple[list[Element], list[Element]]:
    """Write what the first patient gets, as reactions for infusions and as events.

    Parameters
    ----------
    doses
        What is given.
    ids
        Ids of the document.
    writer
        Writes expressions.
    values
        The list of parameters, which gets the rates of infusions.
    """
    reactions: list[Element] = []
    events: list[Element] = []
    rates: dict[str, str] = {}

    def act(day: float, variable: str, more: float) -> None:
        when = _Manner(f"time >= {day!r}", at_start=True)
        made = {variable: f"{variable} + {more!r}"}
        events.append(_one_event(ids.free(f"dose_{len(events) + 1}"), when, made, writer))

    for dose in doses:
        for day, amount, lasting in dose.given(0):
            if lasting == 0.0:
                act(day, dose.species, amount)
                continue
            if dose.species not in rates:
                rates[dose.species] = _counter(ids.free(f"infusion_of_{dose.species}"), values)
                name = ids.free(f"infusing_{dose.species}")
                reactions.append(_infusion(name, dose.species, rates[dose.species], writer))
            act(day, rates[dose.species], amount / lasting)
            act(day + lasting, rates[dose.species], -amount / lasting)
    return reactions, events


def _infusion(name: str, species: str, rate: str, writer: MathWriter) -> Element:
    element = Element("reaction", {"id": name, "reversible": _FALSE})
    about = {"species": species, "stoichiometry": "1", "constant": _TRUE}
    SubElement(SubElement(element, "listOfProducts"), "speciesReference", about)
    SubElement(element, "kineticLaw").append(writer.math(rate))
    return element


def _counter(name: str, values: Element) -> str:
    about = {"id": name, "value": "0", "constant": _FALSE}
    SubElement(values, "parameter", about)
    return name


@final
@dataclass(frozen=True, slots=True)
class _Manner:
    """When an event acts."""

    trigger: str
    delay: str = "0"
    priority: str = ""
    persistent: bool = True
    at_start: bool = False
    early: bool = True
    note: str = ""


def _one_event(name: str, how: _Manner, made: Mapping[str, str], writer: MathWriter) -> Element:
    element = Element("event", {"id": name, "useValuesFromTriggerTime": _said(how.early)})
    if how.note:
        SubElement(SubElement(element, "notes"), "p", {"xmlns": _XHTML}).text = how.note
    about = {"initialValue": _said(not how.at_start), "persistent": _said(how.persistent)}
    SubElement(element, "trigger", about).append(writer.math(how.trigger))
    if how.priority:
        SubElement(element, "priority").append(writer.math(how.priority))
    if literal(how.delay) != 0.0:
        SubElement(element, "delay").append(writer.math(how.delay))
    listed = SubElement(element, "listOfEventAssignments")
    for variable, text in made.items():
        SubElement(listed, "eventAssignment", {"variable": variable}).append(writer.math(text))
    return without_empty_lists(element)


def _said(holds: bool) -> str:  # noqa: FBT001 - an attribute's value
    return _TRUE if holds else _FALSE


def literal(text: str) -> float | None:
    """Return the value of an expression that is just a number.

    Examples
    --------
    >>> literal("1e3"), literal("2*dose")
    (1000.0, None)
    """
    try:
        return float(text)
    except ValueError:
        return None


def without_empty_lists(element: Element) -> Element:
    """Remove lists without members, which SBML before Level 3 Version 2 does not allow.

    Examples
    --------
    >>> model = Element("model")
    >>> _ = SubElement(model, "listOfEvents")
    >>> len(without_empty_lists(model))
    0
    """
    for child in list(element):
        if child.tag.startswith("listOf") and len(child) == 0:
            element.remove(child)
    return element
