r"""Rates that are infinitely steep at zero, where a linear method could stay without noticing.

.. math:: \dot x = 1 - \sqrt x,\; x(0) = 0 \quad\Rightarrow\quad t = -2(s + \log(1 - s)),\;
   s = \sqrt x
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq

from progenitor.engine import (
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    SolverOptions,
    Species,
    Status,
    Trajectories,
)

Solve = Callable[..., Trajectories]
DAYS = np.array([0.0, 0.01, 0.3, 1.0, 2.0, 4.0, 9.0])


def filling(loss: str, start: float) -> ReactionSet:
    """A vessel that is filled and leaks, and what has leaked."""
    return ReactionSet(
        "filling",
        species=(Species("x", "1", initial=repr(start)), Species("gone", "1")),
        parameters=(ModelParameter("k", "1/day"), ModelParameter("half", "1")),
        reactions=(
            Reaction("inflow", "k", {}, {"x": 1.0}),
            Reaction("leak", f"k*{loss}", {"x": 1}, {"gone": 1.0}),
        ),
        observables=(Observable("x", "x", "1"), Observable("gone", "gone", "1")),
    )


def exact(day: float) -> float:
    if day == 0:
        return 0.0
    return brentq(lambda s: -2 * (s + np.log1p(-s)) - day, 0.0, 1.0 - 1e-12, xtol=1e-15) ** 2


@pytest.mark.parametrize("loss", ["sqrt(x)", "x**0.5", "x**half"])
@pytest.mark.parametrize("start", [0.0, 1e-300, 1e-15])
@pytest.mark.parametrize(("rtol", "error"), [(1e-6, 2e-5), (1e-9, 2e-8)])
def test_filling_from_nothing(
    solve: Solve, loss: str, start: float, rtol: float, error: float
) -> None:
    options = SolverOptions(rtol=rtol, atol_scale=rtol)
    found = solve(filling(loss, start), DAYS, {"k": 1.0, "half": 0.5}, options=options)
    assert found.status[0] == Status.OK
    expected = np.array([exact(day) for day in DAYS])
    assert np.abs(found.observable("x")[0] - expected).max() < error
    held = found.observable("x")[0] + found.observable("gone")[0] - DAYS
    assert np.abs(held).max() < error


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("rate", ["k*(1 + sqrt(x - 0.25))", "k*(1 + (x - 0.25)**half)"])
def test_where_a_rate_ends_to_be_defined_nothing_stays(
    solve: Solve, precision: str, rate: str
) -> None:
    """A quarter is a number of either precision: the solver meets the root's zero exactly."""
    part = ReactionSet(
        "ending",
        species=(Species("x", "1", initial="1"),),
        parameters=(ModelParameter("k", "1/day"), ModelParameter("half", "1")),
        reactions=(Reaction("loss", rate, {"x": 1}),),
        observables=(Observable("x", "x", "1"),),
    )
    options = SolverOptions(rtol=1e-5, precision=precision)
    found = solve(part, DAYS, {"k": 1.0, "half": 0.5}, options=options)
    assert found.status[0] in (Status.NONFINITE, Status.STEP_LIMIT)
    assert np.isnan(found.values).all()


@pytest.mark.parametrize("steepness", [0.5, 1.0])
def test_saturating_losses_from_nothing(solve: Solve, steepness: float) -> None:
    """Steepness 1: x + K·log(1 − …) has a closed form; 0.5 is compared with the oracle."""
    part = filling("2*hill(x, 1, half)", 0.0)
    options = SolverOptions(rtol=1e-9, atol_scale=1e-6)
    found = solve(part, DAYS, {"k": 1.0, "half": steepness}, options=options)
    if steepness == 1.0:
        # x' = 1 − 2x/(1 + x) = (1 − x)/(1 + x): t = −x − 2·log(1 − x)
        expected = np.array(
            [brentq(lambda x, t=t: -x - 2 * np.log1p(-x) - t, 0.0, 1.0 - 1e-9) for t in DAYS]
        )
    else:
        slow = SolverOptions(rtol=1e-10, atol_scale=1e-7, engine="reference")
        expected = solve(part, DAYS, {"k": 1.0, "half": steepness}, options=slow).values[0, :, 0]
    assert np.abs(found.observable("x")[0] - expected).max() < 1e-7
