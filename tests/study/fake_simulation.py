"""A stand-in for the simulation: cheap numbers that depend on who the patient is, nothing else."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from progenitor.study import Chunk, Shard

DAYS = np.array([0.0, 7.0, 28.0])


def simulate(plan: dict[str, object], chunk: Chunk) -> Shard:
    """Two arms of the same patients; ``plan`` may ask for delays and accidents."""
    time.sleep(float(str(plan.get("seconds", 0.0))))
    _accidents(plan, chunk)
    patients = np.arange(chunk.first_patient, chunk.first_patient + chunk.patients)
    normals = np.array([_normals(int(str(plan["seed"])), chunk.draw, p) for p in patients])
    arms = np.repeat([0, 1], chunk.patients)
    both = np.concatenate([normals, 2.0 * normals])
    return Shard(
        outcomes={
            "draw": np.full(arms.size, chunk.draw, dtype=np.int32),
            "arm": arms.astype(np.int8),
            "patient": np.tile(patients, 2).astype(np.int32),
            "cmax": np.where(both[:, 0] > 1.5, np.nan, both[:, 0]),
            "responded": both[:, 1] > 0.0,
            "reason": np.where(both[:, 1] > 1.0, "viability", "none"),
        },
        series={"blood": both[:, :3], "tumour": np.exp(both[:, 1:4]).astype(np.float32)},
        days=DAYS,
    )


def _normals(seed: int, draw: int, patient: int) -> np.ndarray:
    words = np.random.Philox(key=[seed, draw * 2**32 + int(patient)])
    return np.random.Generator(words).standard_normal(4)


def _accidents(plan: dict[str, object], chunk: Chunk) -> None:
    """Kill this process, run out of memory or fail, once for every chunk named."""
    if plan.get("no_memory") == chunk.key:
        raise MemoryError
    if plan.get("always_die") == chunk.key:
        os.kill(os.getpid(), signal.SIGKILL)
    if folder := plan.get("die_once"):
        mark = Path(str(folder)) / chunk.key
        if chunk.draw in plan["draws_that_die"] and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
