"""From a checked text to one flat libsbml model, or a refusal that names what is in the way."""

from typing import Any, Final

from progenitor.errors import InputError, MissingExtraError, Problem, UnsupportedModelError
from progenitor.interop._sbml_guard import SbmlSource
from progenitor.interop._sbml_submodels import check_submodels

__all__ = ["open_document"]

_HARMLESS: Final = ("comp", "fbc", "groups", "layout", "render")
"""Packages whose elements do not change the mathematics of the core, or are looked at here."""
_DRAWING: Final = ("layout", "render")
"""Packages whose mistakes do not matter to a simulation."""


def open_document(source: SbmlSource) -> Any:
    """Parse a text with libsbml and flatten its submodels.

    Returns the document, which must be kept as long as its model is used.

    Raises
    ------
    MissingExtraError
        When libsbml is not installed.
    InputError
        When the text is not a valid document.
    UnsupportedModelError
        When it needs a package that is not supported, or names a file that cannot be had.
    """
    _refuse_packages(source)
    document = _parsed(source)
    _refuse_kinds(document, source)
    model = document.getModel()
    plugin = model.getPlugin("comp") if model is not None else None
    if plugin is not None and plugin.getNumSubmodels() + plugin.getNumPorts() > 0:
        check_submodels(document, source, _parsed)
        _flatten(document, source)
        _refuse_kinds(document, source)
    if document.getModel() is None:
        raise InputError([Problem("has no model", "give a document with a <model>", source.name)])
    return document


def _libsbml() -> Any:
    try:
        import libsbml
    except ImportError:
        raise MissingExtraError(
            "reading SBML needs libsbml; type: pip install 'progenitor[sbml]'"
        ) from None
    return libsbml


def _parsed(source: SbmlSource) -> Any:
    document = _libsbml().readSBMLFromString(source.text)
    _stop_on_errors(document, source)
    return document


def _stop_on_errors(document: Any, source: SbmlSource) -> None:
    """Refuse a document that libsbml could not read as SBML."""
    problems = []
    for index in range(document.getNumErrors()):
        error = document.getError(index)
        if (error.isError() or error.isFatal()) and error.getPackage() not in _DRAWING:
            message = " ".join(error.getMessage().split())[:300].rstrip(".")
            message = message or error.getShortMessage()
            line = error.getLine() or None
            problems.append(Problem(message, "mend the model", source.name, line))
    if problems:
        raise InputError(list(dict.fromkeys(problems)))


def _refuse_packages(source: SbmlSource) -> None:
    problems = [
        Problem(f"needs the SBML package '{name}'", "leave the package out", source.name)
        for name in source.required
        if name not in _HARMLESS
    ]
    if problems:
        raise UnsupportedModelError(problems)


def _refuse_kinds(document: Any, source: SbmlSource) -> None:
    """Refuse Level 1 and flux balance."""
    problems = _optimised(document, source)
    if document.getLevel() == 1:
        problems.append(Problem("is SBML Level 1", "convert it to Level 2 or 3", source.name))
    if problems:
        raise UnsupportedModelError(problems)


def _optimised(document: Any, source: SbmlSource) -> list[Problem]:
    """Find fluxes to be optimised, whose reactions have no kinetics."""
    model = document.getModel()
    plugin = model.getPlugin("fbc") if model is not None else None
    if plugin is None:
        return []
    names = [objective.getId() for objective in plugin.getListOfObjectives()]
    names += [bound.getReaction() for bound in plugin.getListOfFluxBounds()]
    return [
        Problem(
            "is flux balance, which gives no course over time",
            "leave the fbc package out or use a flux balance tool",
            source.name,
            field=name,
        )
        for name in dict.fromkeys(names)
    ]


def _flatten(document: Any, source: SbmlSource) -> None:
    libsbml = _libsbml()
    if source.folder is not None:
        document.setLocationURI(f"file:{source.folder.resolve() / 'model.xml'}")
    options = libsbml.ConversionProperties()
    for option in ("flatten comp", "leavePorts", "performValidation"):
        options.addOption(option, option == "flatten comp")
    document.getErrorLog().clearLog()
    if document.convert(options) != libsbml.LIBSBML_OPERATION_SUCCESS:
        _stop_on_errors(document, source)
        raise InputError(
            [Problem("its submodels cannot be put together", "mend the comp elements", source.name)]
        )
