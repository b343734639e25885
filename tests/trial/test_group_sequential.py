"""Group-sequential designs: simulation, limits, decisions in words, and every mistake named."""

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import DesignError, InputError
from progenitor.trial import ErrorSpending, GroupSequential, equal_looks
from progenitor.trial._sequential_bounds import drift_for_power

TRIALS = 200_000
STANDARD_ERRORS = 5.0  # fails by chance less than once in a million comparisons


def statistics(info: tuple[float, ...], drift: float, trials: int = TRIALS) -> np.ndarray:
    steps = np.diff(np.array(info), prepend=0.0)
    noise = stream(7, "sequential_test").standard_normal((trials, len(info)))
    path = np.cumsum(noise * np.sqrt(steps) + drift * steps, axis=1)
    return path / np.sqrt(np.array(info))


@pytest.mark.parametrize("binding", [True, False])
@pytest.mark.parametrize("info", [(0.2, 0.5, 1.0), (0.05, 0.1, 0.9, 1.0)])
def test_simulated_trials_end_as_the_design_says(info, binding) -> None:
    design = GroupSequential.plan(
        info=info, alpha=0.025, beta=0.2, spending="ldof", futility="hsd:-2", binding=binding
    )
    for drift in (0.0, design.drift):
        ends = design.conduct(statistics(info, drift))
        upper, lower = design.crossing(drift)
        for look in range(len(info)):
            for expected, success in ((upper[look], True), (lower[look], False)):
                found = np.mean((ends.look == look) & (ends.success == success))
                error = np.sqrt(expected * (1.0 - expected) / TRIALS)
                assert abs(found - expected) <= STANDARD_ERRORS * error + 1.0 / TRIALS


def test_errors_are_those_planned() -> None:
    plan = {"info": equal_looks(5), "alpha": 0.025, "beta": 0.15, "futility": "power:2"}
    binding = GroupSequential.plan(**plan, binding=True)
    free = GroupSequential.plan(**plan)
    for design in (binding, free):
        assert design.crossing(design.drift)[0].sum() == pytest.approx(0.85, abs=1e-9)
    assert binding.crossing(0.0)[0].sum() == pytest.approx(0.025, abs=1e-9)
    ignored = GroupSequential.plan(info=equal_looks(5), alpha=0.025, beta=0.15)
    assert free.z_bounds == ignored.z_bounds
    assert free.crossing(0.0)[0].sum() < 0.025


def test_one_look_is_a_fixed_trial() -> None:
    for spending in ("of", "pocock", "ldof", "ldpocock", "hsd:-4", "power:3"):
        design = GroupSequential.plan(info=(1.0,), alpha=0.025, spending=spending)
        assert design.z_bounds == pytest.approx((1.959963984540054,), abs=1e-8)
        assert design.inflation == pytest.approx(1.0, abs=1e-9)


def test_hwang_shih_de_cani_at_zero_spends_evenly() -> None:
    even = ErrorSpending("hsd", 0.0).spent(0.05, [0.25, 0.5, 1.0])
    assert even.tolist() == pytest.approx([0.0125, 0.025, 0.05], rel=1e-12)
    near = ErrorSpending("hsd", 1e-7).spent(0.05, [0.25, 0.5, 1.0])
    assert near.tolist() == pytest.approx(even.tolist(), rel=1e-6)


def test_finer_panels_change_nothing(monkeypatch) -> None:
    """The integration is converged: three times as many nodes move no bound by 1e-10."""
    plan = {"info": (0.02, 0.3, 0.31, 0.6, 1.0), "alpha": 0.025, "futility": "hsd:1"}
    coarse = GroupSequential.plan(**plan, binding=True)
    monkeypatch.setattr("progenitor.trial._sequential_density._PANEL", 1.0)
    monkeypatch.setattr("progenitor.trial._sequential_density._REACH", 11.0)
    fine = GroupSequential.plan(**plan, binding=True)
    assert coarse.z_bounds == pytest.approx(fine.z_bounds, abs=1e-9)
    assert coarse.futility_bounds == pytest.approx(fine.futility_bounds, abs=1e-9)


def test_conditional_power_is_what_simulation_finds() -> None:
    design = GroupSequential.plan(info=(0.4, 0.7, 1.0), alpha=0.025, futility="hsd:-2")
    steps = np.array([0.3, 0.3])
    noise = stream(8, "sequential_test").standard_normal((TRIALS, 2))
    path = 0.4**0.5 + np.cumsum(noise * np.sqrt(steps) + design.drift * steps, axis=1)
    z = np.column_stack([np.full(TRIALS, 1.0), path / np.sqrt([0.7, 1.0])])
    found = design.conduct(z).success.mean()
    expected = design.conditional_power(0, 1.0)
    assert abs(found - expected) <= STANDARD_ERRORS * np.sqrt(expected * (1 - expected) / TRIALS)
    assert design.conditional_power(2, 3.0) == 0.0


def test_decides_as_it_conducts_and_says_why() -> None:
    design = GroupSequential.plan(info=(0.5, 1.0), alpha=0.025, futility="hsd:-2")
    z = np.array([[3.5, 0.0], [-2.0, 4.0], [1.0, 2.5], [1.0, 0.0]])
    ends = design.conduct(z)
    labels = [
        design.decide(look, row[look]).label
        for row, look in zip(z, ends.look.tolist(), strict=True)
    ]
    assert labels == ["success", "stopped for futility", "success", "no success"]
    assert ends.success.tolist() == [True, False, True, False]
    assert design.decide(0, 1.0).label == "goes on"
    assert "Z = 1.000" in str(design.decide(0, 1.0))
    assert "non-binding futility" in design.description


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"info": (0.5, 1.0), "alpha": 0.6}, "alpha: the one-sided error is 0.6"),
        ({"info": (0.5, 1.0), "alpha": 0.025, "beta": 0.0}, "beta: the type II error is 0"),
        ({"info": (0.5, 0.5, 1.0), "alpha": 0.025}, "information times are 0.5, 0.5, 1"),
        ({"info": (0.5, 0.9), "alpha": 0.025}, "end with 1"),
        ({"info": (), "alpha": 0.025}, "number of looks is 0"),
        ({"info": (1.0,), "alpha": 0.025, "spending": "obf"}, "'obf' cannot be read"),
        ({"info": (1.0,), "alpha": 0.025, "spending": "hsd"}, "'hsd' cannot be read"),
        ({"info": (1.0,), "alpha": 0.025, "spending": "of:3"}, "'of:3' cannot be read"),
        ({"info": (1.0,), "alpha": 0.025, "spending": "power:-1"}, "ρ is -1"),
        ({"info": (1.0,), "alpha": 0.025, "futility": "pocock"}, "spends nothing by time"),
    ],
)
def test_mistakes_are_named(plan, words) -> None:
    with pytest.raises(InputError, match=words):
        GroupSequential.plan(**plan)


def test_all_mistakes_at_once() -> None:
    with pytest.raises(InputError) as caught:
        GroupSequential.plan(info=(0.5, 0.4), alpha=0.9, spending="x", futility="hsd")
    assert len(caught.value.problems) == 4


def test_refuses_bounds_that_nothing_crosses() -> None:
    with pytest.raises(DesignError, match="Fix: spend less of beta"):
        drift_for_power([1.0], [-np.inf], [np.inf], power=0.9)
