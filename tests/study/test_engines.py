"""The study on the fast engine against the reference, which shares no solver with it.

Whatever hangs on large numbers of cells agrees to the tolerance of both. What happens to a few
cells is drawn at random by both, from numbers that differ in the sixth digit; how often that ends
differently is bounded, and its distribution is compared in ``tests/engine``.
"""

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.study import Chunk, Shard, Study, template_path
from progenitor.study._plan import Plan
from progenitor.study._simulate import simulate_chunk

DRAWS, PATIENTS = (13, 55), 8
DECIDED = ("lot_released", "lot_failure", "infused", "failed", "best_response", "crs_grade")
MEASURED = ("lot_cells", "dose", "cmax", "tmax", "auc_0_28", "transgene_cmax", "crs_onset")
MEASURED += ("interleukin_6_peak", "best_change", "vein_to_vein")


def shard(**solver: str) -> Shard:
    study = Study.load(template_path("tscm_vs_cart_dlbcl"))
    chosen = study.file.solver.model_copy(update=solver)
    file = study.file.model_copy(update={"solver": chosen})
    plan = Plan(file, study.seed, DRAWS, default_catalogue().path)
    return simulate_chunk(plan, Chunk(0, 0, PATIENTS, draws=len(DRAWS)))


@pytest.fixture(scope="module")
def fast() -> Shard:
    return shard()


@pytest.fixture(scope="module")
def reference() -> Shard:
    return shard(engine="reference")


@pytest.mark.parametrize("column", DECIDED)
def test_both_engines_decide_the_same(fast: Shard, reference: Shard, column: str) -> None:
    found, expected = (one.outcomes[column].astype(float) for one in (fast, reference))
    assert np.array_equal(found, expected, equal_nan=True)


@pytest.mark.parametrize("column", MEASURED)
def test_both_engines_measure_the_same(fast: Shard, reference: Shard, column: str) -> None:
    found, expected = fast.outcomes[column], reference.outcomes[column]
    assert np.isfinite(expected).sum() > PATIENTS
    assert found == pytest.approx(expected, rel=1e-3, abs=0.0, nan_ok=True)


def test_few_cells_end_differently_in_few_patients(fast: Shard, reference: Shard) -> None:
    """In a trial of 640 patients 3 % had another 12-month PFS; more than 10 % would be a fault."""
    found, expected = fast.outcomes["pfs_12_months"], reference.outcomes["pfs_12_months"]
    known = np.isfinite(expected)
    assert (found[known] != expected[known]).mean() <= 0.1


@pytest.mark.parametrize("column", MEASURED)
def test_single_precision_measures_the_same(fast: Shard, column: str) -> None:
    single = shard(precision="single").outcomes[column]
    assert single == pytest.approx(fast.outcomes[column], rel=1e-3, abs=0.0, nan_ok=True)
