"""What a person may call a model: a body, a model of the library, or a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from progenitor.engine import Model
    from progenitor.library import PublishedModel

__all__ = ["LIBRARY", "found_model", "in_library", "parameter_changes"]

LIBRARY: Final = "library:"
"""What stands before the name of a published model."""

_FILES: Final = (".xml", ".sbml", ".ant")


def in_library(name: str) -> "PublishedModel | None":
    """Return the published model that a name means, or None where it means something else.

    Parameters
    ----------
    name
        With or without ``library:`` before it.

    Raises
    ------
    CatalogueError
        When it has ``library:`` before it, but there is no such model.
    """
    from progenitor.library import find_model, library_models

    if name.startswith(LIBRARY) or name in library_models():
        return find_model(name)
    return None


def found_model(name: str) -> tuple["Model", Mapping[str, float]]:
    """Return a model, and the values of its parameters where it has some of its own.

    Parameters
    ----------
    name
        As ``progenitor models list`` prints it, or the path of a file.

    Raises
    ------
    InputError
        When there is no such model or file; the message names the nearest.
    """
    if Path(name).suffix.lower() in _FILES:
        from progenitor.interop import read_model

        imported = read_model(Path(name))
        return imported.model, imported.parameters
    from progenitor.body import body_names, named_body
    from progenitor.documents import suggestion
    from progenitor.errors import CatalogueError, Problem
    from progenitor.evidence import default_catalogue
    from progenitor.library import library_models, typical_patient

    catalogue = default_catalogue()
    published = in_library(name)
    if published is not None:
        patient = typical_patient(published)
        return patient.model, patient.parameters
    bodies = body_names(catalogue)
    if name not in bodies:
        known = (*bodies, *(f"{LIBRARY}{one}" for one in library_models()))
        raise CatalogueError([Problem(f"unknown model '{name}'", suggestion(name, known))])
    return named_body(catalogue, name).model, {}


def parameter_changes(words: list[str]) -> dict[str, float]:
    """Read ID=VALUE words; complain about all that are none.

    Raises
    ------
    InputError
        Lists every word that is no change.

    Examples
    --------
    >>> parameter_changes(["k=0.1"])
    {'k': 0.1}
    """
    from progenitor.errors import InputError, Problem

    changes: dict[str, float] = {}
    problems = []
    for word in words:
        name, _, value = word.partition("=")
        try:
            changes[name.strip()] = float(value)
        except ValueError:
            problems.append(Problem(f"'{word}' is not ID=VALUE", "write --param k=0.1"))
    if problems:
        raise InputError(problems)
    return changes
