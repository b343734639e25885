"""The allogeneic module against UCART19: what its model found in words, and its few numbers.

Derippe 2022 (doi in the sources) describes three courses, interleukin-7 raised by lymphodepletion,
elimination by host T cells and the need for alemtuzumab; Dupouy 2022 how long cells persisted.
Nothing here was fitted except graft-versus-host disease, to 2 of 21 patients. Patients are drawn
one per parameter draw, so what we do not know is in the spread.
"""

from functools import cache

import numpy as np

from progenitor.body import Body, named_body
from progenitor.cohort import correlations_of, sample_numbers
from progenitor.engine import Dose, Status, Trajectories, simulate
from progenitor.evidence import default_catalogue

CATALOGUE = default_catalogue()
NAME = "edited_allogeneic_car_t/b_all/human_adult"
PATIENTS = 250
DAYS = np.concatenate([np.arange(-1.0, 57.0), np.arange(63.0, 183.0, 14.0)])
START = 12.0
"""Day 0 of the model is twelve days before the infusion."""
COMPOSITION = {"tscm": 0.04, "tcm": 0.29, "teff": 0.56, "tex": 0.11}
CELLS_PER_KG = 1e6
CONDITIONING = (-5.0, -4.0, -3.0)
SEROTHERAPY = dict.fromkeys((-8.0, -7.0, -6.0, -5.0), 10000.0)
"""Alemtuzumab, 40 mg in all; the dose of the trial was not read."""
LIMIT = 0.1
"""Cells per microlitre below which an assay of blood sees none (about 100 copies/ug)."""


@cache
def body() -> Body:
    return named_body(CATALOGUE, NAME)


@cache
def numbers() -> dict[str, np.ndarray]:
    who = np.arange(PATIENTS)
    ids = {*body().parameter_ids, "host/body_weight"}
    correlations = correlations_of(CATALOGUE, "b_all")
    return dict(
        sample_numbers(CATALOGUE, ids, seed=7, draw=who, patient=who, correlations=correlations)
    )


def treated(
    *, alemtuzumab: bool = False, mismatch: float = 1.0, regrowth: float = 1.0, tcr: float = 1.0
) -> Trajectories:
    """UCART19-like patients: no receptor, class I kept, CD52 lost."""
    return treated_once(alemtuzumab, mismatch, regrowth, tcr)


@cache
def treated_once(
    alemtuzumab: bool,
    mismatch: float,
    regrowth: float,
    tcr: float,
) -> Trajectories:
    one, sampled = np.ones(PATIENTS), numbers()
    parameters = {symbol: sampled[place] for symbol, place in body().symbols.items()}
    parameters["lymphocyte_regrowth_rate"] = regrowth * parameters["lymphocyte_regrowth_rate"]
    switches = {**body().switches, "b2m_edited": 0.0, "tcr_edited": tcr, "mhc_mismatch": mismatch}
    supplied = {**switches, "bridging_stop_day": START - 8.0, "vector_copies_per_car_cell": 2.0}
    parameters |= {name: supplied[name] * one for name in body().inputs}
    cells = CELLS_PER_KG * sampled["host/body_weight"]
    doses = [Dose("lymphodepletion", (START + day) * one, one) for day in CONDITIONING]
    doses += [
        Dose(f"{kind}_infused", START * one, cells * share) for kind, share in COMPOSITION.items()
    ]
    if alemtuzumab:
        doses += [
            Dose("alemtuzumab", (START + day) * one, ug * one) for day, ug in SEROTHERAPY.items()
        ]
    found = simulate(
        body().model,
        parameters,
        times=np.tile(np.concatenate([[0.0], DAYS + START]), (PATIENTS, 1)),
        doses=doses,
        seed=7,
        draw=np.arange(PATIENTS),
        patient=np.arange(PATIENTS),
    )
    assert np.mean(found.status == Status.OK) > 0.99
    return found


def course(found: Trajectories, name: str) -> np.ndarray:
    """The observable from day −1 on, (patient, time)."""
    return found.observable(name)[:, 1:]


def last_day(found: Trajectories) -> np.ndarray:
    """Last day on which cells are seen, (patient,)."""
    return np.where(course(found, "car_t_in_blood") > LIMIT, DAYS, -1.0).max(axis=1)


def compared(name: str, ours: float) -> float:
    """Our share over the published one."""
    published = CATALOGUE.parameter(f"observed/{name}").reported[0].value / 100.0
    return ours / published


def test_the_cytokine_rises_after_lymphodepletion_and_more_with_alemtuzumab() -> None:
    before = treated().observable("interleukin_15_level")[:, 0]
    plain, deep = (
        course(treated(alemtuzumab=drug), "interleukin_15_level") for drug in (False, True)
    )
    at_infusion, day_21 = list(DAYS).index(0.0), list(DAYS).index(21.0)
    assert np.median(plain[:, at_infusion] / before) > 3.0
    assert np.median(deep[:, day_21] / plain[:, day_21]) > 1.2


def test_host_t_cells_eliminate_the_product() -> None:
    """In every patient whose cells were ever seen, mismatch shortens or leaves their stay."""
    matched, mismatched = (last_day(treated(mismatch=m)) for m in (0.0, 1.0))
    seen = matched > 0
    assert (mismatched <= matched)[seen].all()
    assert np.median(matched[seen] - mismatched[seen]) > 14.0


def test_persistence_ends_when_host_lymphocytes_return() -> None:
    """Patients whose lymphocytes return at half the rate keep the cells longer."""
    usual, slow = last_day(treated()), last_day(treated(regrowth=0.5))
    assert np.median(slow - usual) > 7.0
    lymphocytes = course(treated(), "lymphocytes_in_blood")[:, list(DAYS).index(14.0)]
    capacity = numbers()["host/lymphocyte_capacity"] / numbers()["host/t_cell_distribution_volume"]
    recovered = lymphocytes / capacity
    early, late = recovered > np.quantile(recovered, 0.7), recovered < np.quantile(recovered, 0.3)
    assert np.median(usual[late]) > np.median(usual[early])


def test_alemtuzumab_raises_and_prolongs_the_course() -> None:
    plain, deep = treated(), treated(alemtuzumab=True)
    peaks = [course(found, "car_t_in_blood").max(axis=1) for found in (plain, deep)]
    assert np.median(peaks[1] / peaks[0]) > 2.0
    assert np.median(last_day(deep) - last_day(plain)) > 14.0


def test_three_courses_are_there() -> None:
    """Expansion and persistence; expansion and rapid decline; no expansion.

    Expansion: tenfold of what is found a day after the infusion; persistence: beyond day 42. Ours:
    20, 54 and 25 % without alemtuzumab, 84, 14 and 2 % with it.
    """
    patterns = []
    for drug in (False, True):
        found = treated(alemtuzumab=drug)
        level, last = course(found, "car_t_in_blood"), last_day(found)
        expanded = level.max(axis=1) > 10.0 * level[:, list(DAYS).index(1.0)]
        stays = last > 42.0
        patterns.append([np.mean(expanded & stays), np.mean(expanded & ~stays), np.mean(~expanded)])
    assert (np.mean(patterns, axis=0) > 0.05).all()


def test_persistence_beside_the_trial() -> None:
    """Dupouy 2022: gone by day 28 in 10 of 25, there after day 42 in 4 of 25; most had alemtuzumab.

    Without the antibody ours lie within the trial's exact intervals (21-61 % and 4.5-36 %): 58 and
    20 %, ratios 1.5 and 1.3. A MISS with it, reported: 7 and 84 %, ratios 0.2 and 5.3. Alemtuzumab
    itself lasts as long as published; nothing in our form but interleukin-15 ends an expansion in
    an empty host.
    """
    shares = {
        drug: (np.mean(last_day(found) <= 28.0), np.mean(last_day(found) > 42.0))
        for drug in (False, True)
        for found in [treated(alemtuzumab=drug)]
    }
    assert 0.21 < shares[False][0] < 0.613
    assert 0.045 < shares[False][1] < 0.361
    assert compared("ucart19_gone_by_day_28", float(shares[True][0])) < 0.5
    assert compared("ucart19_beyond_day_42", float(shares[True][1])) > 2.0


def test_graft_versus_host_disease_is_rare_and_mild_after_editing() -> None:
    """Built on 2 of 21 (UCART19, grade 1): ours 10 %. Predicted: 0 of 10 after CTX110 (0-31 %)."""
    worst = [course(treated(alemtuzumab=drug), "gvhd_grade").max(axis=1) for drug in (False, True)]
    any_grade = float(np.mean([np.mean(grade >= 1) for grade in worst]))
    assert 0.5 < compared("ucart19_gvhd", any_grade) < 2.0
    assert any_grade < 0.308  # of 0 of 10
    assert np.mean(np.concatenate(worst) >= 3) < 0.1
    unedited = course(treated(tcr=0.0), "gvhd_grade").max(axis=1)
    assert np.mean(unedited >= 2) > 0.5
