"""Failed lots: given all the same, made again, or nothing; every patient is counted once."""

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.manufacture import load_recipe
from progenitor.study import OUTCOMES, Campaign, run_campaign

WHO = np.arange(1500)


def campaign(attempts: int = 2, who: np.ndarray = WHO) -> Campaign:
    catalogue = default_catalogue()
    recipe = load_recipe(catalogue, "conventional_car_t")
    return run_campaign(
        catalogue, recipe, seed=3, draw=np.zeros_like(who), patient=who, attempts=attempts
    )


@pytest.fixture(scope="module")
def made() -> Campaign:
    return campaign()


def test_every_patient_has_one_outcome(made: Campaign) -> None:
    assert sum(made.shares.values()) == pytest.approx(1, rel=1e-12)
    assert set(np.unique(made.outcome)) <= set(range(len(OUTCOMES)))
    assert made.first_failure == pytest.approx(1 - made.shares["released at first"], rel=1e-12)
    assert np.isnan(made.day[made.outcome == 3]).all()
    assert np.isfinite(made.day[made.outcome != 3]).all()


def test_attempts_and_collections_are_counted(made: Campaign) -> None:
    assert made.remakes == (made.attempts > 1).sum() > 0
    assert made.remade == (made.outcome == OUTCOMES.index("released after another attempt")).sum()
    assert (made.collections <= made.attempts).all()
    assert (made.attempts[made.outcome == 0] == 1).all()


def test_another_attempt_takes_longer_and_costs_more(made: Campaign) -> None:
    first = made.batches[0].product
    again = made.attempts > 1
    assert (made.cost[again] > first.cost[again]).all()
    later = made.outcome == OUTCOMES.index("released after another attempt")
    assert np.median(made.day[later]) > np.nanmedian(first.vein_to_vein) + 10
    np.testing.assert_array_equal(made.cost[~again], first.cost[~again])


def test_without_another_attempt_nobody_is_saved_by_one() -> None:
    single = campaign(attempts=1)
    assert single.remakes == 0
    assert single.shares["released after another attempt"] == 0


def test_more_attempts_never_serve_fewer(made: Campaign) -> None:
    served = [campaign(attempts=n).shares["never given"] for n in (1, 2, 3)]
    assert served[0] >= served[1] >= served[2]
    assert served[1] == made.shares["never given"]


def test_a_patient_does_not_depend_on_the_others(made: Campaign) -> None:
    part = campaign(who=WHO[700:900])
    np.testing.assert_array_equal(part.outcome, made.outcome[700:900])
    np.testing.assert_array_equal(part.day, made.day[700:900])
    np.testing.assert_array_equal(part.cost, made.cost[700:900])


def test_dangerous_lots_are_not_offered(made: Campaign) -> None:
    given = made.outcome == OUTCOMES.index("given out of specification")
    reasons = made.batches[0].product.failure_reasons
    first = {
        reasons[code] for code in made.batches[0].product.failure[given & (made.attempts == 1)]
    }
    assert first <= {"low viability", "low receptor expression", "below minimum dose"}
    assert first


def test_no_attempt_is_refused() -> None:
    with pytest.raises(InputError, match="attempts is 0"):
        campaign(attempts=0)
