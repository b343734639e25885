"""Which channel of a file stains which marker."""

import re
from collections.abc import Mapping
from typing import Final

import numpy as np

from progenitor.assay._events import Events
from progenitor.errors import InputError, Problem

__all__ = ["MARKERS", "NEEDED", "find_markers", "fmo_threshold"]

MARKERS: Final[Mapping[str, tuple[str, ...]]] = {
    "FSC-A": ("FSCA", "FSC"),
    "FSC-H": ("FSCH",),
    "viability": ("VIABILITY", "LIVEDEAD", "LIVE", "DEAD", "LD", "FVS", "FVD", "ZOMBIE", "7AAD",
                  "DAPI", "PI", "AQUA", "SYTOX"),
    "CD3": ("CD3", "CD3E"),
    "CD4": ("CD4",),
    "CD8": ("CD8", "CD8A"),
    "CD45RA": ("CD45RA",),
    "CCR7": ("CCR7", "CD197"),
    "CD95": ("CD95", "FAS"),
}  # fmt: skip
"""Markers of a stem-memory panel, and the words by which channels are known to hold them."""

NEEDED: Final = ("FSC-A", "CD3", "CD45RA", "CCR7", "CD95")
"""Without these no stem-memory T cell can be told."""


def find_markers(events: Events, given: Mapping[str, str] | None = None) -> dict[str, int]:
    """Find the column of every marker of the panel.

    A channel is known by its label ($PnS), else by its name ($PnN): the marker must stand alone
    there, whatever the case, dashes and the dye beside it (``"CD45RA BV605"``).

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
    for marker, words in MARKERS.items():
        columns = _columns(events, given[marker]) if marker in given else _claims(events, words)
        asked = f"the file has no channel {given[marker]} for {marker}" if marker in given else ""
        if not columns and (asked or marker in NEEDED):
            message = asked or f"no channel is labelled {marker}"
            fix = f"name it with --channel {marker}=NAME; channels: {there}"
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


def _claims(events: Events, words: tuple[str, ...]) -> list[int]:
    """Columns whose label, or name without one, holds one of the words alone."""
    claims = []
    for column, channel in enumerate(events.channels):
        text = (channel.label or channel.name).upper().replace("LIVE/DEAD", "LIVEDEAD")
        parts = [part for part in re.split(r"[\s_:/,;()]+", text) if part]
        plain = {part.replace("-", "") for part in parts} | {"".join(parts).replace("-", "")}
        plain |= {part.split("-")[0] for part in parts if not part.startswith(("FSC", "SSC"))}
        if plain & set(words):
            claims.append(column)
    area = [column for column in claims if events.channels[column].name.upper().endswith("-A")]
    return area if len(claims) > 1 and area else claims


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
    columns = (
        _columns(events, given[marker]) if marker in given else _claims(events, MARKERS[marker])
    )
    if len(columns) != 1:
        there = ", ".join(channel.title for channel in events.channels)
        fix = f"name its detector with --channel {marker}=NAME; channels: {there}"
        message = f"{len(columns)} channels seem to be that of {marker}"
        raise InputError([Problem(message, fix, events.source, field=marker)])
    return float(np.percentile(events.compensated(columns[0]), 99.5))
