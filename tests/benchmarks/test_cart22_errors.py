"""The benchmark's error, against values worked out by hand."""

import doctest

import numpy as np
import pytest
from benchmarks.cart22 import _errors, _matched, _patients
from benchmarks.cart22._errors import observable_errors, patient_errors, species_errors, spread
from benchmarks.cart22._matched import Point, speed_at
from benchmarks.cart22._patients import reference_days, reference_states
from benchmarks.cart22._problem import OBSERVABLES, SPECIES


def test_error_by_hand() -> None:
    expected = np.array([[[10.0, 0.0], [-2.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]])
    found = np.array([[[10.1, 0.0005], [-2.0, 0.9]], [[1.0, 1.0], [1.0, 1.0]]])
    # 0.1/10.001, 0.0005/0.001, 0/2.001, 0.1/1.001: the second is the largest.
    assert patient_errors(found, expected) == pytest.approx([0.5, 0.0], rel=1e-12, abs=0)


def test_an_unsolved_patient_has_no_finite_error() -> None:
    found = np.array([[[1.0]], [[np.nan]]])
    assert patient_errors(found, np.ones((2, 1, 1))).tolist() == [0.0, np.inf]


def test_spread_by_hand() -> None:
    found = spread(np.arange(1.0, 21.0)[::-1])
    assert (found.median, found.p95, found.largest) == (10.5, 20.0, 20.0)


def daily(states: np.ndarray) -> np.ndarray:
    """The reference on its days, NaN on all others, which must not be looked at."""
    values = np.full((len(states), 736, states.shape[2]), np.nan)
    values[:, reference_days().astype(int)] = states
    return values


def test_the_reference_agrees_with_itself_and_not_with_its_neighbour() -> None:
    states = reference_states()
    assert states.shape == (64, 11, 22)
    assert species_errors(daily(states)).max() == 0.0
    assert species_errors(daily(states[::-1])).min() > 0.1


def test_observables_are_sums_of_species() -> None:
    states = reference_states()
    names = list(SPECIES)
    sums = [sum(states[..., names.index(part)] for part in parts) for parts in OBSERVABLES.values()]
    assert observable_errors(daily(np.stack(sums, axis=-1))).max() < 1e-15
    sums[0] = sums[0] * 1.01
    assert observable_errors(daily(np.stack(sums, axis=-1))) == pytest.approx(0.01, rel=1e-3)


def test_a_peer_is_matched_on_its_front() -> None:
    wasteful = Point(2e-5, 50.0)  # slower and no more accurate than the next
    peer = [Point(1e-6, 100.0), wasteful, Point(1e-4, 400.0)]
    assert speed_at(peer, 1e-5) == pytest.approx(200.0, rel=1e-9)
    assert speed_at(peer, 1e-9) == 100.0
    assert speed_at(peer, 2e-4) is None


@pytest.mark.parametrize("module", [_errors, _matched, _patients])
def test_examples_run(module: object) -> None:
    found = doctest.testmod(module)  # type: ignore[arg-type]
    assert found.attempted > 0
    assert found.failed == 0
