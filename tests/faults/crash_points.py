"""Die at the n-th line of the run store while a shard is written, for every n.

Usage: python crash_points.py FOLDER STRIDE

Each point is a process of its own that ends with ``os._exit``: no clean-up runs, nothing is
flushed that was not flushed already. Afterwards the folder must hold the old run or the new one.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "study"))

from fake_simulation import simulate

from progenitor.study import RunStore, plan_chunks

CHUNKS = plan_chunks(draws=1, patients=4, block=2)
KEYS = [chunk.key for chunk in CHUNKS]
SHARDS = {chunk.key: simulate({"seed": 1}, chunk) for chunk in CHUNKS}
WATCHED = ("_store.py", "_durable.py", "_parquet.py")
CRASHED = 77


def use_store(folder: str) -> None:
    """Open for resumption, write what is missing, save a record."""
    with RunStore.create(
        folder, name="demo", identity={"seed": 1}, chunks=KEYS, study_text="x", resume=True
    ) as store:
        for key in store.missing():
            store.write(key, SHARDS[key])
        store.save_json("results.json", {"digest": "x"})


def crash_at(folder: str, last: int) -> int:
    """Run :func:`use_store` in a child that dies at watched line ``last``; return its status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    lines = 0

    def trace(frame, event, argument):
        nonlocal lines
        if not frame.f_code.co_filename.endswith(WATCHED):
            return None
        if event == "line":
            lines += 1
            if lines == last:
                os._exit(CRASHED)
        return trace

    sys.settrace(trace)
    use_store(folder)
    os._exit(0)


def main() -> None:
    """Crash at every ``STRIDE``-th line; print how many points there were."""
    root, stride = Path(sys.argv[1]), int(sys.argv[2])
    points, line = 0, 1
    while True:
        folder = root / str(line)
        status = crash_at(str(folder), line)
        check(folder)
        if status == 0:
            break
        assert status == CRASHED, status
        points += 1
        line += stride
    sys.stdout.write(f"{points}\n")


def check(folder: Path) -> None:
    """What is there is whole; going on gives the same digest and leaves no litter."""
    for run in folder.glob("demo-*"):
        if (run / "run.json").exists():
            assert RunStore.open(run).verify() == (), RunStore.open(run).verify()
    use_store(str(folder))
    (run,) = folder.glob("demo-*")
    store = RunStore.open(run)
    assert store.verify() == (), store.verify()
    assert store.digest() == WHOLE, folder
    assert len(list((run / "shards").iterdir())) == 2 * len(CHUNKS)
    assert not list(run.rglob("*.partial"))


WHOLE = simulate({"seed": 1}, plan_chunks(draws=1, patients=4, block=4)[0]).digest()

if __name__ == "__main__":
    main()
