"""How fast virtual patients of the cart22 problem are solved, beside how accurately.

``python -m benchmarks.cart22 --json FILE`` measures progenitor in f64 and f32, on one thread and
two, 100,000 streamed patients with their memory, and a cold start. ``--peers`` adds other solvers
in the same run and compares at equal error (``_matched.py``); a peer that is not installed is
skipped and named. ``--quick`` takes fewer patients and rounds.

Peers come with ``pip install 'progenitor[peers]'``; numbalsoda is built on the spot and needs a
Fortran compiler. Every peer gets what makes it fastest: see the head of each ``_peers_*.py``.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.cart22._cold import cold_start, cold_start_without_cache, first_use
from benchmarks.cart22._contest import Measured, contest, match
from benchmarks.cart22._entries import entries, missing_peers
from benchmarks.cart22._machine import machine, versions
from benchmarks.cart22._streamed import streamed
from benchmarks.cart22._table import markdown

__all__ = ["main"]

ROUNDS: Final = 5
QUICK_ROUNDS: Final = 3
COLD_STARTS: Final = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the JSON file and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cart22", description=__doc__)
    parser.add_argument("--json", type=Path, help="file to write the result to")
    parser.add_argument("--peers", action="store_true", help="compare with other solvers")
    parser.add_argument("--quick", action="store_true", help="fewer patients, fewer rounds")
    asked = parser.parse_args(arguments)
    if asked.peers:
        for peer, reason in missing_peers().items():
            print(f"{peer} is left out: {reason}")
    result = measure(peers=asked.peers, quick=asked.quick)
    if asked.json is not None:
        asked.json.write_text(json.dumps(result, indent=1, allow_nan=False) + "\n", "utf-8")
    print(markdown(result))


def measure(*, peers: bool, quick: bool) -> dict[str, Any]:
    """Return everything that the JSON file holds."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    _say("every entry in turns")
    measured = contest(entries(peers=peers, quick=quick), rounds)
    _say("100,000 patients")
    many = {"streamed_100k": streamed("double", 1e-6)}
    many["streamed_100k_single"] = streamed("single", 1e-5)
    _say("cold starts")
    cold = {
        "cold_start_s": round(cold_start(1 if quick else COLD_STARTS), 2),
        "cold_start_no_cache_s": round(cold_start_without_cache(), 2),
        "first_use_s": None if quick else round(first_use(), 1),
    }
    _say("done")
    return {
        "results": [each.row() for each in measured],
        "matched": match(measured),
        **many,
        **cold,
        "rounds": rounds,
        "busy": _busy(measured),
        "machine": machine(),
        "versions": versions(),
    }


def _say(what: str) -> None:
    """Tell whoever waits what is being done since when."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _busy(measured: Sequence[Measured]) -> float:
    """Return the median share of one-thread timings in which the processor did other work."""
    shares = [
        1.0 - wall / processor
        for each in measured
        if each.entry.threads == 1
        for wall, processor in zip(each.speeds, each.processor_speeds, strict=True)
    ]
    return round(max(0.0, float(np.median(shares))), 3)


if __name__ == "__main__":
    main()
