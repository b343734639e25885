"""Bridging therapy slows a tumour until the day it stops, and not at all when that day is past."""

import numpy as np
import pytest
from myeloid_bodies import body, course, medians, run

DAYS = [0.0, 3.0, 7.0, 14.0]
DLBCL = "conventional_car_t/dlbcl/human_adult"
MYELOMA = "conventional_car_t/multiple_myeloma/human_adult"


def tumour(name: str, **numbers: float) -> np.ndarray:
    found = run(body(name), DAYS, {}, vector_copies_per_car_cell=2.0, **numbers)
    return course(found, "tumour_cells_total")


@pytest.mark.parametrize("name", [DLBCL, MYELOMA])
@pytest.mark.parametrize("stop", [-5.0, -0.5])
def test_bridging_that_had_stopped_before_the_first_day_slows_nothing(
    name: str, stop: float
) -> None:
    """Without any effect of bridging the day on which it stops makes no difference."""
    plain = tumour(name, bridging_effect=0.0)
    assert tumour(name, bridging_stop_day=stop) == pytest.approx(plain, rel=1e-5)


@pytest.mark.parametrize("name", [DLBCL, MYELOMA])
def test_bridging_slows_until_it_stops(name: str) -> None:
    """r (1 - ε) until the day, r after: far below capacity the logarithm is two straight lines."""
    numbers = medians(body(name))
    rate, effect = numbers["tumour_growth_rate"], numbers["bridging_effect"]
    small = numbers["tumour_capacity"] * 1e-6
    found = np.log(tumour(name, bridging_stop_day=7.0, tumour_at_enrolment=small))
    during, after = (found[2] - found[0]) / 7.0, (found[3] - found[2]) / 7.0
    assert during == pytest.approx(rate * (1.0 - effect), rel=1e-3)
    assert after == pytest.approx(rate, rel=1e-3)
    assert effect > 0.0
