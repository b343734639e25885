"""Benefit of CAR-GMP is an outcome: dose, renewal and homing each bring it, and only together."""

import pytest
from myeloid_bodies import PER_KILOGRAM, body, course, run

HUMAN = body("car_gmp/her2_solid/human_adult")
DAY = 120.0
LOW, HIGH = 1e6 * PER_KILOGRAM, 1e8 * PER_KILOGRAM


def left(dose: float, **numbers: float) -> float:
    """Tumour on day 120 relative to the untreated one; the antigen-negative clone is left out."""
    numbers = {"antigen_negative_share": 1e-12, "antigen_loss_probability": 1e-15, **numbers}
    treated, untreated = (
        course(run(HUMAN, [DAY], {"gmp_infused": cells}, **numbers), "tumour_cells_total")[0]
        for cells in (dose, 0.0)
    )
    return float(treated / untreated)


def test_a_low_dose_at_the_medians_does_little() -> None:
    """Seen: 0.96 of the untreated tumour after four months."""
    assert 0.9 < left(LOW) < 1.0


@pytest.mark.parametrize(
    ("number", "values"),
    [
        ("gmp_renewal_in_empty_niche", (0.5, 0.7, 0.95)),
        ("gmp_niche_entry_rate", (0.1, 1.0, 10.0)),
        ("tumour_share", (0.001, 0.01, 0.1)),
        ("gmp_seeding_share", (0.02, 0.17, 0.8)),
        ("macrophage_death_rate", (0.1, 0.025, 0.005)),
    ],
)
def test_more_of_what_could_help_helps(number: str, values: tuple[float, ...]) -> None:
    found = [left(10 * LOW, **{number: value}) for value in values]
    assert found[0] > found[1] > found[2]


def test_dose_and_homing_can_each_turn_a_null_result_into_a_response() -> None:
    """A hundred times the dose; or ten times the dose and ten times the homing."""
    response = 0.343
    assert left(LOW) > response
    assert left(HIGH) < response
    assert left(10 * LOW, tumour_share=0.1) < response
