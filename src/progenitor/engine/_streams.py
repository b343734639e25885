"""Random numbers keyed by what they are: seed, purpose, draw and patient.

The generator is counter-based (Philox 4×64, ten rounds), so a number does not depend on which
other numbers were drawn, in which order, or by how many workers.

References
----------
Salmon, Moraes, Dror, Shaw. Parallel random numbers: as easy as 1, 2, 3. SC 2011,
doi:10.1145/2063384.2063405.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import SimulationError

__all__ = ["standard_normal_table", "standard_normals", "stream", "stream_key", "uniforms"]


def stream(seed: int, purpose: str, *, draw: int = 0, patient: int = 0) -> np.random.Generator:
    """Return the random generator of one purpose in one patient of one parameter draw.

    Parameters
    ----------
    seed
        The study's seed.
    purpose
        What the numbers are for, such as ``"countable:tumour"``.
    draw, patient
        Whole numbers from 0.

    Raises
    ------
    SimulationError
        When draw or patient is negative.

    Examples
    --------
    >>> first = stream(1, "demo", draw=2, patient=3).random()
    >>> first == stream(1, "demo", draw=2, patient=3).random()
    True
    >>> first == stream(1, "demo", draw=3, patient=2).random()
    False
    """
    if draw < 0 or patient < 0:
        raise SimulationError(f"draw {draw} and patient {patient} must be 0 or more")
    counter = np.array([0, 0, patient, draw], dtype=np.uint64)
    key = np.array(stream_key(seed, purpose), dtype=np.uint64)
    return np.random.Generator(np.random.Philox(counter=counter, key=key))


def uniforms(
    seed: int,
    purpose: str,
    draw: Int[np.ndarray, " n"],
    patient: Int[np.ndarray, " n"],
) -> Float[np.ndarray, " n"]:
    """Return one uniform number above 0 and below 1 for each pair of draw and patient.

    Each is the first number of :func:`stream` for that pair, moved by half of the spacing of
    such numbers so that 0 cannot occur.

    Parameters
    ----------
    seed, purpose
        As for :func:`stream`.
    draw, patient
        Whole numbers from 0.

    Raises
    ------
    SimulationError
        When a draw or patient is negative.

    Examples
    --------
    >>> both = uniforms(1, "demo", np.array([0, 2]), np.array([0, 3]))
    >>> bool(both[1] == stream(1, "demo", draw=2, patient=3).random() + 2.0**-54)
    True
    """
    numbers: Float[np.ndarray, " n"] = _uniform_table(seed, [purpose], draw, patient)[0]
    return numbers


def standard_normals(
    seed: int,
    purpose: str,
    draw: Int[np.ndarray, " n"],
    patient: Int[np.ndarray, " n"],
) -> Float[np.ndarray, " n"]:
    """Return one standard normal number for each pair of draw and patient.

    It is the normal quantile of :func:`uniforms`, so that it grows with it.

    Parameters
    ----------
    seed, purpose
        As for :func:`stream`.
    draw, patient
        Whole numbers from 0.

    Raises
    ------
    SimulationError
        When a draw or patient is negative.

    Examples
    --------
    >>> standard_normals(1, "demo", np.array([0, 0]), np.array([0, 1])).shape
    (2,)
    """
    quantiles: Float[np.ndarray, " n"] = standard_normal_table(seed, [purpose], draw, patient)[0]
    return quantiles


def standard_normal_table(
    seed: int,
    purposes: Sequence[str],
    draw: Int[np.ndarray, " n"],
    patient: Int[np.ndarray, " n"],
) -> Float[np.ndarray, "purpose n"]:
    """Return :func:`standard_normals` of many purposes at once.

    Parameters
    ----------
    seed, draw, patient
        As for :func:`standard_normals`.
    purposes
        What the numbers of each row are for.

    Raises
    ------
    SimulationError
        When a draw or patient is negative.

    Examples
    --------
    >>> draw, patient = np.array([0, 0]), np.array([0, 1])
    >>> table = standard_normal_table(1, ["growth", "death"], draw, patient)
    >>> (table[1] == standard_normals(1, "death", draw, patient)).tolist()
    [True, True]
    """
    from scipy.special import ndtri

    quantiles: Float[np.ndarray, "purpose n"] = ndtri(_uniform_table(seed, purposes, draw, patient))
    return quantiles


def stream_key(seed: int, purpose: str) -> tuple[int, int]:
    """Return the two 64-bit words that key all streams of one purpose.

    Examples
    --------
    >>> stream_key(1, "demo") == stream_key(2, "demo")
    False
    """
    digest = hashlib.blake2b(f"{int(seed)}:{purpose}".encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def _uniform_table(
    seed: int,
    purposes: Sequence[str],
    draw: Int[np.ndarray, " n"],
    patient: Int[np.ndarray, " n"],
) -> Float[np.ndarray, "purpose n"]:
    """One uniform number for each purpose and each pair of draw and patient."""
    from progenitor.engine._keyed_numbers import first_uniforms
    from progenitor.engine._philox import STREAM_WORDS

    draw, patient = np.asarray(draw), np.asarray(patient)
    if draw.size and (draw.min() < 0 or patient.min() < 0):
        raise SimulationError("draws and patients must be 0 or more")
    keys = np.array([stream_key(seed, purpose) for purpose in purposes], dtype=np.uint64)
    numbers = np.empty((len(purposes), draw.size))
    first_uniforms(
        keys.reshape(-1, 2),
        np.ascontiguousarray(draw, dtype=np.uint64),
        np.ascontiguousarray(patient, dtype=np.uint64),
        np.empty(STREAM_WORDS, np.uint64),
        numbers,
    )
    return numbers
