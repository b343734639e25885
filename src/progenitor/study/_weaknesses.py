"""What a reader must know before the answer: failures, mismatches and guesses."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from progenitor.evidence import Ledger
from progenitor.study.results import ArmResult, Estimate, PublishedComparison

__all__ = ["headline", "weaknesses"]

_FAR: Final = 2.0
_PLAIN: Final = 100.0
_HALF_A_POINT: Final = 0.5


def headline(arms: Sequence[ArmResult], paired: Mapping[str, Estimate]) -> str:
    """Write the answer: the paired difference in 12-month PFS first, then each arm.

    Arms that were followed for less than a year are told apart by response alone.
    """
    each = "; ".join(f"{arm.title} {_each(arm)}" for arm in arms)
    details = f"Of infused patients: {each}."
    if "pfs_12_months" not in paired:
        return details
    difference = paired["pfs_12_months"]
    names = f"{arms[1].title} and {arms[0].title}"
    verdict = {
        1: f"{arms[1].title} is ahead of {arms[0].title}",
        -1: f"{arms[1].title} is behind {arms[0].title}",
        0: f"The evidence does not separate {names}",
    }[_direction(difference)]
    return (
        f"{verdict}: in the same virtual patients 12-month PFS differs by "
        f"{_points(difference)} and {_response(paired)[0]} by {_points(_response(paired)[1])}. "
        f"{details}"
    )


def _each(arm: ArmResult) -> str:
    words, share = _response(arm.endpoints)
    response = f"{_share(share)} in {words}"
    if "pfs_12_months" not in arm.endpoints:
        return response
    return f"{_share(arm.endpoints['pfs_12_months'])} progression-free at 12 months and {response}"


def _response(endpoints: Mapping[str, Estimate]) -> tuple[str, Estimate]:
    """Return the best response there is, and its name: remission where CR is not told apart."""
    if "complete_response" in endpoints:
        return "complete response", endpoints["complete_response"]
    return "remission (CR or CRi)", endpoints["objective_response"]


def weaknesses(
    *,
    patients: int,
    failed: int,
    status_counts: Mapping[str, int],
    comparisons: Sequence[PublishedComparison],
    ledger: Ledger,
    draws: int,
    conditioned: Mapping[str, object],
    unproven: Sequence[str] = (),
) -> tuple[str, ...]:
    """List what is weak, the worst first; what no patient has shown of the cells comes last."""
    found = []
    if failed:
        causes = ", ".join(f"{name} {count}" for name, count in status_counts.items() if count)
        found.append(f"{failed} of {patients} patients could not be simulated ({causes}).")
    found += [_mismatch(comparison) for comparison in _far(comparisons)]
    found.append(_assumptions(ledger))
    if conditioned.get("conditioned"):
        found.append(
            f"The {draws} parameter draws are those of {conditioned['candidates']} nearest to four "
            "blood levels, two response rates and two reaction rates of CD19 CAR-T trials; medians "
            "were calibrated by hand on the same data, so agreement with them proves little."
        )
    else:
        found.append("Parameter draws come from priors, held against no data: intervals are wide.")
    return (*found, *unproven)


def _far(comparisons: Iterable[PublishedComparison]) -> list[PublishedComparison]:
    return [one for one in comparisons if not 1 / _FAR <= one.ratio <= _FAR]


def _mismatch(one: PublishedComparison) -> str:
    kind = "building data" if one.role == "building" else "predicted"
    caveat = f" {one.caveat}" if one.caveat else ""
    return (
        f"{one.quantity}: simulated {_amount(one.simulated.value, one.unit)} against published "
        f"{_amount(one.published, one.unit)} ({one.citation}, {one.population}), "
        f"ratio {one.ratio:.2f}, outside 0.5-2 ({kind}).{caveat}"
    )


def _amount(value: float, unit: str) -> str:
    if unit == "1":
        return f"{100 * value:.0f} %"
    written = f"{value:,.0f}" if value >= _PLAIN else f"{value:.3g}"
    return f"{written} {unit.replace('uL', 'µL').replace('ug', 'µg')}"


def _assumptions(ledger: Ledger) -> str:
    total, assumed = len(ledger.rows), ledger.counts.get("assumed", 0)
    weakest = "; ".join(row.title[:1].lower() + row.title[1:] for row in ledger.weakest(3))
    return (
        f"{assumed} of {total} numbers behind the answer are assumptions and none has been read "
        f"twice independently. Weakest: {weakest}."
        if not ledger.counts.get("checked")
        else f"{assumed} of {total} numbers behind the answer are assumptions. Weakest: {weakest}."
    )


def _share(estimate: Estimate) -> str:
    if math.isnan(estimate.low):
        return f"{100 * estimate.value:.0f} %"
    return (
        f"{100 * estimate.value:.0f} % (90 % interval {100 * estimate.low:.0f} to "
        f"{100 * estimate.high:.0f})"
    )


def _points(estimate: Estimate) -> str:
    if math.isnan(estimate.low):
        return f"{100 * estimate.value:+.0f} points (one draw: no interval)"
    return (
        f"{100 * estimate.value:+.0f} points (90 % interval {100 * estimate.low:+.0f} to "
        f"{100 * estimate.high:+.0f})"
    )


def _direction(estimate: Estimate) -> int:
    """Which side of no difference the whole interval lies on, in whole points; 0 for neither."""
    if 100 * estimate.low >= _HALF_A_POINT:
        return 1
    return -1 if 100 * estimate.high <= -_HALF_A_POINT else 0
