"""Grafts in the niche against linear theory: matrix exponentials of SciPy, not our solver."""

import numpy as np
import pytest
from myeloid_bodies import body, course, medians, run
from scipy.integrate import solve_ivp
from scipy.linalg import expm

HOST = "immunocompetent_mouse"
TRANSIENT = f"gmp/her2_xenograft/{HOST}"
ENGRAFTABLE = f"car_gmp/her2_xenograft/{HOST}"
DAYS = [1.0, 3.0, 7.3, 16.3, 60.0]
FEW = 1e3
"""Too few cells to crowd a niche of a million: the equations are linear."""


def growth(symbols: dict[str, float], vacancy: float) -> np.ndarray:
    """Matrix of (infused, free, in the niche) at a constant share of empty places."""
    p, renewal = symbols["gmp_division_rate"], symbols["gmp_renewal_probability"]
    most = symbols.get("gmp_renewal_in_empty_niche", renewal)
    kept = renewal + (most - renewal) * vacancy
    enter = symbols.get("gmp_niche_entry_rate", 0.0) * vacancy
    leave = symbols.get("gmp_niche_release_rate", 0.0)
    lung = symbols["gmp_release_rate"]
    fade = p * (2 * renewal - 1) - symbols["gmp_exit_rate"]
    return np.array(
        [
            [-lung, 0.0, 0.0],
            [symbols["gmp_seeding_share"] * lung, fade - enter, leave],
            [0.0, enter, p * (2 * kept - 1) - leave],
        ]
    )


def expected(name: str, day: float) -> np.ndarray:
    """Cells in lung, free and in the niche of a host at rest."""
    symbols = medians(body(name))
    return expm(growth(symbols, symbols["niche_vacancy_at_rest"]) * day) @ [FEW, 0.0, 0.0]


@pytest.mark.parametrize("name", [TRANSIENT, ENGRAFTABLE])
def test_a_small_graft_follows_linear_theory(name: str) -> None:
    """rel 2e-3: a thousand cells fill a thousandth of the empty places; 1e-3 cells are nothing."""
    found = run(body(name), DAYS, {"gmp_infused": FEW}, gmp_release_rate=66.54)
    for shown, wanted in (
        ("gmp_in_niche", [expected(name, day)[2] for day in DAYS]),
        ("gmp_in_marrow", [expected(name, day)[1:].sum() for day in DAYS]),
    ):
        assert course(found, shown) == pytest.approx(wanted, rel=2e-3, abs=1e-3), shown


def test_an_engrafting_graft_beats_a_passing_one_by_the_margin_its_numbers_imply() -> None:
    """The ratio on day 16.3 of the published curve: far above one, and no number of its own."""
    cells = [
        course(run(body(name), DAYS, {"gmp_infused": FEW}), "gmp_in_marrow")[3]
        for name in (ENGRAFTABLE, TRANSIENT)
    ]
    implied = expected(ENGRAFTABLE, 16.3)[1:].sum() / expected(TRANSIENT, 16.3)[1:].sum()
    assert implied > 10
    assert cells[0] / cells[1] == pytest.approx(implied, rel=5e-3)  # a tenth of a cell is left


def test_without_renewal_above_a_half_the_niche_only_delays_the_end() -> None:
    """With the renewal of culture every graft fades, whatever it holds on to."""
    found = run(
        body(ENGRAFTABLE), [60.0, 120.0], {"gmp_infused": 1e6}, gmp_renewal_in_empty_niche=0.475
    )
    first, second = course(found, "gmp_in_niche")
    assert second < 0.2 * first


def test_renewal_that_exceeds_the_leak_holds_the_niche() -> None:
    """With 95 % renewal in an empty niche the graft grows until places are short, and stays."""
    numbers = medians(body(ENGRAFTABLE))
    days = [30.0, 100.0, 400.0, 500.0]
    found = run(body(ENGRAFTABLE), days, {"gmp_infused": 1e6}, gmp_renewal_in_empty_niche=0.95)
    niche = course(found, "gmp_in_niche")
    host = course(found, "host_gmp_in_niche")
    places = numbers["host_gmp_count"] / (1 - numbers["niche_vacancy_at_rest"])
    assert niche[0] < niche[1] < niche[2] < places
    assert abs(niche[3] / niche[2] - 1) < 0.02  # rest, approached over years
    assert host[2] < host[0] < numbers["host_gmp_count"]


def test_alternatives_differ_in_structure_only() -> None:
    """With no entry the engraftable niche is the transient one."""
    closed = run(body(ENGRAFTABLE), DAYS, {"gmp_infused": FEW}, gmp_niche_entry_rate=0.0)
    plain = run(
        body(ENGRAFTABLE, ("niche_engraftable", "niche_transient")), DAYS, {"gmp_infused": FEW}
    )
    for shown in ("gmp_in_marrow", "product_monocytes_in_blood", "product_macrophages_in_tumour"):
        assert course(closed, shown) == pytest.approx(course(plain, shown), rel=1e-4, abs=1e-6)


def test_host_progenitors_rest_and_come_back() -> None:
    """At rest nothing moves; after irradiation G' = τ (G₀ - G) - k D G, solved by SciPy."""
    numbers = medians(body(TRANSIENT))
    rest = numbers["host_gmp_count"]
    still = course(run(body(TRANSIENT), DAYS, {}), "host_gmp_in_niche")
    assert still == pytest.approx(rest, rel=1e-9)
    turnover = numbers["gmp_exit_rate"] + numbers["gmp_division_rate"] * (
        1 - 2 * numbers["gmp_renewal_probability"]
    )

    def change(day: float, cells: np.ndarray) -> np.ndarray:
        drug = np.exp(-numbers["decay_rate"] * day)
        return turnover * (rest - cells) - numbers["gmp_conditioning_kill_rate"] * drug * cells

    wanted = solve_ivp(
        change, (0.0, DAYS[-1]), [rest], t_eval=DAYS, rtol=1e-9, atol=1e-3, method="LSODA"
    )
    found = course(run(body(TRANSIENT), DAYS, {"lymphodepletion": 1.0}), "host_gmp_in_niche")
    assert found == pytest.approx(wanted.y[0], rel=1e-4)
    assert found[0] < 0.75 * rest


def test_conditioning_opens_places_for_the_graft_and_the_host_takes_them_back() -> None:
    """Seen: 1.75 times as many in the niche for weeks; places at rest are as before."""
    doses = {"gmp_infused": FEW}
    irradiated, plain = (
        course(run(body(ENGRAFTABLE), [21.0, 42.0], given), "gmp_in_niche")
        for given in ({**doses, "lymphodepletion": 1.0}, doses)
    )
    assert 1.3 < irradiated[0] / plain[0] < 2.5
    assert irradiated[1] / plain[1] == pytest.approx(irradiated[0] / plain[0], rel=0.02)


def test_a_graft_that_fills_the_niche_keeps_the_host_out_and_no_place_is_taken_twice() -> None:
    numbers = medians(body(ENGRAFTABLE))
    places = numbers["host_gmp_count"] / (1 - numbers["niche_vacancy_at_rest"])
    found = run(
        body(ENGRAFTABLE),
        list(np.linspace(0.0, 60.0, 61)),
        {"gmp_infused": 1e8},
        gmp_niche_entry_rate=5.0,
        gmp_renewal_in_empty_niche=0.9,
    )
    host, graft = course(found, "host_gmp_in_niche"), course(found, "gmp_in_niche")
    assert (host + graft).max() < places
    assert host[-1] < 0.6 * host[0]
