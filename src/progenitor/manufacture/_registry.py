"""Steps found by name: every module of ``manufacture.steps`` that has a ``STEP`` is one."""

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from progenitor.manufacture import steps
from progenitor.manufacture._step import Step

__all__ = ["registered_steps"]


@functools.cache
def registered_steps() -> Mapping[str, Step]:
    """Every unit operation by name, in alphabetical order.

    Examples
    --------
    >>> sorted(registered_steps())[:3]
    ['activate', 'apheresis', 'bank']
    """
    names = sorted(module.name for module in pkgutil.iter_modules(steps.__path__))
    found = [importlib.import_module(f"{steps.__name__}.{name}").STEP for name in names]
    return MappingProxyType({step.name: step for step in found})
