"""Find published models by name."""

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType

from progenitor.documents import suggestion
from progenitor.errors import CatalogueError, Problem
from progenitor.library import models
from progenitor.library._published_model import PublishedModel

__all__ = ["find_model", "library_models"]


@cache
def library_models() -> MappingProxyType[str, PublishedModel]:
    """Every model of the library by name, in alphabetical order.

    Examples
    --------
    >>> "stein_2019" in library_models()
    True
    """
    names = sorted(module.name for module in pkgutil.iter_modules(models.__path__))
    found = (importlib.import_module(f"{models.__name__}.{name}").MODEL for name in names)
    return MappingProxyType({model.name: model for model in found})


def find_model(name: str) -> PublishedModel:
    """Return the model of that name, with or without ``library:`` before it.

    Raises
    ------
    CatalogueError
        When there is none; the message names the nearest.

    Examples
    --------
    >>> find_model("library:stein_2019").name
    'stein_2019'
    >>> find_model("stien_2019")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    progenitor.errors.CatalogueError: unknown library model ...did you mean 'stein_2019'? ...
    """
    known = library_models()
    wanted = name.removeprefix("library:")
    if wanted not in known:
        message = f"unknown library model '{wanted}'"
        raise CatalogueError([Problem(message, suggestion(wanted, known))])
    return known[wanted]
