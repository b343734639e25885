"""The numbers of one published model: its parameter table, its variants and what it reported."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, final

from progenitor.documents import Document, suggestion
from progenitor.errors import CatalogueError, Problem, UnitError
from progenitor.evidence._fields import Fields
from progenitor.evidence._parameter import HOW, SECOND_READINGS, Parameter, Reported, Role, Used
from progenitor.units import convert

__all__ = ["PublishedTable", "read_published_table"]

_RATED: Final = 1e-2
"""Relative difference allowed between a printed number and the one used after conversion."""


@final
@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One file of ``catalogue/library``.

    Parameters
    ----------
    name, title, source
        Of the model; the source most of its numbers come from.
    parameters
        Symbol → record; its id is ``<name>/<symbol>`` and its role ``published``.
    observed
        Name → record of a number the publication reports, kept for verification.
    variants
        Name → what it is and which symbols take which values (another patient, dose or scenario).
    notes
        Where paper and code disagree, or the paper with itself.
    """

    name: str
    title: str
    source: str
    parameters: Mapping[str, Parameter]
    observed: Mapping[str, Parameter]
    variants: Mapping[str, tuple[str, Mapping[str, float]]]
    notes: str

    @property
    def records(self) -> dict[str, Parameter]:
        """Every record by id."""
        return {
            record.id: record for record in (*self.parameters.values(), *self.observed.values())
        }

    def variant(self, name: str) -> Mapping[str, float]:
        """Return the numbers that a variant sets.

        Raises
        ------
        CatalogueError
            When there is none; the message names the nearest.
        """
        if name not in self.variants:
            message = f"{self.name} has no variant '{name}'"
            raise CatalogueError([Problem(message, suggestion(name, self.variants))])
        return self.variants[name][1]

    def unknown_sources(self, sources: Collection[str], document: Document) -> list[Problem]:
        """Return a problem for every source that is not recorded."""
        named = {self.source} | {r.source for p in self.records.values() for r in p.reported}
        return [
            document.problem(("source",), f"unknown source '{name}'", suggestion(name, sources))
            for name in sorted(named - set(sources))
        ]

    def rated(self, records: Mapping[str, Parameter]) -> "PublishedTable":
        """Return the table with records whose state and trust have been derived."""
        return replace(
            self,
            parameters={name: records[p.id] for name, p in self.parameters.items()},
            observed={name: records[p.id] for name, p in self.observed.items()},
        )


def read_published_table(document: Document, name: str, problems: list[Problem]) -> PublishedTable:
    """Read one file and add every problem with it to ``problems``.

    Parameters
    ----------
    document
        The file ``catalogue/library/<author>_<year>.yaml``.
    name
        What its path says the model is called.
    problems
        Where problems are added.
    """
    fields = Fields.root(document, problems)
    if fields.text("id") not in {"", name}:
        fields.refuse("id", "id is not the name of the file", f"write 'id: {name}'")
    source = fields.text("source")
    population = fields.text("population", required=False)
    table = PublishedTable(
        name=name,
        title=fields.text("title"),
        source=source,
        parameters=_rows(fields, "parameters", name, source, population, role="published"),
        observed=_rows(fields, "observed", name, source, population, role="verification"),
        variants=_variants(fields),
        notes=fields.text("notes", required=False),
    )
    fields.close()
    for variant, (_, changes) in table.variants.items():
        for symbol in changes:
            if symbol not in table.parameters:
                message = f"variant '{variant}' sets '{symbol}', which is no parameter"
                fields.refuse("variants", message, "name a symbol of 'parameters'")
    return table


def _rows(
    fields: Fields, part: str, name: str, source: str, population: str, *, role: Role
) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for row in fields.children(part):
        symbol = row.text("symbol")
        if symbol in found:
            row.refuse("symbol", f"'{symbol}' is there twice", "name each number once")
        found[symbol] = _row(row, f"{name}/{symbol}", source, population, role)
        row.close()
    return found


def _row(row: Fields, identifier: str, source: str, population: str, role: Role) -> Parameter:
    unit = row.unit("unit")
    assumed = row.has("assumed")
    value = row.number("value", required=not (row.has("low") and row.has("high")))
    reason = row.text("assumed", required=False)
    printed = row.child("printed")
    low, high = row.number("low", required=False), row.number("high", required=False)
    if (low is not None or high is not None) and not row.has("interval"):
        row.refuse(
            "interval", "interval is missing", "say what low and high are: '95 % CI', 'range'"
        )
    shown = math.nan if value is None else value
    stated, stated_unit = (shown, unit) if printed is None else _printed(printed, row, shown, unit)
    reported = Reported(
        source=row.text("source", required=False) or source,
        quantity=row.text("title"),
        value=stated,
        unit=stated_unit,
        low=low,
        high=high,
        interval=row.text("interval", required=False),
        n=row.count("n", required=False),
        population=row.text("population", required=False) or population,
        locator=row.text("locator", required=not assumed),
        how=row.choice("how", HOW, "read"),
        second_reading=row.choice("second_reading", SECOND_READINGS, "not read"),
    )
    return Parameter(
        id=identifier,
        title=row.text("title"),
        symbol=row.text("written", required=False) or identifier.rpartition("/")[2],
        unit=unit,
        role=role,
        reported=() if assumed else (reported,),
        used=_used(row, shown) if role == "published" else None,
        reason=reason,
        notes=row.text("notes", required=False),
        reading=row.text("reading", required=False),
    )


def _printed(printed: Fields, row: Fields, value: float, unit: str) -> tuple[float, str]:
    """Return the number as it stands in the source, which must lead to the one used."""
    stated, stated_unit = printed.number("value"), printed.unit("unit")
    printed.close()
    if stated is None:
        return value, unit
    try:
        same = math.isclose(convert(stated, stated_unit, unit), value, rel_tol=_RATED, abs_tol=0.0)
    except UnitError as error:
        row.refuse("printed", str(error), "give the printed number in a unit of the same kind")
        return value, unit
    if not same:
        message = f"{stated:g} {stated_unit} is not {value:g} {unit}"
        row.refuse("printed", message, "convert it, or say in 'notes' why it differs")
    return stated, stated_unit


def _used(row: Fields, value: float) -> Used:
    """Read a fixed number, or a lognormal where patients differ, by CV or variance of the log."""
    cv, variance = row.number("cv", required=False), row.number("omega2", required=False)
    lower, upper = row.number("lower", required=False), row.number("upper", required=False)
    if cv is not None and variance is not None:
        row.refuse("omega2", "both cv and omega2 are given", "keep the one the paper prints")
    if cv is None and variance is not None:
        cv = math.sqrt(math.expm1(variance))
    if cv is None:
        return Used("fixed", value, lower=lower, upper=upper)
    if cv < 0 or value <= 0:
        row.refuse("cv", "a spread between patients needs a value above 0", "remove it")
    return Used("lognormal", value, between_patient_cv=cv, lower=lower, upper=upper)


def _variants(fields: Fields) -> dict[str, tuple[str, Mapping[str, float]]]:
    found: dict[str, tuple[str, Mapping[str, float]]] = {}
    for entry in fields.children("variants"):
        name, title = entry.text("name"), entry.text("title")
        values = entry.child("values", required=True)
        entry.text("locator")
        entry.close()
        changes = {} if values is None else {s: values.number(s) for s in values.data}
        found[name] = (title, {s: v for s, v in changes.items() if v is not None})
    return found
