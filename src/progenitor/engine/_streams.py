"""Random numbers keyed by what they are: seed, purpose, draw and patient.

The generator is counter-based (Philox 4×64, ten rounds), so a number does not depend on which
other numbers were drawn, in which order, or by how many workers.

References
----------
Salmon, Moraes, Dror, Shaw. Parallel random numbers: as easy as 1, 2, 3. SC 2011,
doi:10.1145/2063384.2063405.
"""

import hashlib
from typing import Final

import numpy as np
from jaxtyping import Float, Int, UInt64

from progenitor.errors import SimulationError

__all__ = ["standard_normals", "stream", "stream_key", "uniforms"]

_Words = UInt64[np.ndarray, " n"]
_MASK: Final = np.uint64(0xFFFFFFFF)
_HALF: Final = np.uint64(32)
_MULTIPLIERS: Final = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
_BUMPS: Final = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_ROUNDS: Final = 10
_WORD: Final = 2**64


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
    words = _first_words(stream_key(seed, purpose), np.asarray(draw), np.asarray(patient))
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


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
    from scipy.special import ndtri

    quantiles: Float[np.ndarray, " n"] = ndtri(uniforms(seed, purpose, draw, patient))
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


def _first_words(
    key: tuple[int, int], draw: Int[np.ndarray, " n"], patient: Int[np.ndarray, " n"]
) -> _Words:
    """First 64-bit word of each stream; the generator counts up once before its first block."""
    if draw.size and (draw.min() < 0 or patient.min() < 0):
        raise SimulationError("draws and patients must be 0 or more")
    one, two = np.ones(draw.shape, np.uint64), np.zeros(draw.shape, np.uint64)
    three, four = patient.astype(np.uint64), draw.astype(np.uint64)
    for step in range(_ROUNDS):
        keys = [
            np.uint64((word + step * bump) % _WORD) for word, bump in zip(key, _BUMPS, strict=True)
        ]
        high_one, low_one = _product(_MULTIPLIERS[0], one)
        high_three, low_three = _product(_MULTIPLIERS[1], three)
        one, two, three, four = (
            high_three ^ two ^ keys[0],
            low_three,
            high_one ^ four ^ keys[1],
            low_one,
        )
    return one


def _product(constant: np.uint64, words: _Words) -> tuple[_Words, _Words]:
    """High and low 64 bits of a 128-bit product."""
    a_high, a_low = constant >> _HALF, constant & _MASK
    b_high, b_low = words >> _HALF, words & _MASK
    low = a_low * b_low
    middle = a_high * b_low + (low >> _HALF)
    other = a_low * b_high + (middle & _MASK)
    high = a_high * b_high + (middle >> _HALF) + (other >> _HALF)
    return high, (other << _HALF) | (low & _MASK)
