"""The first number of many random streams at once, in machine code."""

import numpy as np
from jaxtyping import Float64, UInt64

from progenitor.engine._compiled import compiled
from progenitor.engine._philox import open_double, seed_stream

__all__ = ["first_uniforms"]


@compiled
def first_uniforms(
    keys: UInt64[np.ndarray, "purpose 2"],
    draw: UInt64[np.ndarray, " n"],
    patient: UInt64[np.ndarray, " n"],
    state: UInt64[np.ndarray, " word"],
    numbers: Float64[np.ndarray, "purpose n"],
) -> None:
    """Draw one number above 0 and below 1 from the stream of each purpose, draw and patient.

    Parameters
    ----------
    keys
        Words made of the seed and the purpose.
    draw, patient
        Whole numbers from 0.
    state
        Room for one stream.
    numbers
        Written.
    """
    for purpose in range(keys.shape[0]):
        for i in range(draw.size):
            seed_stream(state, keys[purpose, 0], keys[purpose, 1], patient[i], draw[i])
            numbers[purpose, i] = open_double(state)
