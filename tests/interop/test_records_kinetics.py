"""Tables of doses against closed forms of one and two compartments."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import (
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
from progenitor.interop import RecordSimulation, RecordTable, read_records

Read = Callable[..., RecordTable]
FINE = SolverOptions(rtol=1e-10, atol_scale=1e-5)
RTOL = 1e-7  # three decades above the solver's tolerance, for the errors of a few hundred steps

ORAL = Model.build(
    "oral",
    [
        ReactionSet(
            "oral",
            species=(Species("depot", "mg"), Species("centre", "mg")),
            parameters=tuple(
                ModelParameter(name, unit)
                for name, unit in (("ka", "1/hour"), ("ke", "1/hour"), ("volume", "L"))
            ),
            reactions=(
                Reaction("absorption", "ka*depot", {"depot": 1}, {"centre": 1}),
                Reaction("elimination", "ke*centre", {"centre": 1}),
            ),
            observables=(
                Observable("concentration", "centre/volume", "mg/L"),
                Observable("weight_now", "volume", "L"),
            ),
        )
    ],
    time_unit="hour",
)
KA, KE, V = 1.5, 0.2, 30.0
ORAL_VALUES = {"ka": KA, "ke": KE, "volume": V}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def made(text: str, **options: object) -> RecordTable:
        path = tmp_path / "t.csv"
        path.write_text(text, "utf-8")
        return read_records(path, **options)  # type: ignore[arg-type]

    return made


def solved(
    table: RecordTable,
    model: Model = ORAL,
    values: Mapping[str, float] = ORAL_VALUES,
    default: str = "centre",
) -> np.ndarray:
    run = table.to_simulation(model, values, default_compartment=default)
    found = run.simulate(options=FINE)
    assert (found.status == Status.OK).all()
    return run.values(found)[:, 0]


def close(found: np.ndarray, expected: Sequence[float] | np.ndarray, rtol: float = RTOL) -> None:
    # 1e-9 absolute: far below every concentration asked for but the exact zeros.
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-9)


def bolus(t: np.ndarray | float, amount: float = 100.0) -> np.ndarray:
    t = np.asarray(t, dtype=float)
    return np.where(t >= 0, amount / V * np.exp(-KE * np.maximum(t, 0)), 0.0)


def oral(t: np.ndarray | float, amount: float = 100.0) -> np.ndarray:
    t = np.asarray(t, dtype=float)
    rise = np.exp(-KE * np.maximum(t, 0)) - np.exp(-KA * np.maximum(t, 0))
    return amount / V * KA / (KA - KE) * rise


def infused(t: np.ndarray | float, amount: float, lasting: float) -> np.ndarray:
    t = np.asarray(t, dtype=float)
    during = amount / lasting / V / KE * (1 - np.exp(-KE * np.clip(t, 0, lasting)))
    return during * np.exp(-KE * np.maximum(t - lasting, 0))


HOURS = np.array([0.0, 0.25, 1.0, 3.0, 8.0, 24.0])


def observations(times: Sequence[float], subject: str = "1", cells: str = ".,0") -> str:
    return "".join(f"{subject},{float(time)!r},{cells}\n" for time in times)


def test_bolus_and_oral_doses_by_number_and_name(read: Read) -> None:
    text = "ID,TIME,AMT,EVID,CMT\n"
    for subject, compartment in (
        ("1", "2"),
        ("2", "centre"),
        ("3", "0"),
        ("4", "1"),
        ("5", "depot"),
    ):
        text += f"{subject},0,100,1,{compartment}\n" + observations(HOURS, subject, ".,0,.")
    found = solved(read(text)).reshape(5, -1)
    assert (found[:3, 0] == 100 / V).all()
    for row in range(3):
        close(found[row, 1:], bolus(HOURS))
    for row in (3, 4):
        close(found[row, 1:], oral(HOURS))


@pytest.mark.parametrize("cells", ["20,.", ".,5", "20,5", "-2,5", "-1,5"])
def test_infusions_by_rate_and_duration(read: Read, cells: str) -> None:
    text = f"ID,TIME,AMT,EVID,RATE,DUR\n1,0,100,1,{cells}\n" + observations(HOURS, cells=".,0,.,.")
    close(solved(read(text))[1:], infused(HOURS, 100.0, 5.0))


def test_times_are_converted(read: Read) -> None:
    days = HOURS / 24
    text = "ID,TIME,AMT,EVID,RATE,II,ADDL\n1,0,100,1,480,0.25,1\n"
    text += observations(days, cells=".,0,.,.,.")
    expected = infused(HOURS, 100.0, 5.0) + infused(HOURS - 6, 100.0, 5.0)
    close(solved(read(text, time_unit="day"))[1:], expected)


def test_additional_doses_as_the_users_guide_says(read: Read) -> None:
    """NONMEM users guide, ADDL: with II 12 and ADDL 2 a dose at 10 comes again at 22 and 34.

    An observation at 15 and an extra dose at 20 in between do not affect the pattern.
    """
    times = np.array([15.0, 21.0, 22.0, 30.0, 34.0, 50.0])
    text = "ID,TIME,AMT,EVID,II,ADDL\n1,10,100,1,12,2\n1,15,.,0,.,.\n1,20,40,1,.,.\n"
    text += observations(times[1:], cells=".,0,.,.")
    expected = sum(bolus(times - day) for day in (10, 22, 34)) + bolus(times - 20, 40.0)
    close(solved(read(text))[[1, 3, 4, 5, 6, 7]], expected)


def test_order_at_one_time_is_that_of_the_records(read: Read) -> None:
    text = (
        "ID,TIME,AMT,EVID\n1,0,.,0\n1,0,100,1\n1,0,.,0\n1,12,.,0\n1,12,50,1\n1,12,.,0\n1,12,25,1\n"
    )
    text += "1,12,25,1\n1,12,.,2\n"
    trough = float(bolus(12.0))
    expected = [0, 100 / V, 100 / V, trough]
    expected += [trough + a / V for a in (50, 50, 100, 100, 100)]
    close(solved(read(text)), expected)


def test_an_additional_dose_comes_before_the_records_of_its_time(read: Read) -> None:
    text = "ID,TIME,AMT,EVID,II,ADDL\n1,0,100,1,6,3\n1,12,.,0,.,.\n1,12,50,1,.,.\n1,12,.,0,.,.\n"
    before = float(sum(bolus(12.0 - day) for day in (0, 6, 12)))
    close(solved(read(text))[1:], [before, before + 50 / V, before + 50 / V])


def test_a_reset_empties_ends_infusions_and_cancels_what_is_pending(read: Read) -> None:
    text = "ID,TIME,AMT,EVID,RATE,II,ADDL\n1,0,100,1,20,7,5\n1,9,.,0,.,.,.\n1,9,.,3,.,.,.\n"
    text += "1,30,.,0,.,.,.\n1,31,60,4,.,.,.\n1,33,.,0,.,.,.\n"
    before = float(infused(9.0, 100, 5) + infused(2.0, 100, 5))
    close(solved(read(text)), [0, before, 0, 0, 2.0, 2.0 * np.exp(-KE * 2)])


def test_a_subject_begins_at_its_first_record(read: Read) -> None:
    decay = Model.build(
        "decay",
        [
            ReactionSet(
                "decay",
                species=(Species("x", "1", initial="start"),),
                parameters=(ModelParameter("start", "1"), ModelParameter("k", "1/day")),
                reactions=(Reaction("loss", "k*x", {"x": 1}),),
                observables=(Observable("x", "x", "1"),),
            )
        ],
    )
    table = read("ID,TIME,start\n1,5,8\n1,6,8\n2,-5,8\n2,-4,8\n3,0,8\n3,1,8\n")
    found = solved(table, decay, {"k": 0.5}, "")
    close(found, [8.0, 8 * np.exp(-0.5)] * 3)


def test_covariates_hold_until_the_next_record(read: Read) -> None:
    text = (
        "ID,TIME,AMT,ke,volume\n1,0,100,0.2,30\n1,4,.,0.4,30\n1,6,.,.,30\n1,10,.,0,15\n1,20,.,.,.\n"
    )
    text += "2,0,100,0.1,10\n2,1,.,0.1,10\n"
    run = read(text).to_simulation(ORAL, {"ka": KA}, default_compartment="centre")
    found = run.values(run.simulate(options=FINE))
    amounts = 100 * np.exp(-np.array([0, 0.8, 1.6, 3.2, 3.2]))
    close(found[:5, 0], amounts / np.array([30, 30, 30, 15, 15]))
    close(found[5:, 0], 10 * np.exp(-np.array([0, 0.1])))
    assert found[:, 1].tolist() == [30, 30, 30, 15, 15, 10, 10]


TWO = Model.build(
    "two",
    [
        ReactionSet(
            "two",
            species=(Species("centre", "mg"), Species("edge", "mg")),
            parameters=tuple(ModelParameter(name, "1/day") for name in ("k10", "k12", "k21")),
            reactions=(
                Reaction("elimination", "k10*centre", {"centre": 1}),
                Reaction("out", "k12*centre", {"centre": 1}, {"edge": 1}),
                Reaction("back", "k21*edge", {"edge": 1}, {"centre": 1}),
            ),
            observables=(Observable("centre", "centre", "mg"), Observable("edge", "edge", "mg")),
        )
    ],
)
K10, K12, K21 = 0.4, 1.1, 0.3
SUM, ROOT = K10 + K12 + K21, np.sqrt((K10 + K12 + K21) ** 2 - 4 * K10 * K21)
FAST, SLOW = (SUM + ROOT) / 2, (SUM - ROOT) / 2


def two(t: np.ndarray | float) -> np.ndarray:
    t = np.maximum(np.asarray(t, dtype=float), 0)
    shares = (FAST - K21) / (FAST - SLOW), (K21 - SLOW) / (FAST - SLOW)
    return shares[0] * np.exp(-FAST * t) + shares[1] * np.exp(-SLOW * t)


def test_two_compartments(read: Read) -> None:
    days = np.linspace(0, 20, 21)
    text = "ID,TIME,AMT,EVID\n1,0,100,1\n" + observations(days)
    values = {"k10": K10, "k12": K12, "k21": K21}
    close(solved(read(text), TWO, values)[1:], 100 * two(days))


def test_theophylline_of_twelve_subjects(read: Read) -> None:
    """Estimates of Pinheiro & Bates 1995 as printed in the SAS manual of NLMIXED, example 1.

    The doses are those of the twelve subjects; concentrations are the manual's own formula.
    """
    clearance, absorption, elimination = np.exp([-3.22, 0.47, -2.45])
    doses = [4.02, 4.40, 4.53, 4.40, 5.86, 4.00, 4.95, 4.53, 3.10, 5.50, 4.92, 5.30]
    hours = np.array([0.25, 0.57, 1.12, 2.02, 3.82, 5.1, 7.03, 9.05, 12.12, 24.37])
    text = "ID,TIME,AMT,EVID\n"
    for subject, dose in enumerate(doses, start=1):
        text += f"{subject},0,{dose},1\n" + observations(hours, str(subject))
    volume = clearance / elimination
    values = {"ka": absorption, "ke": elimination, "volume": volume}
    found = solved(read(text), ORAL, values, "depot").reshape(12, -1)[:, 1:]
    course = np.exp(-elimination * hours) - np.exp(-absorption * hours)
    factor = elimination * absorption / clearance / (absorption - elimination)
    close(found, np.outer(doses, factor * course))


def test_results_stand_beside_the_records(read: Read, tmp_path: Path) -> None:
    text = "ID,TIME,AMT,NOTE,status,concentration\nA,0,100,=1+1,x,-1.5\nA,12,.,@b,y,+2\n"
    run = read(text).to_simulation(ORAL, ORAL_VALUES, default_compartment="centre")
    found = run.simulate(options=FINE)
    path = run.write(tmp_path / "out.csv", found)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    assert rows[0] == [
        *("ID", "TIME", "AMT", "NOTE", "status", "concentration"),
        *("simulated_concentration", "weight_now", "simulated_status"),
    ]
    assert rows[1][:6] == ["A", "0", "100", "'=1+1", "x", "-1.5"]
    assert rows[2][:6] == ["A", "12", ".", "'@b", "y", "+2"]
    assert [float(row[6]) for row in rows[1:]] == run.values(found)[:, 0].tolist()
    assert [row[7:] for row in rows[1:]] == [["30", "OK"], ["30", "OK"]]


def test_a_failed_subject_cannot_be_mistaken(read: Read) -> None:
    blow = Model.build(
        "blow",
        [
            ReactionSet(
                "blow",
                species=(Species("x", "1", initial="1"),),
                parameters=(ModelParameter("k", "1/day"),),
                reactions=(Reaction("growth", "k*x*x", {"x": 1}, {"x": 2}),),
                observables=(Observable("x", "x", "1"),),
            )
        ],
    )
    run = read("ID,TIME,k\n1,0,1\n1,2,1\n2,0,0\n2,2,0\n").to_simulation(blow)
    rows = list(csv.reader(io.StringIO(run.csv(run.simulate()))))
    assert [row[3:] for row in rows[3:]] == [["1", "OK"], ["1", "OK"]]
    assert all(row[3] == "NA" and row[4] not in {"OK", ""} for row in rows[1:3])


def test_a_subject_does_not_depend_on_the_others(read: Read) -> None:
    def of(run: RecordSimulation) -> dict[str, list[list[float]]]:
        values = run.values(run.simulate()).tolist()
        names = [run.table.subjects[s] for s in run.table.subject]
        return {n: [v for m, v in zip(names, values, strict=True) if m == n] for n in names}

    def simulated(text: str) -> RecordSimulation:
        table = read("ID,TIME,AMT,II,ADDL,ke\n" + text)
        return table.to_simulation(ORAL, {"ka": KA, "volume": V}, default_compartment="depot")

    first = "1,0,100,5,4,0.2\n1,3,.,.,.,0.3\n1,30,.,.,.,0.1\n"
    second = "2,1,50,.,.,0.4\n2,2,.,.,.,0.4\n"
    together = of(simulated(first + second))
    assert together["1"] == of(simulated(first))["1"]
    assert together["2"] == of(simulated(second))["2"]


def test_refused_with_names_of_both_units(read: Read) -> None:
    with pytest.raises(InputError, match=r"time_unit is 'mg'.*'hour'"):
        read("ID,TIME\n1,0\n", time_unit="mg").to_simulation(ORAL, ORAL_VALUES)
