"""Every single-arm design keeps every promise of a design."""

import inspect

import numpy as np
import pytest

from progenitor.testing import DesignContract, promises
from progenitor.trial import AbstractDesign, designs, rules

EXAMPLES: dict[str, AbstractDesign] = {
    "Bop2": designs.Bop2.search(p0=0.2, p1=0.4, looks=(10, 20, 30, 40), alpha=0.1),
    "ExactBinomial": designs.ExactBinomial.search(p0=0.2, p1=0.4, alpha=0.05, power=0.8),
    "PredictiveProbability": designs.PredictiveProbability(
        p0=0.2, nmax=36, theta_t=0.922, theta_l=0.05, theta_u=0.99, prior=(0.2, 0.8), nmin=10
    ),
    "SimonTwoStage": designs.SimonTwoStage.search(p0=0.2, p1=0.4, alpha=0.05, beta=0.2),
}
LOOKS: dict[str, tuple[int, ...]] = {
    "Bop2": (10, 20, 30, 40),
    "ExactBinomial": (EXAMPLES["ExactBinomial"].patients,),
    "PredictiveProbability": tuple(range(10, 37)),
    "SimonTwoStage": (13, 43),
}
OTHERS = {"GroupSequential"}  # decides on Z statistics, not on responses; tested below


def test_every_design_has_an_example() -> None:
    """A single-arm design without an example would escape the contract."""
    named = {name: getattr(designs, name) for name in designs.__all__}
    classes = [
        name
        for name, design in named.items()
        if inspect.isclass(design) and hasattr(design, "success_probability")
    ]
    assert sorted(EXAMPLES) == sorted(classes) == sorted(LOOKS)


def test_every_design_is_under_some_contract() -> None:
    """Nothing in `designs` is outside of this file's and the dose-finding contract."""
    classes = {
        name: design
        for name in designs.__all__
        if inspect.isclass(design := getattr(designs, name)) and "name" in vars(design)
    }
    finding = {name for name, design in classes.items() if hasattr(design, "next_dose")}
    assert set(classes) == finding | set(EXAMPLES) | OTHERS


@pytest.mark.parametrize("promise", promises(DesignContract))
@pytest.mark.parametrize("name", EXAMPLES)
def test_design_keeps(name: str, promise: str) -> None:
    getattr(DesignContract(EXAMPLES[name], LOOKS[name]), promise)()


def test_group_sequential_decisions_explain_themselves() -> None:
    """At every look, below, between and above the bounds; the same Z, the same decision."""
    for futility in (None, "hsd:-2"):
        design = designs.GroupSequential.plan(
            info=(0.4, 0.7, 1.0), alpha=0.025, spending="ldof", futility=futility
        )
        z = np.linspace(-3.0, 6.0, 37)
        for look in range(3):
            decisions = [design.decide(look, float(value)) for value in z]
            for value, decision in zip(z, decisions, strict=True):
                assert decision.message == str(decision)
                assert decision.label
                assert decision.evidence
                assert decision.value == bool(value >= design.z_bounds[look])
            labels = {decision.label for decision in decisions}
            assert len(labels) == (2 if look == 2 or futility is None else 3)
        paths = np.stack(np.meshgrid(z, z, z), axis=-1).reshape(-1, 3)
        ends = design.conduct(paths)
        for path, success, look in zip(
            paths[::97], ends.success[::97], ends.look[::97], strict=True
        ):
            assert design.decide(int(look), float(path[look])).value == success


TOXICITY: dict[str, rules.BayesianToxicityStopping | rules.RepeatedToxicityTest] = {
    "BayesianToxicityStopping": rules.BayesianToxicityStopping(0.3, 0.9, (0.5, 0.5)),
    "RepeatedToxicityTest": rules.RepeatedToxicityTest(0.2, 0.4, (5, 10, 15, 20, 25)),
}


@pytest.mark.parametrize("name", TOXICITY)
def test_toxicity_rules_explain_themselves(name: str) -> None:
    """Every count at every look; more toxicities never open a closed trial again."""
    rule = TOXICITY[name]
    for patients in (5, 10, 15, 20, 25):
        decisions = [rule.decide(count, patients) for count in range(patients + 1)]
        for count, decision in enumerate(decisions):
            assert decision.message.startswith(f"{count} of {patients} patients had a toxicity")
            assert decision.label == ("stopped for toxicity" if decision.value else "goes on")
            assert decision.evidence["n"] == patients
        values = [decision.value for decision in decisions]
        assert values == sorted(values)
        assert True in values
        assert False in values
