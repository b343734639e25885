"""A model read from another tool's format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from progenitor.engine import Model

__all__ = ["ImportedModel"]


@final
@dataclass(frozen=True, slots=True)
class ImportedModel:
    """A model with the values its file gives, and where to find what the file names.

    Every identifier of the file that has a value - species, compartment, parameter, species
    reference and reaction - is reported by an observable. Units of the file are not converted: all
    numbers, time included, are as the file has them.

    Parameters
    ----------
    model
        To be simulated; its time is without unit.
    parameters
        The file's value of each parameter of the model.
    symbols
        Identifier → observable that reports it as it is meant in formulas.
    amounts
        Species → observable that reports its amount.
    concentrations
        Species → observable that reports its concentration, where it has one.
    source
        The file, or ``<text>``.
    inputs
        Identifier → parameter that sets its value, or its value at the start where it changes;
        what rules or initial assignments determine is not here.
    delayed
        Species of the model that have a copy which runs late, because a formula uses their earlier
        values: doses and changes that are not in the file do not reach the copy.

    Examples
    --------
    >>> from progenitor.interop import read_sbml
    >>> imported = read_sbml('''
    ... <sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model>
    ...   <listOfParameters>
    ...     <parameter id="_k" value="2" constant="true"/>
    ...   </listOfParameters>
    ... </model></sbml>''')
    >>> imported.symbols, imported.parameters
    ({'_k': 'id__k'}, {'id__k': 2.0})
    """

    model: Model
    parameters: Mapping[str, float]
    symbols: Mapping[str, str]
    amounts: Mapping[str, str]
    concentrations: Mapping[str, str]
    source: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    delayed: frozenset[str] = frozenset()
