"""What a reader must know before the answer."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from progenitor.evidence import Ledger
from progenitor.study.experiment._answer import compared
from progenitor.study.experiment._plain_numbers import amount_text, estimate_text
from progenitor.study.experiment._words import small_start
from progenitor.study.experiment.results import (
    ExpectationOutcome,
    Mover,
    PairOutcome,
    StructureOutcome,
)
from progenitor.study.results import Estimate, PublishedComparison

__all__ = ["direction", "weak_points"]

_FAR: Final = 2.0
_SPOKEN: Final = 3
_SHOWN: Final = 2
_PERCENT: Final = 100.0
_ONE_PER_CENT: Final = 0.01
_HALF_A_POINT: Final = 0.005


def weak_points(
    *,
    failed: int,
    simulations: int,
    status_counts: Mapping[str, int],
    expectations: Sequence[ExpectationOutcome],
    comparisons: Sequence[PublishedComparison],
    structures: Sequence[StructureOutcome],
    pairs: Sequence[PairOutcome],
    movers: Sequence[Mover],
    ledger: Ledger,
    draws: int,
    arms: Mapping[str, str],
) -> tuple[str, ...]:
    """List what is weak, the evidence first.

    Parameters
    ----------
    failed, simulations, status_counts
        Simulations that did not end well.
    expectations, comparisons, structures, pairs, movers
        Outcomes.
    ledger
        Every number the answer rests on.
    draws
        How many parameter draws there were.
    arms
        Arm → title.
    """
    found = [_assumptions(ledger)]
    found += _failures(failed, simulations, status_counts)
    found += _movers(movers)
    found += [_missed(one) for one in expectations if not one.met]
    found += _mismatches(comparisons)
    found += _structures(structures, pairs, arms)
    if not comparisons:
        found.append("No published value stands beside any readout of this experiment.")
    found.append(
        f"The {draws} parameter draw{'s come' if draws > 1 else ' comes'} from what the evidence "
        "leaves open, number by number; together they are held against no data."
    )
    return tuple(found)


def direction(estimate: Estimate, *, ratio: bool) -> int:
    """Tell on which side of no effect the whole interval lies; 0 for neither.

    Within one per cent of a ratio of 1, or half a percentage point of no difference, nothing is
    told apart.

    Examples
    --------
    >>> direction(Estimate(0.4, 0.2, 0.8, "ratio", "t", 10), ratio=True)
    -1
    >>> direction(Estimate(0.9, 0.2, 0.999, "ratio", "t", 10), ratio=True)
    0
    """
    neutral = 1.0 if ratio else 0.0
    least = _ONE_PER_CENT if ratio else _HALF_A_POINT if estimate.unit == "1" else 0.0
    if estimate.low > neutral + least:
        return 1
    return -1 if estimate.high < neutral - least else 0


def _assumptions(ledger: Ledger) -> str:
    total, assumed = len(ledger.rows), ledger.counts.get("assumed", 0)
    share = f"{_PERCENT * assumed / total:.0f} %" if total else "none"
    weakest = "; ".join(small_start(row.title) for row in ledger.weakest(5))
    return (
        f"{assumed} of the {total} numbers behind the answer ({share}) are assumptions. "
        f"The least trusted: {weakest}."
    )


def _failures(failed: int, simulations: int, counts: Mapping[str, int]) -> list[str]:
    if not failed:
        return []
    causes = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    return [f"{failed} of {simulations} simulations could not be solved ({causes})."]


def _movers(movers: Sequence[Mover]) -> list[str]:
    poor = [one for one in movers if one.state == "assumed"]
    if not poor:
        return []
    names = "; ".join(
        f"{small_start(one.title)} ({one.correlation:+.2f})" for one in poor[:_SPOKEN]
    )
    names = names.replace("-0.", "−0.")
    return [f"The answer moves with numbers only assumed (rank correlation over draws): {names}."]


def _missed(one: ExpectationOutcome) -> str:
    return (
        f"Expectation missed: {one.statement.rstrip('.')}. Found "
        f"{estimate_text(one.found, signed=one.measure == 'difference')}; it holds "
        f"in {_PERCENT * one.share:.0f} % of draws."
    )


def _mismatches(comparisons: Sequence[PublishedComparison]) -> list[str]:
    """Name what lies outside 0.5–2, the furthest first; the rest is counted."""
    far = [one for one in comparisons if not 1 / _FAR <= one.ratio <= _FAR]
    far.sort(key=lambda one: -abs(math.log(one.ratio)) if one.ratio > 0.0 else -math.inf)
    said = [_mismatch(one) for one in far[:_SPOKEN]]
    more = len(far) - len(said)
    if more:
        noun = "ratio" if more == 1 else "ratios"
        said.append(f"{more} more {noun} to published values lie outside 0.5–2; see the table.")
    return said


def _mismatch(one: PublishedComparison) -> str:
    kind = "building data" if one.role == "building" else "predicted"
    return (
        f"{one.quantity}: simulated {estimate_text(one.simulated)} against published "
        f"{amount_text(one.published, one.unit)} ({one.citation}, {one.population}), "
        f"ratio {one.ratio:.2g}, outside 0.5–2 ({kind})."
    )


def _structures(
    structures: Sequence[StructureOutcome], pairs: Sequence[PairOutcome], arms: Mapping[str, str]
) -> list[str]:
    """Name every structure under which a comparison comes out otherwise, one line each."""
    found = []
    for structure in structures:
        changed = [
            _instead(base, other, arms)
            for base, other in zip(pairs, structure.pairs, strict=True)
            if base.favours != other.favours
        ]
        if changed:
            many = len(changed) > 1
            found.append(
                f"Structure risk, {small_start(structure.title)}: {len(changed)} of {len(pairs)} "
                f"comparisons come{'' if many else 's'} out otherwise. "
                f"{' '.join(changed[:_SHOWN])}"
                f"{' The others stand under Structure risk.' if len(changed) > _SHOWN else ''}"
            )
    return found


def _instead(base: PairOutcome, other: PairOutcome, arms: Mapping[str, str]) -> str:
    signed = base.measure == "difference"
    now, was = (estimate_text(one.estimate, signed=signed) for one in (other, base))
    return f"{compared(base, arms)}: {now} instead of {was}."
