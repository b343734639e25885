"""Reads flow cytometry files: integers, floats and doubles in either byte order."""

import math
import re
from pathlib import Path
from typing import Final

import numpy as np
from jaxtyping import Float

from progenitor.assay import Channel, Events
from progenitor.errors import InputError, Problem
from progenitor.interop._fcs_layout import FcsLayout, layout_of
from progenitor.interop._fcs_text import FcsText, read_fcs_text, refused

__all__ = ["read_fcs", "read_fcs_keywords", "read_fcs_raw"]

_ABSURD: Final = 1e20
"""No cytometer tells a signal larger than this, or above zero and smaller than its inverse."""
_FLAGS: Final = 4
"""Instruments may keep a few flags in the bits beyond the range; many patterns are no flags."""
_LOOKED_AT: Final = 5_000
_SINGULAR: Final = 1e12
_SPILL: Final = ("$SPILLOVER", "SPILL", "$SPILL", "SPILLOVER", "$COMP")


def read_fcs_keywords(path: Path | str) -> dict[str, str]:
    """Return what an FCS file says about itself, also when its events are cut off.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        When its text cannot be read.
    """
    return dict(read_fcs_text(_content(Path(path)), str(path)).keywords)


def read_fcs_raw(path: Path | str) -> Float[np.ndarray, "event channel"]:
    """Return the numbers as they are stored, (event, channel), without amplifiers or gains.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        As :func:`read_fcs`.
    """
    content = _content(Path(path))
    text = read_fcs_text(content, str(path))
    return _stored(content, text, layout_of(text, len(content)))


def read_fcs(path: Path | str) -> Events:
    """Read an FCS file (2.0, 3.0, 3.1; list mode) on a linear scale.

    A channel with amplification ``$PnE = f1,f2`` and f1 > 0 holds ``x`` for the intensity
    ``f2·10^(f1·x/R)`` with R its range ``$PnR``; other channels are divided by their gain ``$PnG``.
    Integers keep only the bits that ``$PnR`` needs.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        When it is empty, cut off, no FCS file, lacks keywords, or its numbers make no sense in the
        byte order it states; every such problem at once.

    Examples
    --------
    >>> import tempfile
    >>> from progenitor.interop import write_fcs
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_fcs(Events(np.array([[1.0, 2.0]]), (Channel("FSC-A"), Channel("B"))),
    ...                      Path(folder, "a.fcs"))
    ...     read_fcs(path).values.tolist()
    [[1.0, 2.0]]
    """
    content = _content(Path(path))
    text = read_fcs_text(content, str(path))
    layout = layout_of(text, len(content))
    values = _stored(content, text, layout)
    channels, notes = [], list(layout.notes)
    for column, of in enumerate(layout.channels):
        top = of.top
        if of.decades > 0:
            values[:, column] = of.at_zero * 10.0 ** (of.decades * values[:, column] / of.top)
            top = of.at_zero * 10.0**of.decades
        elif of.gain not in {0.0, 1.0}:
            values[:, column] /= of.gain
            top /= of.gain
        channels.append(Channel(of.name, of.label, top))
    spill, columns = _spillover(text, [channel.name for channel in channels], notes)
    return Events(values, tuple(channels), spill, columns, str(path), text.keywords, tuple(notes))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        why = f"the file cannot be read: {error.strerror or error}"
        raise refused(why, "give the path of an FCS file", str(path)) from None


def _stored(content: bytes, text: FcsText, layout: FcsLayout) -> Float[np.ndarray, "event channel"]:
    """Return stored numbers; refuse those that only the other byte order could explain."""
    values = _decode(content, layout, layout.order)
    other = ">" if layout.order == "<" else "<"
    if layout.events and _absurd(values, layout) > 0.5 > _absurd(
        _decode(content, layout, other), layout
    ):
        stated = text.keywords.get("$BYTEORD", "")
        fix = f"write $BYTEORD as {'4,3,2,1' if layout.order == '<' else '1,2,3,4'}"
        raise refused(
            f"most values make no sense in the byte order {stated}, and do in the other",
            fix,
            text.file,
            "$BYTEORD",
        )
    if layout.kind == "u":
        for column, of in enumerate(layout.channels):
            mask = 2 ** math.ceil(math.log2(of.top)) - 1
            if mask < 2**of.bits - 1:
                values[:, column] = values[:, column].astype(np.uint64) & np.uint64(mask)
        return values
    if not np.isfinite(values).all():
        bad = int((~np.isfinite(values)).any(axis=1).sum())
        problem = Problem(
            f"{bad} of {layout.events} events hold a value that is no number",
            "export the sample again",
            text.file,
        )
        raise InputError([problem])
    return values


def _decode(content: bytes, layout: FcsLayout, order: str) -> Float[np.ndarray, "event channel"]:
    """Turn bytes into numbers, without masks."""
    count = layout.events * len(layout.channels)
    sizes = {of.bits // 8 for of in layout.channels}
    kind = np.float64 if max(sizes) > 4 or layout.kind == "u" else np.float32
    if len(sizes) == 1 and (size := sizes.pop()) in {1, 2, 4, 8}:
        flat = np.frombuffer(content, f"{order}{layout.kind}{size}", count, layout.begin)
        return flat.reshape(layout.events, -1).astype(kind)
    width = sum(of.bits // 8 for of in layout.channels)
    raw = np.frombuffer(content, np.uint8, layout.events * width, layout.begin)
    raw = raw.reshape(layout.events, width)
    values = np.zeros((layout.events, len(layout.channels)))
    start = 0
    for column, of in enumerate(layout.channels):
        part = raw[:, start : start + of.bits // 8]
        start += of.bits // 8
        for byte in part.T if order == ">" else part.T[::-1]:
            values[:, column] = values[:, column] * 256.0 + byte
    return values


def _absurd(values: Float[np.ndarray, "event channel"], layout: FcsLayout) -> float:
    """Return the share of numbers that no cytometer writes, in some of the events."""
    values = values[:: max(1, len(values) // _LOOKED_AT)]
    if layout.kind == "u":
        tops = np.array([2.0 ** math.ceil(math.log2(of.top)) for of in layout.channels])
        beyond = values >= tops
        flags = np.unique((values / tops).astype(np.uint64)[beyond])
        return float(beyond.mean()) if flags.size > _FLAGS else 0.0
    size = np.abs(values)
    with np.errstate(invalid="ignore"):
        wrong = ~np.isfinite(values) | (size > _ABSURD) | ((size > 0) & (size < 1 / _ABSURD))
    return float(wrong.mean())


def _spillover(
    text: FcsText, names: list[str], notes: list[str]
) -> tuple[Float[np.ndarray, "colour detector"] | None, tuple[int, ...]]:
    """Return the spillover matrix and its columns, or None where the file holds none."""
    key = next((key for key in _SPILL if text.keywords.get(key, "").strip()), "")
    word = text.keywords[key].strip() if key else "0"
    parts = [part.strip() for part in word.split(",")]
    if word in {"0", "0.0"}:
        return None, ()
    size = int(parts[0]) if re.fullmatch(r"[0-9]{1,4}", parts[0]) else 0
    if size == 0:
        fix = "give the number of channels, their names and a square of numbers; or leave it out"
        raise refused(f"it begins with '{parts[0][:40]}', no number of channels", fix, text.file,
                      key)  # fmt: skip
    colours, numbers = parts[1 : size + 1], parts[size + 1 :]
    if not numbers:
        notes.append("the file names channels that spill over and not how much")
        return None, ()
    problems = []
    if len(numbers) != size * size:
        problems.append(f"it holds {len(numbers)} numbers for {size} channels")
    unknown = list(dict.fromkeys(name for name in colours if name not in names))
    if unknown:
        problems.append(f"it names channels that are not there: {', '.join(unknown)[:200]}")
    if len(set(colours)) < len(colours):
        problems.append("it names a channel twice")
    if problems:
        fix = f"give {size} channel names and {size * size} numbers; channels: {', '.join(names)}"
        raise refused("; ".join(problems), fix, text.file, key)
    try:
        matrix = np.array([float(number) for number in numbers]).reshape(size, size)
        finite = bool(np.isfinite(matrix).all() and (np.diag(matrix) > 0).all())
        finite = finite and np.linalg.cond(matrix) < _SINGULAR
    except ValueError:
        finite = False
    if not finite:
        fix = "give numbers that can be inverted, with ones on the diagonal"
        raise refused("the matrix cannot be inverted", fix, text.file, key)
    if (np.diag(matrix) == 1.0).all() and not (matrix - np.eye(size)).any():
        notes.append("the spillover matrix of the file takes nothing out")
    return matrix, tuple(names.index(name) for name in colours)
