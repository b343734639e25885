"""Identifiers of SBML as symbols of the engine, and symbols that a model did not name itself."""

import re
from collections.abc import Iterable
from typing import Final, final

from progenitor.engine._expressions import is_symbol

__all__ = ["Symbols", "decoded", "encoded"]

_ESCAPE: Final = "id_"
_FOREIGN: Final = re.compile(r"[^A-Za-z0-9_]+")


def encoded(identifier: str) -> str:
    """Write an SBML identifier as a symbol: itself, or ``id_`` before it where that is no symbol.

    Identifiers that begin with an underscore or ``id_`` or that mean something in the engine's
    language, such as ``time`` or ``lambda``, are escaped.

    Examples
    --------
    >>> encoded("S1"), encoded("_S1"), encoded("time"), encoded("id_x")
    ('S1', 'id__S1', 'id_time', 'id_id_x')
    """
    plain = is_symbol(identifier) and not identifier.startswith(_ESCAPE)
    return identifier if plain else _ESCAPE + _FOREIGN.sub("_", identifier)


def decoded(symbol: str) -> str:
    """Return the SBML identifier that a symbol was written for.

    Examples
    --------
    >>> decoded(encoded("_S1")), decoded(encoded("id_x"))
    ('_S1', 'id_x')
    """
    return symbol.removeprefix(_ESCAPE)


@final
class Symbols:
    """The symbols taken in one model.

    Parameters
    ----------
    identifiers
        Every identifier of the SBML model.

    Examples
    --------
    >>> symbols = Symbols(["k", "k_initial"])
    >>> symbols.new("k_initial"), symbols.new("k_initial")
    ('k_initial_2', 'k_initial_3')
    """

    def __init__(self, identifiers: Iterable[str]) -> None:
        self._taken = {encoded(identifier) for identifier in identifiers}

    def copy(self) -> "Symbols":
        """Return symbols that can be taken without being taken here."""
        other = Symbols(())
        other._taken = set(self._taken)
        return other

    def new(self, wanted: str) -> str:
        """Return a symbol that nothing else has, the wanted one if it is free."""
        wanted = _FOREIGN.sub("_", wanted)
        name, number = wanted, 1
        while name in self._taken or not is_symbol(name):
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name
