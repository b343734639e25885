"""Joint genotypes, knock-in and depletion against closed forms and a cell-by-cell simulation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from progenitor.manufacture import CellState
from progenitor.manufacture._editing import knocked_in, without_unedited
from progenitor.manufacture._genotype import apply_edits, joint_genotypes, spread_over

SHARE = st.floats(0, 1)


@given(st.lists(SHARE, min_size=1, max_size=4), SHARE)
def test_genotypes_are_shares_of_the_whole(efficiency: list[float], uptake: float) -> None:
    joint = joint_genotypes(np.array([efficiency]), np.array([uptake]))
    assert joint.shape == (1, 2 ** len(efficiency))
    assert (joint >= 0).all()
    np.testing.assert_allclose(joint.sum(), 1, rtol=1e-12, atol=0)  # sums of products of shares


@given(st.lists(st.floats(0, 0.6), min_size=1, max_size=4), st.floats(0.6, 1))
def test_each_locus_keeps_its_efficiency(efficiency: list[float], uptake: float) -> None:
    joint = joint_genotypes(np.array([efficiency]), np.array([uptake]))[0]
    for locus, wanted in enumerate(efficiency):
        has = (np.arange(len(joint)) >> locus) & 1 == 1
        # sums of up to 16 products of shares
        np.testing.assert_allclose(joint[has].sum(), wanted, rtol=1e-9, atol=1e-15)


def test_loci_are_cut_together_more_often_than_by_chance() -> None:
    joint = joint_genotypes(np.array([[0.6, 0.6]]), np.array([0.8]))[0]
    np.testing.assert_allclose(joint[3], 0.6 * 0.6 / 0.8, rtol=1e-12, atol=0)  # closed form
    assert joint[3] > 0.6 * 0.6


def test_genotypes_agree_with_single_cells() -> None:
    """n = 200,000 cells, seed 3: |z| < 4 for each genotype fails one time in 16,000."""
    efficiency, uptake, cells = np.array([0.7, 0.5, 0.3]), 0.9, 200_000
    random = np.random.Generator(np.random.PCG64(3))
    taken = random.random(cells) < uptake
    cut = (random.random((cells, 3)) < efficiency / uptake) & taken[:, np.newaxis]
    seen = np.bincount(cut @ (1 << np.arange(3)), minlength=8) / cells
    expected = joint_genotypes(efficiency[np.newaxis], np.array([uptake]))[0]
    error = np.sqrt(expected * (1 - expected) / cells)
    assert (np.abs(seen - expected) < 4 * error).all()


def test_an_edit_is_for_good() -> None:
    before = np.array([[[0.3, 0.7], [0.0, 1.0]]])
    after = apply_edits(before, np.array([[0.5, 0.5]]))
    np.testing.assert_allclose(after, [[[0.15, 0.85], [0.0, 1.0]]], rtol=1e-12, atol=0)  # by hand


def test_new_loci_are_unedited() -> None:
    wider = spread_over(np.array([[[0.2, 0.8], [0.4, 0.6]]]), ("a",), ("a", "b"))
    np.testing.assert_array_equal(wider[0], [[0.2, 0.8, 0, 0], [0.4, 0.6, 0, 0]])


def edited(car: float, trac: float) -> CellState:
    genotypes = np.tile([1 - trac, trac], (1, 2, 1))
    return replace(
        CellState.empty(1),
        cells=np.full((1, 6), 100.0),
        genotypes=genotypes,
        loci=("trac",),
        car_fraction=np.array([car]),
        vcn_per_cell=np.array([2 * car]),
    )


def test_counts_are_stage_by_genotype_by_receptor() -> None:
    state = edited(0.4, 0.9)
    assert state.counts.shape == (1, 6, 2, 2)
    np.testing.assert_allclose(state.counts.sum(axis=(2, 3)), state.cells, rtol=1e-12, atol=0)
    # stage, edited, positive: 100 x 0.9 x 0.4
    np.testing.assert_allclose(state.counts[0, 0, 1, 1], 36.0, rtol=1e-12, atol=0)
    np.testing.assert_allclose(state.edited("trac"), 0.9, rtol=1e-12, atol=0)
    np.testing.assert_array_equal(state.edited("b2m"), 0.0)


def test_a_knocked_in_receptor_is_never_without_its_cut() -> None:
    state = knocked_in(edited(0.0, 0.8), "trac", np.array([0.5]))
    np.testing.assert_allclose(state.car_fraction, 0.4, rtol=1e-12, atol=0)
    np.testing.assert_allclose(state.genotypes[0, 1], [0.0, 1.0], rtol=1e-12, atol=0)
    np.testing.assert_allclose(state.edited("trac"), 0.8, rtol=1e-12, atol=0)
    np.testing.assert_allclose(state.vcn_per_car_cell, 1.0, rtol=1e-12, atol=0)


@pytest.mark.parametrize("residual", [0.0, 0.02, 1.0])
def test_depletion_leaves_the_residue(residual: float) -> None:
    state, kept = without_unedited(edited(0.4, 0.9), "trac", residual=np.array([residual]))
    np.testing.assert_allclose(kept, 0.9 + 0.1 * residual, rtol=1e-12, atol=0)
    np.testing.assert_allclose(1 - state.edited("trac"), 0.1 * residual / kept, rtol=1e-9, atol=0)
    np.testing.assert_allclose(state.car_fraction, 0.4, rtol=1e-12, atol=0)  # independent of it


def test_depletion_enriches_a_knocked_in_receptor() -> None:
    state, _ = without_unedited(
        knocked_in(edited(0.0, 0.8), "trac", np.array([0.5])), "trac", residual=np.zeros(1)
    )
    np.testing.assert_allclose(state.car_fraction, 0.5, rtol=1e-12, atol=0)
    np.testing.assert_allclose(state.vcn_per_car_cell, 1.0, rtol=1e-12, atol=0)
