"""Reading a model file by its name."""

from pathlib import Path

from progenitor.errors import InputError, Problem
from progenitor.interop._antimony import read_antimony
from progenitor.interop._imported_model import ImportedModel
from progenitor.interop._sbml import read_sbml

__all__ = ["read_model"]

_READERS = {".xml": read_sbml, ".sbml": read_sbml, ".ant": read_antimony}


def read_model(path: Path) -> ImportedModel:
    """Read an SBML file (``.xml``, ``.sbml``) or an Antimony file (``.ant``).

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        When the name ends otherwise, the file cannot be read or is not what it should be.
    UnsupportedModelError
        When the model uses what cannot be simulated.
    MissingExtraError
        When the package that reads the format is not installed.

    Examples
    --------
    >>> read_model(Path("notes.txt"))
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: notes.txt: is not a model file. Fix: give .xml or .sbml for \
SBML, .ant for Antimony
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        fix = "give .xml or .sbml for SBML, .ant for Antimony"
        raise InputError([Problem("is not a model file", fix, str(path))])
    if not path.is_file():
        raise InputError([Problem("there is no such file", "check the name", str(path))])
    return reader(path)
