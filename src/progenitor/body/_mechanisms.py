"""Find mechanisms by name."""

import difflib
import importlib
import pkgutil
from functools import cache
from types import MappingProxyType

from progenitor.body import mechanisms
from progenitor.body._mechanism import Mechanism
from progenitor.errors import ModelError

__all__ = ["all_mechanisms", "find_mechanism"]


@cache
def all_mechanisms() -> MappingProxyType[str, Mechanism]:
    """Every mechanism on disk by name, in alphabetical order.

    Examples
    --------
    >>> "killing" in all_mechanisms()
    True
    """
    names = sorted(module.name for module in pkgutil.iter_modules(mechanisms.__path__))
    found = (importlib.import_module(f"{mechanisms.__name__}.{name}").MECHANISM for name in names)
    return MappingProxyType({mechanism.name: mechanism for mechanism in found})


def find_mechanism(name: str) -> Mechanism:
    """Return the mechanism of that name.

    Raises
    ------
    ModelError
        When there is none; the message names the nearest.

    Examples
    --------
    >>> find_mechanism("kiling")
    Traceback (most recent call last):
    ...
    progenitor.errors.ModelError: unknown mechanism 'kiling'. Did you mean 'killing'?
    """
    known = all_mechanisms()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(known)}"
    message = f"unknown mechanism '{name}'. {hint}"
    raise ModelError(message)
