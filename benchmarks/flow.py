"""Seconds for a million events, and how often intervals hold: `python -m benchmarks.flow`.

`--panels N` gates N panels of every laboratory of `benchmarks.flow_panels`; 0 leaves them out.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.flow_panels import LABORATORIES, Laboratory, independent_panel
from progenitor.assay import PanelTruth, gate_tscm, interval_draws, synthetic_panel
from progenitor.errors import InputError
from progenitor.interop import read_fcs, write_fcs

EVENTS = 1_000_000
LIMIT = 2.0


def speed() -> None:
    """Time the third of three runs."""
    with tempfile.TemporaryDirectory() as folder:
        panel = synthetic_panel(PanelTruth(events=EVENTS), seed=1)
        path = write_fcs(panel.events, Path(folder, "panel.fcs"))
        for _ in range(3):
            start, used = time.perf_counter(), time.process_time()
            events = read_fcs(path)
            read = time.perf_counter()
            gate_tscm(events)
            done, busy = time.perf_counter(), time.process_time()
    print(f"flow: {EVENTS} events read in {read - start:.2f} s, gated in {done - read:.2f} s "
          f"(wanted: below {LIMIT:g} s); processor {busy - used:.2f} s")  # fmt: skip


def coverage(of: Laboratory, seeds: range) -> tuple[int, int, float, float]:
    """Return panels within their 95 % interval and refused, median error and half-width."""
    within = refused = 0
    errors, halves = [], []
    for seed in seeds:
        events, real = independent_panel(of, seed)
        try:
            found = gate_tscm(events)
        except InputError:
            refused += 1
            continue
        low, high = found.composition.intervals(interval_draws())["tscm"]
        within += low <= real <= high
        errors.append(abs(found.shares.mean[1] - real) / real)
        halves.append((high - low) / 2 / real)
    return within, refused, float(np.median(errors)), float(np.median(halves))


def main() -> None:
    """Print the time, and a line for every laboratory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--panels", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    given = parser.parse_args()
    speed()
    if given.panels <= 0:
        return
    print(f"{'laboratory':28s} {'within':>8s} {'refused':>8s} {'error':>7s} {'half':>7s}")
    for name, of in LABORATORIES.items():
        found = coverage(of, range(given.first, given.first + given.panels))
        print(f"{name:28s} {found[0]:4d}/{given.panels:<4d} {found[1]:7d} {found[2]:7.1%} "
              f"{found[3]:7.1%}")  # fmt: skip


if __name__ == "__main__":
    main()
