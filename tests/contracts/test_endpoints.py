"""Every endpoint keeps every promise of an endpoint, on data with gaps and with none."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.evidence import default_catalogue
from progenitor.testing import EndpointContract, promises
from progenitor.trial import ToxicityCriterion, endpoints, published_endpoint

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


def published(kind: type, **choices: object) -> Any:
    """An endpoint with the numbers of its published criteria."""
    return published_endpoint(kind, default_catalogue(), **choices)


def days_of(name: str, share: float, latest: float) -> np.ndarray:
    """Days of an event that a share of the patients has."""
    draw = stream(1, name)
    return np.where(draw.random(PATIENTS) < share, draw.uniform(1.0, latest, PATIENTS), NEVER)


def some(name: str, share: float, samples: int) -> np.ndarray:
    """Findings at visits."""
    return stream(1, name).random((PATIENTS, samples)) < share


def codes(name: str, *values: float, samples: int) -> np.ndarray:
    """Codes at visits."""
    return stream(1, name).choice(np.array(values), (PATIENTS, samples))


def b_cell_aplasia() -> EndpointContract:
    return EndpointContract(
        partial(published(endpoints.BCellAplasia).evaluate, SAMPLES), {"b_cells": levels()}
    )


def cytokine_release_course() -> EndpointContract:
    days = np.arange(1.0, 13.0)
    data = {
        "fever": some("course fever", 0.3, days.size),
        "pressure": codes("pressure", 0.0, 0.0, 2.0, 3.0, NEVER, samples=days.size),
        "oxygen": codes("oxygen", 0.0, 0.0, 2.0, 4.0, NEVER, samples=days.size),
        "treated_day": days_of("treated", 0.5, 12.0),
        "death_day": days_of("course death", 0.1, 12.0),
    }
    course = endpoints.CytokineReleaseCourse(onset_window=10.0)
    return EndpointContract(partial(course.evaluate, days), data)


def cytopenia() -> EndpointContract:
    graded = published(endpoints.Cytopenia, line="neutrophils")
    return EndpointContract(partial(graded.evaluate, SAMPLES), {"level": 10.0 * levels()})


def dose_limiting_toxicity() -> EndpointContract:
    days = np.arange(1.0, 30.0, 2.0)
    toxicity = endpoints.DoseLimitingToxicity(
        (ToxicityCriterion("a", 3, resolves_within=3.0), ToxicityCriterion("b", 4)), 28.0
    )
    data = {
        "a": codes("grade a", 0.0, 1.0, 3.0, 3.0, NEVER, samples=days.size),
        "b": codes("grade b", 0.0, 1.0, 2.0, NEVER, samples=days.size),
        "to": np.where(np.arange(PATIENTS) == 0, NEVER, days_of("followed", 1.0, 60.0)),
    }
    return EndpointContract(lambda a, b, to: toxicity.evaluate(days, {"a": a, "b": b}, to), data)


def duration_of_response() -> EndpointContract:
    days = event_days()
    first = np.fmin(28.0, days["last_visit_day"])
    response = np.where(np.arange(PATIENTS) % 3 == 0, NEVER, first)
    later = {name: np.fmax(values, response) for name, values in days.items()}
    data = {"response_day": response, "last_visit_day": later["last_visit_day"]}
    for name in ("progression_day", "death_day"):
        data[name] = np.where(np.isnan(days[name]), NEVER, later[name])
    return EndpointContract(endpoints.DurationOfResponse(new_therapy="censor").evaluate, data)


def event_free_survival() -> EndpointContract:
    survival = endpoints.EventFreeSurvival(
        analysis_set="infused", time_zero="infusion", respond_by=90.0, failure_dated="time zero"
    )
    days = event_days()
    data = {
        "response_day": days_of("first response", 0.7, 120.0),
        "relapse_day": days["progression_day"],
        "death_day": days["death_day"],
        "last_visit_day": days["last_visit_day"],
    }
    return EndpointContract(partial(survival.evaluate, days_from="infusion"), data)


def graft_versus_host_disease() -> EndpointContract:
    disease = published(endpoints.GraftVersusHostDisease)
    names = ("skin", "liver", "upper_gut", "lower_gut")
    data = {
        name: codes(name, 0.0, 0.0, 1.0, *((2.0, 3.0, 4.0) if name != "upper_gut" else ()), NEVER,
                    samples=VISITS.size)
        for name in names
    }  # fmt: skip
    return EndpointContract(
        lambda **stages: disease.evaluate(VISITS, endpoints.OrganStages(**stages)), data
    )


def haematotoxicity() -> EndpointContract:
    icaht = published(endpoints.Haematotoxicity)
    days = np.array([0.0, 3.0, 7.0, 10.0, 14.0, 21.0, 30.0, 45.0, 60.0])
    return EndpointContract(partial(icaht.evaluate, days), {"neutrophils": 3.0 * levels()})


def hlh_like_syndrome() -> EndpointContract:
    draw = stream(1, "ferritin")
    shape = (PATIENTS, VISITS.size)
    data = {
        "ferritin": draw.uniform(0.5, 6.0, shape),
        "fibrinogen": draw.uniform(80.0, 400.0, shape),
        "transaminases": draw.uniform(0.5, 8.0, shape),
        "care": draw.integers(1, 5, shape),
        "cytopenia": some("cytopenia", 0.2, VISITS.size),
        "attributable": some("attributable", 0.9, VISITS.size),
        "death_day": days_of("syndrome death", 0.2, 300.0),
    }
    data["ferritin"][0] = NEVER
    syndrome = published(endpoints.HlhLikeSyndrome)
    return EndpointContract(partial(syndrome.evaluate, VISITS), data)


def imwg_response() -> EndpointContract:
    draw = stream(1, "myeloma")
    shape = (PATIENTS, VISITS.size + 1)
    data = {
        "serum": draw.uniform(0.0, 6.0, shape),
        "urine": draw.uniform(0.0, 600.0, shape),
        "light_chain": draw.uniform(0.0, 900.0, shape),
        "marrow": draw.uniform(0.0, 0.6, shape),
        "plasmacytoma": np.where(some("tumour", 0.8, shape[1]), 0.0, draw.uniform(0.0, 9.0, shape)),
    }
    data["serum"][0], data["marrow"][1:, 2] = NEVER, NEVER
    for sign in ("immunofixation_negative", "normal_ratio", "clone_free"):
        data[sign] = some(sign, 0.5, shape[1])
    data["new_lesion"] = some("new lesion", 0.05, shape[1])
    imwg = published(endpoints.ImwgResponse)
    return EndpointContract(partial(imwg.evaluate, np.append(0.0, VISITS)), data)


def infection_rate() -> EndpointContract:
    draw = stream(1, "infections")
    onset = draw.uniform(0.0, 60.0, (PATIENTS, 3))
    onset[0], onset[1, 2] = NEVER, NEVER
    data = {
        "onset_day": onset,
        "severity": draw.integers(1, 6, onset.shape),
        "followed_to": np.fmax(np.nan_to_num(onset).max(axis=1), days_of("risk", 1.0, 90.0)),
    }
    rate = endpoints.InfectionRate(first_day=0.0, last_day=28.0, least_severity=2, apart=7.0)
    return EndpointContract(rate.evaluate, data)


def interval_persistence() -> EndpointContract:
    persisting = endpoints.IntervalPersistence(lower_limit_of_quantification=1.0)
    data = {"level": levels(), "competing_day": days_of("competing", 0.4, 300.0)}
    return EndpointContract(partial(persisting.evaluate, SAMPLES), data)


def leukaemia_response() -> EndpointContract:
    draw = stream(1, "leukaemia")
    shape = (PATIENTS, VISITS.size)
    marrow = 10.0 ** draw.uniform(-4.0, 0.0, shape)
    marrow[0], marrow[1:4, 2] = NEVER, NEVER
    data = {
        "marrow": marrow,
        "neutrophils": draw.uniform(200.0, 4000.0, shape),
        "platelets": draw.uniform(2e4, 4e5, shape),
        "extramedullary": some("extramedullary", 0.1, VISITS.size),
    }
    response = published(endpoints.LeukaemiaResponse)
    return EndpointContract(partial(response.evaluate, VISITS), data)


def neurotoxicity_syndrome() -> EndpointContract:
    data = {
        "ice": codes("ice", 10.0, 10.0, 8.0, 5.0, 1.0, NEVER, samples=VISITS.size),
        "consciousness": codes("consciousness", 0, 0, 1, 2, 3, 4, samples=VISITS.size),
        "seizure": codes("seizure", 0, 0, 0, 3, 4, samples=VISITS.size),
        "weakness": some("weakness", 0.1, VISITS.size),
        "death_day": days_of("neurotoxic death", 0.1, 300.0),
    }
    syndrome = published(endpoints.NeurotoxicitySyndrome)
    return EndpointContract(partial(syndrome.evaluate, VISITS), data)


def oxidase_positive_neutrophils() -> EndpointContract:
    draw = stream(1, "oxidase")
    positive = draw.uniform(0.0, 0.4, (PATIENTS, VISITS.size))
    positive[0], positive[1, 2] = NEVER, NEVER
    data = {"positive": positive, "neutrophils": draw.uniform(0.0, 500.0, positive.shape)}
    oxidase = published(
        endpoints.OxidasePositiveNeutrophils, by_day=90.0, until_day=365.0, sure=True
    )
    return EndpointContract(partial(oxidase.evaluate, VISITS), data)


def recist_response() -> EndpointContract:
    draw = stream(1, "recist")
    size = 80.0 * np.exp(draw.normal(0.0, 0.5, (PATIENTS, VISITS.size)))
    size[0], size[1, 2], size[4] = NEVER, NEVER, 0.0
    baseline = np.full(PATIENTS, 80.0)
    baseline[3], baseline[5] = NEVER, 0.0
    data = {
        "size": size,
        "baseline": baseline,
        "other_lesions": codes("others", 0, 2, 2, 3, 3, 1, samples=VISITS.size),
        "new_lesion": some("new", 0.05, VISITS.size),
    }
    return EndpointContract(partial(published(endpoints.RecistResponse).evaluate, VISITS), data)


CASES: dict[str, Callable[[], EndpointContract]] = {
    "BCellAplasia": b_cell_aplasia,
    "CellularKinetics": cellular_kinetics,
    "CytokineReleaseCourse": cytokine_release_course,
    "CytokineReleaseSyndrome": cytokine_release_syndrome,
    "Cytopenia": cytopenia,
    "DoseLimitingToxicity": dose_limiting_toxicity,
    "DurationOfResponse": duration_of_response,
    "EventFreeSurvival": event_free_survival,
    "GraftVersusHostDisease": graft_versus_host_disease,
    "Haematotoxicity": haematotoxicity,
    "HlhLikeSyndrome": hlh_like_syndrome,
    "ImwgResponse": imwg_response,
    "InfectionRate": infection_rate,
    "IntervalPersistence": interval_persistence,
    "LeukaemiaResponse": leukaemia_response,
    "LuganoResponse": lugano_response,
    "MinimalResidualDisease": minimal_residual_disease,
    "NeurotoxicitySyndrome": neurotoxicity_syndrome,
    "OverallSurvival": overall_survival,
    "OxidasePositiveNeutrophils": oxidase_positive_neutrophils,
    "Persistence": persistence,
    "ProgressionFreeSurvival": progression_free_survival,
    "RecistResponse": recist_response,
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
