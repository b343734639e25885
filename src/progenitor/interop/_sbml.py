"""SBML import: Level 2 and 3 models as models of the engine."""

from collections.abc import Iterable
from pathlib import Path

from progenitor.engine._expressions import Name
from progenitor.errors import InputError, ModelError, Problem, UnsupportedModelError
from progenitor.interop._imported_model import ImportedModel
from progenitor.interop._sbml_assembly import Assembly
from progenitor.interop._sbml_definitions import Definitions, define
from progenitor.interop._sbml_document import open_document
from progenitor.interop._sbml_guard import SbmlSource, read_source
from progenitor.interop._sbml_names import decoded, encoded
from progenitor.interop._sbml_reader import ModelReader
from progenitor.interop._sbml_records import SbmlModel

__all__ = ["read_sbml"]


def read_sbml(path_or_text: str | Path) -> ImportedModel:
    """Read a model in SBML Level 2 or 3.

    Reactions stay reactions, under their own names, with whole numbers of reactants and products
    wherever the file has them, so that a model can be simulated as a random process too. A species
    is a state in amounts, or in concentrations where a rate rule changes its concentration.
    Algebraic rules are solved where they are linear in something that nothing else determines.
    Delayed values come from a copy of what determines them that runs late, unless something depends
    on its own past; doses do not reach that copy. Events of equal priority act in an order that
    looks random over time and that the parameter ``event_order`` changes.

    Refused by name are fast reactions, other delay differential equations, flux balance, algebraic
    rules that cannot be solved, quantities that are used and have no value, and packages that
    change the mathematics. Before the file is parsed, document types and entities, more than 50 MB
    and more than 200 nested elements are refused; nothing is ever fetched from a network.

    Parameters
    ----------
    path_or_text
        A path, or the text itself.

    Returns
    -------
    The model, in which nothing has a unit, and the values of its parameters.

    Raises
    ------
    InputError
        When the text is not SBML.
    UnsupportedModelError
        When the model uses something that is not supported; names every such thing.
    MissingExtraError
        When libsbml is not installed.

    References
    ----------
    Hucka et al. SBML Level 3 Version 2 Core Release 2. J Integr Bioinform 2019,
    doi:10.1515/jib-2019-0021.

    Examples
    --------
    >>> imported = read_sbml('''
    ... <sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model>
    ...   <listOfCompartments>
    ...     <compartment id="cell" size="2" constant="true"/>
    ...   </listOfCompartments>
    ...   <listOfSpecies>
    ...     <species id="S" compartment="cell" initialConcentration="3" constant="false"
    ...       hasOnlySubstanceUnits="false" boundaryCondition="false"/>
    ...   </listOfSpecies>
    ... </model></sbml>''')
    >>> imported.symbols
    {'cell': 'cell', 'S': 'S_concentration'}
    """
    source = read_source(path_or_text)
    try:
        return _read(source)
    except RecursionError:
        what, fix = "has formulas that nest too deeply once written out", "split them in rules"
        raise UnsupportedModelError([Problem(what, fix, source.name)]) from None


def _read(source: SbmlSource) -> ImportedModel:
    document = open_document(source)
    reader = ModelReader(document.getModel(), source.name)
    model = reader.read()
    problems: list[Problem] = []

    def refuse(element: str, message: str, fix: str) -> None:
        problems.append(Problem(message, fix, source.name, field=decoded(element)))

    definitions = define(model, reader.symbols, refuse)
    if problems or definitions is None:
        raise UnsupportedModelError(list(dict.fromkeys(problems)))
    definitions.start()
    undefined = definitions.undefined()
    for missing, needed in definitions.missing(undefined):
        refuse(missing, f"has no value, but {needed} needs one", "give it a value")
    if problems:
        raise UnsupportedModelError(problems)
    try:
        return _imported(model, definitions, undefined, source.name)
    except ModelError as error:
        raise InputError([Problem(str(error), "mend the model", source.name)]) from error


def _imported(
    record: SbmlModel, definitions: Definitions, undefined: frozenset[str], source: str
) -> ImportedModel:
    quantities = definitions.quantities
    meanings = {i: quantities.meaning[encoded(i)] for i in _identifiers(record)}
    symbols = {
        i: meant.name
        for i, meant in meanings.items()
        if isinstance(meant, Name) and meant.name not in undefined
    }
    amounts = {i: s for i, s in quantities.amounts.items() if s not in undefined}
    concentrations = {i: s for i, s in quantities.concentrations.items() if s not in undefined}
    shown = dict.fromkeys([*symbols.values(), *amounts.values(), *concentrations.values()])
    assembly = Assembly(
        record.name,
        quantities,
        definitions.flows,
        definitions.actions,
        definitions.starting,
        undefined,
        {encoded(i): title for i, title in record.titles.items()}
        | {concentrations[i]: record.titles[i] for i in concentrations if i in record.titles},
    )
    return ImportedModel(
        model=assembly.model(shown),
        parameters=assembly.parameters(),
        symbols=symbols,
        amounts=amounts,
        concentrations=concentrations,
        source=source,
        inputs={i: s for i, s in quantities.inputs.items() if s not in undefined},
        delayed=definitions.delayed,
    )


def _identifiers(record: SbmlModel) -> Iterable[str]:
    """Every identifier that has a value in formulas, in the order of the file."""
    for items in (record.compartments, record.species, record.parameters, record.reactions):
        yield from (item.id for item in items)
    for reaction in record.reactions:
        yield from (item.id for item in (*reaction.reactants, *reaction.products) if item.id)
