"""From a libsbml model to plain records; everything that cannot be read is named at once."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, final

from progenitor.engine._expressions import Expression, Name
from progenitor.errors import Problem, UnsupportedModelError
from progenitor.interop._sbml_math import MathReader, UnreadableMathError
from progenitor.interop._sbml_names import Symbols, encoded
from progenitor.interop._sbml_records import (
    Compartment,
    EventRecord,
    Parameter,
    ReactionRecord,
    Reference,
    SbmlModel,
    SpeciesRecord,
)

__all__ = ["ModelReader"]

_ALIKE: Final = (3, 2)
"""Level and version from which compartments of all dimensions are treated alike, and elements may
lack formulas, which then count as absent."""
_LEVEL_2: Final = 2


@final
class ModelReader:
    """Reads one libsbml model.

    Parameters
    ----------
    model
        The libsbml model.
    source
        Name of the file, for messages.
    """

    def __init__(self, model: Any, source: str) -> None:
        self._model = model
        self._source = source
        self._problems: list[Problem] = []
        self._math = MathReader(dict(self._functions()))
        self._level = model.getLevel()
        self._version = model.getLevel(), model.getVersion()
        self.symbols = Symbols(self._identifiers())

    def read(self) -> SbmlModel:
        """Return the records.

        Raises
        ------
        UnsupportedModelError
            Names each formula and element that cannot be read.
        """
        model = self._model
        found = SbmlModel(
            name=model.getId() or model.getName() or "model",
            compartments=tuple(map(self._compartment, model.getListOfCompartments())),
            species=tuple(map(_species, model.getListOfSpecies())),
            parameters=tuple(map(_parameter, model.getListOfParameters())),
            reactions=tuple(map(self._reaction, model.getListOfReactions())),
            events=tuple(self._events()),
            initial=dict(self._initial()),
            assigned=dict(self._rules("isAssignment")),
            rates=dict(self._rules("isRate")),
            algebraic=tuple(formula for _, formula in self._rules("isAlgebraic")),
            factor=model.getConversionFactor() if self._level > _LEVEL_2 else "",
            titles={e.getId(): e.getName() for e in self._elements() if e.isSetName()},
        )
        if self._problems:
            raise UnsupportedModelError(self._problems)
        return found

    # Formulas

    def _problem(self, what: str, message: str, fix: str) -> None:
        self._problems.append(Problem(message, fix, self._source, field=what))

    def _formula(
        self, element: Any, what: str, local: Mapping[str, Expression] | None = None
    ) -> Expression | None:
        """Read the formula of an element; None, as if it were absent, where it has none."""
        if element is None or not element.isSetMath():
            if element is not None and self._version < _ALIKE:
                self._problem(what, "has no formula", "give it one, or remove it")
            return None
        try:
            return self._math.read(element.getMath(), local)
        except UnreadableMathError as error:
            self._problem(what, f"the formula {error}", "write it in another way")
            return None

    def _functions(self) -> Iterator[tuple[str, tuple[tuple[str, ...], Any]]]:
        for definition in self._model.getListOfFunctionDefinitions():
            body = definition.getBody()
            if body is not None:
                count = definition.getNumArguments()
                names = [definition.getArgument(index).getName() for index in range(count)]
                yield definition.getId(), (tuple(names), body)

    def _initial(self) -> Iterator[tuple[str, Expression]]:
        for item in self._model.getListOfInitialAssignments():
            formula = self._formula(item, f"initial assignment of {item.getSymbol()}")
            if formula is not None:
                yield item.getSymbol(), formula

    def _rules(self, kind: str) -> Iterator[tuple[str, Expression]]:
        for number, rule in enumerate(self._model.getListOfRules(), start=1):
            if not getattr(rule, kind)():
                continue
            target = "" if rule.isAlgebraic() else rule.getVariable()
            what = f"rule of {target}" if target else f"algebraic rule {number}"
            formula = self._formula(rule, what)
            if formula is not None:
                yield target, formula

    # Elements

    def _elements(self) -> Iterator[Any]:
        model = self._model
        yield from model.getListOfCompartments()
        yield from model.getListOfSpecies()
        yield from model.getListOfParameters()
        yield from model.getListOfReactions()

    def _identifiers(self) -> Iterator[str]:
        yield from (element.getId() for element in self._elements())
        for reaction in self._model.getListOfReactions():
            for side in (reaction.getListOfReactants(), reaction.getListOfProducts()):
                yield from (item.getId() for item in side if item.getId())

    def _compartment(self, item: Any) -> Compartment:
        """Read a compartment.

        Without dimensions it has no volume up to Level 3 Version 1, and later where none is given.
        """
        name, early = item.getId(), self._version < _ALIKE
        ruled = self._model.getRule(name) or self._model.getInitialAssignment(name)
        point = item.getSpatialDimensionsAsDouble() == 0
        flat = point and (early or not (item.isSetSize() or ruled))
        size = _given(item.getSize(), item.isSetSize())
        return Compartment(name, size, flat, bool(item.getConstant()))

    def _reaction(self, reaction: Any) -> ReactionRecord:
        name = reaction.getId()
        law = reaction.getKineticLaw() if reaction.isSetKineticLaw() else None
        local: dict[str, Expression] = {}
        values: dict[str, float | None] = {}
        for parameter in () if law is None else _local_parameters(law, self._level):
            symbol = self.symbols.new(f"{encoded(name)}_{parameter.getId()}")
            local[parameter.getId()] = Name(symbol)
            values[symbol] = _given(parameter.getValue(), parameter.isSetValue())
        if law is not None:
            self._check_units_of(law, name)
        return ReactionRecord(
            id=name,
            reactants=tuple(self._references(reaction.getListOfReactants(), name)),
            products=tuple(self._references(reaction.getListOfProducts(), name)),
            law=self._formula(law, f"kinetic law of {name}", local),
            local=values,
            fast=bool(reaction.isSetFast() and reaction.getFast()),
        )

    def _check_units_of(self, law: Any, name: str) -> None:
        """Refuse the conversions that early Level 2 leaves to the reader of the model."""
        for kind, unit in (("time", law.getTimeUnits()), ("substance", law.getSubstanceUnits())):
            if unit and unit != kind:
                self._problem(
                    name,
                    f"the kinetic law is in its own unit of {kind}, '{unit}'",
                    "convert the model to Level 3",
                )

    def _references(self, references: Any, reaction: str) -> Iterator[Reference]:
        for item in references:
            formula, stoichiometry = None, item.getStoichiometry()
            constant = bool(item.getConstant()) if self._level > _LEVEL_2 else True
            if self._level > _LEVEL_2:
                stoichiometry = _given(item.getStoichiometry(), item.isSetStoichiometry())
            elif item.isSetStoichiometryMath():
                what = f"stoichiometry of {item.getSpecies()} in {reaction}"
                formula = self._formula(item.getStoichiometryMath(), what)
            elif item.getDenominator() not in (0, 1):
                stoichiometry /= item.getDenominator()
            yield Reference(item.getId(), item.getSpecies(), stoichiometry, formula, constant)

    def _events(self) -> Iterator[EventRecord]:
        taken = {event.getId() for event in self._model.getListOfEvents()}
        for number, event in enumerate(self._model.getListOfEvents(), start=1):
            name = event.getId() or next(
                wanted for wanted in _numbered(f"event_{number}") if wanted not in taken
            )
            taken.add(name)
            trigger = event.getTrigger()
            condition = self._formula(trigger, f"trigger of {name}")
            if condition is None:
                continue
            late = self._level > _LEVEL_2
            yield EventRecord(
                name=name,
                trigger=condition,
                delay=self._formula(event.getDelay(), f"delay of {name}"),
                priority=self._formula(event.getPriority(), f"priority of {name}"),
                assignments=self._assignments(event, name),
                initial=bool(trigger.getInitialValue()) if late else True,
                persistent=bool(trigger.getPersistent()) if late else True,
                values_from_trigger=bool(event.getUseValuesFromTriggerTime()),
            )

    def _assignments(self, event: Any, name: str) -> dict[str, Expression]:
        found = {}
        for item in event.getListOfEventAssignments():
            formula = self._formula(item, f"assignment of {item.getVariable()} in {name}")
            if formula is not None:
                found[item.getVariable()] = formula
        return found


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in range(2, 1_000_000):
        yield f"{name}_{number}"


def _given(value: float, is_set: bool) -> float | None:  # noqa: FBT001 - libsbml's own pairs
    """Value of an attribute, None where it was not given."""
    return float(value) if is_set else None


def _local_parameters(law: Any, level: int) -> Any:
    return law.getListOfParameters() if level == _LEVEL_2 else law.getListOfLocalParameters()


def _parameter(item: Any) -> Parameter:
    return Parameter(
        item.getId(), _given(item.getValue(), item.isSetValue()), bool(item.getConstant())
    )


def _species(item: Any) -> SpeciesRecord:
    return SpeciesRecord(
        id=item.getId(),
        compartment=item.getCompartment(),
        amount=_given(item.getInitialAmount(), item.isSetInitialAmount()),
        concentration=_given(item.getInitialConcentration(), item.isSetInitialConcentration()),
        substance_only=bool(item.getHasOnlySubstanceUnits()),
        boundary=bool(item.getBoundaryCondition()),
        constant=bool(item.getConstant()),
        factor=item.getConversionFactor() if item.getLevel() > _LEVEL_2 else "",
    )
