"""Gene-corrected p47phox-/- mice: their neutrophils, and what Burkholderia cepacia does in them.

Mardiney 1997 (Blood 89:2268, abstract): 12.3 % oxidase-positive neutrophils four weeks after
transplantation and 2.6 % after fourteen (building: the graft is solved for both), bacteraemia of
untreated over corrected mice 237.7 / 0.89 colonies after 24 hours and 110.2 / 4.0 after seven days,
and better survival (verification: predicted, never fitted). The inoculum and its week are not in
the abstract: a thousand bacteria five weeks after the graft are assumed.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "body"))

import numpy as np
import pytest
from cgd_bodies import GRAFT_OF_MICE, MOUSE, follow, follow_all, gmp_mouse, spread
from myeloid_bodies import course
from scipy.optimize import root

from progenitor.evidence import default_catalogue

CHALLENGE = 35.0
INOCULUM = 1e3
MICE = 200


def published(name: str) -> float:
    return default_catalogue().parameter(f"observed/{name}").reported[0].measured.to("1").value


def bacteraemia(given: tuple[tuple[str, float, float], ...]) -> dict[float, float]:
    """Mean bacteria in blood of a litter, by days after the challenge."""
    days = [CHALLENGE + 1.0, CHALLENGE + 7.0]
    challenge = ("bacteria", CHALLENGE, INOCULUM)
    found = follow_all(MOUSE, spread(MOUSE, MICE, seed=7), days, (*given, challenge))
    assert (found.status == 0).all()
    mean = found.observable("bacteria_in_blood").mean(axis=0)
    return {1.0: float(mean[0]), 7.0: float(mean[1])}


def test_corrected_neutrophils_are_as_many_as_published_and_fade_as_published() -> None:
    found = follow(MOUSE, [28.0, 98.0], GRAFT_OF_MICE)
    expected = [published("cgd_mouse_oxidase_week_4"), published("cgd_mouse_oxidase_week_14")]
    assert course(found, "oxidase_positive_share") == pytest.approx(expected, rel=0.03)


def test_the_catalogued_seeding_and_fading_are_the_solution() -> None:
    expected = [published("cgd_mouse_oxidase_week_4"), published("cgd_mouse_oxidase_week_14")]

    def misfit(logs: np.ndarray) -> np.ndarray:
        seeding, fading = np.exp(logs)
        found = follow(
            MOUSE, [28.0, 98.0], GRAFT_OF_MICE, short_lived_share=seeding, fading_rate=fading
        )
        return np.log(course(found, "oxidase_positive_share") / expected)

    solution = np.exp(root(misfit, np.log([0.008, 0.03])).x)
    used = [
        default_catalogue().parameter(name).used
        for name in ("cgd_mouse/short_lived_share", "cgd_mouse/fading_rate")
    ]
    assert solution == pytest.approx([each.median for each in used if each], rel=0.02)


def test_after_a_day_the_ratio_of_bacteraemia_is_a_sixth_of_the_published_one() -> None:
    """Published 267, seen 46 to 48 in three litters; the ratio drops the unknown volume of blood.

    A miss on the low side: bacteria of the corrected grow for some hours until neutrophils have
    gathered, in the experiment they hardly did.
    """
    ratio = bacteraemia(())[1.0] / bacteraemia(GRAFT_OF_MICE)[1.0]
    assert 0.1 < ratio / published("cgd_mouse_bacteraemia_ratio_24_hours") < 0.3, ratio


def test_after_a_week_the_ratio_is_tens_of_times_the_published_one() -> None:
    """Published 28, seen 280 to 3,000: a few corrected mice that fail make the mean.

    A miss on the high side: untreated mice of the experiment carried a hundred colonies for a week
    and more, ours are overgrown on day three and would have died; nothing walls bacteria off here.
    """
    ratio = bacteraemia(())[7.0] / bacteraemia(GRAFT_OF_MICE)[7.0]
    assert 5.0 < ratio / published("cgd_mouse_bacteraemia_ratio_day_7") < 200.0, ratio


def test_corrected_mice_outlive_untreated_ones_until_the_graft_has_faded() -> None:
    """Survival ordering as published; challenged at week 14 the same graft protects nobody."""
    for week, protected in ((5, True), (14, False)):
        day = 7.0 * week
        hazard = {}
        for name, given in (("corrected", GRAFT_OF_MICE), ("untreated", ())):
            found = follow(MOUSE, [day + 14.0], (*given, ("bacteria", day, INOCULUM)))
            hazard[name] = course(found, "cumulative_hazard")[0]
        assert np.exp(-hazard["untreated"]) < 0.01
        assert bool(np.exp(-hazard["corrected"]) > 0.99) is protected, (week, hazard)


def test_burkholderia_kills_mice_without_an_oxidase_within_days_as_published() -> None:
    """Sousa 2007: a thousand Burkholderia cenocepacia became 3.3e8 within three days and killed.

    Building: growth rate and lethal load come from it. Seen: 3.3e8 on day 3.0.
    """
    days = np.arange(0.0, 7.0, 0.05)
    found = follow(MOUSE, list(days), [("bacteria", 0.0, 1e3)])
    reached = days[np.argmax(course(found, "bacteria_in_tissue") > 3.3e8)]
    assert 2.0 < reached < 4.0
    assert np.exp(-course(found, "cumulative_hazard")[-1]) < 0.05


def test_unmodified_progenitors_protect_for_days_and_self_renewing_ones_for_weeks() -> None:
    """What is published is a word: infection control restored (SEED-008). Ten million cells."""
    threshold = course(follow(MOUSE, [0.0]), "threshold_share")[0]
    given = (("lymphodepletion", -1.0, 1.0), ("gmp_infused", 0.0, 1e7))
    passing, renewing = (
        course(follow(body, [7.0, 21.0, 56.0], given), "oxidase_positive_share")
        for body in (gmp_mouse(), gmp_mouse(niche_transient="niche_engraftable"))
    )
    assert passing[0] > 2 * threshold
    assert passing[1] < 0.1 * threshold
    assert np.all(renewing > threshold)
