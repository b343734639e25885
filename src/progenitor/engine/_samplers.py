"""Random numbers of the common laws in machine code, each by an exact method.

Every function takes a stream of :mod:`progenitor.engine._philox` first and moves it on by as many
words as it needs. *Exact* means that nothing but the rounding of double precision separates the
numbers from the law: no normal approximation, no cut-off that a number could reach. A whole number
is -1 when its law does not exist or cannot be held by 64 bits; callers look at that, since compiled
code cannot raise.

References
----------
Hörmann. The transformed rejection method for generating Poisson random variables. Insurance Math
Econ 1993;12:39-45, doi:10.1016/0167-6687(93)90997-4, algorithm PTRS.
Hörmann. The generation of binomial random variates. J Stat Comput Simul 1993;46:101-110,
doi:10.1080/00949659308811496, algorithm BTRS.
Marsaglia, Tsang. A simple method for generating gamma variables. ACM Trans Math Softw
2000;26:363-372, doi:10.1145/358407.358414.
"""

import math
from typing import Final

import numpy as np
from jaxtyping import UInt64

from progenitor.engine._compiled import compiled_part
from progenitor.engine._log_mass import log_binomial, log_poisson
from progenitor.engine._philox import next_double, open_double

__all__ = [
    "binomial",
    "exponential",
    "gamma",
    "geometric",
    "negative_binomial",
    "normal",
    "poisson",
]

Stream = UInt64[np.ndarray, " 11"]

_FEW: Final = 10.0
"""Mean up to which counting up from zero is faster than rejection."""
_FAR: Final = 150
"""Counts above this have probability below 1e-100 when the mean is 10 or less."""
_MOST: Final = 4e18
_IMPOSSIBLE: Final = -1


@compiled_part
def exponential(state: Stream) -> float:
    """Draw from the exponential law of mean 1.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> exponential(np.zeros(STREAM_WORDS, np.uint64)) > 0
    True
    """
    return -math.log(open_double(state))


@compiled_part
def normal(state: Stream) -> float:
    """Draw from the standard normal law, by the polar angle and radius of two.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> abs(normal(np.zeros(STREAM_WORDS, np.uint64))) < 9
    True
    """
    radius = math.sqrt(2.0 * exponential(state))
    return radius * math.cos(2.0 * math.pi * next_double(state))


@compiled_part
def gamma(state: Stream, shape: float) -> float:
    """Draw from the gamma law of a shape above 0 and scale 1.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> gamma(np.zeros(STREAM_WORDS, np.uint64), 3.0) > 0
    True
    """
    factor = 1.0
    if shape < 1.0:
        factor = math.exp(-exponential(state) / shape)
        shape += 1.0
    scale = shape - 1.0 / 3.0
    width = 1.0 / math.sqrt(9.0 * scale)
    while True:
        deviate = normal(state)
        root = 1.0 + width * deviate
        if root <= 0.0:
            continue
        cube = root * root * root
        bound = 0.5 * deviate * deviate + scale * (1.0 - cube + math.log(cube))
        if -exponential(state) < bound:
            return factor * scale * cube


@compiled_part
def poisson(state: Stream, mean: float) -> int:
    """Draw from the Poisson law; -1 when the mean is negative, not a number or above 4e18.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> poisson(np.zeros(STREAM_WORDS, np.uint64), 0.0)
    0
    """
    if not 0.0 <= mean <= _MOST:
        return _IMPOSSIBLE
    if mean < _FEW:
        return _poisson_by_inversion(state, mean)
    width = 0.931 + 2.53 * math.sqrt(mean)
    slant = 0.02483 * width - 0.059
    scale = 1.1239 + 1.1328 / (width - 3.4)
    squeeze = 0.9277 - 3.6224 / (width - 2.0)
    while True:
        height = open_double(state)
        where = next_double(state) - 0.5
        edge = 0.5 - abs(where)
        count = math.floor((2.0 * slant / edge + width) * where + mean + 0.43)
        if edge >= 0.07 and height <= squeeze:
            return int(count)
        if count < 0.0 or (edge < 0.013 and height > edge):
            continue
        hat = height * scale / (slant / (edge * edge) + width)
        if math.log(hat) <= log_poisson(float(count), mean):
            return int(count)


@compiled_part
def _poisson_by_inversion(state: Stream, mean: float) -> int:
    while True:
        left, share, count = next_double(state), math.exp(-mean), 0
        while left >= share and count < _FAR:
            left -= share
            count += 1
            share *= mean / count
        if count < _FAR:  # otherwise what was left is the rounding error of the sum
            return count


@compiled_part
def binomial(state: Stream, number: int, chance: float) -> int:
    """Draw how many of a number of trials succeed; -1 when that number or the chance cannot be.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> state = np.zeros(STREAM_WORDS, np.uint64)
    >>> binomial(state, 1000, 0.0), binomial(state, 1000, 1.0)
    (0, 1000)
    """
    if number < 0 or not 0.0 <= chance <= 1.0:
        return _IMPOSSIBLE
    if chance <= 0.5:
        return _binomial_of_few(state, number, chance)
    return number - _binomial_of_few(state, number, 1.0 - chance)


@compiled_part
def _binomial_of_few(state: Stream, number: int, chance: float) -> int:
    if number * chance < _FEW:
        return _binomial_by_inversion(state, number, chance)
    mean = number * chance
    spread = math.sqrt(mean * (1.0 - chance))
    width = 1.15 + 2.53 * spread
    slant = 0.0248 * width + 0.01 * chance - 0.0873
    scale = (2.83 + 5.1 / width) * spread
    squeeze = 0.92 - 4.2 / width
    mode = log_binomial(float(math.floor((number + 1) * chance)), float(number), chance)
    while True:
        height = open_double(state)
        where = next_double(state) - 0.5
        edge = 0.5 - abs(where)
        count = math.floor((2.0 * slant / edge + width) * where + mean + 0.5)
        if edge >= 0.07 and height <= squeeze:
            return int(count)
        if count < 0.0 or count > number:
            continue
        hat = height * scale / (slant / (edge * edge) + width)
        if math.log(hat) <= log_binomial(float(count), float(number), chance) - mode:
            return int(count)


@compiled_part
def _binomial_by_inversion(state: Stream, number: int, chance: float) -> int:
    odds = chance / (1.0 - chance)
    most = min(number, _FAR)
    while True:
        left, share, count = next_double(state), math.exp(number * math.log1p(-chance)), 0
        while left >= share and count <= most:
            left -= share
            count += 1
            share *= (number - count + 1) / count * odds
        if count <= most:  # otherwise what was left is the rounding error of the sum
            return count


@compiled_part
def geometric(state: Stream, chance: float) -> int:
    """Draw the failures before the first success; -1 when that may exceed 64 bits.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> geometric(np.zeros(STREAM_WORDS, np.uint64), 1.0)
    0
    """
    if not 1e-17 <= chance <= 1.0:
        return _IMPOSSIBLE
    if chance == 1.0:
        return 0
    return int(-exponential(state) / math.log1p(-chance))


@compiled_part
def negative_binomial(state: Stream, successes: int, chance: float) -> int:
    """Draw the failures before a number of successes; -1 when that cannot be held by 64 bits.

    Failures are Poisson with a mean that is gamma distributed.

    Examples
    --------
    >>> from progenitor.engine._philox import STREAM_WORDS
    >>> negative_binomial(np.zeros(STREAM_WORDS, np.uint64), 1000, 1.0)
    0
    """
    if successes < 0 or not 0.0 < chance <= 1.0:
        return _IMPOSSIBLE
    if successes == 0 or chance == 1.0:
        return 0
    if successes == 1:
        return geometric(state, chance)
    return poisson(state, gamma(state, float(successes)) * ((1.0 - chance) / chance))
