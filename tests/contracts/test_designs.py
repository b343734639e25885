"""Every trial design keeps every promise of a design."""

import inspect

import pytest

from progenitor.testing import DesignContract, promises
from progenitor.trial import AbstractDesign, designs

EXAMPLES: dict[str, AbstractDesign] = {
    "ExactBinomial": designs.ExactBinomial.search(p0=0.2, p1=0.4, alpha=0.05, power=0.8),
    "SimonTwoStage": designs.SimonTwoStage.search(p0=0.2, p1=0.4, alpha=0.05, beta=0.2),
}


def test_every_design_has_an_example() -> None:
    """A design without an example would escape the contract."""
    classes = [name for name in designs.__all__ if inspect.isclass(getattr(designs, name))]
    assert sorted(EXAMPLES) == sorted(classes)


@pytest.mark.parametrize("promise", promises(DesignContract))
@pytest.mark.parametrize("name", EXAMPLES)
def test_design_keeps(name: str, promise: str) -> None:
    getattr(DesignContract(EXAMPLES[name]), promise)()
