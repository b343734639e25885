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
_SHOWN: Final = 40
_LARGEST: Final = 1e15
_MOST_DECADES: Final = 20.0
_GAINS: Final = (1e-9, 1e9)
_HEADER: Final = 58


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
    begin: int
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
            self.add(f"{key} is '{word[:_SHOWN]}'", fix, key)
            return least
        return value

    def whole(self, key: str, fix: str, *, default: str | None = None, least: int) -> int:
        """Return a whole number that is at least ``least``; else a problem, and that number."""
        value = self.number(key, fix, default=default, least=least)
        if value != math.floor(value) or value > _LARGEST:
            self.add(f"{key} is '{self.text.keywords.get(key, '')[:_SHOWN]}'", fix, key)
            return least
        return int(value)

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
    count = reader.whole("$PAR", "state the number of channels, 1 or more", least=1)
    if count > _MOST_CHANNELS:
        reader.add(f"$PAR is {count}", f"at most {_MOST_CHANNELS} channels are read", "$PAR")
        count = 1
    described = _described(text)
    known = any(problem.field == "$PAR" for problem in reader.problems)
    if count != described and not known:  # one problem, not three for every absent channel
        fix = "state the number of channels that have $PnB, $PnN and $PnR"
        reader.add(f"$PAR is {count} and {described} channels are described", fix, "$PAR")
        raise InputError(reader.problems)
    channels = tuple(_channel(reader, number, kind) for number in range(1, count + 1))
    if reader.problems:
        raise InputError(reader.problems)
    notes = []
    if reader.word("$NEXTDATA", "", "0") not in {"0", ""}:
        notes.append("the file holds further data sets; only the first is read")
    events, begin = _events(reader, channels, size, notes)
    return FcsLayout(events, begin, _KINDS[kind], _ORDERS[order], channels, tuple(notes))


def _described(text: FcsText) -> int:
    """Return how many channels have any of the keywords they need, one after the other."""
    number = 0
    while any(f"$P{number + 1}{of}" in text.keywords for of in "BNR"):
        number += 1
    return number


def _channel(reader: _Reader, number: int, kind: str) -> FcsChannel:
    key = f"$P{number}"
    known = len(reader.problems)
    bits = reader.whole(f"{key}B", "state the bits of a value, such as 16", least=8)
    if len(reader.problems) > known:
        bits = _BITS.get(kind, 8)  # told once
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
    if not (0 <= decades <= _MOST_DECADES and 0 <= at_zero < math.inf):
        fix = f"state decades, 0 to {_MOST_DECADES:g}, and the value at zero"
        reader.add(f"{key}E is '{','.join(words)[:_SHOWN]}'", fix, f"{key}E")
    gain = reader.number(f"{key}G", "state a gain, 1 for none", default="1", least=0.0)
    if gain != 0 and not _GAINS[0] <= gain <= _GAINS[1]:
        reader.add(f"{key}G is {gain:g}", "state a gain, 1 for none", f"{key}G")
    return FcsChannel(
        name=reader.word(f"{key}N", "state a short name for the channel"),
        label=reader.text.keywords.get(f"{key}S", "").strip(),
        bits=bits,
        top=max(top, 1.0),
        decades=decades if kind == "I" or decades > 0 else 0.0,
        at_zero=at_zero or 1.0,
        gain=gain,
    )


def _events(
    reader: _Reader, channels: tuple[FcsChannel, ...], size: int, notes: list[str]
) -> tuple[int, int]:
    """Return how many events there are and where; refuse a file that ends before they do."""
    text = reader.text
    width = sum(channel.bits for channel in channels) // 8
    begin = text.data[0][0] or text.data[1][0]
    there = max(0, size - begin)
    fallback = str(there // width) if text.version == "FCS2.0" else None
    events = reader.whole("$TOT", "state the number of events", default=fallback, least=0)
    if not reader.problems:
        begin = _begin(text, events * width, notes)
        there = max(0, size - begin)
        if events == 0:
            reader.add("the file holds no event", "export a sample with events", "$TOT")
        elif begin <= 0:
            reader.add("nothing says where the events begin", "state $BEGINDATA", "$BEGINDATA")
        elif begin < max(_HEADER, text.text_end):
            message = f"events begin at byte {begin}, within the header or the text"
            reader.add(message, "copy or export the file again", "$BEGINDATA")
        elif events * width > there:
            reader.add(
                f"{events} events need {events * width} bytes and {there} are there",
                "the file is cut off: copy or export it again",
                "$TOT",
            )
    if reader.problems:
        raise InputError(reader.problems)
    return events, begin


def _begin(text: FcsText, needed: int, notes: list[str]) -> int:
    """Return the first byte of the events; keywords count where the header does not fit."""
    header, said = text.data
    if not header[0] or not said[0] or header[0] == said[0]:
        return header[0] or said[0]
    if abs(header[1] - header[0] + 1 - needed) <= 1 or abs(said[1] - said[0] + 1 - needed) > 1:
        return header[0]
    notes.append("the header puts the events elsewhere than $BEGINDATA, which was used")
    return said[0]
