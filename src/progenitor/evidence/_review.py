"""A review: a second person's blind extraction, and the review state that follows from it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

from progenitor.documents import Document
from progenitor.errors import Problem, UnitError
from progenitor.evidence._fields import Fields
from progenitor.evidence._parameter import Parameter, Reported, State
from progenitor.evidence._source import Source
from progenitor.units import convert

__all__ = ["AGREEMENT", "Extraction", "read_review", "review_state"]

AGREEMENT: Final = 1e-6
"""Relative difference within which two extractions agree after unit conversion."""


@final
@dataclass(frozen=True, slots=True)
class Extraction:
    """What a second reader took from a source without seeing the first record.

    Parameters
    ----------
    source
        Id of the source.
    value, low, high, unit
        As the second reader read them.
    row, quantity
        Which of several numbers from one source: by its row in the evidence table, or by what
        the record calls it.
    """

    source: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    row: str = ""
    quantity: str = ""


def read_review(
    document: Document, parameter: Parameter, problems: list[Problem]
) -> tuple[Extraction, ...]:
    """Read one review file and add every problem with it to ``problems``.

    Parameters
    ----------
    document
        The file ``catalogue/reviews/<subject>/<quantity>.yaml``.
    parameter
        The parameter of the same id.
    problems
        Where problems are added.
    """
    fields = Fields.root(document, problems)
    if fields.text("parameter") not in {"", parameter.id}:
        fix = f"write 'parameter: {parameter.id}', or move the file"
        fields.refuse("parameter", "parameter is not the one the file's path names", fix)
    fields.text("reviewer")
    fields.text("date")
    fields.text("notes", required=False)
    entries = fields.children("extractions")
    if fields.is_empty("extractions"):
        fields.refuse("extractions", "extractions are missing", "add what was read, one per source")
    extractions = []
    for entry in entries:
        extraction = Extraction(
            source=entry.text("source"),
            value=_or_nan(entry.number("value", required=not entry.has("low"))),
            unit=entry.unit("unit"),
            low=entry.number("low", required=False),
            high=entry.number("high", required=False),
            row=entry.text("row", required=False),
            quantity=entry.text("quantity", required=False),
        )
        entry.text("locator")
        entry.close()
        matches = _matches(extraction, parameter.reported)
        if len(matches) != 1:
            what = "no reported number" if not matches else f"{len(matches)} reported numbers"
            fix = "name the source, and the row when it reports several numbers"
            entry.refuse("source", f"{what} of {parameter.id} fits this extraction", fix)
        extractions.append(extraction)
    fields.close()
    return tuple(extractions)


def review_state(
    parameter: Parameter, extractions: Sequence[Extraction], sources: Mapping[str, Source]
) -> State:
    """Return the review state that follows from the records; nobody types it.

    ``stale`` when a source was retracted; ``assumed`` when nothing was read; ``disputed`` when a
    blind extraction differs; ``checked`` when one agrees on the first reported number, which is
    the one used; otherwise ``provisional``.

    Parameters
    ----------
    parameter
        The record.
    extractions
        Its blind second readings.
    sources
        All sources by id.

    Examples
    --------
    >>> read = Reported("stein_2019", "Half-life", 36.0, "h")
    >>> number = Parameter("a/b", "B", "b", "1/day", "building", (read,))
    >>> review_state(number, [Extraction("stein_2019", 1.5, "day")], {})
    'checked'
    """
    cited = [sources[entry.source] for entry in parameter.reported if entry.source in sources]
    if any(source.retracted for source in cited):
        return "stale"
    if all(entry.remembered for entry in parameter.reported):
        return "assumed"
    first_agrees = False
    for extraction in extractions:
        for entry in _matches(extraction, parameter.reported):
            if not _agrees(extraction, entry):
                return "disputed"
            first_agrees = first_agrees or entry is parameter.reported[0]
    return "checked" if first_agrees else "provisional"


def _matches(extraction: Extraction, reported: Sequence[Reported]) -> list[Reported]:
    return [
        entry
        for entry in reported
        if entry.source == extraction.source
        and extraction.row in {"", entry.row}
        and extraction.quantity in {"", entry.quantity}
    ]


def _agrees(extraction: Extraction, entry: Reported) -> bool:
    """Whether value and, where both give them, low and high are the same number."""
    pairs = (
        (extraction.value, entry.value),
        (extraction.low, entry.low),
        (extraction.high, entry.high),
    )
    given = [
        (second, first)
        for second, first in pairs
        if second is not None and first is not None and math.isfinite(second + first)
    ]
    try:
        converted = [convert(second, extraction.unit, entry.unit) for second, _ in given]
    except UnitError:
        return False
    return bool(given) and all(
        math.isclose(second, first, rel_tol=AGREEMENT, abs_tol=0.0)
        for second, (_, first) in zip(converted, given, strict=True)
    )


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
