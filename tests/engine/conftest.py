"""A short way to solve a small model in some patients."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from progenitor.engine import Dose, Model, ReactionSet, SolverOptions, Trajectories, simulate

Solve = Callable[..., Trajectories]


@pytest.fixture(scope="session")
def solve() -> Solve:
    def run(
        part: ReactionSet,
        times: Sequence[float],
        parameters: Mapping[str, float | Sequence[float]] | None = None,
        *,
        patients: int = 1,
        doses: Sequence[tuple[str, float, float]] = (),
        options: SolverOptions | None = None,
        seed: int = 1,
    ) -> Trajectories:
        values = {
            k: np.broadcast_to(v, patients).astype(float) for k, v in (parameters or {}).items()
        }
        return simulate(
            Model.build(part.name, [part]),
            values,
            times=np.tile(np.array(times, dtype=float), (patients, 1)),
            doses=[Dose(s, np.full(patients, t), np.full(patients, a)) for s, t, a in doses],
            seed=seed,
            draw=np.zeros(patients, int),
            patient=np.arange(patients),
            options=options or SolverOptions(),
        )

    return run
