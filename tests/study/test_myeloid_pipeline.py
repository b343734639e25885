"""A bank of progenitors from the lot to the patient: what a study of T cells can do, these can."""

from pathlib import Path

import numpy as np
import pytest

from progenitor.errors import StudyError
from progenitor.evidence import default_catalogue
from progenitor.study import Study, load_exported_trial, run_study
from progenitor.study.results import RunResult

SHIPPED = Path(__file__).parents[2] / "studies" / "car_gmp_bank_in_her2.yaml"
DRAWS, PATIENTS = 4, 12
Columns = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, Columns, np.ndarray]:
    """Return a small run of the shipped study, its outcomes and the arm of each row."""
    from progenitor.study._store import RunStore

    found = run_study(
        Study.load(SHIPPED).with_options(draws=DRAWS, patients=PATIENTS),
        catalogue=default_catalogue(),
        runs_dir=tmp_path_factory.mktemp("runs"),
        seed=7,
    )
    with RunStore.open(found.run_dir) as store:
        shard = store.read_all().ordered()
    return found, shard.outcomes, shard.outcomes["arm"]


def test_progenitors_are_counted_as_their_monocytes(run) -> None:
    found, outcomes, arm = run
    given = outcomes["infused"].astype(bool) & ~outcomes["failed"].astype(bool)
    assert (outcomes["cmax"][given & (arm == 1)] > 0).all()
    assert "monocytes" in found.arms["mismatched"].endpoints["cmax"].note
    assert "product_monocytes_in_blood" in found.arms["mismatched"].bands


def test_cells_without_a_time_in_blood_have_no_kinetics(run) -> None:
    found, outcomes, arm = run
    for name in ("cmax", "tlast", "persistence_12_months"):
        assert np.isnan(outcomes[name][arm == 0].astype(float)).all()
    assert "not modelled" in found.arms["macrophage"].endpoints["cmax"].note
    assert "product_monocytes_in_blood" not in found.arms["macrophage"].bands
    assert "product_macrophages_in_tumour" in found.arms["macrophage"].bands


def test_lots_hold_the_cells_of_their_recipe(run) -> None:
    found, _, _ = run
    assert set(found.arms["macrophage"].composition) == {"macrophage"}
    assert set(found.arms["matched"].composition) == {"gmp"}


def test_the_same_lots_last_longer_in_a_matched_patient(run) -> None:
    """Rejection alone tells the two arms of the bank apart: same lots, doses and patients."""
    _, outcomes, arm = run
    one, other = (
        {name: outcomes[name][arm == k].astype(float) for name in ("dose", "auc_0_28", "tlast")}
        for k in (1, 2)
    )
    np.testing.assert_array_equal(one["dose"], other["dose"])
    both = np.isfinite(one["tlast"]) & np.isfinite(other["tlast"])
    assert both.sum() > 10
    assert (other["tlast"][both] >= one["tlast"][both]).mean() > 0.9
    assert np.nanmedian(other["auc_0_28"]) > np.nanmedian(one["auc_0_28"])


def test_what_no_patient_has_shown_is_said(run) -> None:
    found, _, _ = run
    assert any("No patient has received CAR-GMP" in one for one in found.weaknesses)
    assert not any("Tscm" in one for one in found.weaknesses)


def test_the_dose_is_no_more_than_the_lot_holds(run) -> None:
    _, outcomes, _ = run
    given = outcomes["infused"].astype(bool)
    assert (outcomes["dose"][given] <= outcomes["lot_cells"][given]).all()


def test_levels_of_progenitors_are_exported(run) -> None:
    found, _, _ = run
    exported = load_exported_trial(found.run_dir)
    assert "Monocytes of the product" in [one.label for one in exported.levels]
    assert "CAR-T cells in blood" not in [one.label for one in exported.levels]


def test_an_unknown_switch_is_refused_by_line() -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace("mhc_mismatch: 0", "mhc_mismach: 0")
    with pytest.raises(StudyError) as caught:
        Study.parse(text, path="study.yaml", catalogue=default_catalogue())
    (problem,) = caught.value.problems
    assert "mhc_mismach" in str(problem)
    assert "mhc_mismatch" in problem.fix
