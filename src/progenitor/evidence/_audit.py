"""The audit: weak records, those that most leans on first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, final

from progenitor.evidence._catalogue import KINDS, Catalogue
from progenitor.evidence._ledger import weakness
from progenitor.evidence._parameter import Parameter, Role, State, Trust
from progenitor.evidence._trust import widened_cv

__all__ = ["AuditRow", "audit"]

_WEAK_TRUST: Final = frozenset({"C", "D"})


@final
@dataclass(frozen=True, slots=True)
class AuditRow:
    """One weak record.

    Parameters
    ----------
    id, title, role
        From the record.
    state, trust
        Derived from sources and reviews.
    leaning
        How many models, recipes and other entries use the number.
    why
        What makes it weak, and so what would strengthen it.
    """

    id: str
    title: str
    role: Role
    state: State
    trust: Trust
    leaning: int
    why: str


def audit(catalogue: Catalogue, leaning: Mapping[str, int] | None = None) -> tuple[AuditRow, ...]:
    """Return every record of trust C or D, most leaned on first, then weakest first.

    Parameters
    ----------
    catalogue
        The records.
    leaning
        How much leans on each id; by default the number of catalogue entries that name it. A
        caller who knows which mechanisms use which numbers gives better counts.
    """
    counted = _mentions(catalogue) if leaning is None else leaning
    weak = [entry for entry in catalogue.parameters.values() if entry.trust in _WEAK_TRUST]
    ordered = sorted(
        weak,
        key=lambda entry: (
            -counted.get(entry.id, 0),
            *weakness(entry.trust, entry.state, widened_cv(entry), entry.id),
        ),
    )
    return tuple(
        AuditRow(
            id=entry.id,
            title=entry.title,
            role=entry.role,
            state=entry.state,
            trust=entry.trust,
            leaning=counted.get(entry.id, 0),
            why=_why(entry),
        )
        for entry in ordered
    )


def _why(parameter: Parameter) -> str:
    if parameter.state == "stale":
        return "a source was retracted"
    if parameter.state == "disputed":
        settled = "; settled in its reading" if parameter.reading else ""
        return f"a second reader found another number{settled}"
    if parameter.state == "assumed":
        remembered = bool(parameter.reported)
        return "only remembered, never read" if remembered else "no source reports it"
    causes = [] if parameter.grade.startswith("human") else [f"{parameter.grade} evidence"]
    names = ("species", "product", "setting", "indication")
    causes += [
        f"{level} {name}"
        for name, level in zip(names, parameter.directness.levels, strict=True)
        if level != "direct"
    ]
    if parameter.state == "provisional":
        causes.append("no blind second reading")
    return ", ".join(causes)


def _mentions(catalogue: Catalogue) -> dict[str, int]:
    """Return how many catalogue entries name each parameter."""
    counts: dict[str, int] = {}
    for kind in KINDS:
        for document in catalogue.entries[kind].values():
            for name in set(_texts(document.data)) & catalogue.parameters.keys():
                counts[name] = counts.get(name, 0) + 1
    return counts


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
