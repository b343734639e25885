"""Which channel of a file stains which marker."""

import difflib
import re
from collections.abc import Mapping
from typing import Final

import numpy as np

from progenitor.assay._events import Events
from progenitor.errors import InputError, Problem

__all__ = ["MARKERS", "NEEDED", "find_markers", "fmo_threshold"]

MARKERS: Final[Mapping[str, str]] = {
    "FSC-A": r"FSC|FSC1?-?A(REA)?|FSC?-?INT(LIN)?|FS",
    "FSC-H": r"FSC1?-?H(EIGHT)?|FSC?-?PEAK(LIN)?",
    "FSC-W": r"FSC1?-?W(IDTH)?",
    "viability": r"VIAB(ILITY|LE)?|VIA|LIVEDEAD|LIVE|DEAD|LD|FV[SD]\d*|FIXABLEVIABILITY.*|ZOMBIE.*"
    r"|7AAD|AAD|DAPI|PI|AQUA|SYTOX.*|DRAQ7|AMINE|GHOST.*|AMCYAN_?LD",
    "CD3": r"CD3(E|EPSILON)?",
    "CD4": r"CD4",
    "CD8": r"CD8(A|ALPHA)?",
    "CD45RA": r"(CD)?45RA",
    "CCR7": r"CCR7|CD197",
    "CD95": r"CD95|FAS|APO1|TNFRSF6",
}
"""Markers of a stem-memory panel, and the words by which channels are known to hold them."""

NEEDED: Final = ("CD3", "CD45RA", "CCR7", "CD95")
"""Without these no stem-memory T cell can be told."""

_BEFORE: Final = r"(?:ANTI|HUMAN|HU|H|A|Α)?"
"""What may stand before the name of an antibody's target."""


def find_markers(events: Events, given: Mapping[str, str] | None = None) -> dict[str, int]:
    """Find the column of every marker of the panel.

    A channel is known by its label ($PnS), or by its name ($PnN) where that tells nothing: the
    marker must stand alone there, whatever the case, dashes and the dye beside it
    (``"CD45RA BV605"``, ``"anti-CD197-PE"``, ``"FITC_CD3"``, ``"Live/Dead Aqua"``).

    Parameters
    ----------
    events
        What the cytometer wrote.
    given
        Marker → name or label of its channel, where words do not tell.

    Returns
    -------
    dict
        Marker → column; optional markers that are not there are left out.

    Raises
    ------
    InputError
        Listing every marker that is needed and not found, given channels that are not there, and
        markers that two channels claim.

    Examples
    --------
    >>> import numpy as np
    >>> from progenitor.assay import Channel, Events
    >>> names = [("FSC-A", ""), ("B1", "CD3"), ("B2", "CD45RA"), ("B3", "CCR7"), ("B4", "CD95")]
    >>> events = Events(np.zeros((1, 5)), tuple(Channel(*name) for name in names))
    >>> find_markers(events)
    {'FSC-A': 0, 'CD3': 1, 'CD45RA': 2, 'CCR7': 3, 'CD95': 4}
    """
    given = {} if given is None else given
    there = ", ".join(channel.title for channel in events.channels)
    problems = [
        Problem(f"unknown marker '{name}'", f"known: {', '.join(MARKERS)}", field="--channel")
        for name in given
        if name not in MARKERS
    ]
    found: dict[str, int] = {}
    for marker in MARKERS:
        columns = _columns(events, given[marker]) if marker in given else _claims(events, marker)
        asked = f"the file has no channel {given[marker]} for {marker}" if marker in given else ""
        if not columns and (asked or marker in NEEDED):
            message = asked or f"no channel is labelled {marker}"
            near = _nearest(events, given[marker]) if asked else ""
            fix = f"{near}name it with --channel {marker}=NAME; channels: {there}"
            problems.append(Problem(message, fix, events.source, field=marker))
        elif len(columns) > 1:
            titles = " and ".join(events.channels[column].title for column in columns)
            fix = f"say which with --channel {marker}=NAME"
            problems.append(
                Problem(f"{titles} both seem to hold {marker}", fix, events.source, field=marker)
            )
        elif columns:
            found[marker] = columns[0]
    if problems:
        raise InputError(problems)
    return found


def _columns(events: Events, name: str) -> list[int]:
    """Columns of that name; a label counts where no name is the same."""
    by_name = [i for i, of in enumerate(events.channels) if of.name.upper() == name.upper()]
    return by_name or [
        i for i, of in enumerate(events.channels) if of.label.upper() == name.upper()
    ]


def _nearest(events: Events, name: str) -> str:
    """Return a question with the names and labels most like a name; empty where none is."""
    known = {of.name.upper(): of.name for of in events.channels}
    known |= {of.label.upper(): of.label for of in events.channels if of.label}
    near = difflib.get_close_matches(name.upper(), known, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(known[one] for one in near)}? Else " if near else ""


def _claims(events: Events, marker: str) -> list[int]:
    """Columns whose label holds the marker alone, or whose name does where the label tells none."""
    claims = []
    for column, channel in enumerate(events.channels):
        if channel.label and (_holds(channel.label, marker) or _tells(channel.label)):
            claimed = _holds(channel.label, marker)
        else:  # a dye's name beside another label is the detector, not a stain
            claimed = _holds(channel.name, marker) and not (channel.label and marker == "viability")
        if claimed:
            claims.append(column)
    area = [column for column in claims if events.channels[column].name.upper().endswith("-A")]
    return area if len(claims) > 1 and area else claims


def _tells(text: str) -> bool:
    """Whether a text names any marker."""
    return any(_holds(text, marker) for marker in MARKERS)


def _holds(text: str, marker: str) -> bool:
    """Whether one of the words of a text is a name of the marker."""
    plain = re.sub(r"\bL\s*/\s*D\b|LIVE\s*/\s*DEAD", " LIVEDEAD ", text.upper())
    parts = [part for part in re.split(r"[\s_:/,;.()|+\[\]]+", plain) if part]
    words = {*parts, *(part.replace("-", "") for part in parts), "".join(parts).replace("-", "")}
    if not marker.startswith("FSC"):
        words |= {piece for part in parts for piece in part.split("-")}
    pattern = re.compile(f"{'' if marker.startswith('FSC') else _BEFORE}(?:{MARKERS[marker]})")
    return any(pattern.fullmatch(word) for word in words)


def fmo_threshold(events: Events, marker: str, given: Mapping[str, str] | None = None) -> float:
    """Return the intensity that one in 200 events of a sample without that stain exceeds.

    Parameters
    ----------
    events
        Fluorescence-minus-one control: every stain but that of the marker.
    marker
        Which stain was left out; its detector is found as in :func:`find_markers`.
    given
        Marker → channel, where labels do not tell.

    Raises
    ------
    InputError
        When the detector is not found.

    Examples
    --------
    >>> from progenitor.assay import Channel
    >>> events = Events(np.arange(201.0)[:, np.newaxis], (Channel("R660-A", "CD95"),))
    >>> fmo_threshold(events, "CD95")
    199.0
    """
    given = {} if given is None else given
    columns = _columns(events, given[marker]) if marker in given else _claims(events, marker)
    if len(columns) != 1:
        there = ", ".join(channel.title for channel in events.channels)
        fix = f"name its detector with --channel {marker}=NAME; channels: {there}"
        message = f"{len(columns)} channels seem to be that of {marker}"
        raise InputError([Problem(message, fix, events.source, field=marker)])
    return float(np.percentile(events.compensated(columns[0]), 99.5))
