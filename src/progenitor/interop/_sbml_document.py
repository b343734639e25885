"""From a checked text to one flat libsbml model, or a refusal that names what is in the way."""

from pathlib import Path
from typing import Any, Final

from progenitor.errors import InputError, MissingExtraError, Problem, UnsupportedModelError
from progenitor.interop._sbml_guard import SbmlSource, read_source

__all__ = ["open_document"]

_HARMLESS: Final = ("annot", "comp", "fbc", "groups", "layout", "qual", "render", "req")
"""Packages whose elements do not change the mathematics of the core, or are looked at below."""
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
    libsbml = _libsbml()
    document = libsbml.readSBMLFromString(source.text)
    _stop_on_errors(document, source)
    _refuse_packages(document, source)
    if document.getPlugin("comp") is not None and _composed(document):
        _flatten(libsbml, document, source)
    if document.getModel() is None:
        raise InputError(
            [Problem("has no model", "give a document with a <model>", source.name)]
        )
    return document


def _libsbml() -> Any:
    try:
        import libsbml
    except ImportError:
        raise MissingExtraError(
            "reading SBML needs libsbml; type: pip install 'progenitor[sbml]'"
        ) from None
    return libsbml


def _stop_on_errors(document: Any, source: SbmlSource) -> None:
    """Refuse a document that libsbml could not read as SBML."""
    problems = []
    for index in range(document.getNumErrors()):
        error = document.getError(index)
        if (error.isError() or error.isFatal()) and error.getPackage() not in _DRAWING:
            message = " ".join(error.getMessage().split())[:300] or error.getShortMessage()
            problems.append(
                Problem(message, "mend the model", source.name, error.getLine() or None)
            )
    if problems:
        raise InputError(list(dict.fromkeys(problems)))


def _refuse_packages(document: Any, source: SbmlSource) -> None:
    problems = [
        Problem(f"needs the SBML package '{name}'", "leave the package out", source.name)
        for name in source.required
        if name not in _HARMLESS
    ]
    if document.getLevel() == 1:
        problems.append(
            Problem("is SBML Level 1", "convert it to Level 2 or 3", source.name)
        )
    problems += _optimised(document, source)
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
            f"flux balance ('{name}') gives no course over time",
            "leave the fbc package out or use a flux balance tool",
            source.name,
            field=name,
        )
        for name in dict.fromkeys(names)
    ]


def _composed(document: Any) -> bool:
    plugin = document.getModel().getPlugin("comp") if document.getModel() is not None else None
    return plugin is not None and (plugin.getNumSubmodels() > 0 or plugin.getNumPorts() > 0)


def _flatten(libsbml: Any, document: Any, source: SbmlSource) -> None:
    _check_files(document, source)
    if source.folder is not None:
        document.setLocationURI(f"file:{source.folder.resolve() / 'model.xml'}")
    options = libsbml.ConversionProperties()
    options.addOption("flatten comp", True)
    options.addOption("performValidation", False)
    options.addOption("leavePorts", False)
    document.getErrorLog().clearLog()
    if document.convert(options) != libsbml.LIBSBML_OPERATION_SUCCESS:
        _stop_on_errors(document, source)
        raise InputError(
            [Problem("its submodels cannot be put together", "mend the comp elements", source.name)]
        )


def _check_files(document: Any, source: SbmlSource) -> None:
    """Let submodels come only from files beside this one, and look at each before it is parsed."""
    waiting, seen, problems = [document], set(), []
    while waiting:
        for definition in waiting.pop().getPlugin("comp").getListOfExternalModelDefinitions():
            named = definition.getSource()
            if named in seen:
                continue
            seen.add(named)
            other = _beside(named, source.folder)
            if other is None:
                problems.append(
                    Problem(
                        f"the external model '{definition.getId()}' is in '{named[:200]}', "
                        "which is not a file beside this one",
                        "put the file there and name it without a folder",
                        source.name,
                        field=definition.getId(),
                    )
                )
                continue
            inner = read_source(other)
            parsed = _libsbml().readSBMLFromString(inner.text)
            _stop_on_errors(parsed, inner)
            if parsed.getPlugin("comp") is not None:
                waiting.append(parsed)
    if problems:
        raise UnsupportedModelError(problems)


def _beside(named: str, folder: Path | None) -> Path | None:
    """Return a file of the same folder, and nothing else that a name may point to."""
    name = named.removeprefix("file:").removeprefix("./")
    if folder is None or not name or name != Path(name).name or name.startswith("."):
        return None
    path = folder / name
    return path if path.is_file() and not path.is_symlink() else None
