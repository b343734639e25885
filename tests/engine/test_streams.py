"""Random streams are NumPy's Philox, keyed by identity and independent of each other."""

import numpy as np
import pytest

from progenitor.engine import standard_normals, stream, uniforms
from progenitor.errors import SimulationError


def test_vectors_are_the_first_numbers_of_numpys_philox_streams() -> None:
    draw = np.repeat(np.arange(40), 25)
    patient = np.tile(np.arange(25) * 12_345_678_901, 40)
    found = uniforms(7, "witness", draw, patient)
    expected = [
        stream(7, "witness", draw=int(d), patient=int(p)).random() + 2.0**-54
        for d, p in zip(draw, patient, strict=True)
    ]
    assert found.tolist() == expected


def test_numbers_do_not_depend_on_their_company() -> None:
    draw, patient = np.arange(50) // 10, np.arange(50) % 10
    together = standard_normals(3, "x", draw, patient)
    alone = [standard_normals(3, "x", draw[[i]], patient[[i]])[0] for i in range(50)]
    assert together.tolist() == alone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, "a", 0, 0), (2, "a", 0, 0)),
        ((1, "a", 0, 0), (1, "b", 0, 0)),
        ((1, "a", 0, 0), (1, "a", 1, 0)),
        ((1, "a", 0, 0), (1, "a", 0, 1)),
        ((1, "a", 0, 1), (1, "a", 1, 0)),
        ((1, "1:a", 0, 0), (11, ":a", 0, 0)),
        ((1, "a", 0, 2**40), (1, "a", 0, 2**41)),
    ],
)
def test_every_part_of_the_key_matters(
    one: tuple[int, str, int, int], other: tuple[int, str, int, int]
) -> None:
    first, second = (
        stream(seed, purpose, draw=draw, patient=patient).random(1000)
        for seed, purpose, draw, patient in (one, other)
    )
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(1000)
    assert not (first == second).any()


def test_long_streams_of_neighbours_do_not_overlap() -> None:
    first = stream(1, "a", patient=0).random(200_000)
    second = stream(1, "a", patient=1).random(200_000)
    assert np.intersect1d(first, second).size == 0


def test_normals_have_the_moments_of_the_normal_distribution() -> None:
    count = 200_000  # z < 4.4 each: false alarm below 1e-5 a moment
    found = standard_normals(11, "moments", np.zeros(count, int), np.arange(count))
    assert abs(found.mean()) < 4.4 / np.sqrt(count)
    assert abs(found.var() - 1) < 4.4 * np.sqrt(2 / count)
    assert abs((found**3).mean()) < 4.4 * np.sqrt(15 / count)
    assert abs((found**4).mean() - 3) < 4.4 * np.sqrt(96 / count)


def test_negative_keys_are_refused() -> None:
    with pytest.raises(SimulationError, match="0 or more"):
        stream(1, "a", patient=-1)
    with pytest.raises(SimulationError, match="0 or more"):
        uniforms(1, "a", np.array([-1]), np.array([0]))
