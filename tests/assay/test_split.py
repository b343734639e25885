"""Gates between two populations: rare, dim, wide and single ones."""

import numpy as np
import pytest

from progenitor.assay import split
from progenitor.assay._split import split_intensity
from progenitor.engine import stream


def stained(seed, *, positive=0.3, apart=1.2, sd=0.25, count=20_000, noise=40.0):
    """Log-normal populations, ``apart`` decades from each other, beside a noisy detector."""
    random = stream(seed, "test split")
    bright = random.random(count) < positive
    level = random.normal(2.4 + apart * bright, sd)
    return 10**level + random.normal(0, noise, count), bright


@pytest.mark.parametrize("positive", [0.005, 0.05, 0.3, 0.7, 0.97])
@pytest.mark.parametrize("apart", [1.2, 1.8])
def test_gates_stand_between_the_populations(positive, apart):
    """Of each population at most one in ten is on the wrong side, however rare the other."""
    values, bright = stained(1, positive=positive, apart=apart)
    placed = split_intensity(values)
    assert placed is not None
    low, high, found = placed
    assert low < high
    assert found.apart > 2
    cut = (low + high) / 2
    assert np.mean(values[bright] <= cut) < (0.1 if positive > 0.01 else 0.3)
    assert np.mean(values[~bright] > cut) < (0.1 if positive < 0.9 else 0.3)


@pytest.mark.parametrize("seed", range(5))
def test_a_single_population_has_no_gate_but_an_edge(seed):
    values, _ = stained(seed, positive=0.0)
    assert split_intensity(values) is None
    placed = split_intensity(values, single="below")
    assert placed is not None
    assert placed[2].method == "edge"
    assert np.mean(values > placed[0]) < 0.005


def test_events_far_out_do_not_move_the_gate():
    """A handful of absurd values stands in the tails, where a valley would be found too."""
    values, bright = stained(3, positive=0.18, apart=1.0, sd=0.2)
    odd = np.concatenate([values, -2000.0 + np.arange(15), 2.5e5 + np.arange(15.0)])
    placed = split_intensity(odd)
    assert placed is not None
    cut = (placed[0] + placed[1]) / 2
    assert np.percentile(values[~bright], 90) < cut < np.percentile(values[bright], 10)


def test_nothing_divides_nothing():
    assert split(np.zeros(0)) is None
    assert split(np.full(500, 3.0)) is None
    assert split_intensity(np.full(500, 3.0), single="below") is None
