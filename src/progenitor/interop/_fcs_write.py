"""Writes events as an FCS 3.1 file."""

from pathlib import Path
from typing import Final

import numpy as np

from progenitor.assay import Events

__all__ = ["fcs_bytes", "write_fcs"]

_TEXT_AT: Final = 256
_DELIMITER: Final = "|"


def write_fcs(events: Events, path: Path | str) -> Path:
    """Write events as FCS 3.1 in 32-bit floats, little end first, whole or not at all.

    Parameters
    ----------
    events
        What to write; its spillover matrix is written too.
    path
        Where; an older file of that name is replaced.

    Returns
    -------
    Path
        ``path``.
    """
    from progenitor.study._durable import write_atomically

    return write_atomically(Path(path), fcs_bytes(events))


def fcs_bytes(events: Events) -> bytes:
    """Return the bytes of an FCS 3.1 file.

    Parameters
    ----------
    events
        What to write.

    Examples
    --------
    >>> from progenitor.assay import Channel
    >>> fcs_bytes(Events(np.ones((1, 1)), (Channel("FSC-A"),)))[:6]
    b'FCS3.1'
    """
    data = np.ascontiguousarray(events.values, dtype="<f4").tobytes()
    length = -1
    begin = 0
    while True:  # the text states where the data begin, which depends on how long it is
        text = _text(events, begin, begin + len(data) - 1)
        if len(text) == length:
            break
        length, begin = len(text), _TEXT_AT + len(text)
    end = begin + len(data) - 1
    shown = (begin, end) if end < 10**8 else (0, 0)
    offsets = (_TEXT_AT, begin - 1, *shown, 0, 0)
    header = "FCS3.1    " + "".join(f"{offset:8d}" for offset in offsets)
    return header.encode().ljust(_TEXT_AT) + text + data


def _text(events: Events, begin: int, end: int) -> bytes:
    words = {
        "$BEGINANALYSIS": "0", "$ENDANALYSIS": "0", "$BEGINSTEXT": "0", "$ENDSTEXT": "0",
        "$BEGINDATA": f"{begin:012d}", "$ENDDATA": f"{end:012d}", "$BYTEORD": "1,2,3,4",
        "$DATATYPE": "F", "$MODE": "L", "$NEXTDATA": "0", "$PAR": str(len(events.channels)),
        "$TOT": str(len(events)),
    }  # fmt: skip
    for number, channel in enumerate(events.channels, 1):
        words |= {f"$P{number}N": channel.name, f"$P{number}B": "32", f"$P{number}E": "0,0"}
        words[f"$P{number}R"] = f"{channel.top:.0f}"
        if channel.label:
            words[f"$P{number}S"] = channel.label
    if events.spillover is not None:
        names = [events.channels[column].name for column in events.spillover_channels]
        numbers = [f"{number:.9g}" for number in events.spillover.ravel()]
        words["$SPILLOVER"] = ",".join([str(len(names)), *names, *numbers])
    words |= {key: value for key, value in events.keywords.items() if key not in words}
    parts = [f"{key}{_DELIMITER}{_escaped(value)}" for key, value in words.items() if value]
    return f"{_DELIMITER}{_DELIMITER.join(parts)}{_DELIMITER}".encode()


def _escaped(value: str) -> str:
    return value.replace(_DELIMITER, _DELIMITER * 2)
