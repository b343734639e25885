"""A model in words: its numbers with what stands behind them, what is given and what is seen."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final

from progenitor.evidence import Catalogue, Parameter, default_catalogue
from progenitor.library._published_model import PublishedModel, Regimen, Residual

__all__ = [
    "NumberRow",
    "number_rows",
    "regimen_text",
    "residual_text",
    "short_citation",
    "source_text",
    "year_of",
]

_YEAR: Final = re.compile(r"_(\d{4})\w?\Z")
_RESIDUALS: Final = {
    "log": "the logarithm scatters with standard deviation {}",
    "proportional": "scatters in proportion, with coefficient of variation {}",
    "additive": "scatters with standard deviation {}",
}


@final
@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number of a model.

    Parameters
    ----------
    symbol, written, title
        Its name in the equations, the paper's symbol where it has one, and a few words.
    value, unit
        As used.
    spread
        Between patients, in words; empty where patients do not differ.
    source
        Where it was read, or why it is assumed.
    state, trust
        Derived from sources and reviews.
    notes
        What a reader should know.
    """

    symbol: str
    written: str
    title: str
    value: float
    unit: str
    spread: str
    source: str
    state: str
    trust: str
    notes: str


def number_rows(model: PublishedModel, catalogue: Catalogue | None = None) -> tuple[NumberRow, ...]:
    """Return every number of a model with its source, in the order of its table.

    Parameters
    ----------
    model
        A model of the library.
    catalogue
        Where its numbers are; by default the catalogue that ships.

    Examples
    --------
    >>> from progenitor.library import find_model
    >>> row = number_rows(find_model("stein_2019"))[0]
    >>> row.symbol, row.written, row.value
    ('peak_level', 'Cmax', 24000.0)
    """
    known = default_catalogue() if catalogue is None else catalogue
    return tuple(
        NumberRow(
            symbol=symbol,
            written="" if record.symbol == symbol else record.symbol,
            title=record.title,
            value=float("nan") if record.used is None else record.used.median,
            unit=record.unit,
            spread=_spread(record),
            source=source_text(record, known),
            state=record.state,
            trust=record.trust,
            notes=record.notes,
        )
        for symbol, record in known.table(model.name).parameters.items()
    )


def regimen_text(regimen: Regimen) -> str:
    """Say what is given, when and into what.

    Examples
    --------
    >>> regimen_text(Regimen("drug", ("dose", "share"), ("first", "second"), "hours"))
    'dose*share into drug at first, second over hours'
    """
    when = f"at {', '.join(regimen.times)}" if regimen.times else "at the start"
    lasting = f" over {regimen.duration}" if regimen.duration else ""
    return f"{'*'.join(regimen.amount)} into {regimen.species} {when}{lasting}"


def residual_text(observable: str, residuals: Iterable[Residual]) -> str:
    """Say how an observable scatters; empty where the paper does not say.

    Examples
    --------
    >>> residual_text("level", [Residual("level", "log", "residual_sd")])
    'the logarithm scatters with standard deviation residual_sd'
    """
    said = [
        _RESIDUALS[residual.kind].format(residual.sigma)
        for residual in residuals
        if residual.observable == observable
    ]
    return "; ".join(said)


def year_of(model: PublishedModel) -> int:
    """Return the year that a model's name ends with.

    Examples
    --------
    >>> from progenitor.library import find_model
    >>> year_of(find_model("stein_2019"))
    2019
    """
    found = _YEAR.search(model.name)
    return int(found[1]) if found else 0


def _spread(record: Parameter) -> str:
    used = record.used
    if used is None or used.distribution == "fixed":
        return ""
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (("above", used.lower), ("below", used.upper))
        if bound is not None
    ]
    return ", ".join([f"CV {100.0 * used.between_patient_cv:.3g} %", *bounds])


def short_citation(catalogue: Catalogue, source: str) -> str:
    """Return first author and year of a source."""
    found = catalogue.source(source)
    first = found.authors[0] if found.authors else found.title
    others = " et al." if len(found.authors) > 1 else ""
    return f"{first}{others} {found.year}"


def source_text(record: Parameter, catalogue: Catalogue) -> str:
    """Say where a number was read, or why it is assumed."""
    if not record.reported:
        return f"assumed: {record.reason}"
    first = record.reported[0]
    place = f", {first.locator}" if first.locator else ""
    how = {"memory": " (from memory)", "computed": " (computed)"}.get(first.how, "")
    how = "" if first.how == "memory" and not first.remembered else how
    return f"{short_citation(catalogue, first.source)}{place}{how}"
