"""The problem of the benchmark, against its Antimony text and its table of parameters."""

import ast
import csv
import re
from pathlib import Path

import numpy as np
import pytest
from benchmarks.cart22._patients import DATA, reference_days, reference_patients, reference_states
from benchmarks.cart22._patients import sample as sampled
from benchmarks.cart22._peer_code import constants_of, peer_code
from benchmarks.cart22._peer_doses import dose_table
from benchmarks.cart22._peers_roadrunner import MODEL
from benchmarks.cart22._problem import PARAMETERS, SPECIES, model
from scipy.stats import norm

from progenitor.engine import stream


def test_sampling_is_reproducible_and_a_larger_population_begins_with_a_smaller() -> None:
    few, many = sampled(0, 3), sampled(0, 50)
    assert all((few[name] == many[name][:3]).all() for name in PARAMETERS)
    assert (sampled(2, 3)["rho_s"] == few["rho_s"][2:]).all()


def test_sampling_follows_the_table() -> None:
    with (DATA / "cart22_parameters.csv").open(encoding="utf-8", newline="") as file:
        table = {row["parameter"]: row for row in csv.DictReader(file)}
    typical, cv = float(table["K15"]["typical"]), float(table["K15"]["cv"])
    normal = norm.ppf(stream(22, "cart22:K15", draw=0, patient=7).random() + 2.0**-54)
    expected = typical * np.exp(np.sqrt(np.log(1.0 + cv**2)) * normal)
    assert sampled(7, 8)["K15"][0] == pytest.approx(expected, rel=1e-12)
    assert (sampled(0, 50)["theta"] == float(table["theta"]["typical"])).all()


def test_hill_exponents_are_clipped() -> None:
    exponents = sampled(0, 2_000)["hA"]  # 1.3 · exp(0.08 z) < 1.05 in 0.4 % of patients
    assert exponents.min() == 1.05
    assert (exponents == 1.05).sum() < 30


def antimony_right_hand_side(parameters: dict[str, float], state: np.ndarray) -> list[float]:
    """Evaluate the equations of the Antimony text; rules refer to each other in any order."""
    text = MODEL.read_text(encoding="utf-8").replace("^", "**")
    rules = dict(re.findall(r"^\s*(\w+) := (.*);$", text, flags=re.MULTILINE))
    equations = dict(re.findall(r"^\s*(\w+)' = (.*);$", text, flags=re.MULTILINE))
    known = {**parameters, **dict(zip(SPECIES, state.tolist(), strict=True))}

    def value(expression: str) -> float:
        for node in ast.walk(ast.parse(expression)):
            if isinstance(node, ast.Name) and node.id not in known:
                known[node.id] = value(rules[node.id])
        code = compile(ast.parse(expression, mode="eval"), "cart22.ant", "eval")
        return float(eval(code, {"__builtins__": {}}, known))

    return [value(equations[name]) for name in SPECIES]


def test_the_peers_solve_the_equations_of_the_text() -> None:
    code, patients, states = peer_code(), reference_patients(), reference_states()
    first, constants = constants_of(code, patients)
    for patient, day in [(0, 0), (0, 4), (5, 7), (9, 10)]:
        state = np.maximum(states[patient, day], 0.0)
        found = np.empty(len(SPECIES))
        code.derivative(0.0, state, found, constants[patient])
        parameters = {name: float(patients[name][patient]) for name in PARAMETERS}
        expected = antimony_right_hand_side(parameters, state)
        # Gains and losses nearly cancel where a state rests: compare with the state's size too.
        assert np.abs(found - expected) == pytest.approx(0.0, abs=1e-12 * (1.0 + state.max()))
    assert first[3, 8] == patients["T10"][3]


def test_the_peers_jacobian_is_the_slope_of_their_equations() -> None:
    code, states = peer_code(), reference_states()
    _, constants = constants_of(code, reference_patients())
    state, size = states[0, 4], len(SPECIES)
    matrix, numerical = np.zeros((size, size)), np.zeros((size, size))
    code.jacobian(0.0, state, matrix, constants[0])
    steps = 1e-5 * np.maximum(np.abs(state), 1e-3)
    for column, step in enumerate(steps):
        sides = np.zeros((2, size))
        for side, sign in zip(sides, (1.0, -1.0), strict=True):
            moved = state.copy()
            moved[column] += sign * step
            code.derivative(0.0, moved, side, constants[0])
        numerical[:, column] = (sides[0] - sides[1]) / (2.0 * step)
    assert (matrix != 0.0).sum() > 100
    # Ten times the largest state is the size of the terms that are rounded; the step divides it.
    rounding = 1e-15 * 10.0 * state.max() / steps
    assert (np.abs(matrix - numerical) <= 1e-5 * np.abs(matrix) + rounding).all()


def test_doses_are_those_of_the_text() -> None:
    text = MODEL.read_text(encoding="utf-8")
    assert re.findall(r"at \(time >= ([\d.]+)\)", text) == ["1.0", "2.0", "5.0"]
    patients = {name: column[:2] for name, column in reference_patients().items()}
    stops, added = dose_table(patients)
    assert stops.tolist() == [0.0, 1.0, 2.0, 5.0, 735.0]
    names = list(SPECIES)
    assert added[1, 1, names.index("LD")] == patients["LDd"][1]
    shares = added[1, 3] / patients["dose"][1]
    given = {name: share for name, share in zip(names, shares, strict=True) if share}
    assert given == pytest.approx({"Sb": 0.1, "Mb": 0.4, "Eb": 0.45, "Xb": 0.05}, rel=1e-12)


def test_the_data_are_whole() -> None:
    assert Path(MODEL).is_file()
    assert len(PARAMETERS) == len(model("all").parameters) == 75
    assert [shown.name for shown in model("observables").observables] == ["Cb", "Tt", "IL6", "B"]
    assert reference_days()[[0, -1]].tolist() == [6.0, 735.0]
