"""The contest: every entry is timed in turns, so that what slows the machine slows them all.

One round times each entry at each of its tolerances once; speeds of one round are compared with
each other, and a ratio is the median of its rounds. Beside it stands the ratio of processor time,
which other work on the machine hardly changes: where the two differ, the machine was not quiet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from benchmarks.cart22._children import Child
from benchmarks.cart22._entries import OURS, Entry
from benchmarks.cart22._errors import Spread, spread
from benchmarks.cart22._matched import Point, speed_at

__all__ = ["Measured", "contest", "match"]


@final
@dataclass(slots=True)
class Measured:
    """What was measured of one entry at one tolerance."""

    entry: Entry
    tolerance: float
    errors: dict[str, Spread]
    """Over the reference patients, by what they are errors of: species, observables."""
    speeds: list[float] = field(default_factory=list)
    """Patients/s of each round."""
    processor_speeds: list[float] = field(default_factory=list)
    """Patients per second of processor time of each round."""
    failed: int = 0
    peak_rss_mb: float = 0.0

    def row(self) -> dict[str, Any]:
        """Return one object of ``results`` of the JSON file."""
        entry = self.entry
        row: dict[str, Any] = {
            "solver": entry.solver,
            "precision": entry.precision,
            "tolerance": self.tolerance,
            "outputs": entry.outputs,
            "threads": entry.threads,
            "patients": entry.patients,
            "patients_per_s": round(max(self.speeds), 1),
            "patients_per_s_median": round(float(np.median(self.speeds)), 1),
        }
        for what, errors in self.errors.items():
            prefix = "error" if what == "species" else f"error_{what}"
            row[f"{prefix}_median"] = finite(errors.median)
            row[f"{prefix}_p95"] = finite(errors.p95)
            row[f"{prefix}_max"] = finite(errors.largest)
        return row | {"peak_rss_mb": round(self.peak_rss_mb, 1), "failed": self.failed}


def finite(error: float) -> float | None:
    """JSON has no infinity: an unsolved patient's error is null."""
    return float(f"{error:.4g}") if np.isfinite(error) else None


def contest(entries: Sequence[Entry], rounds: int) -> list[Measured]:
    """Run the contest and return its measurements, in the order of the entries."""
    children: list[Child] = []
    try:
        for wave in _waves(entries):
            started = [Child(entry) for entry in wave]
            children += started
            for child in started:
                child.answer()
        children.sort(key=lambda child: entries.index(child.entry))
        measured = [
            (child, Measured(child.entry, tolerance, {}))
            for child in children
            for tolerance in child.entry.tolerances
        ]
        for _ in range(rounds):
            for child, about in measured:
                _time(child, about)
        for child, about in measured:
            about.peak_rss_mb = child.ask(do="memory")["peak_rss_mb"]
        for child, about in measured:
            found = child.ask(do="errors", tolerance=about.tolerance)
            about.errors = {what: spread(np.array(errors)) for what, errors in found.items()}
        return [about for _, about in measured]
    finally:
        for child in children:
            child.stop()


def _waves(entries: Sequence[Entry]) -> list[list[Entry]]:
    """One entry of each solver first, so that machine code it keeps on disk is made once."""
    first = {(entry.solver, entry.precision): entry for entry in reversed(entries)}
    return [
        [entry for entry in entries if entry in first.values()],
        [entry for entry in entries if entry not in first.values()],
    ]


def _time(child: Child, about: Measured) -> None:
    answer = child.ask(do="time", tolerance=about.tolerance)
    about.speeds.append(child.entry.patients / answer["seconds"])
    about.processor_speeds.append(child.entry.patients / answer["processor_seconds"])
    about.failed += answer["failed"]


def match(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """Compare each row of ours on one thread with each peer that solved the same task."""
    peers = dict.fromkeys(m.entry.solver for m in measured if m.entry.solver != OURS)
    rows = []
    for ours in measured:
        if ours.entry.solver != OURS or ours.entry.threads != 1:
            continue
        for peer in peers:
            for what in ours.errors:
                points = [m for m in measured if m.entry.solver == peer and _same_task(m, ours)]
                ratio = _ratio(ours, points, what, _wall)
                processor = _ratio(ours, points, what, _processor)
                if ratio is not None and processor is not None:
                    rows.append(_row(ours, peer, what, ratio, processor))
    return rows


def _wall(about: Measured) -> list[float]:
    return about.speeds


def _processor(about: Measured) -> list[float]:
    return about.processor_speeds


def _same_task(one: Measured, other: Measured) -> bool:
    return one.entry.outputs == other.entry.outputs


def _ratio(
    ours: Measured,
    points: Sequence[Measured],
    what: str,
    speeds: Callable[[Measured], list[float]],
) -> float | None:
    """Median over rounds of our speed over the peer's at our error."""
    if not points or not np.isfinite(ours.errors[what].median):
        return None
    ratios = []
    for round_, speed in enumerate(speeds(ours)):
        there = [Point(m.errors[what].median, speeds(m)[round_]) for m in points]
        matched = speed_at(there, ours.errors[what].median)
        if matched is None:
            return None
        ratios.append(speed / matched)
    return float(np.median(ratios))


def _row(ours: Measured, peer: str, what: str, ratio: float, processor: float) -> dict[str, Any]:
    return {
        "peer": peer,
        "ours": f"{ours.entry.precision} {ours.tolerance:g}",
        "outputs": ours.entry.outputs,
        "error_of": what,
        "error": finite(ours.errors[what].median),
        "ratio": round(ratio, 2),
        "ratio_processor": round(processor, 2),
    }
