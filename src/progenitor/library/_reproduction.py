"""What a paper reports beside what its model here gives."""

import importlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Final, final

from progenitor.errors import InputError, Problem
from progenitor.evidence import Catalogue, Parameter, default_catalogue, published
from progenitor.library._card import source_text
from progenitor.library._population import Population, simulate_population
from progenitor.library._published_model import PublishedModel
from progenitor.library._registry import find_model

__all__ = ["NEAR", "ReproductionRow", "reproduction"]

NEAR: Final = (0.8, 1.25)
"""Ratios of ours to the published number within which they are called the same."""

_PATIENTS: Final = 1_000
_Observed = Callable[[Population, Population], Mapping[str, float]]


@final
@dataclass(frozen=True, slots=True)
class ReproductionRow:
    """One number of a paper, and ours.

    Parameters
    ----------
    symbol, title, unit
        From the table of the model.
    published, low, high
        As the paper reports it, in ``unit``; NaN where it gives none.
    interval
        What ``low`` and ``high`` are.
    ours
        What the model gives; NaN where it gives none.
    variant
        The variant of the model that the number belongs to; empty for its main numbers.
    source
        Where it was published, or how it was computed.
    note
        What a reader should know, such as why they differ.
    """

    symbol: str
    title: str
    unit: str
    published: float
    low: float
    high: float
    interval: str
    ours: float
    variant: str
    source: str
    note: str

    @property
    def ratio(self) -> float:
        """Ours over the published number; NaN where there is no such ratio."""
        if self.published == 0.0:
            return math.nan
        return self.ours / self.published

    @property
    def compared(self) -> bool:
        """Whether the model gives this number; if not, ``note`` says why."""
        return math.isfinite(self.ours)

    @property
    def near(self) -> bool:
        """Whether the ratio is within :data:`NEAR`, or ours within the range where only that is."""
        if math.isnan(self.published):
            return self.low <= self.ours <= self.high
        return NEAR[0] <= self.ratio <= NEAR[1] or self.ours == self.published


def reproduction(
    name: str,
    *,
    patients: int = _PATIENTS,
    seed: int = 1,
    catalogue: Catalogue | None = None,
) -> tuple[ReproductionRow, ...]:
    """Simulate a published model and compare it with every number its paper reports.

    The module of a model says in ``observed(population, typical)`` how each number is read from a
    population and from the typical patient, in ``OBSERVED_VARIANTS`` which numbers belong to a
    variant, and in ``NOT_READ`` why others are not read, by the beginning of their symbol.

    Parameters
    ----------
    name
        Of the model, with or without ``library:`` before it.
    patients, seed
        Size of the populations, and their seed.
    catalogue
        Where the numbers are; by default the one that ships.

    Raises
    ------
    CatalogueError
        When the model is unknown; the message names the nearest.
    InputError
        When the model does not say how its paper's numbers are read.

    Examples
    --------
    >>> rows = reproduction("stein_2019", patients=100)
    >>> [row.title for row in rows if row.symbol == "observed_doubling_time"]
    ['Doubling time of expansion']
    """
    model = find_model(name)
    known = default_catalogue() if catalogue is None else catalogue
    module = _module(model)
    reading: _Observed | None = getattr(module, "observed", None)
    if reading is None:
        fix = "write 'def observed(population, typical)' in its module"
        raise InputError([Problem(f"{model.name} does not read what its paper reports", fix)])
    table = known.table(model.name)
    places: Mapping[str, str] = getattr(module, "OBSERVED_VARIANTS", {})
    found: dict[str, Mapping[str, float]] = {}
    for variant in dict.fromkeys(places.get(symbol, "") for symbol in table.observed):
        found[variant] = reading(
            *(
                simulate_population(
                    model,
                    patients=count,
                    seed=seed,
                    variant=variant,
                    typical=typical,
                    catalogue=known,
                )
                for count, typical in ((patients, False), (1, True))
            )
        )
    return tuple(
        _row(record, found[places.get(symbol, "")].get(symbol, math.nan), module, known)
        for symbol, record in table.observed.items()
    )


def _module(model: PublishedModel) -> ModuleType:
    return importlib.import_module(f"progenitor.library.models.{model.name}")


def _row(
    record: Parameter, ours: float, module: ModuleType, catalogue: Catalogue
) -> ReproductionRow:
    told = published(record) if record.reported else None
    places: Mapping[str, str] = getattr(module, "OBSERVED_VARIANTS", {})
    unread: Mapping[str, str] = getattr(module, "NOT_READ", {})
    reasons = [why for begin, why in unread.items() if record.leaf.startswith(begin)]
    notes = [record.notes, *(reasons if math.isnan(ours) else [])]
    return ReproductionRow(
        symbol=record.leaf,
        title=record.title,
        unit=record.unit,
        published=math.nan if told is None else told.value,
        low=math.nan if told is None else told.low,
        high=math.nan if told is None else told.high,
        interval="" if told is None else told.interval,
        ours=float(ours),
        variant=places.get(record.leaf, ""),
        source=source_text(record, catalogue),
        note="; ".join(note for note in notes if note),
    )
