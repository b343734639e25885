"""Submodels of the ``comp`` package, looked at before libsbml puts them together.

Files may be named only beside the model, each is checked like the model itself, and submodels may
neither contain themselves nor multiply without end.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, final

from progenitor.errors import InputError, Problem, UnsupportedModelError
from progenitor.interop._sbml_guard import SbmlSource, read_source

__all__ = ["check_submodels"]

_MOST_INSTANCES: Final = 2_000
_MOST_FILES: Final = 100


def check_submodels(document: Any, source: SbmlSource, parse: Callable[[SbmlSource], Any]) -> None:
    """Refuse submodels that cannot be put together, or not in reasonable time.

    Parameters
    ----------
    document
        The libsbml document.
    source
        Where it came from.
    parse
        Reads another file.

    Raises
    ------
    UnsupportedModelError
        When a submodel is in a file that is not beside this one.
    InputError
        When submodels contain themselves or are more than 2,000.
    """
    look = _Look(source.name, source.folder, parse)
    look.add_file("", document)
    if look.problems:
        raise UnsupportedModelError(look.problems)
    count = look.instances("", "", ())
    if count > _MOST_INSTANCES:
        message = f"has more than {_MOST_INSTANCES:,} submodels once put together"
        raise InputError([Problem(message, "use fewer submodels", source.name)])


@final
@dataclass(slots=True)
class _Look:
    """The models of all files involved; the key of a model is its file and its identifier."""

    name: str
    folder: Path | None
    parse: Callable[[SbmlSource], Any]
    problems: list[Problem] = field(default_factory=list)
    parts: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def add_file(self, file: str, document: Any) -> None:
        """Note which models of a file contain which others."""
        self.files.add(file)
        model, plugin = document.getModel(), document.getPlugin("comp")
        if model is not None:
            self._add_model(file, "", model)
            self._add_model(file, model.getId(), model)
        if plugin is None:
            return
        for definition in plugin.getListOfModelDefinitions():
            self._add_model(file, definition.getId(), definition)
        for definition in plugin.getListOfExternalModelDefinitions():
            target = definition.getSource(), definition.getModelRef()
            self.parts[file, definition.getId()] = [target]
            self._add_external(definition)

    def _add_model(self, file: str, identifier: str, model: Any) -> None:
        plugin = model.getPlugin("comp")
        submodels = plugin.getListOfSubmodels() if plugin is not None else ()
        self.parts[file, identifier] = [(file, submodel.getModelRef()) for submodel in submodels]

    def _add_external(self, definition: Any) -> None:
        named = definition.getSource()
        if named in self.files:
            return
        other = _beside(named, self.folder)
        if other is None or len(self.files) >= _MOST_FILES:
            message = f"is in '{named[:200]}', which is not a file beside this one"
            fix = "put the file there and name it without a folder"
            identifier = f"external model {definition.getId()}"
            self.problems.append(Problem(message, fix, self.name, field=identifier))
            return
        self.add_file(named, self.parse(read_source(other)))

    def instances(self, file: str, identifier: str, above: tuple[tuple[str, str], ...]) -> int:
        """Count the submodels of a model, theirs included."""
        key = file, identifier
        if key in above:
            message = f"the model '{identifier}' contains itself"
            raise InputError([Problem(message, "break the circle", self.name, field=identifier)])
        if key not in self.counts:
            inner = self.parts.get(key, [])
            within = (*above, key)
            self.counts[key] = sum(1 + self.instances(*part, within) for part in inner)
        return self.counts[key]


def _beside(named: str, folder: Path | None) -> Path | None:
    """Return a file of the same folder, and nothing else that a name may point to."""
    name = named.removeprefix("file:").removeprefix("./")
    if folder is None or not name or name != Path(name).name or name.startswith("."):
        return None
    path = folder / name
    return path if path.is_file() and not path.is_symlink() else None
