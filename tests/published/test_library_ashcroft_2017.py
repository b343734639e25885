"""Ashcroft 2017: stem cells of host and donor competing for niches, cell by cell.

Ashcroft, Manz, Bonhoeffer. PLoS Comput Biol 2017;13:e1005803. Witnesses: the results of 10,000
simulations per setting that the authors deposited; the branching process of one cell in closed
form; the fixation probability n2/(n1 + n2) of neutral cells; and the value of a cell in blood.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from progenitor.engine import Event, SolverOptions, Status, Trajectories, simulate_exact
from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.ashcroft_2017 import MODEL, OBSERVED_VARIANTS, observed

TABLE = default_catalogue().table("ashcroft_2017")
FALSE_ALARM = 4.0
"""Standard errors allowed: 6e-5 per comparison when the seed is changed."""


def published(symbol: str) -> float:
    record = TABLE.observed[symbol]
    return record.reported[0].measured.to(record.unit).value


def mean_field(variant: str = "", **changes: float) -> Population:
    return simulate_population(
        MODEL, patients=1, seed=1, typical=True, variant=variant, changes=changes,
        options=SolverOptions(rtol=1e-10),
    )  # fmt: skip


def cell_by_cell(
    count: int, days: float, events: Mapping[str, str], variant: str = "", **changes: float
) -> Trajectories:
    """Runs that end with the first of some events."""
    ending = tuple(Event(name, trigger, stop=True) for name, trigger in events.items())
    numbers = {**MODEL.typical(default_catalogue(), variant), **changes}
    model = replace(MODEL, events=ending, observables=MODEL.observables[:2])
    built = model.model(default_catalogue())
    return simulate_exact(
        built,
        {p.name: np.full(count, numbers[p.name]) for p in built.parameters},
        times=np.tile([0.0, days], (count, 1)),
        seed=7,
        draw=np.zeros(count, int),
        patient=np.arange(count),
        options=SolverOptions(max_steps=1_000_000),
    )


@pytest.mark.parametrize("symbol", sorted(TABLE.observed))
def test_the_closed_form_is_what_the_authors_simulated(symbol: str) -> None:
    """A share of 10,000 runs is known to 0.0027 and a mean time to 0.57 days, which are 0.3 %."""
    found = mean_field(OBSERVED_VARIANTS[symbol])
    ratio = observed(found, found)[symbol] / published(symbol)
    assert abs(ratio - 1.0) < FALSE_ALARM * 0.003


def test_exact_simulation_is_what_the_authors_simulated() -> None:
    """4,000 emptied mice that get one cell each, until it has 100 in niches or none is left."""
    count = 4_000
    events = {
        "lost": "donor_marrow + donor_blood <= 0",
        "engrafted": "donor_marrow >= engrafted_level",
    }
    found = cell_by_cell(count, 2_000.0, events, "one_donor_cell_slow", engrafted_level=100.0)
    assert (found.status == Status.OK).all()
    days = found.event_time("engrafted")
    engrafted = ~np.isnan(days)
    assert (engrafted | ~np.isnan(found.event_time("lost"))).all()
    chance = published("observed_engraftment")
    error = np.sqrt(chance * (1 - chance) * (1 / count + 1 / 10_000))
    assert abs(engrafted.mean() - chance) < FALSE_ALARM * error
    spread = days[engrafted].std() * np.sqrt(1 / engrafted.sum() + 1 / 9_209)
    assert abs(days[engrafted].mean() - published("observed_time_to_100")) < FALSE_ALARM * spread


def test_neutral_cells_win_by_their_share() -> None:
    """Ten niches with 6 host and 3 donor cells: the donor wins one in three, whatever the rates.

    Every cell is as likely as any other to be the ancestor of all; about one run in a thousand
    loses both lines, which changes the share by less than a tenth of its error.
    """
    count = 3_000
    small = {
        "niches": 10.0, "marrow_at_rest": 9.0, "blood_at_rest": 1.0, "stay_in_blood": 0.1,
        "host_in_marrow": 6.0, "host_in_blood": 0.0, "donor_in_blood": 0.0, "donor_start": 3.0,
    }  # fmt: skip
    found = fixed(count, small)
    assert (found.status == Status.OK).all()
    won = ~np.isnan(found.event_time("donor_won"))
    lost = ~np.isnan(found.event_time("host_won"))
    assert (won | lost).all()
    assert abs(won.mean() - 1 / 3) < FALSE_ALARM * np.sqrt(2 / 9 / count)


def fixed(count: int, small: dict[str, float]) -> Trajectories:
    """Runs until one line is gone, from donor cells that sit in niches already."""
    donors = small.pop("donor_start")
    species = tuple(
        replace(s, initial=f"{donors:g}") if s.name == "donor_marrow" else s for s in MODEL.species
    )
    ending = (
        Event("donor_won", "host_marrow + host_blood <= 0", stop=True),
        Event("host_won", "donor_marrow + donor_blood <= 0", stop=True),
    )
    model = replace(MODEL, species=species, events=ending, observables=MODEL.observables[:2])
    built = model.model(default_catalogue())
    numbers = {**MODEL.typical(default_catalogue()), **small}
    return simulate_exact(
        built,
        {p.name: np.full(count, numbers[p.name]) for p in built.parameters},
        times=np.tile([0.0, 20_000.0], (count, 1)),
        seed=8,
        draw=np.zeros(count, int),
        patient=np.arange(count),
        options=SolverOptions(max_steps=1_000_000),
    )


def test_the_host_alone_stays_at_rest() -> None:
    found = mean_field(donor_in_blood=0.0)
    assert np.allclose(found.of("host_cells")[0], 9900.0, rtol=1e-8, atol=0)


def test_a_small_dose_is_worth_its_share() -> None:
    """Neutral cells keep the chimerism v S/(v s* + n*) with v = 1 - l delta, to 1e-3 for one cell.

    v is the worth of a cell in blood, which settles with that probability, over one in a niche;
    the exchange between blood and niches settles within a day.
    """
    delta = 9900.0 / 39.0 / 10.0
    worth = 1.0 - 3.0 / 1440.0 * delta
    found = mean_field(donor_in_blood=1.0)
    share = worth / (9900.0 + worth * 10.0)
    donors, hosts = found.of("donor_cells")[0, -1], found.of("host_cells")[0, -1]
    assert abs(donors / (donors + hosts) / share - 1.0) < 1e-3
