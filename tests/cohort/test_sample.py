"""Sampled numbers follow their records, and depend on nothing but their own keys."""

import numpy as np
import pytest

from progenitor.cohort import Correlation, sample_numbers
from progenitor.errors import CatalogueError
from progenitor.evidence import default_catalogue, widened_cv

MANY = 4000


def numbers(ids: list[str], *, draw: np.ndarray, patient: np.ndarray, **options: object) -> dict:
    return dict(
        sample_numbers(default_catalogue(), ids, seed=5, draw=draw, patient=patient, **options)
    )


def test_patients_of_one_draw_spread_as_the_record_says() -> None:
    """Log standard deviation within 5 standard errors; n = 4,000, false alarm below 1e-6."""
    name = "t_cell/kill_half_saturation"
    used = default_catalogue().parameter(name).used
    assert used is not None
    values = numbers([name], draw=np.zeros(MANY, int), patient=np.arange(MANY))[name]
    sigma = np.sqrt(np.log1p(used.between_patient_cv**2))
    assert abs(np.log(values).std() / sigma - 1) < 5 / np.sqrt(2 * MANY)


def test_draws_of_the_typical_patient_spread_by_the_widened_doubt() -> None:
    name = "t_cell/kill_half_saturation"
    record = default_catalogue().parameter(name)
    assert record.used is not None
    values = numbers([name], draw=np.arange(MANY), patient=np.zeros(MANY, int), typical=True)[name]
    sigma = np.sqrt(np.log1p(widened_cv(record) ** 2))
    assert abs(np.log(values).std() / sigma - 1) < 5 / np.sqrt(2 * MANY)
    assert abs(np.log(values / record.used.median).mean()) < 5 * sigma / np.sqrt(MANY)


def test_logitnormal_stays_between_zero_and_one_around_its_median() -> None:
    name = "t_cell/retained_dose_fraction"
    used = default_catalogue().parameter(name).used
    assert used is not None
    values = numbers([name], draw=np.arange(MANY), patient=np.arange(MANY))[name]
    assert ((values > 0) & (values < 1)).all()
    assert abs((values < used.median).mean() - 0.5) < 5 * 0.5 / np.sqrt(MANY)


def test_truncation_holds_and_fixed_numbers_do_not_move() -> None:
    ids = ["disease/tumour_growth_rate", "endpoint/progression_increase"]
    found = numbers(ids, draw=np.arange(MANY), patient=np.arange(MANY))
    assert found[ids[0]].max() <= 0.5
    assert np.unique(found[ids[1]]).tolist() == [0.5]


def test_correlation_is_reached_and_touches_only_the_named() -> None:
    ids = ["disease/tumour_at_enrolment", "disease/tumour_growth_rate", "host/body_weight"]
    keys = {"draw": np.zeros(MANY, int), "patient": np.arange(MANY)}
    alone = numbers(ids, **keys)
    linked = numbers(ids, **keys, correlations=[Correlation(ids[0], ids[1], 0.6)])
    inside = linked[ids[1]] < 0.49
    seen = np.corrcoef(np.log(linked[ids[0]][inside]), np.log(linked[ids[1]][inside]))[0, 1]
    assert abs(seen - 0.6) < 5 * (1 - 0.36) / np.sqrt(MANY) + 0.02
    assert (alone[ids[2]] == linked[ids[2]]).all()


def test_a_number_depends_only_on_its_own_keys() -> None:
    """Another parameter, another patient or another order changes nothing."""
    name = "host/body_weight"
    both = numbers([name, "t_cell/kill_rate"], draw=np.zeros(5, int), patient=np.arange(5))
    backwards = numbers([name], draw=np.zeros(3, int), patient=np.array([4, 2, 0]))
    assert backwards[name].tolist() == both[name][[4, 2, 0]].tolist()


def test_verification_records_and_impossible_correlations_are_refused() -> None:
    one = {"draw": np.zeros(1, int), "patient": np.zeros(1, int)}
    with pytest.raises(CatalogueError, match="no distribution to sample"):
        numbers(["observed/juliet_objective_response"], **one)
    ids = ["t_cell/kill_rate", "host/body_weight", "t_cell/exhaustion_rate"]
    circle = [
        Correlation(ids[0], ids[1], 0.9),
        Correlation(ids[1], ids[2], 0.9),
        Correlation(ids[0], ids[2], -0.9),
    ]
    with pytest.raises(CatalogueError, match="cannot hold together"):
        numbers(ids, **one, correlations=circle)
