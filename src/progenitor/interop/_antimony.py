"""Reading models written in Antimony, by way of SBML."""

import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Final

from progenitor.errors import InputError, MissingExtraError, Problem
from progenitor.interop._imported_model import ImportedModel
from progenitor.interop._sbml import read_sbml

__all__ = ["antimony_package", "read_antimony"]

_MOST_BYTES: Final = 10_000_000
_TEXT: Final = re.compile(r"[\n;=]|->")
_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_IMPORT: Final = re.compile(r"^\s*import\b.*$", re.MULTILINE)
_LINE: Final = re.compile(r"line (\d+):\s*")


def read_antimony(path_or_text: Path | str) -> ImportedModel:
    """Read a model in Antimony; submodels are flattened.

    Parameters
    ----------
    path_or_text
        A file, or the text itself: a string with a line break, ``;``, ``=`` or ``->`` is text.

    Raises
    ------
    InputError
        When the text is not Antimony, or imports other files: those are not read.
    UnsupportedModelError
        When the model uses what cannot be simulated; names each construct.
    MissingExtraError
        When the package ``antimony`` is not installed.

    Examples
    --------
    >>> imported = read_antimony("drug -> ; k*drug; k = 0.1; drug = 100")
    >>> imported.parameters["k"]
    0.1
    """
    antimony = antimony_package("reading")
    source, text = _source(path_or_text)
    found = _IMPORT.search(_COMMENT.sub(lambda gone: "\n" * gone[0].count("\n"), text))
    if found:
        line = text[: text.index(found[0].strip())].count("\n") + 1
        raise _wrong("imports another file, which is not read", source, line, "copy it into this")
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(text) < 0:
        said = " ".join(antimony.getLastError().split())
        line_said = _LINE.search(said)
        where = int(line_said[1]) if line_said else None
        why = said[line_said.end() :] if line_said else said
        raise _wrong(f"is not Antimony: {why.rstrip('.')}", source, where, "correct the line")
    sbml = antimony.getSBMLString(antimony.getMainModuleName())
    return replace(read_sbml(sbml), source=source)


def antimony_package(doing: str) -> ModuleType:
    """Return the package that reads and writes Antimony, or say how to install it.

    Parameters
    ----------
    doing
        What it is wanted for, for the message.
    """
    try:
        import antimony
    except ModuleNotFoundError:
        raise MissingExtraError(
            f"{doing} Antimony needs the package antimony. "
            "Fix: python -m pip install 'progenitor[antimony]'"
        ) from None
    package: ModuleType = antimony
    return package


def _source(path_or_text: Path | str) -> tuple[str, str]:
    """Return what messages call the model, and its text."""
    if isinstance(path_or_text, str) and _TEXT.search(path_or_text):
        return "Antimony text", path_or_text
    path = Path(path_or_text)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _wrong(f"has more than {_MOST_BYTES / 1e6:.0f} MB", str(path), None, "split it")
        return str(path), path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(f"cannot be read: {error}", str(path), None, "give a text file") from None


def _wrong(why: str, source: str, line: int | None, fix: str) -> InputError:
    return InputError([Problem(why, fix, source, line)])
