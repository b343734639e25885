"""Every single-arm design keeps every promise of a design."""

import inspect

import pytest

from progenitor.testing import DesignContract, promises
from progenitor.trial import AbstractDesign, designs

EXAMPLES: dict[str, AbstractDesign] = {
    "Bop2": designs.Bop2.search(p0=0.2, p1=0.4, looks=(10, 20, 30, 40), alpha=0.1),
    "ExactBinomial": designs.ExactBinomial.search(p0=0.2, p1=0.4, alpha=0.05, power=0.8),
    "PredictiveProbability": designs.PredictiveProbability(
        p0=0.2, nmax=36, theta_t=0.922, theta_l=0.05, theta_u=0.99, prior=(0.2, 0.8), nmin=10
    ),
    "SimonTwoStage": designs.SimonTwoStage.search(p0=0.2, p1=0.4, alpha=0.05, beta=0.2),
}


def test_every_design_has_an_example() -> None:
    """A single-arm design without an example would escape the contract."""
    named = {name: getattr(designs, name) for name in designs.__all__}
    classes = [
        name
        for name, design in named.items()
        if inspect.isclass(design) and hasattr(design, "success_probability")
    ]
    assert sorted(EXAMPLES) == sorted(classes)


@pytest.mark.parametrize("promise", promises(DesignContract))
@pytest.mark.parametrize("name", EXAMPLES)
def test_design_keeps(name: str, promise: str) -> None:
    getattr(DesignContract(EXAMPLES[name]), promise)()
