"""From a graft of stem cells to naive T cells: conservation, closed forms, delay."""

import numpy as np
import pytest
from solid_bodies import CONDITIONING, GRAFT, body, course, medians, run

GRAFTED = {"hsc_infused": 3.75e8}
NO_TARGET = {"tumour_at_enrolment": 1e-6, "off_tumour_antigen": 0.0}
"""Nothing to respond to: naive cells stay naive."""
WEEKS = [float(day) for day in range(0, 365, 7)]


def closed_form_output(numbers: dict[str, float], progenitors: float) -> float:
    """Naive T cells a day at rest, from lymphoid progenitors, with the symbols of the docstring."""
    entering = (
        numbers["seeding_amplification"]
        * numbers["thymic_function"]
        * numbers["thymus_seeding_rate"]
        * progenitors
    )
    stop = numbers["double_positive_exit_rate"]
    last = entering * 2**4 * 2**5 / (numbers["double_positive_rate"] + stop)  # P5
    late = (stop + 2 * numbers["double_positive_rate"]) * last
    division, leaving = numbers["single_positive_rate"], numbers["single_positive_exit_rate"]
    return numbers["selected_share"] * late * 2 * (leaving + 2 * division) / (division + leaving)


def test_output_at_rest_is_the_closed_form() -> None:
    """Four doublings, five doublings, 7 % selected, one or two last doublings."""
    found = run(body(GRAFT), [0.0, 8000.0], GRAFTED, conditioning=CONDITIONING, **NO_TARGET)
    progenitors = course(found, "engineered_lymphoid_progenitors")[-1]
    expected = closed_form_output(medians(body(GRAFT)), progenitors)
    assert course(found, "thymic_output_rate")[-1] == pytest.approx(expected, rel=1e-3)


def test_progenitors_at_rest_are_the_closed_form() -> None:
    """Stem cells leave at 1/τ_L, a thousandfold twice, then 0.022 /day in and 0.015 + k_s out."""
    numbers = medians(body(GRAFT))
    found = run(body(GRAFT), [0.0, 8000.0], GRAFTED, conditioning=CONDITIONING, **NO_TARGET)
    flow = course(found, "engineered_hsc")[-1] / numbers["stem_stay"] * numbers["short_term_fold"]
    late_stay = numbers["multipotent_stay"] * np.log(2) / np.log(numbers["multipotent_fold"])
    commit = numbers["lymphoid_commitment_rate"]
    late = flow * numbers["multipotent_fold"] / 2 / (1 / late_stay + commit)
    expected = commit * late / (numbers["lymphoid_loss_rate"] + numbers["thymus_seeding_rate"])
    found_progenitors = course(found, "engineered_lymphoid_progenitors")[-1]
    assert found_progenitors == pytest.approx(expected, rel=1e-3)


def test_what_leaves_the_thymus_is_what_naive_cells_gain() -> None:
    """With immortal naive cells their number is the area under the output."""
    days = list(np.arange(0.0, 366.0, 1.0))
    found = run(
        body(GRAFT),
        days,
        GRAFTED,
        conditioning=CONDITIONING,
        naive_death_rate=0.0,
        **NO_TARGET,
    )
    volume = medians(body(GRAFT))["t_cell_distribution_volume"]
    after = found.times[0] >= 0.0
    made = np.trapezoid(course(found, "thymic_output_rate")[after], found.times[0][after])
    naive = course(found, "product_naive_in_blood")[-1] * volume
    assert naive == pytest.approx(made, rel=1e-3)


def test_t_cells_come_after_weeks_and_stem_cells_at_once() -> None:
    """Two weeks after the graft a ten-thousandth of the later output, after half a year most."""
    found = run(body(GRAFT), [0.0, 3.0, 14.0, 180.0, 8000.0], GRAFTED,
                conditioning=CONDITIONING, **NO_TARGET)  # fmt: skip
    output = course(found, "thymic_output_rate")[1:]
    assert course(found, "engineered_hsc")[2] > 0
    assert output[2] < 1e-3 * output[-1]
    assert output[3] > 0.5 * output[-1]


def test_the_receptor_is_deleted_where_the_thymus_shows_its_target() -> None:
    share = 0.75
    days, given = [0.0, 200.0], GRAFTED
    kept, deleted = (
        course(
            run(
                body(GRAFT),
                days,
                given,
                conditioning=CONDITIONING,
                tumour_at_enrolment=1e-6,
                antigen_density=1e-300,  # seen in the thymus, too thin to act on elsewhere
                off_tumour_antigen=seen,
                deleted_share=share,
            ),
            "thymic_output_rate",
        )[-1]
        for seen in (0.0, 1.0)
    )
    assert deleted == pytest.approx((1 - share) * kept, rel=1e-6)


def test_a_full_niche_keeps_the_share_a_graft_was_given() -> None:
    """At capacity both branches are alike, so the share of stem cells stands still."""
    found = run(body(GRAFT), [10.0, 365.0, 3650.0], GRAFTED, conditioning=CONDITIONING)
    share = course(found, "stem_cell_chimerism")[-3:]
    assert share == pytest.approx([share[0]] * 3, rel=1e-6)


def test_stem_cells_refill_the_niche_logistically() -> None:
    """L' = (r - 1/τ)(1 - L/L̄)L for all stem cells together."""
    numbers = medians(body(GRAFT))
    days = [5.0, 25.0, 65.0]
    found = run(body(GRAFT), days, GRAFTED, edited_share=1.0 - 1e-12)
    # no conditioning: the graft adds to a full niche; follow its sum back to capacity
    total = course(found, "engineered_hsc") / course(found, "stem_cell_chimerism")
    rate = numbers["long_term_division_rate"] - 1 / numbers["stem_stay"]
    capacity, start = numbers["stem_capacity"], total[0]
    elapsed = np.array(days) - days[0]
    expected = capacity / (1 + (capacity / start - 1) * np.exp(-rate * elapsed))
    assert total == pytest.approx(expected, rel=1e-3)


def test_without_conditioning_little_of_the_graft_stays() -> None:
    emptied, full = (
        course(run(body(GRAFT), [365.0], GRAFTED, conditioning=when), "stem_cell_chimerism")[-1]
        for when in (CONDITIONING, ())
    )
    assert full < 0.5 * emptied


def test_nothing_is_made_without_a_graft() -> None:
    found = run(body(GRAFT), WEEKS, {}, conditioning=CONDITIONING)
    for name in ("engineered_hsc", "thymocytes", "product_naive_in_blood", "car_t_in_blood"):
        assert course(found, name).max() == 0.0, name
