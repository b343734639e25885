"""Philox 4×64 with ten rounds in machine code: the words of :func:`progenitor.engine.stream`.

A stream is one row of eleven 64-bit words: the key (2), the counter (4), the last block (4) and how
many words of the block are used up. The counter counts up once before each block, the first
included, and a floating-point number is the upper 53 bits of a word, both as in NumPy, so that
compiled code and :func:`~progenitor.engine.stream` draw the same numbers.

References
----------
Salmon, Moraes, Dror, Shaw. Parallel random numbers: as easy as 1, 2, 3. SC 2011,
doi:10.1145/2063384.2063405, section 3.3.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from jaxtyping import UInt64
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from progenitor.engine._compiled import compiled_part

__all__ = ["STREAM_WORDS", "block", "next_double", "next_word", "open_double", "seed_stream"]

Stream = UInt64[np.ndarray, " 11"]

STREAM_WORDS: Final = 11
"""Length of the array that holds one stream."""

_MULTIPLIER_ONE: Final = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_TWO: Final = np.uint64(0xCA5A826395121157)
_BUMP_ONE: Final = np.uint64(0x9E3779B97F4A7C15)
_BUMP_TWO: Final = np.uint64(0xBB67AE8584CAA73B)
_ROUNDS: Final = 10
_NONE: Final = np.uint64(0)
_ONE: Final = np.uint64(1)
_BLOCK: Final = np.uint64(4)
_SPARE_BITS: Final = np.uint64(11)
_SPACING: Final = 2.0**-53
_KEY: Final = 0
_COUNTER: Final = 2
_BUFFER: Final = 6
_USED: Final = 10


def _upper_half(_: Any, one: Any, other: Any) -> Any:  # noqa: ARG001 - Numba counts them
    """Upper 64 bits of a product: one machine instruction that Python cannot write."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        factors = [builder.zext(argument, wide) for argument in arguments]
        upper = builder.lshr(builder.mul(*factors), ir.Constant(wide, 64))
        return builder.trunc(upper, ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


_upper: Callable[[np.uint64, np.uint64], np.uint64] = intrinsic(_upper_half)


@compiled_part
def seed_stream(
    state: Stream, key_one: np.uint64, key_two: np.uint64, patient: np.uint64, draw: np.uint64
) -> None:
    """Put a stream at its beginning.

    Parameters
    ----------
    state
        Written: :data:`STREAM_WORDS` words.
    key_one, key_two
        Words made of the seed and the purpose.
    patient, draw
        Whole numbers from 0.

    Examples
    --------
    >>> state = np.zeros(STREAM_WORDS, np.uint64)
    >>> seed_stream(state, np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4))
    >>> state.tolist()
    [1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 4]
    """
    state[:] = _NONE
    state[_KEY] = key_one
    state[_KEY + 1] = key_two
    state[_COUNTER + 2] = patient
    state[_COUNTER + 3] = draw
    state[_USED] = _BLOCK


@compiled_part
def block(state: Stream) -> None:
    """Compute the block of four words that belongs to key and counter.

    Examples
    --------
    >>> state = np.zeros(STREAM_WORDS, np.uint64)
    >>> block(state)
    >>> hex(state[6])
    '0x16554d9eca36314c'
    """
    one, two = state[_COUNTER], state[_COUNTER + 1]
    three, four = state[_COUNTER + 2], state[_COUNTER + 3]
    key_one, key_two = state[_KEY], state[_KEY + 1]
    for _ in range(_ROUNDS):
        first = _upper(_MULTIPLIER_TWO, three) ^ two ^ key_one
        third = _upper(_MULTIPLIER_ONE, one) ^ four ^ key_two
        two, four = _MULTIPLIER_TWO * three, _MULTIPLIER_ONE * one
        one, three = first, third
        key_one += _BUMP_ONE
        key_two += _BUMP_TWO
    state[_BUFFER], state[_BUFFER + 1] = one, two
    state[_BUFFER + 2], state[_BUFFER + 3] = three, four


@compiled_part
def next_word(state: Stream) -> np.uint64:
    """Return the next 64-bit word of a stream.

    Examples
    --------
    >>> state = np.zeros(STREAM_WORDS, np.uint64)
    >>> seed_stream(state, np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4))
    >>> counter = np.array([0, 0, 3, 4], np.uint64)
    >>> witness = np.random.Philox(key=np.array([1, 2], np.uint64), counter=counter)
    >>> next_word(state) == witness.random_raw()
    True
    """
    if state[_USED] >= _BLOCK:
        for place in range(_COUNTER, _COUNTER + 4):
            state[place] += _ONE
            if state[place] != _NONE:
                break
        block(state)
        state[_USED] = _NONE
    word: np.uint64 = state[_BUFFER + np.int64(state[_USED])]
    state[_USED] += _ONE
    return word


@compiled_part
def next_double(state: Stream) -> float:
    """Return the next number from 0 on and below 1: a multiple of 2⁻⁵³.

    Examples
    --------
    >>> state = np.zeros(STREAM_WORDS, np.uint64)
    >>> seed_stream(state, np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4))
    >>> 0 <= next_double(state) < 1
    True
    """
    return float(np.int64(next_word(state) >> _SPARE_BITS)) * _SPACING


@compiled_part
def open_double(state: Stream) -> float:
    """Return the next number above 0 and below 1: half of the spacing above :func:`next_double`.

    Examples
    --------
    >>> state = np.zeros(STREAM_WORDS, np.uint64)
    >>> seed_stream(state, np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4))
    >>> 0 < open_double(state) < 1
    True
    """
    return (float(np.int64(next_word(state) >> _SPARE_BITS)) + 0.5) * _SPACING
