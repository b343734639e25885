"""An unmodified graft of mouse GMP fades as published; a self-renewing one outlives it.

Boyer 2019 (figure 1E, digitised in the repository yuezheli/haematopoiesis): donor share of blood
granulocytes and monocytes of sublethally irradiated mice 0.444, 0.102, 0.074 and 0.007 PER CENT on
days 7.3, 8.7, 12.3 and 16.3; the repository gives 5e4 progenitors. Building data: exit rate and
seeding share are fitted to these four numbers, so this guards the fit and is no prediction.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "body"))

import numpy as np
import pytest
from myeloid_bodies import body, course, medians, patients, run
from scipy.optimize import minimize

from progenitor.engine import Status
from progenitor.evidence import default_catalogue

HOST = "her2_xenograft/immunocompetent_mouse"
DAYS = (7.26172466, 8.714069592, 12.34493192, 16.33888048)
IRRADIATED = {"lymphodepletion": 1.0}


def published() -> np.ndarray:
    """Donor share, (time,)."""
    records = (
        default_catalogue().parameter(f"observed/mouse_gmp_graft_day_{day}").reported[0]
        for day in (7, 9, 12, 16)
    )
    return np.array([record.measured.to("1").value for record in records])


def dose() -> float:
    used = default_catalogue().parameter("observed/mouse_gmp_graft_dose").used
    assert used is not None
    return used.median


def share(chassis: str = "gmp", **numbers: float) -> np.ndarray:
    """Simulated donor share of blood granulocytes and monocytes, (time,)."""
    doses = {"gmp_infused": dose(), **IRRADIATED}
    return course(run(body(f"{chassis}/{HOST}"), DAYS, doses, **numbers), "myeloid_chimerism")


def test_the_published_shares_are_read_as_per_cent() -> None:
    """0.444 % of 12.6 million blood cells: 56,000 after 50,000 progenitors, one each."""
    assert published() == pytest.approx([4.44e-3, 1.016e-3, 7.38e-4, 6.96e-5], rel=1e-3)


def test_the_unmodified_graft_fades_within_a_factor_of_two_at_all_four_times() -> None:
    """Seen: 0.75, 1.89, 0.60 and 1.21 of the published level."""
    ratio = share() / published()
    assert np.all((ratio > 0.5) & (ratio < 2.0)), ratio


def test_the_shape_alone_is_within_two_but_for_one_point() -> None:
    """Relative to the first point the second is 2.5 times too high: it lies 4.4-fold below the
    first after 1.5 days and 1.4-fold above the third after 3.6, which no smooth decline follows.
    """
    ratio = share() / published()
    later = ratio[1:] / ratio[0]
    assert 2.0 < later[0] < 2.8
    assert np.all((later[1:] > 0.5) & (later[1:] < 2.0)), later


def test_the_catalogued_numbers_are_the_least_squares_fit() -> None:
    """Exit rate and seeding share, least squares on logarithms, from a start elsewhere."""

    def misfit(logs: np.ndarray) -> float:
        found = share(
            gmp_exit_rate=float(np.exp(logs[0])), gmp_seeding_share=float(np.exp(logs[1]))
        )
        return float(np.sum(np.log(found / published()) ** 2))

    fit = minimize(misfit, np.log([0.6, 0.08]), method="Nelder-Mead", options={"xatol": 1e-3})
    numbers = medians(body(f"gmp/{HOST}"))
    used = [numbers["gmp_exit_rate"], numbers["gmp_seeding_share"]]
    assert np.exp(fit.x) == pytest.approx(used, rel=0.02)


def test_an_unmodified_graft_is_gone_in_weeks() -> None:
    doses = {"gmp_infused": dose(), **IRRADIATED}
    found = run(body(f"gmp/{HOST}"), [7.0, 28.0, 60.0], doses)
    levels = course(found, "myeloid_chimerism")
    assert levels[1] < 1e-3 * levels[0]  # four weeks: seen 2e-4
    assert course(found, "gmp_in_marrow")[1] < 1.0  # not one cell
    assert levels[2] < 1e-9 * levels[0]


@pytest.mark.parametrize("name", [f"gmp/{HOST}", "gmp/cgd/human_adult"])
def test_an_unmodified_graft_is_gone_in_weeks_in_every_draw(name: str) -> None:
    """Division, renewal and exit are drawn one by one: no draw may outrun its own exit.

    Renewal above one half, once allowed, let 15 of these 300 adults grow 1e17 cells in five weeks.
    """
    days = [7.0, 35.0, 84.0]
    found = patients(body(name), days, {"gmp_infused": 1e6}, count=300, seed=20261124)
    assert (found.status == Status.OK).all()
    week, month, quarter = found.observable("gmp_in_marrow").T
    assert np.mean(month < 1e-3 * week) > 0.8  # seen 0.84
    assert np.all(month < 0.2 * week)
    assert np.all(quarter < 1e-2 * week)


def test_a_self_renewing_graft_beats_it_at_every_later_time() -> None:
    """The same dose. Seen: 1.3, 2.0, 8.2 and 43 times the unmodified share."""
    margin = share("car_gmp") / share("gmp")
    assert np.all(np.diff(margin) > 0)
    assert 0.8 < margin[0] < 2.0
    assert margin[3] > 20.0
