"""Compiled random words are those of Random123's known answers and of NumPy's generator."""

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.engine._philox import (
    STREAM_WORDS,
    block,
    next_double,
    next_word,
    open_double,
    seed_stream,
)
from progenitor.engine._streams import stream_key

# Random123 1.14.0, tests/kat_vectors: philox4x64 with 10 rounds; counter, key, answer.
KNOWN = [
    (
        [0x0] * 4,
        [0x0] * 2,
        [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B],
    ),
    (
        [0xFFFFFFFFFFFFFFFF] * 4,
        [0xFFFFFFFFFFFFFFFF] * 2,
        [0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0],
    ),
    (
        [0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89],
        [0x452821E638D01377, 0xBE5466CF34E90C6C],
        [0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6],
    ),
]


def begin(seed: int, purpose: str, *, draw: int, patient: int) -> np.ndarray:
    state = np.zeros(STREAM_WORDS, np.uint64)
    one, two = (np.uint64(word) for word in stream_key(seed, purpose))
    seed_stream(state, one, two, np.uint64(patient), np.uint64(draw))
    return state


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_blocks_are_the_known_answers(
    counter: list[int], key: list[int], answer: list[int]
) -> None:
    state = np.array([*key, *counter, 0, 0, 0, 0, 0], np.uint64)
    block(state)
    assert state[6:10].tolist() == answer


@pytest.mark.parametrize(
    ("seed", "purpose", "draw", "patient"),
    [(1, "countable:tumour", 0, 0), (7, "x", 3, 12_345_678_901), (2**63, "Ω", 2**62, 1)],
)
def test_words_are_those_of_numpys_streams(
    seed: int, purpose: str, draw: int, patient: int
) -> None:
    state = begin(seed, purpose, draw=draw, patient=patient)
    expected = stream(seed, purpose, draw=draw, patient=patient).bit_generator
    assert [int(next_word(state)) for _ in range(1001)] == expected.random_raw(1001).tolist()


def test_doubles_are_those_of_numpys_streams() -> None:
    state, expected = begin(5, "y", draw=2, patient=9), stream(5, "y", draw=2, patient=9)
    assert [next_double(state) for _ in range(1001)] == expected.random(1001).tolist()


def test_open_doubles_lie_half_a_spacing_above() -> None:
    state, other = begin(5, "y", draw=2, patient=9), begin(5, "y", draw=2, patient=9)
    assert all(open_double(state) == next_double(other) + 2.0**-54 for _ in range(100))


@pytest.mark.parametrize("full", [1, 2, 3])
def test_the_counter_carries_into_higher_words(full: int) -> None:
    """A stream that starts at 2⁶⁴ᵏ - 1 goes on as NumPy's does."""
    counter = np.array([2**64 - 1] * full + [5] * (4 - full), np.uint64)
    key = np.array([11, 12], np.uint64)
    state = np.concatenate([key, counter, np.zeros(4, np.uint64), np.array([4], np.uint64)])
    expected = np.random.Philox(counter=counter, key=key).random_raw(9)
    assert [int(next_word(state)) for _ in range(9)] == expected.tolist()
