"""Targets of a fit: published numbers, how each is read, and how well each is known."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, final

from progenitor.body import Body
from progenitor.documents import Document, suggestion
from progenitor.errors import Problem, UnitError
from progenitor.evidence import Catalogue, Parameter, published
from progenitor.inference._fit_fields import quantity_of
from progenitor.inference._fit_reads import READS, Question, Read
from progenitor.units import convert

__all__ = ["FitTarget", "published_sd", "read_targets"]

_FIELDS: Final = ("read", "of", "day", "above", "percentile", "note")
_TO_SD: Final = {"95 % CI": 2 * 1.959964, "90 % CI": 2 * 1.644854, "IQR": 2 * 0.67449}
"""Width of an interval in standard deviations: of the estimate, or of patients for the IQR."""

_WHOLE: Final = 100

_OF_MEDIAN: Final = math.sqrt(math.pi / 2.0)
"""Standard error of a median over that of a mean, for normal numbers."""


@final
@dataclass(frozen=True, slots=True)
class FitTarget:
    """A published number beside a simulated one.

    Parameters
    ----------
    parameter_id, title, role
        Of its catalogue record.
    question
        How it is read from simulated patients.
    value, low, high, interval
        As published, in ``unit``; NaN where nothing is.
    unit
        Of the observable, ``day``, or ``1`` for a share.
    count
        Patients behind it; None where not published.
    note
        Why it may be missed, where that is known.
    """

    parameter_id: str
    title: str
    role: str
    question: Question
    value: float
    low: float
    high: float
    interval: str
    unit: str
    count: int | None
    note: str

    @property
    def share(self) -> bool:
        """Whether it is a share of patients."""
        return READS[self.question.read].kind == "share"


def published_sd(target: FitTarget) -> float:
    r"""Return how well the published number is known: a standard error on the log or logit scale.

    From a confidence interval, its width over that of a standard normal; from an interquartile
    range of :math:`n` patients, the standard error of a median,
    :math:`\sqrt{\pi/2}\,s/\sqrt n`; of a share of :math:`n` patients
    :math:`1/\sqrt{n p (1-p)}`; otherwise 0, so that only the discrepancy of the model counts.

    Parameters
    ----------
    target
        A published number.

    Examples
    --------
    >>> half = FitTarget("a/b", "B", "building", Question("complete_response"), 0.5,
    ...                  math.nan, math.nan, "", "1", 100, "")
    >>> published_sd(half)
    0.2
    """
    p, n = target.value, target.count
    if target.share:
        return 1.0 / math.sqrt(n * p * (1.0 - p)) if n and 0.0 < p < 1.0 else 0.0
    bounded = 0.0 < target.low < target.high
    if not bounded or target.interval not in _TO_SD:
        return 0.0
    sd = math.log(target.high / target.low) / _TO_SD[target.interval]
    if target.interval != "IQR":
        return sd
    return _OF_MEDIAN * sd / math.sqrt(n) if n else 0.0


def read_targets(
    document: Document,
    part: str,
    catalogue: Catalogue,
    body: Body | None,
    problems: list[Problem],
    *,
    visits: bool,
) -> tuple[FitTarget, ...]:
    """Read the ``targets`` of a fit file, or what stands ``beside`` them.

    Parameters
    ----------
    document, part
        The file and its part; records in ``targets`` must be building records.
    catalogue, body
        Where the records and the observables are.
    problems
        Gains everything that is wrong.
    visits
        Whether the file says when response is assessed.
    """
    entries = document.data.get(part)
    if entries is None:
        return ()
    if not isinstance(entries, dict):
        fix = "write 'CATALOGUE_ID: {read: …}' for each"
        problems.append(document.problem((part,), f"'{part}' is no mapping", fix))
        return ()
    found = []
    for name, entry in entries.items():
        known = catalogue.parameters.get(name)
        refused = _record_problem(document, part, name, known, catalogue)
        refused += _entry_problems(document, (part, name), entry, catalogue, body, visits=visits)
        problems += refused
        if known is not None and not refused and body is not None:
            made = _target(document, (part, name), known, entry, body, problems)
            found += [replace(one, role=_role(known, catalogue)) for one in made]
    return tuple(found)


def _record_problem(
    document: Document, part: str, name: str, record: Parameter | None, catalogue: Catalogue
) -> list[Problem]:
    """Refuse records that do not exist, report nothing or must not be fitted."""
    where = (part, name)
    if record is None:
        fix = suggestion(name, [one for one in catalogue.parameters if one.startswith("observed/")])
        return [document.problem(where, f"unknown record '{name}'", fix)]
    if not record.reported:
        fix = "name a record with a reported number"
        return [document.problem(where, f"'{name}' reports nothing", fix)]
    role = _role(record, catalogue)
    if part == "targets" and role == "verification":
        message = (
            f"'{name}' is kept for verification: it is predicted and never fitted, because "
            "agreement with a number that was fitted proves nothing"
        )
        return [document.problem(where, message, "move it to 'beside', or fit a building record")]
    if part == "targets" and role != "building":
        message = f"'{name}' has the role {role} and is no number to fit to"
        return [document.problem(where, message, "name a building record")]
    return []


def _role(record: Parameter, catalogue: Catalogue) -> str:
    """Return the role of a record for our bodies.

    What a published model is verified with may have shaped ours, so it is ``published`` here and
    neither fitted nor called predicted.
    """
    library = any(record.id in table.records for table in catalogue.library.values())
    return "published" if library else record.role


def _entry_problems(
    document: Document,
    where: tuple[str | int, ...],
    entry: Any,
    catalogue: Catalogue,
    body: Body | None,
    *,
    visits: bool,
) -> list[Problem]:
    """Refuse reads that are unknown, or lack what they need."""
    if not isinstance(entry, dict) or entry.get("read") not in READS:
        word = entry.get("read", "") if isinstance(entry, dict) else ""
        return [document.problem(where, f"unknown read '{word}'", suggestion(str(word), READS))]
    read, problems = READS[entry["read"]], []
    for name in entry:
        if name not in _FIELDS:
            fix = suggestion(name, _FIELDS)
            problems.append(document.problem((*where, name), f"unknown field '{name}'", fix))
    for need in read.needs:
        if need == "response" and not visits:
            fix = "write 'response: [\"28 day\", …]'"
            problems.append(document.problem(where, "no day of response assessment", fix))
        elif need != "response" and need not in entry:
            message = f"'{entry['read']}' needs '{need}'"
            problems.append(document.problem(where, message, f"write '{need}: …'"))
    if "percentile" in entry:
        problems += _percentile_problems(document, where, entry["percentile"], read)
    above = entry.get("above", "")
    plain = isinstance(above, int | float) and not isinstance(above, bool)
    if above != "" and not plain and above not in catalogue.parameters:
        fix = suggestion(str(above), catalogue.parameters)
        problems.append(document.problem((*where, "above"), f"unknown number '{above}'", fix))
    if body is not None:
        looked = [entry["of"]] if "of" in entry else []
        observables = [one.name for one in body.model.observables]
        for name in (*looked, *read.looks):
            if name not in observables:
                fix = suggestion(str(name), observables)
                problems.append(document.problem(where, f"the body has no '{name}'", fix))
        events = {one.name for one in body.model.events}
        if not set(read.events) <= events:
            fix = "choose a host with vital signs"
            message = f"the body has no events for '{entry['read']}'"
            problems.append(document.problem(where, message, fix))
    return problems


def _percentile_problems(
    document: Document, where: tuple[str | int, ...], percentile: Any, read: Read
) -> list[Problem]:
    """Refuse a percentile of shares, of targets, or that is none."""
    at = (*where, "percentile")
    if read.kind == "share":
        return [document.problem(at, "a share of patients has no percentile", "leave it out")]
    if where[0] == "targets":
        message = "the likelihood knows medians and shares, not other percentiles of patients"
        return [document.problem(at, message, "move the record to 'beside'")]
    number = isinstance(percentile, int | float) and not isinstance(percentile, bool)
    if not number or not 0 < percentile < _WHOLE:
        fix = "write a number between 0 and 100, such as 5"
        return [document.problem(at, f"'{percentile}' is no percentile of patients", fix)]
    return []


def _target(
    document: Document,
    where: tuple[str | int, ...],
    record: Parameter,
    entry: Mapping[str, Any],
    body: Body,
    problems: list[Problem],
) -> list[FitTarget]:
    read, reported = READS[entry["read"]], published(record)
    unit = {"time": "day", "share": "1"}.get(read.kind, "")
    if not unit:
        unit = next(one.unit for one in body.model.observables if one.name == entry["of"])
    try:
        day = quantity_of(entry["day"], "day") if "day" in entry else math.nan
        value, low, high = (
            convert(one, record.unit, unit) for one in (reported.value, reported.low, reported.high)
        )
    except UnitError as error:
        fix = f"give a record in {unit}, and days such as '28 day'"
        problems.append(document.problem(where, str(error), fix))
        return []
    percentile = float(entry.get("percentile", _WHOLE / 2))
    question = Question(
        entry["read"], entry.get("of", ""), day, str(entry.get("above", "")), percentile
    )
    return [
        FitTarget(
            *(record.id, record.title, record.role, question, value, low, high),
            *(reported.interval, unit, reported.reported.n, str(entry.get("note", "")).strip()),
        )
    ]
