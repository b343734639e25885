"""What an edited lot still shows decides what the body is told: residual receptors and class I."""

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.manufacture import Batch, load_recipe, manufacture
from progenitor.study import Chunk, Study, template_path
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._simulate import make_lots_of, patient_numbers, simulate_chunk
from progenitor.study._treat import edits_of, infusions, protocol

WHO = np.arange(6)
KEYS = {"draw": np.zeros_like(WHO), "patient": WHO}


def lots(name: str, **changes: float) -> Batch:
    catalogue = default_catalogue()
    recipe = load_recipe(catalogue, name)
    records = {name: catalogue.parameter(name).used for name in recipe.parameter_ids}
    numbers = {name: np.full(len(WHO), used.median) for name, used in records.items() if used}
    for address, value in changes.items():
        numbers[address.replace("__", "/")][:] = value
    return manufacture(recipe, numbers, seed=1, draw=KEYS["draw"], lot=WHO)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The template with its second product made by editing an unrelated donor's cells."""
    file = Study.load(template_path("tscm_vs_cart_dlbcl")).file
    name = "edited_allogeneic_car_t"
    product = file.products["tscm"].model_copy(update={"recipe": name, "chassis": name})
    arms = {"tscm": file.arms["tscm"]}
    changed = {"products": {**file.products, "tscm": product}, "arms": arms, "trials": {}}
    return Plan(file.model_copy(update=changed), 5, (0,), default_catalogue().path)


def test_unedited_lots_tell_nothing() -> None:
    assert edits_of(lots("conventional_car_t")) == {}


def test_residual_receptors_are_counted_per_receptor_bearing_cell() -> None:
    batch = lots("edited_allogeneic_car_t")
    found, state = edits_of(batch), batch.log[-1].state
    expected = (1 - state.edited("trac")) / state.car_fraction
    np.testing.assert_array_equal(found["edit/residual_tcr_share"], expected)
    np.testing.assert_array_equal(found["edit/b2m_knockout_share"], state.edited("b2m"))


def test_a_better_depletion_leaves_fewer() -> None:
    shares = [
        edits_of(lots("edited_allogeneic_car_t", manufacture__depletion_residual=residual))[
            "edit/residual_tcr_share"
        ][0]
        for residual in (0.2, 0.02, 0.002)
    ]
    assert shares[0] > 5 * shares[1] > 25 * shares[2] > 0


def test_the_body_is_given_the_lot_s_edits(plan: Plan) -> None:
    arm = setup_arms(plan)[0]
    numbers = patient_numbers(plan, **KEYS)
    batch = make_lots_of(plan, arm, numbers, **KEYS)
    given = infusions(plan, arm, numbers, batch, **KEYS)
    asked = protocol(plan, arm, numbers, batch, given)
    symbol = {address: name for name, address in arm.body.symbols.items()}
    for address, shares in edits_of(batch).items():
        np.testing.assert_array_equal(asked.parameters[symbol[address]], shares[asked.who])
    for switch, on in arm.body.switches.items():
        assert (asked.parameters[switch] == on).all()


def test_an_edited_product_runs_from_donor_to_readout(plan: Plan) -> None:
    chunk = Chunk(draw=0, draws=1, first_patient=0, patients=12)
    outcomes = simulate_chunk(plan, chunk).outcomes
    assert not outcomes["failed"].any()
    assert outcomes["infused"].sum() >= 4
    assert np.nanmedian(outcomes["vein_to_vein"]) < 20
