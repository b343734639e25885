"""Every witness of manufacturing, published beside ours.

``python -m benchmarks.manufacturing`` prints a table: published number, ours, and their ratio.
``--only queue,supply,cultures`` takes some of them. Times are of this machine, processor time where
it says so. SimPy comes with ``pip install 'progenitor[dev]'``.
"""

import argparse
from collections.abc import Sequence

from benchmarks.manufacturing._witness import markdown

__all__ = ["main"]

PARTS = ("queue", "supply", "cultures")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.manufacturing", description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help="parts, comma separated")
    wanted = parser.parse_args(arguments).only.split(",")
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"unknown part {sorted(unknown)}; known: {', '.join(PARTS)}")
    lines = []
    if "queue" in wanted:
        from benchmarks.manufacturing._queue import queue_witnesses

        lines += queue_witnesses()
    if "supply" in wanted:
        from benchmarks.manufacturing._supply import supply_witnesses

        lines += supply_witnesses()
    if "cultures" in wanted:
        from benchmarks.manufacturing._cultures import culture_witnesses

        lines += culture_witnesses()
    print(markdown(lines))


if __name__ == "__main__":
    main()
