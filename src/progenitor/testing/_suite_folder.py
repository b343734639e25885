"""Finding the cases of an SBML test suite, in a folder or in the archives it is shipped as."""

import contextlib
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from progenitor.errors import InputError, Problem

__all__ = ["case_folders"]

_MOST_BYTES: Final = 500_000_000
_MOST_FILES: Final = 100_000
_ARCHIVES: Final = "*.tar.xz"


@contextlib.contextmanager
def case_folders(folder: Path) -> Iterator[list[Path]]:
    """Open a suite: the folder of each case, sorted; archives are unpacked for the time being.

    A case is a folder that holds ``<case>-settings.txt``. Where there is none but there are
    ``.tar.xz`` archives, they are unpacked into a temporary folder, which is removed at the end.

    Parameters
    ----------
    folder
        An unpacked suite, any folder above its cases, or the folder that holds the archives.

    Raises
    ------
    InputError
        When there is neither a case nor an archive, or an archive cannot be unpacked safely.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as above:
    ...     (Path(above) / "00001").mkdir()
    ...     _ = (Path(above) / "00001" / "00001-settings.txt").write_text("steps: 1")
    ...     with case_folders(Path(above)) as found:
    ...         print([case.name for case in found])
    ['00001']
    """
    found = _cases_in(folder)
    archives = sorted(folder.glob(_ARCHIVES)) if folder.is_dir() else []
    if found or not archives:
        if not found:
            raise InputError(
                [
                    Problem(
                        "holds no case (a folder with <case>-settings.txt) and no .tar.xz archive",
                        "give the folder of an unpacked SBML Test Suite",
                        str(folder),
                    )
                ]
            )
        yield found
        return
    with tempfile.TemporaryDirectory(prefix="progenitor-suite-") as scratch:
        for archive in archives:
            _unpack(archive, Path(scratch))
        yield _cases_in(Path(scratch))


def _cases_in(folder: Path) -> list[Path]:
    return sorted({file.parent for file in folder.rglob("*-settings.txt")})


def _unpack(archive: Path, target: Path) -> None:
    """Unpack plain files and folders after every name and size was looked at."""
    try:
        with tarfile.open(archive, "r:xz") as tar:
            problems = _dangers(tar, archive)
            if problems:
                raise InputError(problems)
            tar.extractall(target, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise InputError(
            [Problem(f"cannot be unpacked: {error}", "fetch the archive again", str(archive))]
        ) from None


def _dangers(tar: tarfile.TarFile, archive: Path) -> list[Problem]:
    """What forbids unpacking: links, names that leave the folder, too much of anything."""
    total = 0
    for count, member in enumerate(tar, start=1):
        total += member.size
        parts = Path(member.name).parts
        if not (member.isfile() or member.isdir()) or ".." in parts or member.name[:1] == "/":
            why = f"holds '{member.name}', which is a link, a device or leaves its folder"
        elif total > _MOST_BYTES or count > _MOST_FILES:
            why = f"holds more than {_MOST_FILES} files or {_MOST_BYTES / 1e6:.0f} MB"
        else:
            continue
        return [Problem(why, "use the archive of the SBML Test Suite itself", str(archive))]
    return []
