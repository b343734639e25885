r"""A population on its way through a chain of equal stages, in closed form.

All cells enter together, leave each of ``k`` stages at rate :math:`k/\tau` and multiply by
:math:`a` at each passage, so that :math:`a^k` is the fold over the whole way. After a time ``T``,
with :math:`x = kT/\tau`,

.. math:: n_j = N_0 a^j e^{-x} x^j / j! \quad (j < k), \qquad
   n_k = N_0 a^k \left(1 - \sum_{j<k} e^{-x} x^j / j!\right)

The time to the end is Erlang distributed with mean :math:`\tau`.
"""

import numpy as np
from jaxtyping import Float

__all__ = ["erlang_passage"]


def erlang_passage(
    duration: Float[np.ndarray, " lot"],
    mean_time: Float[np.ndarray, " lot"],
    fold: Float[np.ndarray, " lot"],
    stages: int,
) -> tuple[Float[np.ndarray, " lot"], Float[np.ndarray, " lot"]]:
    """Cells still on their way, and cells arrived, for every cell that set out.

    Parameters
    ----------
    duration
        Time since they set out, (lot,); day.
    mean_time
        Mean time to arrive, (lot,); day.
    fold
        Cells arrived for every cell that set out, in the end, (lot,).
    stages
        Number of stages; 1 is exponential, many are a delay.

    Examples
    --------
    >>> day, one = np.array([1.0]), np.array([1.0])
    >>> under_way, arrived = erlang_passage(day, one, one, stages=1)
    >>> arrived.round(4), (under_way + arrived).round(12)
    (array([0.6321]), array([1.]))
    """
    passed = stages * duration / mean_time
    step = fold ** (1 / stages)
    chance = np.exp(-passed)
    under_way = np.zeros_like(passed)
    cumulated = np.zeros_like(passed)
    for stage in range(stages):
        under_way = under_way + chance * step**stage
        cumulated = cumulated + chance
        chance = chance * passed / (stage + 1)
    return under_way, fold * (1 - np.minimum(cumulated, 1))
