"""Every endpoint keeps every promise of an endpoint, on data with gaps and with none."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.testing import EndpointContract, promises
from progenitor.trial import endpoints

PATIENTS = 12
VISITS = np.array([28.0, 90.0, 180.0, 365.0])
SAMPLES = np.array([0.0, 3.0, 7.0, 10.0, 14.0, 28.0, 90.0, 180.0, 365.0])
NEVER = np.nan


def cellular_kinetics() -> EndpointContract:
    kinetics = endpoints.CellularKinetics(lower_limit_of_quantification=1.0)
    return EndpointContract(partial(kinetics.evaluate, SAMPLES), {"level": levels()})


def persistence() -> EndpointContract:
    persisting = endpoints.Persistence(day=180.0, lower_limit_of_quantification=1.0)
    return EndpointContract(partial(persisting.evaluate, SAMPLES), {"level": levels()})


def levels() -> np.ndarray:
    """Rise and fall over decades; one patient without samples, one with gaps, one with nothing."""
    draw = stream(1, "kinetics")
    peak = 10.0 ** draw.uniform(0.0, 3.0, (PATIENTS, 1))
    level = peak * np.exp(-0.5 * (np.log((SAMPLES + 1.0) / 10.0)) ** 2)
    level[0], level[1, 2:5], level[2] = np.nan, np.nan, 0.0
    return level


def lugano_response() -> EndpointContract:
    lugano = endpoints.LuganoResponse(
        partial_decrease=0.5, progression_increase=0.5, complete_cells=1e7, measurable_size=2.25
    )
    draw = stream(1, "response")
    size = 10.0 * np.exp(draw.normal(0.0, 0.7, (PATIENTS, VISITS.size)))
    size[0], size[1, 2] = np.nan, np.nan
    baseline = np.full(PATIENTS, 10.0)
    baseline[3] = np.nan
    data = {"size": size, "metabolic": size < 3.0, "baseline": baseline}
    return EndpointContract(partial(lugano.evaluate, VISITS), data)


def event_days() -> dict[str, np.ndarray]:
    """Progression before, after and without death; patients lost early; one without data."""
    draw = stream(1, "events")
    progression = np.where(draw.random(PATIENTS) < 0.5, draw.uniform(1.0, 300.0, PATIENTS), NEVER)
    death = np.where(draw.random(PATIENTS) < 0.5, draw.uniform(1.0, 300.0, PATIENTS), NEVER)
    last = np.fmin(np.fmin(progression, death), draw.uniform(10.0, 400.0, PATIENTS))
    progression[0] = death[0] = last[0] = np.nan
    return {"progression_day": progression, "death_day": death, "last_visit_day": last}


def progression_free_survival() -> EndpointContract:
    survival = endpoints.ProgressionFreeSurvival(analysis_set="infused", time_zero="infusion")
    evaluate = partial(survival.evaluate, days_from="infusion")
    return EndpointContract(evaluate, event_days())


def overall_survival() -> EndpointContract:
    survival = endpoints.OverallSurvival(analysis_set="infused", time_zero="infusion")
    days = event_days()
    data = {"death_day": days["death_day"], "last_alive_day": days["last_visit_day"]}
    data["last_alive_day"] = np.where(
        np.isnan(data["death_day"]), data["last_alive_day"], data["death_day"]
    )
    return EndpointContract(partial(survival.evaluate, days_from="infusion"), data)


def cytokine_release_syndrome() -> EndpointContract:
    draw = stream(1, "cytokine release")
    signs = ("fever", "hypotension", "one_vasopressor", "low_flow_oxygen", "high_flow_oxygen")
    data = {
        sign: np.where(draw.random(PATIENTS) < 0.6, draw.uniform(1.0, 12.0, PATIENTS), NEVER)
        for sign in signs
    }
    evaluable = np.arange(PATIENTS) != 0
    grades = endpoints.CytokineReleaseSyndrome(onset_window=14.0)
    return EndpointContract(grades.evaluate, {**data, "evaluable": evaluable})


def minimal_residual_disease() -> EndpointContract:
    draw = stream(1, "residual disease")
    fraction = 10.0 ** draw.uniform(-8.0, -1.0, (PATIENTS, VISITS.size))
    fraction[0], fraction[1] = np.nan, 0.0
    disease = endpoints.MinimalResidualDisease(sensitivity=1e-5, cells_sampled=1e6)
    data = {"fraction": fraction, "uniforms": draw.random(fraction.shape)}
    return EndpointContract(disease.evaluate, data)


CASES: dict[str, Callable[[], EndpointContract]] = {
    "CellularKinetics": cellular_kinetics,
    "CytokineReleaseSyndrome": cytokine_release_syndrome,
    "LuganoResponse": lugano_response,
    "MinimalResidualDisease": minimal_residual_disease,
    "OverallSurvival": overall_survival,
    "Persistence": persistence,
    "ProgressionFreeSurvival": progression_free_survival,
}


def test_every_endpoint_has_a_case() -> None:
    """An endpoint without a case would escape the contract."""
    known = [name for name in endpoints.__all__ if hasattr(getattr(endpoints, name), "evaluate")]
    assert sorted(CASES) == sorted(known)


@pytest.mark.parametrize("promise", promises(EndpointContract))
@pytest.mark.parametrize("name", CASES)
def test_endpoint_keeps(name: str, promise: str) -> None:
    getattr(CASES[name](), promise)()


def _ranks(size: np.ndarray) -> np.ndarray:
    return size.argsort().argsort()


def _changes_its_data(size: np.ndarray) -> np.ndarray:
    size[:] = 0.0
    return size.copy()


@pytest.mark.parametrize(
    ("promise", "evaluate"),
    [
        ("answers_for_every_patient", lambda size: size[:-1]),
        ("answers_for_every_patient", lambda size: np.full_like(size, np.inf)),
        ("judges_each_patient_alone", _ranks),
        ("does_not_care_about_order", lambda size: np.arange(size.size)),
        ("leaves_the_data_alone", _changes_its_data),
    ],
)
def test_the_contract_finds_what_is_wrong(
    promise: str, evaluate: Callable[[np.ndarray], np.ndarray]
) -> None:
    contract = EndpointContract(evaluate, {"size": np.array([3.0, 1.0, 2.0])})
    with pytest.raises(AssertionError):
        getattr(contract, promise)()
