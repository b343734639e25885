"""The circular functions and rounding: their values, their limits and their units."""

import math

import numpy as np
import pytest

from progenitor.engine import (
    Model,
    ModelParameter,
    Observable,
    ReactionSet,
    Species,
    simulate,
)
from progenitor.errors import ModelError


def value(expression: str, number: float, *, from_state: bool = False) -> float:
    symbol = "x" if from_state else "p"
    part = ReactionSet(
        "m",
        species=(Species("x", "1", initial="p", nonnegative=False),),
        parameters=(ModelParameter("p", "1"),),
        observables=(Observable("value", expression.replace("_", symbol), "1"),),
    )
    one = np.array([0])
    found = simulate(
        Model.build("m", [part], time_unit="1"),
        {"p": np.array([number])},
        times=np.array([[0.0]]),
        seed=1,
        draw=one,
        patient=one,
    )
    return float(found.values[0, 0, 0])


@pytest.mark.parametrize("from_state", [False, True])
@pytest.mark.parametrize(
    ("expression", "number", "expected"),
    [
        ("sin(_)", math.pi / 6, 0.5),
        ("cos(_)", math.pi / 3, 0.5),
        ("tan(_)", math.pi / 4, 1.0),
        ("asin(_)", 0.5, math.pi / 6),
        ("acos(_)", 0.5, math.pi / 3),
        ("atan(_)", 1.0, math.pi / 4),
        ("floor(_)", -1.5, -2.0),
        ("floor(_)", 2.0, 2.0),
        ("ceil(_)", -1.5, -1.0),
        ("ceil(_)", 2.0000001, 3.0),
        ("floor(_/0)", 1.0, math.inf),
        ("ceil(-_/0)", 1.0, -math.inf),
        ("atan(_/0)", 1.0, math.pi / 2),
        ("asin(_)", 1.5, math.nan),
        ("acos(_)", -1.5, math.nan),
        ("sin(_/0)", 1.0, math.nan),
        ("tan(_/0)", 1.0, math.nan),
    ],
)
def test_values(expression: str, number: float, expected: float, from_state: bool) -> None:
    found = value(expression, number, from_state=from_state)
    assert found == pytest.approx(expected, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize("function", ["sin", "cos", "tan", "asin", "acos", "atan", "floor", "ceil"])
def test_arguments_have_no_unit(function: str) -> None:
    part = ReactionSet(
        "m",
        species=(Species("x", "cell"),),
        observables=(Observable("wrong", f"{function}(x)", "1"),),
    )
    with pytest.raises(ModelError, match=f"the argument of {function} must be dimensionless"):
        Model.build("m", [part])
