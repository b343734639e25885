"""What a manufacturing campaign yielded, for `progenitor make`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from progenitor.study._release_tests import ReleaseTest

__all__ = ["LotSummary", "Percentiles"]


@final
@dataclass(frozen=True, slots=True)
class Percentiles:
    """The 5th, 50th and 95th percentile of a quantity over lots."""

    p5: float
    p50: float
    p95: float
    unit: str
    label: str = ""


@final
@dataclass(frozen=True, slots=True)
class LotSummary:
    """Lots of one product: how many were released, how good they were, why others failed.

    Parameters
    ----------
    product
        Name of the product in the study.
    lots
        Number of lots begun.
    released_fraction
        Fraction of them released, 0–1.
    percentiles
        Quality of the lots by quantity (cells, viability, cost …).
    failures
        Fraction of all lots lost by reason, 0–1.
    explanations
        What happened in some lots, as prose.
    cost_lines
        What was spent on all lots begun, by line.
    dose_lines
        Mean cost of a released dose by line, with what failed lots add; USD.
    release_tests
        What each line of the specification did, where the recipe is judged by one.
    """

    product: str
    lots: int
    released_fraction: float
    percentiles: Mapping[str, Percentiles]
    failures: Mapping[str, float]
    explanations: tuple[str, ...] = field(default=())
    cost_lines: Mapping[str, Percentiles] = field(default_factory=dict)
    dose_lines: Mapping[str, float] = field(default_factory=dict)
    release_tests: tuple[ReleaseTest, ...] = field(default=())
