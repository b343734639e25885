"""The HEADER and TEXT segments of a flow cytometry file: where things are, and what they are.

References
----------
Spidlen J, Moore W, Parks D et al. Data File Standard for Flow Cytometry, version FCS 3.1.
Cytometry A 2010;77:97-100, doi:10.1002/cyto.a.20825.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from progenitor.errors import InputError, Problem

__all__ = ["FcsText", "read_fcs_text", "refused"]

_VERSIONS: Final = ("FCS2.0", "FCS3.0", "FCS3.1")
_HEADER: Final = 58
_FIELD: Final = 8
_DIGITS: Final = 30
_MOST: Final = 1000


@final
@dataclass(frozen=True, slots=True)
class FcsText:
    """What the file says about its data.

    Parameters
    ----------
    file
        Name, for messages.
    version
        ``"FCS2.0"``, ``"FCS3.0"`` or ``"FCS3.1"``.
    data
        First and last byte of the events as the header and as the keywords say; 0 where they do
        not.
    text_end
        Last byte of the text.
    keywords
        Keyword in capitals → value.
    """

    file: str
    version: str
    data: tuple[tuple[int, int], tuple[int, int]]
    text_end: int
    keywords: Mapping[str, str]


def refused(message: str, fix: str, file: str, field: str | None = None) -> InputError:
    """Return an error with a single problem."""
    return InputError([Problem(message, fix, file, field=field)])


def read_fcs_text(content: bytes, file: str) -> FcsText:
    r"""Read the HEADER and the TEXT of an FCS file.

    Parameters
    ----------
    content
        The whole file.
    file
        Its name.

    Raises
    ------
    InputError
        When it is empty, no FCS file, of another version, or cut off within its text.

    Examples
    --------
    >>> text = b"/$PAR/1/note/a//b/"
    >>> offsets = "".join(f"{number:8d}" for number in (58, 58 + len(text) - 1, 0, 0, 0, 0))
    >>> read = read_fcs_text(b"FCS3.0    " + offsets.encode() + text, "a.fcs")
    >>> read.version, dict(read.keywords)
    ('FCS3.0', {'$PAR': '1', 'NOTE': 'a/b'})
    """
    version = content[:6].decode("ascii", errors="replace")
    if not content:
        raise refused("the file is empty", "export the sample again", file)
    if not version.startswith("FCS"):
        fix = "give a file exported as FCS 2.0, 3.0 or 3.1"
        raise refused(f"this is no FCS file: it begins with {content[:6]!r}", fix, file)
    if version not in _VERSIONS:
        raise refused(f"{version} is not read", f"export as one of {', '.join(_VERSIONS)}", file)
    again = "the file is cut off: copy or export it again"
    if len(content) < _HEADER:
        raise refused(f"the header ends after {len(content)} of {_HEADER} bytes", again, file)
    begin, end, data, data_end = (_offset(content, place) for place in range(4))
    if begin < _HEADER or end <= begin:
        raise refused(f"the header puts the text in bytes {begin} to {end}", again, file)
    if end >= len(content):
        raise refused(f"the text ends at byte {end} of {len(content)}", again, file)
    end -= data == end  # some instruments let both segments share a byte
    keywords = _pairs(content[begin : end + 1])
    extra = _whole(keywords.get("$BEGINSTEXT")), _whole(keywords.get("$ENDSTEXT"))
    if 0 < extra[0] < extra[1] < len(content) and extra[0] != begin:
        keywords = _pairs(content[extra[0] : extra[1] + 1]) | keywords
    said = _whole(keywords.get("$BEGINDATA")), _whole(keywords.get("$ENDDATA"))
    return FcsText(file, version, ((data, data_end), said), end, keywords)


def _offset(content: bytes, place: int) -> int:
    start = 10 + place * _FIELD
    return _whole(content[start : start + _FIELD].decode("ascii", errors="replace"))


def _whole(text: str | None) -> int:
    """Return a whole number; 0 where there is none, as the standard means by an empty field."""
    try:
        return int((text or "")[:_DIGITS])
    except ValueError:
        return 0


def _pairs(segment: bytes) -> dict[str, str]:
    """Split a TEXT segment; a doubled delimiter within a word stands for itself.

    The standard allows no empty value. Some software writes one all the same, as a doubled
    delimiter: where keywords that every file has are lost, it is read as that.
    """
    text = segment.decode("utf-8", errors="replace")
    delimiter, text = text[0], text[1:].rstrip("\x00")
    if not delimiter.isspace():
        text = text.rstrip()
    text = text.removesuffix(delimiter)
    words = text.replace(delimiter * 2, "\x00").split(delimiter)
    strict = _keyed([word.replace("\x00", delimiter) for word in words])
    if _complete(strict) or delimiter * 2 not in text:
        return strict
    plain = _keyed(text.split(delimiter))
    return plain if _complete(plain) else strict


def _keyed(words: list[str]) -> dict[str, str]:
    return {key.strip().upper(): value for key, value in zip(words[::2], words[1::2], strict=False)}


def _complete(keywords: Mapping[str, str]) -> bool:
    """Whether the keywords of every channel are there."""
    count = min(_whole(keywords.get("$PAR")), _MOST)
    return count > 0 and all(
        f"$P{number}{of}" in keywords for number in range(1, count + 1) for of in "BNR"
    )
