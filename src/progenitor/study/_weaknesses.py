"""What a reader must know before the answer: failures, mismatches and guesses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from progenitor.evidence import Ledger
from progenitor.study.results import ArmResult, Estimate, PublishedComparison

__all__ = ["headline", "weaknesses"]

_FAR: Final = 2.0
_WORDS: Final = {
    "complete_response": "complete response",
    "pfs_12_months": "12-month progression-free survival",
}


def headline(arms: Sequence[ArmResult], paired: Mapping[str, Estimate]) -> str:
    """The answer in two sentences: each arm with its interval, then the paired difference."""
    first = "; ".join(
        f"{arm.title}: complete response {_share(arm.endpoints['complete_response'])}, "
        f"12-month PFS {_share(arm.endpoints['pfs_12_months'])} of infused patients"
        for arm in arms
    )
    if not paired:
        return f"{first}."
    return f"{first}. In the same patients, {arms[1].title} against {arms[0].title}: " + (
        "; ".join(f"{words} {_difference(paired[name])}" for name, words in _WORDS.items()) + "."
    )


def weaknesses(
    *,
    patients: int,
    failed: int,
    status_counts: Mapping[str, int],
    comparisons: Sequence[PublishedComparison],
    ledger: Ledger,
    draws: int,
    conditioned: Mapping[str, object],
) -> tuple[str, ...]:
    """List what is weak, the worst first."""
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
        found.append(
            "Parameter draws come from priors and were not held against any data: intervals are wide."
        )
    found.append(
        "No number measured in patients describes how a Tscm-enriched product differs inside the "
        "body: both products obey the same equations and differ only in what the process made."
    )
    return tuple(found)


def _far(comparisons: Iterable[PublishedComparison]) -> list[PublishedComparison]:
    return [one for one in comparisons if not 1 / _FAR <= one.ratio <= _FAR]


def _mismatch(one: PublishedComparison) -> str:
    kind = "building data" if one.role == "building" else "predicted"
    caveat = f" {one.caveat}" if one.caveat else ""
    return (
        f"{one.quantity}: simulated {_amount(one.simulated.value, one.unit)} against published "
        f"{_amount(one.published, one.unit)} ({one.citation}, {one.population}), ratio {one.ratio:.2f}, outside 0.5-2 "
        f"({kind}).{caveat}"
    )


def _amount(value: float, unit: str) -> str:
    return f"{value:.0%}" if unit == "1" else f"{value:,.3g} {unit}"


def _assumptions(ledger: Ledger) -> str:
    total, assumed = len(ledger.rows), ledger.counts.get("assumed", 0)
    weakest = ", ".join(row.title.lower() for row in ledger.weakest(3))
    return (
        f"{assumed} of {total} numbers behind the answer are assumptions and none has been read "
        f"twice independently. Weakest: {weakest}."
        if not ledger.counts.get("checked")
        else f"{assumed} of {total} numbers behind the answer are assumptions. Weakest: {weakest}."
    )


def _share(estimate: Estimate) -> str:
    return f"{estimate.value:.0%} (90 % interval {estimate.low:.0%} to {estimate.high:.0%})"


def _difference(estimate: Estimate) -> str:
    value, low, high = (
        round(100 * number) for number in (estimate.value, estimate.low, estimate.high)
    )
    verdict = "higher" if low > 0 else "lower" if high < 0 else "not separated from none"
    return f"{value:+d} points (90 % interval {low:+d} to {high:+d}: {verdict})"
