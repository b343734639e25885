"""Steady state: closed forms of accumulation, and models that have none."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    SolverOptions,
    Species,
    Status,
)
from progenitor.errors import InputError
from progenitor.interop import RecordTable, read_records

Read = Callable[..., RecordTable]
FINE = SolverOptions(rtol=1e-10, atol_scale=1e-5)
KA, KE = 1.3, 0.25
VALUES = {"ka": KA, "ke": KE}


def model(
    *more: Reaction,
    events: tuple[Event, ...] = (),
    species: tuple[Species, ...] = (),
    parameters: tuple[ModelParameter, ...] = (),
    shown: str = "centre",
) -> Model:
    part = ReactionSet(
        "oral",
        species=(Species("depot", "mg"), Species("centre", "mg"), *species),
        parameters=(ModelParameter("ka", "1/day"), ModelParameter("ke", "1/day"), *parameters),
        reactions=(
            Reaction("absorption", "ka*depot", {"depot": 1}, {"centre": 1}),
            Reaction("elimination", "ke*centre", {"centre": 1}),
            *more,
        ),
        events=events,
        observables=(Observable("shown", shown, "mg"),),
    )
    return Model.build("oral", [part])


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def made(text: str) -> RecordTable:
        path = tmp_path / "t.csv"
        path.write_text(text, "utf-8")
        return read_records(path)

    return made


def solved(table: RecordTable, of: Model, values: Mapping[str, float] = VALUES) -> np.ndarray:
    run = table.to_simulation(of, values, default_compartment="centre")
    found = run.simulate(options=FINE)
    assert (found.status == Status.OK).all()
    return run.values(found)[:, 0]


def close(found: np.ndarray, expected: np.ndarray, rtol: float = 1e-7) -> None:
    # Doses stop when amounts change by 1e-8 of themselves an interval; what is still missing then
    # is that divided by 1 - exp(-rate × interval), a few times more here.
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=0)


def times(hours: list[float], cells: str) -> str:
    return "".join(f"1,{hour!r},{cells}\n" for hour in hours)


def bolus_plateau(t: np.ndarray, tau: float, amount: float = 100.0) -> np.ndarray:
    """Gibaldi & Perrier, Pharmacokinetics, 2nd edition 1982, equation 3.9."""
    return amount * np.exp(-KE * t) / (1 - np.exp(-KE * tau))


def oral_plateau(t: np.ndarray, tau: float, amount: float = 100.0) -> np.ndarray:
    """Superposition of oral doses for ever: each exponential divided by 1 - exp(-rate × tau)."""
    terms = [np.exp(-k * t) / (1 - np.exp(-k * tau)) for k in (KE, KA)]
    return amount * KA / (KA - KE) * (terms[0] - terms[1])


AFTER = [0.5, 2.0, 5.0, 7.5]
ROWS = times(AFTER, ".,0,.,.,.,.,.")
HEAD = "ID,TIME,AMT,EVID,CMT,II,SS,ADDL,RATE\n"


def test_boluses_accumulate_to_the_plateau(read: Read) -> None:
    text = HEAD + "1,0,100,1,centre,8,1,0,.\n" + ROWS
    expected = bolus_plateau(np.array([0.0, *AFTER]), 8.0)
    close(solved(read(text), model()), expected)


def test_dosing_at_every_half_life_doubles_the_dose(read: Read) -> None:
    """Accumulation 1/(1 - 1/2) = 2 at an interval of one half-life, in every textbook."""
    text = HEAD + f"1,0,100,1,centre,{math.log(2) / KE!r},1,0,.\n"
    close(solved(read(text), model()), np.array([200.0]))


def test_oral_doses_accumulate_to_the_plateau(read: Read) -> None:
    text = HEAD + "1,0,100,1,depot,8,1,3,.\n" + ROWS
    text += times([12.0, 31.0, 33.0], ".,0,.,.,.,.,.")
    expected = oral_plateau(np.array([0.0, *AFTER, 4.0, 7.0]), 8.0)
    found = solved(read(text), model())
    close(found[:-1], expected)
    # Four doses in all: at 32 none comes, and the last interval goes on.
    close(found[-1:], oral_plateau(np.array([9.0]), 8.0))


@pytest.mark.parametrize("rate", [50.0, 5.0])
def test_infusions_reach_their_plateau(read: Read, rate: float) -> None:
    """Shorter than the interval of 8 days, and longer, so that two and a half go on at once."""
    tau, lasting = 8.0, 100.0 / rate
    text = HEAD + f"1,0,100,1,centre,{tau},1,0,{rate}\n" + ROWS
    days = np.array([0.0, *AFTER])
    since = days[:, None] + tau * np.arange(200)
    during = rate / KE * (1 - np.exp(-KE * np.minimum(since, lasting)))
    expected = (during * np.exp(-KE * np.maximum(since - lasting, 0))).sum(axis=1)
    close(solved(read(text), model()), expected)


def test_steady_state_later_forgets_what_was_before(read: Read) -> None:
    text = HEAD + "1,0,1000,1,centre,3,0,50,.\n1,20,.,0,.,.,.,.,.\n1,20,.,0,.,.,.,.,.\n"
    text += "1,20,100,1,centre,8,1,1,.\n1,25,.,0,.,.,.,.,.\n1,30,.,0,.,.,.,.,.\n"
    found = solved(read(text), model())
    days = np.arange(0, 21, 3)
    close(found[1:3], np.full(2, (1000 * np.exp(-KE * (20 - days))).sum()))
    close(found[3:], bolus_plateau(np.array([0.0, 5.0, 2.0]), 8.0))


def test_steady_state_added_to_what_is_there(read: Read) -> None:
    """SS=2 as the users guide says: amounts at steady state plus those there would be otherwise."""
    text = HEAD + "1,0,1000,1,centre,.,.,.,.\n1,3,100,1,depot,8,2,1,.\n"
    text += times([3.5, 10.0, 12.0], ".,0,.,.,.,.,.")
    days = np.array([0.0, 0.5, 7.0, 1.0])
    expected = 1000 * np.exp(-KE * np.array([3.0, 3.5, 10.0, 12.0])) + oral_plateau(days, 8.0)
    close(solved(read(text), model())[1:], expected)


@pytest.mark.parametrize("rate", [50.0, 5.0])
def test_infusions_at_steady_state_are_added_whole(read: Read, rate: float) -> None:
    text = HEAD + f"1,0,100,1,centre,8,{{}},2,{rate}\n" + times([1.0, 7.0, 12.0], ".,0,.,.,.,.,.")
    one, two = (solved(read(text.format(flag)), model()) for flag in (1, 2))
    close(two, one)


def test_each_subject_has_its_own_plateau(read: Read) -> None:
    text = "ID,TIME,AMT,II,SS,ke\n1,0,100,8,1,0.25\n2,0,50,8,1,0.5\n3,0,50,4,1,0.5\n3,1,.,.,.,0.5\n"
    run = read(text).to_simulation(model(), {"ka": KA}, default_compartment="centre")
    found = run.values(run.simulate(options=FINE))[:, 0]
    plateau = [100 / (1 - np.exp(-2)), 50 / (1 - np.exp(-4)), 50 / (1 - np.exp(-2))]
    close(found, np.array([*plateau, plateau[2] * np.exp(-0.5)]))


SATURABLE = Model.build(
    "saturable",
    [
        ReactionSet(
            "saturable",
            species=(Species("centre", "mg"),),
            parameters=(ModelParameter("most", "mg/day"), ModelParameter("half", "mg")),
            reactions=(Reaction("loss", "most*centre/(half + centre)", {"centre": 1}),),
            observables=(Observable("shown", "centre", "mg"),),
        )
    ],
)


def test_saturable_elimination_balances_the_dose(read: Read) -> None:
    """Michaelis-Menten elimination, one interval: half·ln(peak/trough) + dose = most × interval.

    With peak = trough + dose this gives the trough.
    """
    values = {"most": 60.0, "half": 40.0}
    text = "ID,TIME,AMT,II,SS\n1,0,100,2,1\n"
    peak = solved(read(text), SATURABLE, values)[0]
    trough = 100 / (np.exp((60 * 2 - 100) / 40) - 1)
    close(np.array([peak]), np.array([trough + 100]))


def refused(read: Read, of: Model, flag: int = 1) -> str:
    values = {parameter.name: 0.5 for parameter in of.parameters}
    text = f"ID,TIME,AMT,II,SS\n1,0,.,.,.\n1,0,100,2,{flag}\n"
    with pytest.raises(InputError) as error:
        read(text).to_simulation(of, values, default_compartment=of.species[0].name)
    assert all("t.csv:3: SS: " in str(problem) for problem in error.value.problems)
    return str(error.value)


def test_a_dividing_population_has_no_steady_state(read: Read) -> None:
    growth = Reaction("division", "ke*cells", {"cells": 1}, {"cells": 2})
    told = refused(read, model(growth, species=(Species("cells", "cell"),)))
    assert "SS is 1, but reaction 'division' makes 'cells' from 'cells'" in told
    assert "grows or dies out, and has no steady state under dosing" in told


def test_other_models_without_steady_state_are_refused(read: Read) -> None:
    clock = Reaction("clock", "ke*centre*exp(-ke*time)", {"centre": 1})
    assert "the model changes with time by itself" in refused(read, model(clock))
    relief = Event("relief", "centre > 5*depot", {"centre": "0"})
    assert "event 'relief' would act" in refused(read, model(events=(relief,)))
    few = Species("few", "cell", countable=True)
    assert "'few' is countable" in refused(read, model(species=(few,)))
    assert "linear models only" in refused(read, SATURABLE, flag=2)


def test_what_only_grows_is_found_by_trying(read: Read) -> None:
    urine = model(
        Reaction("excretion", "ke*centre", {}, {"urine": 1}), species=(Species("urine", "mg"),)
    )
    told = refused(read, urine)
    assert "no steady state is reached: 'urine' still changes by" in told
    values = {"most": 40.0, "half": 40.0}
    text = "ID,TIME,AMT,II,SS\n1,0,100,2,1\n"
    with pytest.raises(InputError, match="'centre' still changes"):
        solved(read(text), SATURABLE, values)


def test_turnover_of_a_response_is_no_renewal(read: Read) -> None:
    """An indirect response comes back: its production falls with the drug, not with itself."""
    response = model(
        Reaction("making", "ke*(1 - hill(centre, half, 1))*base", {}, {"response": 1}),
        Reaction("losing", "ke*response", {"response": 1}),
        species=(Species("response", "mg", initial="7"),),
        parameters=(ModelParameter("half", "mg"), ModelParameter("base", "mg")),
        shown="response",
    )
    text = "ID,TIME,AMT,II,SS,ADDL\n1,0,100,2,1,9\n1,2,.,.,.,.\n1,12,.,.,.,.\n"
    values = {**VALUES, "half": 20.0, "base": 7.0}
    found = solved(read(text), response, values)
    close(found, np.full(3, found[0]))
    assert 0 < found[0] < 7
