"""How the events of a flow cytometry file lie in its bytes, with every problem at once."""

import math
from dataclasses import dataclass
from typing import Final, final

from progenitor.errors import InputError, Problem
from progenitor.interop._fcs_text import FcsText

__all__ = ["FcsChannel", "FcsLayout", "layout_of"]

_ORDERS: Final = {"1,2,3,4": "<", "4,3,2,1": ">", "1,2": "<", "2,1": ">", "1": "<"}
_KINDS: Final = {"I": "u", "F": "f", "D": "f"}
_BITS: Final = {"F": 32, "D": 64}
_MOST_CHANNELS: Final = 1000


@final
@dataclass(frozen=True, slots=True)
class FcsChannel:
    """One channel as it is stored: bits, range, and the amplifier it was recorded with."""

    name: str
    label: str
    bits: int
    top: float
    decades: float
    at_zero: float
    gain: float


@final
@dataclass(frozen=True, slots=True)
class FcsLayout:
    """Everything needed to turn the bytes of the DATA segment into numbers."""

    events: int
    kind: str
    order: str
    channels: tuple[FcsChannel, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    """Reads keywords, and notes what is wrong with them."""

    text: FcsText
    problems: list[Problem]

    def word(self, key: str, fix: str, default: str | None = None) -> str:
        """Return a keyword; without it the default, or a problem."""
        found = self.text.keywords.get(key, "").strip()
        if found:
            return found
        if default is None:
            self.add(f"the keyword {key} is missing", fix, key)
        return default or ""

    def number(self, key: str, fix: str, *, default: str | None = None, least: float) -> float:
        """Return a number that is at least ``least``; else a problem, and that number."""
        word = self.word(key, fix, default)
        if not word:
            return least
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and value >= least):
            self.add(f"{key} is '{word}'", fix, key)
            return least
        return value

    def add(self, message: str, fix: str, key: str) -> None:
        self.problems.append(Problem(message, fix, self.text.file, field=key))


def layout_of(text: FcsText, size: int) -> FcsLayout:
    """Work out where each number lies.

    Parameters
    ----------
    text
        What the file says.
    size
        Bytes in the file.

    Raises
    ------
    InputError
        Listing every keyword that is missing or cannot be, or that the file is cut off.
    """
    reader = _Reader(text, [])
    mode = reader.word("$MODE", "export in list mode, $MODE L", "L").upper()
    if mode != "L":
        reader.add(f"$MODE is '{mode}'", "export in list mode, $MODE L", "$MODE")
    kind = reader.word("$DATATYPE", "state I, F or D").upper()
    if kind and kind not in _KINDS:
        reader.add(f"$DATATYPE is '{kind}'", "export integers (I), floats (F) or doubles (D)",
                   "$DATATYPE")  # fmt: skip
    order = reader.word("$BYTEORD", "state 1,2,3,4 or 4,3,2,1").replace(" ", "")
    if order and order not in _ORDERS:
        reader.add(f"$BYTEORD is '{order}'", "state 1,2,3,4 (little end first) or 4,3,2,1",
                   "$BYTEORD")  # fmt: skip
    count = int(reader.number("$PAR", "state the number of channels, 1 or more", least=1))
    if count > _MOST_CHANNELS:
        reader.add(f"$PAR is {count}", f"at most {_MOST_CHANNELS} channels are read", "$PAR")
        count = 1
    channels = tuple(_channel(reader, number, kind) for number in range(1, count + 1))
    if reader.problems:
        raise InputError(reader.problems)
    notes = []
    if reader.word("$NEXTDATA", "", "0") not in {"0", ""}:
        notes.append("the file holds further data sets; only the first is read")
    return FcsLayout(
        _events(reader, channels, size), _KINDS[kind], _ORDERS[order], channels, tuple(notes)
    )


def _channel(reader: _Reader, number: int, kind: str) -> FcsChannel:
    key = f"$P{number}"
    bits = int(reader.number(f"{key}B", "state the bits of a value, such as 16", least=8))
    if bits % 8 or bits > 64:
        reader.add(f"{key}B is {bits}", "export whole bytes: 8, 16, 24, 32 or 64", f"{key}B")
    if kind in _BITS and bits != _BITS[kind]:
        fix = f"state {_BITS[kind]} bits for $DATATYPE {kind}"
        reader.add(f"{key}B is {bits} with $DATATYPE {kind}", fix, f"{key}B")
    top = reader.number(f"{key}R", "state the range of the channel, such as 262144", least=0.0)
    if top == 0.0 and reader.text.keywords.get(f"{key}R", "").strip():
        top = 1.0
    words = reader.word(f"{key}E", "state 0,0 for a linear channel", "0,0").split(",")
    try:
        decades, at_zero = float(words[0]), float(words[1])
    except (ValueError, IndexError):
        reader.add(f"{key}E is '{','.join(words)}'", "state two numbers, 0,0 when linear",
                   f"{key}E")  # fmt: skip
        decades = at_zero = 0.0
    if decades < 0 or at_zero < 0:
        reader.add(f"{key}E is '{','.join(words)}'", "state two numbers, 0 or more", f"{key}E")
    return FcsChannel(
        name=reader.word(f"{key}N", "state a short name for the channel"),
        label=reader.text.keywords.get(f"{key}S", "").strip(),
        bits=bits,
        top=max(top, 1.0),
        decades=decades if kind == "I" or decades > 0 else 0.0,
        at_zero=at_zero or 1.0,
        gain=reader.number(f"{key}G", "state a gain, 1 for none", default="1", least=0.0),
    )


def _events(reader: _Reader, channels: tuple[FcsChannel, ...], size: int) -> int:
    """Return how many events there are; refuse a file that ends before they do."""
    text = reader.text
    width = sum(channel.bits for channel in channels) // 8
    there = max(0, size - text.data_begin)
    fallback = str(there // width) if text.version == "FCS2.0" else None
    events = int(reader.number("$TOT", "state the number of events", default=fallback, least=0))
    if not reader.problems:
        if events == 0:
            reader.add("the file holds no event", "export a sample with events", "$TOT")
        elif text.data_begin <= 0:
            reader.add("nothing says where the events begin", "state $BEGINDATA", "$BEGINDATA")
        elif events * width > there:
            reader.add(
                f"{events} events need {events * width} bytes and {there} are there",
                "the file is cut off: copy or export it again",
                "$TOT",
            )
    if reader.problems:
        raise InputError(reader.problems)
    return events
