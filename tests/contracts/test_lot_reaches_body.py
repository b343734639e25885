"""What a released lot is becomes the in-vivo initial state: one property at a time.

Each test changes one thing of the lots and asks which inputs of the simulation change: doses by
phenotype, parameters, days. A wire that is cut, or one that carries something else too, fails.
"""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from progenitor.cohort import Numbers
from progenitor.evidence import default_catalogue
from progenitor.manufacture import Batch, manufacture
from progenitor.study import Study, template_path
from progenitor.study._plan import ArmSetup, Plan, setup_arms
from progenitor.study._simulate import make_lots_of, patient_numbers
from progenitor.study._treat import Protocol, infusions, protocol

WHO = np.arange(40)
KEYS = {"draw": np.zeros_like(WHO), "patient": WHO}
LOT_DAY = "bridging_stop_day"
HELD = """
  - step: hold
    label: bedside
    settings: {{duration: {days} day, death_rate: 0.5 1/day}}
"""


@dataclass(frozen=True)
class Made:
    """Lots of one arm and what their patients are asked to simulate."""

    plan: Plan
    arm: ArmSetup
    numbers: Numbers
    batch: Batch

    @classmethod
    def of(cls, recipe: str, chassis: str, catalogue: Path, dose: float = 2e6) -> "Made":
        file = Study.load(template_path("tscm_vs_cart_dlbcl")).file
        product = file.products["tscm"].model_copy(update={"recipe": recipe, "chassis": chassis})
        arm = file.arms["tscm"].model_copy(update={"dose": dose, "minimum_dose": 1.0})
        changed = {"products": {**file.products, "tscm": product}, "arms": {"tscm": arm}}
        plan = Plan(file.model_copy(update={**changed, "trials": {}}), 5, (0,), catalogue)
        numbers = dict(patient_numbers(plan, **KEYS))
        numbers["waiting/attrition_hazard"] = np.zeros(len(WHO))
        setup = setup_arms(plan)[0]
        return cls(plan, setup, numbers, make_lots_of(plan, setup, numbers, **KEYS))

    def asked(self, **changes: object) -> Protocol:
        """What is simulated when the product of the lots is changed."""
        batch = replace(self.batch, product=replace(self.batch.product, **changes))
        return self.given(batch)

    def given(self, batch: Batch) -> Protocol:
        found = infusions(self.plan, self.arm, self.numbers, batch, **KEYS)
        return protocol(self.plan, self.arm, self.numbers, batch, found)

    def with_numbers(self, **changes: float) -> Protocol:
        """What is simulated when lots are made with other numbers of the process."""
        numbers = dict(self.numbers)
        for address, value in changes.items():
            numbers[address.replace("__", "/")] = np.full(len(WHO), value)
        draw, lot = KEYS["draw"], WHO
        batch = manufacture(self.arm.recipe, numbers, seed=self.plan.seed, draw=draw, lot=lot)
        return replace(self, numbers=numbers).given(batch)


def cells(asked: Protocol) -> np.ndarray:
    """Cells given by phenotype, (infused, phenotype); conditioning comes first."""
    return np.column_stack([dose.amount for dose in asked.doses[-4:]])


def differing(one: Protocol, other: Protocol) -> set[str]:
    """Names of what is simulated differently."""
    np.testing.assert_array_equal(one.who, other.who)
    found = {
        name
        for name, values in one.parameters.items()
        if not np.array_equal(values, other.parameters[name])
    }
    found |= {"cells"} if not np.array_equal(cells(one), cells(other)) else set()
    return found | ({"days"} if not np.array_equal(one.times, other.times) else set())


@pytest.fixture(scope="module")
def conventional() -> Made:
    return Made.of("conventional_car_t", "conventional_car_t", default_catalogue().path)


@pytest.fixture(scope="module")
def bound() -> Made:
    """A dose beyond any lot: everybody gets all there is."""
    return Made.of("conventional_car_t", "conventional_car_t", default_catalogue().path, 1e10)


@pytest.fixture(scope="module")
def banked() -> Made:
    name = "edited_allogeneic_car_t"
    return Made.of(name, name, default_catalogue().path)


def test_composition_is_the_dose_by_phenotype(conventional: Made) -> None:
    base = conventional.asked()
    turned = conventional.asked(cells=conventional.batch.product.cells[:, ::-1].copy())
    assert differing(base, turned) == {"cells"}
    np.testing.assert_allclose(cells(turned), cells(base)[:, ::-1], rtol=1e-12, atol=0)  # one sum


def test_the_achieved_dose_is_what_the_lot_holds(conventional: Made, bound: Made) -> None:
    product = bound.batch.product
    less = bound.asked(cells=product.cells / 3)
    assert differing(bound.asked(), less) == {"cells"}
    np.testing.assert_allclose(cells(less), product.cells[less.who] / 3, rtol=1e-12, atol=0)
    ample = conventional.batch.product.cells
    more = conventional.asked(cells=ample * 3)
    enough = ample[more.who].sum(axis=1) > 2e6 * conventional.numbers["host/body_weight"][more.who]
    np.testing.assert_allclose(
        cells(more)[enough], cells(conventional.asked())[enough], rtol=1e-12, atol=0
    )


def test_cells_that_die_in_thawing_are_not_given(bound: Made) -> None:
    recoveries = (0.96, 0.92)  # both pass the test of viability
    good, poor = (bound.with_numbers(manufacture__post_thaw_recovery=r) for r in recoveries)
    assert differing(good, poor) == {"cells"}
    np.testing.assert_allclose(cells(poor) / cells(good), 0.92 / 0.96, rtol=1e-9, atol=0)


def test_cells_age_between_thaw_and_infusion(tmp_path: Path) -> None:
    """A day at the bedside at a death rate of 0.5 a day: 0.61 of the cells, a day later."""
    folder = tmp_path / "catalogue"
    shutil.copytree(default_catalogue().path, folder)
    text = (folder / "recipes" / "conventional_car_t.yaml").read_text()
    for days in (0, 1):
        named = text.replace("recipe: conventional_car_t", f"recipe: held_{days}", 1)
        (folder / "recipes" / f"held_{days}.yaml").write_text(named + HELD.format(days=days))
    fresh, old = (
        Made.of(f"held_{days}", "conventional_car_t", folder, 1e10).asked() for days in (0, 1)
    )
    assert differing(fresh, old) == {"cells", "days", LOT_DAY}
    np.testing.assert_allclose(cells(old) / cells(fresh), np.exp(-0.5), rtol=1e-9, atol=0)
    np.testing.assert_allclose(old.times - fresh.times, 1.0, rtol=1e-9, atol=0)


def test_vector_copies_reach_the_assay(conventional: Made) -> None:
    copies = conventional.batch.product.vcn_per_car_cell
    base, more = conventional.asked(), conventional.asked(vcn_per_car_cell=2 * copies)
    assert differing(base, more) == {"vector_copies_per_car_cell"}
    np.testing.assert_array_equal(
        more.parameters["vector_copies_per_car_cell"], 2 * copies[more.who]
    )


def test_vein_to_vein_is_when_cells_are_given_and_bridging_ends(conventional: Made) -> None:
    days = conventional.batch.product.vein_to_vein
    base, later = conventional.asked(), conventional.asked(vein_to_vein=days + 7)
    assert differing(base, later) == {"days", LOT_DAY}
    for one, other in zip(base.doses, later.doses, strict=True):
        np.testing.assert_allclose(other.time - one.time, 7.0, rtol=1e-9, atol=0)  # one addition


@pytest.mark.parametrize(
    ("locus", "symbol"), [("trac", "residual_tcr_share"), ("b2m", "b2m_knockout_share")]
)
def test_edits_reach_the_graft(banked: Made, locus: str, symbol: str) -> None:
    """All cells cut at the locus, or none; what else they carry stays."""
    entry = banked.batch.log[-1]
    place = entry.state.loci.index(locus)
    bits = (np.arange(entry.state.genotypes.shape[-1]) >> place) & 1
    found = {}
    for cut in (0, 1):
        moved = np.zeros_like(entry.state.genotypes)
        for genotype, bit in enumerate(bits):
            target = genotype if bit == cut else genotype ^ (1 << place)
            moved[..., target] += entry.state.genotypes[..., genotype]
        state = replace(entry.state, genotypes=moved)
        log = (*banked.batch.log[:-1], replace(entry, state=state))
        found[cut] = banked.given(replace(banked.batch, log=log))
    assert differing(found[0], found[1]) == {symbol}
    assert (found[0].parameters[symbol] != found[1].parameters[symbol]).all()


def test_tissue_type_decides_whether_host_and_graft_meet_as_strangers(banked: Made) -> None:
    entry = banked.batch.log[-1]
    assert (entry.state.hla[banked.batch.product.released] < 0).all()
    own = replace(entry.state, hla=banked.batch.lot)
    log = (*banked.batch.log[:-1], replace(entry, state=own))
    base, alike = banked.asked(), banked.given(replace(banked.batch, log=log))
    assert differing(base, alike) == {"mhc_mismatch"}
    assert (base.parameters["mhc_mismatch"] == 1).all()
    assert (alike.parameters["mhc_mismatch"] == 0).all()


def test_an_autologous_lot_is_no_stranger() -> None:
    made = Made.of("conventional_car_t", "edited_allogeneic_car_t", default_catalogue().path)
    assert (made.asked().parameters["mhc_mismatch"] == 0).all()
