"""Recipes of every chassis: variants, replaced numbers, and what they make."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from progenitor.cohort import sample_numbers
from progenitor.documents import load_document
from progenitor.errors import CatalogueError, InputError
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.manufacture import Batch, load_recipe, manufacture, registered_steps, with_settings
from progenitor.manufacture._recipe_reader import read_recipe

NAMES = default_catalogue().names("recipes")
EVERY_CHASSIS = {
    "conventional_car_t",
    "rapid_car_t",
    "tscm_car_t",
    "tscm_il21_car_t",
    "tscm_gsk3b_car_t",
    "hsc_t",
    "car_gmp",
    "car_macrophage",
    "ipsc_car_macrophage",
    "edited_allogeneic_car_t",
}
LOT = np.arange(200)


@pytest.fixture(scope="module")
def batches() -> Mapping[str, Batch]:
    """200 lots of each recipe, each its own donor and draw, seed 2."""
    catalogue, made = default_catalogue(), {}
    for name in NAMES:
        recipe = load_recipe(catalogue, name)
        numbers = sample_numbers(catalogue, recipe.parameter_ids, seed=2, draw=LOT, patient=LOT)
        made[name] = manufacture(recipe, numbers, seed=2, draw=LOT, lot=LOT)
    return made


def test_every_chassis_has_a_recipe() -> None:
    assert set(NAMES) >= EVERY_CHASSIS


@pytest.mark.parametrize("name", NAMES)
def test_some_lots_are_released_and_complete(name: str, batches: Mapping[str, Batch]) -> None:
    product = batches[name].product
    keep = product.released
    assert 0.2 < keep.mean() <= 1
    assert (product.total[keep] > 0).all()
    for values in (product.viability, product.vein_to_vein, product.cost, product.car_fraction):
        assert np.isfinite(values[keep]).all()
    assert product.phenotypes == batches[name].recipe.gives
    np.testing.assert_allclose(product.composition[keep].sum(axis=1), 1, rtol=1e-9, atol=0)


@pytest.mark.parametrize("name", NAMES)
def test_declared_facts_are_words(name: str) -> None:
    for entry in load_recipe(default_catalogue(), name).steps:
        step = entry.step
        for words in (step.resources, step.consumables, step.measurements, step.evidence):
            assert all(isinstance(word, str) and word for word in words), step.name
        assert step.evidence or step.name == "queue", step.name


def test_evidence_rows_look_like_rows() -> None:
    rows = {row for step in registered_steps().values() for row in step.evidence}
    assert all(row.split("-")[0].isupper() for row in rows)


def test_stem_memory_variants_keep_more_stem_memory(batches: Mapping[str, Batch]) -> None:
    share = {
        name: float(np.nanmedian(batches[name].product.composition[:, 0]))
        for name in ("conventional_car_t", "rapid_car_t", "tscm_il21_car_t", "tscm_gsk3b_car_t")
    }
    assert share["conventional_car_t"] < share["rapid_car_t"] < share["tscm_il21_car_t"]
    assert share["tscm_il21_car_t"] < share["tscm_gsk3b_car_t"]


def test_an_inhibitor_of_gsk3b_costs_yield(batches: Mapping[str, Batch]) -> None:
    kept, slowed = (
        np.nanmedian(batches[name].product.total)
        for name in ("tscm_il21_car_t", "tscm_gsk3b_car_t")
    )
    assert slowed < kept


def test_the_rapid_process_takes_less_than_two_days(batches: Mapping[str, Batch]) -> None:
    assert (batches["rapid_car_t"].product.process_days < 2).all()


@pytest.mark.parametrize("name", ["car_gmp", "edited_allogeneic_car_t", "ipsc_car_macrophage"])
def test_a_banked_product_is_there_sooner_than_an_autologous_one(
    name: str, batches: Mapping[str, Batch]
) -> None:
    waits = [
        np.nanmedian(batches[recipe].product.vein_to_vein)
        for recipe in (name, "conventional_car_t")
    ]
    assert waits[0] < 0.5 * waits[1]
    state = batches[name].log[-1].state
    keep = batches[name].product.released
    assert (state.ordered_day[keep] > 20).all()
    assert (state.doses[keep] >= 1).all()


def test_depletion_leaves_few_receptors(batches: Mapping[str, Batch]) -> None:
    batch = batches["edited_allogeneic_car_t"]
    state = {entry.label: entry.state for entry in batch.log}
    keep = batch.product.released
    before, after = (1 - state[label].edited("trac") for label in ("expand", "deplete"))
    assert np.median(after[keep]) < 0.1 * np.median(before[keep])
    assert (after[keep] < 0.02).all()  # the specification asks for less than 1 % as measured
    assert (state["thaw"].translocated[keep] > 0).all()
    losses = state["electroporate"].chromosome_loss, state["thaw"].chromosome_loss
    assert np.median(losses[1]) < np.median(losses[0])  # such cells are outgrown


def test_stem_cells_become_naive_t_cells(batches: Mapping[str, Batch]) -> None:
    batch = batches["hsc_t"]
    assert np.nanmin(batch.product.composition[batch.product.released, 0]) > 0.99
    assert np.median(batch.log[-1].state.divisions) > 10
    assert (batch.product.process_days[batch.product.released] >= 54).all()


def test_divisions_account_for_growth(batches: Mapping[str, Batch]) -> None:
    """Doublings count every birth, so they are at least the logarithm of what is left of them."""
    state = {entry.label: entry.state for entry in batches["conventional_car_t"].log}
    grown, start = state["expand"].viable, state["transduce"].viable
    own = state["expand"].divisions - state["transduce"].divisions
    assert (own >= np.log2(grown / start) - 1e-6).all()


def test_copies_carry_their_dispersion(batches: Mapping[str, Batch]) -> None:
    state = batches["conventional_car_t"].log[-1].state
    expected = 1 - (1 + state.vcn_per_cell / state.vcn_dispersion) ** -state.vcn_dispersion
    np.testing.assert_allclose(state.car_fraction, expected, rtol=1e-9, atol=0)  # one formula


def test_settings_can_be_swept() -> None:
    recipe = load_recipe(default_catalogue(), "tscm_car_t")
    changed = with_settings(
        recipe, {"expand": {"maximum_duration": 9.0}, "enrich": {"recovery": 0.5}}
    )
    found = {step.label: step for step in changed.steps}
    assert found["expand"].constants["maximum_duration"] == 9.0
    assert "recovery" not in found["enrich"].references
    assert "manufacture/naive_selection_recovery" not in changed.parameter_ids


def test_impossible_sweeps_are_refused_together() -> None:
    recipe = load_recipe(default_catalogue(), "tscm_car_t")
    with pytest.raises(InputError) as caught:
        with_settings(recipe, {"grow": {}, "expand": {"days": 3.0, "culture_volume": -1.0}})
    text = str(caught.value)
    assert all(word in text for word in ("'grow'", "'days'", "culture_volume is -1"))


VARIANT = """\
recipe: variant
title: Variant
extends: {base}
numbers: {{manufacture/blood_t_cells: manufacture/cost_transport}}
gives: [tscm, tmc]
change:
  {label}: {{duration: 3 day}}
"""


@pytest.mark.parametrize(
    ("base", "label", "said"),
    [
        ("conventional_cart", "activate", "unknown recipe 'conventional_cart'"),
        ("tscm_car_t", "activation", "no step 'activation'"),
        ("tscm_car_t", "activate", "unknown phenotype 'tmc'"),
        ("tscm_car_t", "activate", "'manufacture/cost_transport' is in USD"),
    ],
)
def test_a_wrong_variant_is_told_why(
    base: str, label: str, said: str, catalogue: Catalogue
) -> None:
    document = load_document(VARIANT.format(base=base, label=label), name="variant.yaml")
    with pytest.raises(CatalogueError, match=said):
        read_recipe(catalogue, document)


def test_a_recipe_that_extends_itself_is_refused(catalogue: Catalogue) -> None:
    document = load_document("recipe: a\ntitle: A\nextends: a\n", name="a.yaml")
    entries = {**catalogue.entries, "recipes": {"a": document}}
    with pytest.raises(CatalogueError, match="extends itself"):
        read_recipe(replace(catalogue, entries=entries), document)


def test_missing_words_are_asked_for(catalogue: Catalogue) -> None:
    text = "recipe: a\ntitle: A\nsteps:\n  - step: electroporate\n    settings: {edits: [trax]}\n"
    with pytest.raises(CatalogueError) as caught:
        read_recipe(catalogue, load_document(text, name="a.yaml"))
    said = str(caught.value)
    assert "unknown parameter 'edit/trax_efficiency'" in said
    assert "did you mean" in said
    assert "needs the setting 'duration'" in said
