"""Every dose-finding design keeps every promise of one."""

import inspect

import pytest

from progenitor.testing import DoseFindingContract, promises
from progenitor.trial import AbstractDoseFinding, designs

SKELETON = (0.0491, 0.1105, 0.2, 0.3085, 0.4234)
EXAMPLES: dict[str, AbstractDoseFinding] = {
    "Blrm": designs.Blrm(
        doses=(1e5, 3e5, 1e6, 3e6, 1e7), reference=1e6, mean=(-1.386, 0.0), sd=(1.5, 0.7)
    ),
    "Boin": designs.Boin(target=0.3),
    "Boin12": designs.Boin12(phi_t=0.3, phi_e=0.25, utility_neither=40.0, utility_both=60.0),
    "Crm": designs.Crm(target=0.2, skeleton=SKELETON, cohort=3),
    "Keyboard": designs.Keyboard(target=0.3),
    "Mtpi": designs.Mtpi(target=0.3),
    "ThreePlusThree": designs.ThreePlusThree(),
    "TiteBoin": designs.TiteBoin(target=0.3),
    "TiteCrm": designs.TiteCrm(target=0.2, skeleton=SKELETON, cohort=3),
}
VARIANTS: dict[str, AbstractDoseFinding] = {
    "Boin, strict": designs.Boin(target=0.25, extra_safe=True, bound_mtd=True, early_stop=9),
    "Crm, logistic": designs.Crm(target=0.3, skeleton=SKELETON, model="logistic", cohort=3),
    "ThreePlusThree, down": designs.ThreePlusThree(deescalate=True),
    "TiteBoin, strict": designs.TiteBoin(target=0.25, extra_safe=True, early_stop=12),
}
ALL = EXAMPLES | VARIANTS


def test_every_dose_finding_design_has_an_example() -> None:
    """A design without an example would escape the contract."""
    needed = ("next_dose", "explain", "select")
    classes = [
        name
        for name in designs.__all__
        if inspect.isclass(design := getattr(designs, name))
        and all(inspect.isfunction(getattr(design, method, None)) for method in needed)
    ]
    assert sorted(EXAMPLES) == sorted(classes)
    assert all(isinstance(design, AbstractDoseFinding) for design in ALL.values())


@pytest.mark.parametrize("promise", promises(DoseFindingContract))
@pytest.mark.parametrize("name", ALL)
def test_design_keeps(name: str, promise: str) -> None:
    getattr(DoseFindingContract(ALL[name]), promise)()
