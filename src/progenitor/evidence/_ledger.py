"""The ledger: every number an answer rests on, with its source, its state and its trust."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, final

from progenitor.evidence._catalogue import Catalogue
from progenitor.evidence._parameter import Parameter, Role, State, Trust
from progenitor.evidence._source import Source
from progenitor.evidence._trust import widened_cv
from progenitor.evidence._wording import reported_text, used_text

__all__ = ["Ledger", "LedgerRow", "cite", "cited_sources", "weakness"]

_WORST_STATE: Final[tuple[State, ...]] = ("stale", "disputed", "assumed", "provisional", "checked")
_TRUSTS: Final[tuple[Trust, ...]] = ("A", "B", "C", "D")


@final
@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One number of an answer.

    Parameters
    ----------
    id, title, role, unit
        From the record.
    state, trust
        Derived from sources and reviews.
    used, reported
        In words.
    citation
        Where it was published; says so when it was not.
    spread
        The widened spread of our knowledge, see :func:`widened_cv`.
    reason
        Why this number, where the record gives a reason.
    """

    id: str
    title: str
    state: State
    trust: Trust
    role: Role
    unit: str
    used: str
    reported: str
    citation: str
    spread: float
    reason: str


@final
@dataclass(frozen=True, slots=True)
class Ledger:
    """Every number an answer rests on, sorted by id.

    Parameters
    ----------
    rows
        One per number.
    """

    rows: tuple[LedgerRow, ...]

    @classmethod
    def of(cls, catalogue: Catalogue, ids: Iterable[str]) -> "Ledger":
        """Return the ledger of these parameters.

        Parameters
        ----------
        catalogue
            Where they are recorded.
        ids
            Their ids; repeats count once.

        Raises
        ------
        CatalogueError
            When a parameter is not recorded.
        """
        wanted = sorted(set(ids))
        return cls(tuple(_row(catalogue, catalogue.parameter(name)) for name in wanted))

    @property
    def counts(self) -> Mapping[State, int]:
        """How many numbers are in each review state, the best state first."""
        return {
            state: sum(row.state == state for row in self.rows) for state in reversed(_WORST_STATE)
        }

    @property
    def trust_counts(self) -> Mapping[Trust, int]:
        """How many numbers carry each trust grade."""
        return {trust: sum(row.trust == trust for row in self.rows) for trust in _TRUSTS}

    def weakest(self, n: int) -> tuple[LedgerRow, ...]:
        """Return the ``n`` least trusted numbers, the worst first.

        Parameters
        ----------
        n
            How many to return at most.
        """
        return tuple(sorted(self.rows, key=_row_weakness)[: max(n, 0)])


def cite(catalogue: Catalogue, ids: Iterable[str]) -> list[str]:
    """Return the reference list of these parameters, sorted by first author and year.

    Parameters
    ----------
    catalogue
        Where they are recorded.
    ids
        Ids of parameters.

    Raises
    ------
    CatalogueError
        When a parameter is not recorded.
    """
    return [source.reference for source in cited_sources(catalogue, ids)]


def cited_sources(catalogue: Catalogue, ids: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources of these parameters, sorted by first author and year.

    Parameters
    ----------
    catalogue
        Where they are recorded.
    ids
        Ids of parameters.

    Raises
    ------
    CatalogueError
        When a parameter is not recorded.
    """
    names = {entry.source for name in set(ids) for entry in catalogue.parameter(name).reported}
    sources = [catalogue.source(name) for name in names]
    return tuple(sorted(sources, key=lambda source: (source.reference.casefold(), source.id)))


def weakness(trust: Trust, state: State, spread: float, identifier: str) -> tuple[object, ...]:
    """Return a sorting key that puts the weakest number first.

    By trust; within a letter what is known to be wrong (stale, disputed) leads, then what is most
    uncertain, then the lesser state.
    """
    rank = _WORST_STATE.index(state)
    return (-_TRUSTS.index(trust), min(rank, 2), -spread, rank, identifier)


def _row_weakness(row: LedgerRow) -> tuple[object, ...]:
    return weakness(row.trust, row.state, row.spread, row.id)


def _row(catalogue: Catalogue, parameter: Parameter) -> LedgerRow:
    return LedgerRow(
        id=parameter.id,
        title=parameter.title,
        state=parameter.state,
        trust=parameter.trust,
        role=parameter.role,
        unit=parameter.unit,
        used=used_text(parameter),
        reported=reported_text(parameter),
        citation=_citation(catalogue, parameter),
        spread=widened_cv(parameter),
        reason=parameter.reason,
    )


def _citation(catalogue: Catalogue, parameter: Parameter) -> str:
    if not parameter.reported:
        return "no source"
    texts = [
        f"{catalogue.source(entry.source).citation}, {entry.locator}"
        for entry in parameter.reported
    ]
    return "; ".join(dict.fromkeys(texts))
