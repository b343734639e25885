"""Alemtuzumab against closed forms and the published time above its threshold."""

import numpy as np
import pytest
from myeloid_bodies import body, course, medians, run

from progenitor.evidence import default_catalogue

EDITED = "edited_allogeneic_car_t/b_all/human_adult"
COPIES = {"vector_copies_per_car_cell": 2.0}


def test_the_drug_leaves_as_an_exponential() -> None:
    numbers = medians(body(EDITED))
    days = [0.0, 5.0, 11.0, 40.0]
    level = course(run(body(EDITED), days, {"alemtuzumab": 4e4}, **COPIES), "alemtuzumab_level")
    start = 4e4 / numbers["alemtuzumab_volume"]
    assert level == pytest.approx(start * 0.5 ** (np.array(days) / 11.0), rel=1e-3)


def test_a_hundred_milligrams_last_as_long_as_published() -> None:
    """100 mg over five days end shortly before transplantation; about 56 days above 0.1 ug/mL.

    Verification: half-life and threshold come from other patients. The last infusion is taken two
    days before day 0, so 20 mg each on days -6 to -2. Ours: 62.7 days, ratio 1.12.
    """
    published = default_catalogue().parameter("observed/alemtuzumab_above_threshold")
    numbers = medians(body(EDITED))
    rate, volume = numbers["alemtuzumab_loss_rate"], numbers["alemtuzumab_volume"]
    at_day_0 = sum(2e4 / volume * np.exp(-rate * day) for day in (2, 3, 4, 5, 6))
    ours = np.log(at_day_0 / 0.1) / rate
    assert 0.8 < ours / published.reported[0].value < 1.25


def test_lymphocytes_settle_where_regrowth_meets_the_drug() -> None:
    """Closed form N = K e^{-κ/r} of the Gompertz law under a constant loss."""
    found = body(EDITED)
    numbers = medians(found)
    held = {"alemtuzumab_loss_rate": 0.0, "lymphocytes_at_enrolment": 1e11}
    level = course(run(found, [200.0], {"alemtuzumab": 1e5}, **COPIES, **held),
                   "lymphocytes_in_blood")[0]  # fmt: skip
    drug = 1e5 / numbers["alemtuzumab_volume"]
    kill = numbers["alemtuzumab_kill_rate"] * drug / (drug + numbers["alemtuzumab_half_effect"])
    capacity = numbers["lymphocyte_capacity"] / numbers["t_cell_distribution_volume"]
    expected = capacity * np.exp(-kill / numbers["lymphocyte_regrowth_rate"])
    assert level == pytest.approx(expected, rel=1e-3)
    assert 20.0 < level < 100.0  # cells/uL: lymphopenia, as meant
