"""Run the stand-in simulation in a process of its own, so that tests can kill it.

Usage: python drive_run.py RUNS_DIR JOBS SECONDS_PER_CHUNK [resume]
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "study"))

from fake_simulation import simulate

from progenitor.study import RunStore, plan_chunks, run_chunks

CHUNKS = plan_chunks(draws=8, patients=4, block=2)


def main() -> None:
    """Run to the end and print the digest; Ctrl-C ends with 130."""
    folder, jobs, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    with RunStore.create(
        folder,
        name="demo",
        identity={"seed": 1},
        chunks=[chunk.key for chunk in CHUNKS],
        resume="resume" in sys.argv,
    ) as store:
        sys.stdout.write("started\n")
        sys.stdout.flush()
        try:
            run_chunks(CHUNKS, simulate, {"seed": 1, "seconds": seconds}, store=store, jobs=jobs)
        except KeyboardInterrupt:
            sys.exit(130)
        sys.stdout.write(f"{store.digest()}\n")


if __name__ == "__main__":
    main()
