"""Networks: the published instance, brute force, limits, failures, banks and bad input."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.manufacture import (
    Centre,
    Failures,
    Network,
    NetworkDesign,
    Orders,
    Plant,
    design_for_failures,
    design_network,
    load_network,
)

SUPPLY = Path(__file__).parents[2] / "studies" / "supply"


@pytest.fixture(scope="module")
def five() -> NetworkDesign:
    asked = load_network(SUPPLY / "five_patients.yaml")
    return design_network(asked.network, asked.orders, horizon=asked.horizon)


def test_five_patients_cost_what_was_published(five: NetworkDesign) -> None:
    """Triantafyllou et al. 2022: 623,821.38 USD for each therapy."""
    assert round(five.cost_per_therapy, 2) == 623_821.38
    assert five.kept.tolist() == [True, False, False, False, False, False]
    assert five.turnaround.max() <= 18


def test_the_cost_is_the_sum_of_what_it_is_made_of(five: NetworkDesign) -> None:
    """A plant at 23,136.13 a day for 130 days; one pair of journeys at 2,750, four at 2,430."""
    by_hand = 130 * 23_136.13 + 5 * (10_476 + 9_312) + 2_750 + 4 * 2_430
    assert five.total == pytest.approx(by_hand, rel=1e-12)


def random_network(seed: int) -> tuple[Network, Orders]:
    draws = stream(seed, "network test")
    shape = (2, 3, 2)
    plants = tuple(
        Plant(f"P{i}", int(draws.integers(1, 4)), float(draws.integers(10, 60))) for i in range(3)
    )
    network = Network(
        "random",
        (Centre("A"), Centre("B")),
        plants,
        ("fast", "slow"),
        draws.integers(100, 900, shape).astype(float),
        np.broadcast_to([1.0, 2.0], shape),
        draws.integers(100, 900, (3, 2, 2)).astype(float),
        np.broadcast_to([1.0, 2.0], (3, 2, 2)),
        make_days=4,
        test_days=2,
        return_limit=10,
    )
    return network, Orders(draws.integers(0, 2, 5), draws.integers(0, 9, 5))


def brute_force(network: Network, orders: Orders, horizon: int) -> float:
    """Cheapest of all choices of plant and modes for every patient."""
    patients = range(len(orders.day))
    choices = list(itertools.product(range(3), range(2), range(2)))
    allowed = [
        one for one in choices if 1 + one[1] + 1 + 4 + 2 + one[2] + 1 <= network.return_limit
    ]
    best = np.inf
    for picked in itertools.product(allowed, repeat=len(orders.day)):
        kept = {plant for plant, _, _ in picked}
        cost = horizon * sum(network.plants[one].cost_per_day for one in kept)
        for patient, (plant, into, back) in zip(patients, picked, strict=True):
            centre = orders.centre[patient]
            cost += network.inbound_cost[centre, plant, into]
            cost += network.outbound_cost[plant, centre, back]
        if cost < best and fits(network, orders, picked):
            best = cost
    return best


def fits(network: Network, orders: Orders, picked: tuple[tuple[int, int, int], ...]) -> bool:
    begins = [int(d) + 1 + into + 1 for d, (_, into, _) in zip(orders.day, picked, strict=True)]
    for plant in range(3):
        here = [b for b, (where, _, _) in zip(begins, picked, strict=True) if where == plant]
        if any(sum(b <= d < b + 4 for b in here) > network.plants[plant].lines for d in here):
            return False
    return True


@pytest.mark.parametrize("seed", range(3))
def test_the_optimum_is_that_of_trying_everything(seed: int) -> None:
    network, orders = random_network(seed)
    few = Orders(orders.centre[:4], orders.day[:4])
    design = design_network(network, few, horizon=25)
    assert design.total == pytest.approx(brute_force(network, few, 25), rel=1e-12)


@pytest.mark.parametrize("seed", range(3, 8))
def test_designs_keep_the_rules(seed: int) -> None:
    network, orders = random_network(seed)
    design = design_network(network, orders)
    lines = np.array([one.lines for one in network.plants])
    assert (design.load.max(axis=1) <= lines * design.kept).all()
    assert (design.turnaround <= network.return_limit).all()
    assert design.gap == 0


def test_a_year_of_two_thousand_patients_is_solved_to_the_optimum() -> None:
    asked = load_network(SUPPLY / "two_thousand.yaml", patients=500)
    design = design_network(asked.network, asked.orders, horizon=asked.horizon)
    assert design.gap == 0
    assert design.kept.sum() <= 2


def test_point_of_care_against_hub() -> None:
    """Dear journeys make plants at the centres worth their cost, cheap ones a hub."""
    for price, wanted in ((10.0, [True, False, False]), (9_000.0, [False, True, True])):
        journeys = np.full((2, 3, 1), price), np.ones((2, 3, 1))
        network = Network(
            "choice",
            (Centre("A"), Centre("B")),
            (
                Plant("hub", 9, 300.0),
                Plant("at A", 1, 250.0, at="A"),
                Plant("at B", 1, 250.0, at="B"),
            ),
            ("van",),
            *journeys,
            np.full((3, 2, 1), price),
            np.ones((3, 2, 1)),
        )
        orders = Orders(np.array([0, 0, 1, 1]), np.array([0, 9, 0, 9]))
        assert design_network(network, orders, horizon=40).kept.tolist() == wanted


def test_risk_buys_fewer_lines() -> None:
    """One line serves two patients three weeks apart unless the first is made again."""
    shape = (1, 2, 1)
    network = Network(
        "risk", (Centre("A"),), (Plant("small", 1, 100.0), Plant("large", 3, 130.0)), ("van",),
        np.full(shape, 500.0), np.ones(shape), np.full((2, 1, 1), 500.0), np.ones((2, 1, 1)),
        materials=1000.0,
    )  # fmt: skip
    orders = Orders(np.zeros(2, dtype=int), np.array([0, 18]))
    careful = design_for_failures(network, orders, Failures(0.5, wait=4, futures=40, risk=0.05))
    careless = design_for_failures(network, orders, Failures(0.5, wait=4, futures=40, risk=0.9))
    assert careful.kept.tolist() == [False, True]
    assert careless.kept.tolist() == [True, False]
    assert careful.violated <= 0.05 < careless.violated <= 0.9
    fails = Failures(0.5, wait=4, futures=40).sampled(2)
    assert careful.costs["materials"] == pytest.approx(2_000 * (1 + fails.mean()), rel=1e-12)


def test_a_bank_sends_doses_around_the_world_in_time() -> None:
    asked = load_network(SUPPLY / "worldwide_bank.yaml")
    design = design_network(asked.network, asked.orders, horizon=asked.horizon)
    assert design.turnaround.max() <= 3
    assert (design.inbound == -1).all()
    assert 1 <= design.kept.sum() <= 4


def test_what_cannot_be_done_in_time_is_said_for_every_centre() -> None:
    asked = load_network(SUPPLY / "five_patients.yaml")
    with pytest.raises(InputError) as caught:
        design_network(replace(asked.network, return_limit=15), asked.orders, horizon=130)
    assert len(caught.value.problems) == 3  # centres 2, 3 and 4 have patients
    assert "fastest way takes 17 days" in str(caught.value)


def test_more_lots_than_lines_are_refused_with_the_day() -> None:
    asked = load_network(SUPPLY / "five_patients.yaml")
    many = Orders(np.zeros(200, dtype=int), np.full(200, 10))
    with pytest.raises(InputError, match="200 lots must be made at the same time"):
        design_network(asked.network, many, horizon=130)


def test_a_bad_file_is_refused_with_every_problem() -> None:
    text = (SUPPLY / "five_patients.yaml").read_text()
    text = text.replace("materials: 10476", "materials: -1").replace("m3: 2600", "m3: -2600", 1)
    text = text.replace("lines: 31", "lines: 0").replace(
        "centre: c3, day: 2}", "centre: c9, day: 2}"
    )
    text = text.replace("return_limit: 18", "return_limt: 18")
    with pytest.raises(InputError) as caught:
        load_network(text)
    said = str(caught.value)
    for words in ("materials is -1", "m3 is -2600", "lines is 0", "'c9'", "return_limt"):
        assert words in said


def test_a_network_refuses_negative_costs_all_at_once() -> None:
    journey = np.full((1, 1, 1), -1.0), np.ones((1, 1, 1))
    with pytest.raises(InputError) as caught:
        Network("bad", (Centre("A"),), (Plant("P", 0, -5.0),), ("van",), *journey, *journey,
                materials=-2.0)  # fmt: skip
    assert len(caught.value.problems) == 5
