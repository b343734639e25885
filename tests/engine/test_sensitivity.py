"""Sensitivities against closed forms, and what cannot have any."""

from collections.abc import Sequence

import numpy as np
import pytest

from progenitor.engine import (
    Change,
    Dose,
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Reset,
    Rule,
    SolverOptions,
    Species,
    Status,
    sensitivities,
    simulate,
)
from progenitor.engine._sensitivity import Sensitivities
from progenitor.errors import SimulationError

DAYS = np.array([0.0, 0.5, 2.0, 5.0, 12.0])
ENGINES = ("fast", "reference")


def fine(engine: str) -> SolverOptions:
    return SolverOptions(rtol=1e-10, atol_scale=1e-4, engine=engine)


def at(*values: float) -> np.ndarray:
    return np.array(values)


def close(found: np.ndarray, expected: np.ndarray) -> None:
    # Three decades above the tolerance; 1e-8 is far below every derivative but exact zeros.
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-8)


LOGISTIC = ReactionSet(
    "logistic",
    species=(Species("cells", "cell", "start*share", absolute_tolerance=1e-3, countable=True),),
    parameters=(
        ModelParameter("start", "cell"),
        ModelParameter("share", "1"),
        ModelParameter("rate", "1/day"),
        ModelParameter("capacity", "cell"),
        ModelParameter("unused", "1"),
    ),
    rules=(Rule("room", "1 - cells/capacity", "1"),),
    reactions=(Reaction("division", "rate*cells*room", {"cells": 1}, {"cells": 2}),),
    observables=(
        Observable("cells", "cells", "cell"),
        Observable("density", "log(cells/capacity)", "1"),
        Observable("clock", "time", "day"),
    ),
)


@pytest.mark.parametrize("engine", ENGINES)
def test_logistic_growth(engine: str) -> None:
    start, share, rate, capacity = at(1e4, 2e3), at(0.5, 0.1), at(0.7, 1.1), at(1e6, 1e5)
    found = sensitivities(
        Model.build("logistic", [LOGISTIC]),
        {"start": start, "share": share, "rate": rate, "capacity": capacity, "unused": at(0, 1)},
        of=("capacity", "rate", "start", "share", "unused"),
        times=np.tile(DAYS, (2, 1)),
        options=fine(engine),
    )
    assert found.status.tolist() == [Status.OK, Status.OK]
    t, y0, r, k = DAYS[None], (start * share)[:, None], rate[:, None], capacity[:, None]
    e = np.exp(-r * t)
    below = y0 + (k - y0) * e
    y = k * y0 / below
    by_start = y / y0 * (1 - y0 * (1 - e) / below)
    expected = {
        "capacity": y / k - y * e / below,
        "rate": y * (k - y0) * t * e / below,
        "start": by_start * share[:, None],
        "share": by_start * start[:, None],
        "unused": 0 * y,
    }
    for name, derivative in expected.items():
        close(found.of("cells", name), derivative)
        by_capacity = 1 / k if name == "capacity" else 0
        close(found.of("density", name), derivative / y - by_capacity)
        assert (found.of("clock", name) == 0).all()
    close(found.values[:, :, 0], y)


DRUG = ReactionSet(
    "drug",
    species=(Species("depot", "mg"), Species("centre", "mg", initial="left")),
    parameters=(
        ModelParameter("ka", "1/day"),
        ModelParameter("ke", "1/day"),
        ModelParameter("left", "mg"),
    ),
    reactions=(
        Reaction("absorption", "ka*depot", {"depot": 1}, {"centre": 1}),
        Reaction("elimination", "ke*centre", {"centre": 1}),
    ),
    observables=(Observable("centre", "centre", "mg"),),
)


def drug(
    engine: str, doses: Sequence[Dose | Change | Reset], *, log: bool = False, left: float = 3.0
) -> Sensitivities:
    found = sensitivities(
        Model.build("drug", [DRUG]),
        {"ka": at(1.7), "ke": at(0.3), "left": at(left)},
        of=("ke", "ka", "left"),
        times=DAYS[None],
        doses=doses,
        log=log,
        options=fine(engine),
    )
    assert (found.status == Status.OK).all()
    return found


def remaining(t: np.ndarray) -> dict[str, np.ndarray]:
    """Derivatives of left·exp(−ke·t)."""
    shown = np.exp(-0.3 * t)
    return {"ke": -3 * t * shown, "ka": 0 * t, "left": shown}


def oral(t: np.ndarray, amount: float) -> dict[str, np.ndarray]:
    """Derivatives of the Bateman function, which is zero before the dose."""
    a, e, t = 1.7, 0.3, np.maximum(t, 0.0)
    fast, slow = np.exp(-a * t), np.exp(-e * t)
    course = a * (slow - fast) / (a - e)
    by_a = -e * (slow - fast) / (a - e) ** 2 + a * t * fast / (a - e)
    by_e = course / (a - e) - a * t * slow / (a - e)
    return {"ke": amount * by_e, "ka": amount * by_a, "left": 0 * t}


@pytest.mark.parametrize("engine", ENGINES)
def test_repeated_oral_doses_add_up(engine: str) -> None:
    found = drug(engine, [Dose("depot", at(1.0), at(40.0), None, 2, 3.0)])
    for name in found.parameters:
        expected = remaining(DAYS)[name] + sum(oral(DAYS - d, 40.0)[name] for d in (1, 4, 7))
        close(found.of("centre", name)[0], expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_infusions(engine: str) -> None:
    found = drug(engine, [Dose("centre", at(1.0), at(40.0), at(3.0))])
    since = DAYS - 1
    on, off, e = np.clip(since, 0, 3), np.maximum(since - 3, 0), 0.3
    during = (1 - np.exp(-e * on)) / e
    slope = (on * np.exp(-e * on) - during) / e
    expected = 40 / 3 * np.exp(-e * off) * (slope - off * during)
    close(found.of("centre", "ke")[0], remaining(DAYS)["ke"] + expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_by_the_logarithm(engine: str) -> None:
    plain, logs = (drug(engine, [], log=log) for log in (False, True))
    close(logs.derivatives, plain.derivatives * at(0.3, 1.7, 3.0))


@pytest.mark.parametrize("engine", ENGINES)
def test_at_a_parameter_of_zero(engine: str) -> None:
    found = drug(engine, [], left=0.0)
    close(found.of("centre", "left")[0], np.exp(-0.3 * DAYS))


@pytest.mark.parametrize("engine", ENGINES)
def test_what_follows_a_change_does_not_depend_on_the_value_before(engine: str) -> None:
    found = drug(engine, [Change("ke", at(2.0), at(0.9))])
    before = np.minimum(DAYS, 2.0)
    course = np.exp(-0.3 * before - 0.9 * np.maximum(DAYS - 2, 0))
    close(found.of("centre", "ke")[0], -3 * before * course)
    close(found.of("centre", "left")[0], course)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reset_begins_anew(engine: str) -> None:
    found = drug(engine, [Dose("centre", at(0.0), at(5.0)), Reset(at(2.0))])
    since = np.where(DAYS >= 2, DAYS - 2, DAYS)
    start = np.where(DAYS >= 2, 3.0, 8.0)
    close(found.of("centre", "ke")[0], -start * since * np.exp(-0.3 * since))
    close(found.of("centre", "left")[0], np.exp(-0.3 * since))
    changed = drug(engine, [Change("left", at(1.0), at(7.0)), Reset(at(2.0))])
    expected = np.where(DAYS >= 2, 0.0, np.exp(-0.3 * DAYS))
    close(changed.of("centre", "left")[0], expected)


POWERS = ReactionSet(
    "powers",
    species=(Species("x", "1", "start"), Species("y", "1")),
    parameters=tuple(
        ModelParameter(name, "1") for name in ("start", "most", "half", "n", "loss", "until")
    ),
    rules=(
        Rule("level", "hill(x, half, n)", "1"),
        Rule("other", "max(x, y)*exp(-y)/(1 + sqrt(y))", "1"),
    ),
    reactions=(
        Reaction("up", "most*level + 0.1*abs(y - x)", {}, {"y": 1}),
        Reaction("down", "loss*x*(1 + other)**n", {"x": 1}),
        Reaction("pulse", "piecewise(loss, time < until, 0)", {}, {"x": 1}),
        Reaction("out", "loss*y**1.5 + min(y, loss)*x/(x + half)", {"y": 1}),
    ),
    observables=(
        Observable("x", "x", "1"),
        Observable("both", "log(1 + x*y)*level**n", "1"),
    ),
)


@pytest.mark.parametrize("engine", ENGINES)
def test_everything_at_once_against_differences(engine: str) -> None:
    model = Model.build("powers", [POWERS], time_unit="1")
    base = {"start": 2.0, "most": 1.3, "half": 0.7, "n": 2.2, "loss": 0.4, "until": 3.0}
    of = ("start", "most", "half", "n", "loss")
    times = np.array([0.5, 3.0, 4.0, 9.0])
    dose = [Dose("y", at(1.0), at(0.5))]
    found = sensitivities(
        model,
        {name: at(value) for name, value in base.items()},
        of=of,
        times=times[None],
        doses=dose,
        options=fine(engine),
    )
    step = 1e-4
    rows = [{**base, name: base[name] * (1 + s * step)} for name in of for s in (1, -1)]
    moved = simulate(
        model,
        {name: np.array([row[name] for row in rows]) for name in base},
        times=np.tile(times, (len(rows), 1)),
        doses=[Dose("y", np.full(len(rows), 1.0), np.full(len(rows), 0.5))],
        seed=1,
        draw=np.zeros(len(rows), int),
        patient=np.arange(len(rows)),
        options=fine(engine),
    ).values
    for place, name in enumerate(of):
        expected = (moved[2 * place] - moved[2 * place + 1]) / (2 * step * base[name])
        # Central differences of relative step 1e-4: 1e-8 of the third derivative, of order 1 here,
        # plus solver errors of 1e-10 divided by the step.
        np.testing.assert_allclose(
            found.derivatives[0, :, :, place], expected, rtol=3e-6, atol=3e-6
        )


def test_many_parameters_are_as_few() -> None:
    names = [f"k{i}" for i in range(8)]
    part = ReactionSet(
        "chain",
        species=(Species("x", "1", "1"),),
        parameters=tuple(ModelParameter(name, "1/day") for name in names),
        reactions=tuple(Reaction(f"r{name}", f"{name}*x", {"x": 1}) for name in names),
        observables=(Observable("x", "x", "1"),),
    )
    values = {name: at(0.01 * (i + 1)) for i, name in enumerate(names)}
    found = sensitivities(Model.build("chain", [part]), values, of=names, times=at(4.0)[None])
    close(found.derivatives[0, 0, 0], np.full(8, -4 * np.exp(-0.36 * 4)))


def test_long_expressions_are_split() -> None:
    terms = " + ".join(f"sin({i}*x)*exp(-x/{i + 1})*k" for i in range(1, 41))
    part = ReactionSet(
        "long",
        species=(Species("x", "1", "k", nonnegative=False), Species("part_1", "1")),
        parameters=(ModelParameter("k", "1"), ModelParameter("d_x_d_k", "1")),
        reactions=(Reaction("r", "-x", {}, {"x": 1}),),
        observables=(Observable("sum", terms, "1"),),
    )
    model = Model.build("long", [part], time_unit="1")
    values = {"k": at(0.8), "d_x_d_k": at(1.0)}
    found = sensitivities(model, values, of=["k"], times=at(0.5)[None], options=fine("fast"))
    decay = np.exp(-0.5)
    x, i = 0.8 * decay, np.arange(1, 41)
    slopes = np.exp(-x / (i + 1)) * (i * np.cos(i * x) - np.sin(i * x) / (i + 1))
    expected = (np.sin(i * x) * np.exp(-x / (i + 1)) + 0.8 * slopes * decay).sum()
    close(found.derivatives.ravel(), np.array([expected]))


def refused(part: ReactionSet, of: Sequence[str], **options: object) -> str:
    model = Model.build(part.name, [part], time_unit="1")
    values = {parameter.name: at(-1.0) for parameter in part.parameters}
    with pytest.raises(SimulationError) as told:
        sensitivities(model, values, of=of, times=at(1.0)[None], **options)  # type: ignore[arg-type]
    return str(told.value)


def test_what_jumps_is_refused_by_name() -> None:
    part = ReactionSet(
        "jumps",
        species=(Species("x", "1"),),
        parameters=(ModelParameter("on", "1"), ModelParameter("k", "1")),
        rules=(Rule("high", "x*2", "1"),),
        reactions=(
            Reaction("one", "piecewise(k, time > on, 0)", {}, {"x": 1}),
            Reaction("two", "piecewise(k, high > 1, 0)", {}, {"x": 1}),
            Reaction("three", "floor(k)", {}, {"x": 1}),
        ),
        events=(
            Event("stop", "x > 1", stop=True),
            Event("halve", "x > 2", {"x": "x/2"}),
            Event("seen", "x > 3"),
        ),
        observables=(Observable("x", "x", "1"),),
    )
    told = refused(part, ["on"])
    assert "event 'stop' changes the course" in told
    assert "event 'halve' changes the course" in told
    assert "'seen'" not in told
    assert "reaction 'one' may jump where (time > on)" in told
    assert "reaction 'two' may jump where (high > 1.0)" in told
    assert "floor" not in told
    other = refused(part, ["k"])
    assert "reaction 'three' jumps in floor(k)" in other
    assert "reaction 'one'" not in other


def test_inputs_are_checked_at_once() -> None:
    told = refused(
        POWERS,
        ["n", "n", "m", "half"],
        log=True,
        options=SolverOptions(precision="single", rtol=1e-4),
    )
    for piece in (
        "no parameter 'm'; known: start, most",
        "parameter 'n' is named twice",
        "parameter 'half' is not above 0, which has no logarithm",
        "derivatives need precision 'double'",
    ):
        assert piece in told
    assert "names no parameter" in refused(POWERS, [])


def test_a_failed_patient_is_nan() -> None:
    part = ReactionSet(
        "blow",
        species=(Species("x", "1", "k"),),
        parameters=(ModelParameter("k", "1"),),
        reactions=(Reaction("r", "x**2", {}, {"x": 1}),),
        observables=(Observable("x", "x", "1"),),
    )
    model = Model.build("blow", [part], time_unit="1")
    found = sensitivities(model, {"k": at(0.1, 2.0)}, of=["k"], times=np.array([[1.0], [1.0]]))
    assert found.status[0] == Status.OK
    assert found.status[1] != Status.OK
    assert found.of("x", "k")[0, 0] == pytest.approx(1 / 0.81, rel=1e-4)
    assert np.isnan(found.values[1]).all()
    assert np.isnan(found.derivatives[1]).all()


def test_unknown_names_are_refused() -> None:
    found = drug("reference", [])
    with pytest.raises(SimulationError, match=r"no observable 'x'.*\n.*no parameter 'y'"):
        found.of("x", "y")
