"""Having the solver ready before anybody waits for it."""

import numpy as np

from progenitor.engine._declarations import Observable, ReactionSet, Species
from progenitor.engine._model import Model
from progenitor.engine._simulate import simulate

__all__ = ["warm_up"]


def warm_up() -> None:
    """Compile the solver for this machine, or load it where that was done before.

    The first simulation does it otherwise; it takes about 20 s once on a machine. Call it before
    starting several processes, which would all wait for it.

    Examples
    --------
    >>> warm_up()
    """
    still = ReactionSet(
        "still",
        species=(Species("amount", "1"),),
        observables=(Observable("amount", "amount", "1"),),
    )
    one = np.zeros(1, dtype=np.int64)
    simulate(
        Model.build("warm_up", [still]), {}, times=np.ones((1, 1)), seed=0, draw=one, patient=one
    )
