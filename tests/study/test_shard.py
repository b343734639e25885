"""A shard refuses what does not fit, and its digest sees bits and nothing else."""

import hashlib

import numpy as np
import pytest

from progenitor.errors import RunStoreError
from progenitor.study import Shard

KEY = np.zeros(2, dtype=np.int32)
PATIENT = np.array([1, 0], dtype=np.int32)


def shard(**changes: object) -> Shard:
    outcomes = {"draw": KEY, "arm": KEY, "patient": PATIENT, "x": np.array([0.1, np.nan])}
    parts = {
        "outcomes": outcomes,
        "series": {"blood": np.array([[1.0, 2.0], [3.0, 4.0]])},
        "days": np.array([0.0, 1.0]),
    }
    return Shard(**{**parts, **changes})


def test_digest_is_the_hash_written_down_by_hand():
    expected = hashlib.sha256()
    for name, column in (
        ("arm", np.zeros(2, "<i4")),
        ("draw", np.zeros(2, "<i4")),
        ("patient", np.array([0, 1], "<i4")),
        ("x", np.array([np.nan, 0.1], "<f8")),
    ):
        expected.update(f"outcome {name} {column.dtype.str} (2,)\n".encode() + column.tobytes())
    blood = np.array([[3.0, 4.0], [1.0, 2.0]])
    expected.update(b"series blood <f8 (2, 2)\n" + blood.tobytes())
    expected.update(b"days <f8 (2,)\n" + np.array([0.0, 1.0]).tobytes())
    assert shard().digest() == expected.hexdigest()


def test_digest_ignores_the_order_of_rows_and_columns():
    turned = shard(
        outcomes={"x": np.array([np.nan, 0.1]), "patient": PATIENT[::-1], "arm": KEY, "draw": KEY},
        series={"blood": np.array([[3.0, 4.0], [1.0, 2.0]])},
    )
    assert turned.digest() == shard().digest()


def test_digest_gives_every_nan_one_pattern_but_sees_the_last_bit():
    other_nan = np.array([0.1, 0.0])
    other_nan.view(np.uint64)[1] = 0xFFF8000000000123
    values = {"draw": KEY, "arm": KEY, "patient": PATIENT}
    assert np.isnan(other_nan[1])
    assert shard(outcomes={**values, "x": other_nan}).digest() == shard().digest()
    nudged = np.array([np.nextafter(0.1, 1.0), np.nan])
    assert shard(outcomes={**values, "x": nudged}).digest() != shard().digest()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcomes": {"draw": KEY, "arm": KEY}}, "column 'patient' is missing"),
        (
            {"outcomes": {"draw": KEY, "arm": KEY, "patient": PATIENT, "x": np.zeros(3)}},
            "outcome 'x' has shape",
        ),
        (
            {"outcomes": {"draw": KEY, "arm": KEY, "patient": PATIENT, "x": np.array([{}, {}])}},
            "outcome 'x' has type object",
        ),
        (
            {"outcomes": {"draw": KEY * 1.0, "arm": KEY, "patient": PATIENT}},
            "outcome 'draw' has type float64",
        ),
        ({"series": {"blood": np.zeros((2, 3))}}, "series 'blood' has shape"),
        ({"series": {"day": np.zeros((2, 2))}}, "series may not be called 'day'"),
        ({"days": np.array([1.0, 1.0])}, "days do not increase"),
    ],
)
def test_what_does_not_fit_is_refused(changes, said):
    with pytest.raises(RunStoreError, match=said):
        shard(**changes)


def test_a_patient_simulated_twice_is_refused():
    outcomes = {"draw": KEY, "arm": KEY, "patient": KEY + 7}
    with pytest.raises(RunStoreError, match="draw 0, arm 0, patient 7 was simulated twice"):
        shard(outcomes=outcomes).ordered()
