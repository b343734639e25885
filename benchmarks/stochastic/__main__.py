"""How fast random clones are simulated, beside how rightly they die out.

``python -m benchmarks.stochastic --json FILE`` runs the clone test of ``_clone.py`` with a CAR-T
population that comes and goes and with a constant one: by the hybrid of solver and leaps and by
exact simulation. ``--peers`` adds rebop and GillesPy2 where the population is constant; one that is
not installed is named and skipped. ``--quick`` takes a tenth of the runs.

*Off by* compares the share of runs that end without a cell with the chance known without
simulation, in standard errors, the worst of five sizes of clone: a correct tool stays within 3.9
with probability 0.9995.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.stochastic._clone import SIZES, gone_by_then
from benchmarks.stochastic._ours import SOLVERS, run_ours
from benchmarks.stochastic._peers import PEERS, missing_peers

__all__ = ["main"]

RUNS: Final = {
    "progenitor hybrid": 4_000,
    "progenitor exact": 2_000,
    "rebop": 200,
    "GillesPy2": 200,
}
"""Runs of each size of clone."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the JSON file and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stochastic", description=__doc__)
    parser.add_argument("--json", type=Path, help="file to write the result to")
    parser.add_argument("--peers", action="store_true", help="compare with other tools")
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    asked = parser.parse_args(arguments)
    counts = {name: runs // (10 if asked.quick else 1) for name, runs in RUNS.items()}
    results = [
        row(name, counts[name], run_ours(name, constant=constant, runs=counts[name]), constant)
        for constant in (False, True)
        for name in SOLVERS
    ]
    missing = missing_peers() if asked.peers else []
    for name in missing:
        print(f"{name} is left out: it is not installed")
    present = [name for name in PEERS if asked.peers and name not in missing]
    results += [row(name, counts[name], PEERS[name](counts[name])) for name in present]
    if asked.json is not None:
        text = json.dumps({"sizes": SIZES, "results": results}, indent=1, allow_nan=False)
        asked.json.write_text(text + "\n", "utf-8")
    print(table(results))


def row(
    name: str,
    runs: int,
    found: tuple[float, np.ndarray],
    constant: bool = True,  # noqa: FBT001, FBT002 - a column of the table
) -> dict[str, Any]:
    """Compare one solver's runs with the chance known without simulation."""
    seconds, gone = found
    chance = gone_by_then(constant=constant)
    error = np.sqrt(chance * (1 - chance) / runs)
    return {
        "solver": name,
        "effector": "constant" if constant else "comes and goes",
        "trajectories": runs * len(SIZES),
        "trajectories_per_s": runs * len(SIZES) / seconds,
        "gone": (gone / runs).tolist(),
        "chance": chance.tolist(),
        "standard_errors": float(np.abs((gone / runs - chance) / error).max()),
    }


def table(results: Sequence[dict[str, Any]]) -> str:
    """Write the results as Markdown."""
    lines = [
        "| CAR-T population | solver | trajectories/s | gone, largest clone | exact | off by |",
        "|---|---|---|---|---|---|",
    ]
    for one in results:
        cells = (
            one["effector"],
            one["solver"],
            f"{one['trajectories_per_s']:,.0f}",
            f"{one['gone'][-1]:.3f}",
            f"{one['chance'][-1]:.3f}",
            f"{one['standard_errors']:.1f} s.e.",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
