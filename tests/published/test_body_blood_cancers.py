"""Leukaemia and myeloma against published response, relapse and neurotoxicity.

All products here signal through 4-1BB: T-cell numbers are those fitted to the blood levels of
tisa-cel. Neurotoxicity is built on FELIX and real-world cilta-cel; everything else is predicted
from numbers of lymphoma with the disease's own growth and burden. Misses are asserted where they
are, with the reason.
"""

from functools import cache

import numpy as np
import pytest

from progenitor.body import named_body
from progenitor.cohort import correlations_of, sample_numbers
from progenitor.engine import Dose, Status, simulate
from progenitor.evidence import default_catalogue

CATALOGUE = default_catalogue()
PATIENTS = 400
START = 12.0
DAYS = np.concatenate([np.arange(0.0, 29.0), [42.0, 60.0, 90.0, 180.0, 270.0, 365.0]])
COMPOSITION = {"tscm": 0.04, "tcm": 0.29, "teff": 0.56, "tex": 0.11}
CHILDREN = "car_t_4_1bb/b_all/human_paediatric"
ADULTS = "car_t_4_1bb/b_all/human_adult"
MYELOMA = "car_t_4_1bb/multiple_myeloma/human_adult"
BLASTS = 5e10
"""Leukaemia cells in a marrow of 1e12 with 5 % of blasts: complete remission below."""


@cache
def treated(name: str) -> dict[str, np.ndarray]:
    """Patients of one product, one per parameter draw: observable → (patient, day)."""
    body, who, one = named_body(CATALOGUE, name), np.arange(PATIENTS), np.ones(PATIENTS)
    weight = body.numbers.get("host/body_weight", "host/body_weight")
    sampled = sample_numbers(
        CATALOGUE,
        {*body.parameter_ids, weight},
        seed=11,
        draw=who,
        patient=who,
        correlations=correlations_of(CATALOGUE, name.split("/")[1]),
    )
    parameters = {symbol: sampled[place] for symbol, place in body.symbols.items()}
    supplied = {**body.switches, "bridging_stop_day": START - 5, "vector_copies_per_car_cell": 2.0}
    parameters |= {symbol: supplied[symbol] * one for symbol in body.inputs}
    cells = 2e6 * sampled[weight]
    doses = [Dose("lymphodepletion", (START + day) * one, one) for day in (-5.0, -4.0, -3.0)]
    doses += [
        Dose(f"{kind}_infused", START * one, cells * part) for kind, part in COMPOSITION.items()
    ]
    found = simulate(
        body.model,
        parameters,
        times=np.tile(DAYS + START, (PATIENTS, 1)),
        doses=doses,
        seed=11,
        draw=who,
        patient=who,
    )
    assert np.mean(found.status == Status.OK) > 0.99
    return {observable: found.observable(observable) for observable in found.observables}


def compared(name: str, ours: float) -> float:
    """Our share over the published one."""
    published = CATALOGUE.parameter(f"observed/{name}").reported[0].value / 100.0
    return ours / published


def share(name: str, grade: int) -> float:
    return float(np.mean(treated(name)["icans_grade"].max(axis=1) >= grade))


def day(number: float) -> int:
    return list(DAYS).index(number)


def test_neurotoxicity_of_the_products_it_is_built_on() -> None:
    """FELIX 7.1 % severe; cilta-cel 14 % any, 4 % severe. Ours: 9.5, 19 and 6.3 %."""
    assert 0.4 < compared("felix_icans_severe", share(ADULTS, 3)) < 2.0
    assert 0.4 < compared("ciltacel_icans_severe", share(MYELOMA, 3)) < 2.0
    assert 0.5 < compared("ciltacel_icans_any_grade", share(MYELOMA, 1)) < 2.0


def test_neurotoxicity_predicted() -> None:
    """Real-world tisa-cel in children (22 and 9 %), KarMMa (18 %). Ours: 24, 10 and 19 %."""
    assert 0.5 < compared("tisacel_icans_any_grade", share(CHILDREN, 1)) < 2.0
    assert 0.4 < compared("tisacel_icans_severe", share(CHILDREN, 3)) < 2.0
    assert 0.5 < compared("karmma_icans_any_grade", share(MYELOMA, 1)) < 2.0


def test_neurotoxicity_follows_cytokine_release() -> None:
    """Published medians: onset of cytokine release day 5, of neurotoxicity day 7 (children).

    Ours: fever on day 3, neurotoxicity on day 7. A MISS, reported: it lasts 21 days rather than
    the published week, as interleukin-6 does.
    """
    grade, fever = (treated(CHILDREN)[name] for name in ("icans_grade", "body_temperature"))
    sick = (grade >= 1).any(axis=1)
    onset = DAYS[(grade >= 1).argmax(axis=1)][sick]
    feverish = DAYS[(fever >= 38.0).argmax(axis=1)][sick]
    lasting = (grade[sick][:, : day(28.0) + 1] >= 1).sum(axis=1)
    assert (onset >= feverish).mean() > 0.95
    assert 3.0 <= np.median(onset) <= 10.0
    assert np.median(lasting) > 7.0


@pytest.mark.parametrize(("name", "trial"), [(CHILDREN, "eliana"), (ADULTS, "felix")])
def test_remission_of_leukaemia(name: str, trial: str) -> None:
    """Predicted: ELIANA 81 % within three months, FELIX 78 % (adults). Ours: 82 and 79 %."""
    tumour = treated(name)["tumour_cells_total"][:, : day(90.0) + 1]
    remission = float(np.mean((tumour[:, day(28.0) :] < BLASTS).any(axis=1)))
    assert 0.75 < compared(f"{trial}_response", remission) < 1.25


def test_lasting_remission_of_leukaemia() -> None:
    """ELIANA: 59 % of responders relapse-free at a year. Ours 48 %, a prediction.

    With the numbers of axi-cel, whose cells are gone sooner, it was 41 %.
    """
    tumour = treated(CHILDREN)["tumour_cells_total"]
    responder = tumour[:, day(28.0)] < BLASTS
    free = float(np.mean(tumour[responder, -1] < BLASTS))
    ratio = compared("eliana_relapse_free_12_months", free)
    assert 0.6 < ratio < 1.25


def test_escape_without_the_antigen_is_some_of_all_relapses() -> None:
    """Design: antigen-negative relapse in 10-25 % of patients; ours 17.5 % at a year."""
    found = treated(CHILDREN)
    negative = found["tumour_cells_negative"][:, -1] > 0.5 * found["tumour_cells_total"][:, -1]
    escaped = float(np.mean(negative & (found["tumour_cells_total"][:, -1] > 1e8)))
    assert 0.08 < escaped < 0.25


def test_response_of_myeloma() -> None:
    """KarMMa: 73 % objective, 33 % complete response. Ours: 83 % fall by half within three months.

    A MISS, reported: 59 % below 1e8 cells on day 90, taken for a complete response, for which no
    count is published; the burden at enrolment is a very wide prior.
    """
    found = treated(MYELOMA)
    tumour = found["tumour_cells_total"]
    fall = tumour[:, day(28.0) : day(90.0) + 1].min(axis=1) / tumour[:, 0]
    assert 0.75 < compared("karmma_objective_response", float(np.mean(fall < 0.5))) < 1.25
    complete = compared("karmma_complete_response", float(np.mean(tumour[:, day(90.0)] < 1e8)))
    assert 1.2 < complete < 2.3
    marker = found["soluble_bcma_level"]
    follows = np.corrcoef(np.log(marker[:, day(28.0)]), np.log(1.0 + tumour[:, day(28.0)]))[0, 1]
    assert follows > 0.8
