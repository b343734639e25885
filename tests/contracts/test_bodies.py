"""Every body the catalogue can assemble keeps every promise of a body."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from progenitor.body import Body, body_names, named_body
from progenitor.engine import Model, Reaction, ReactionSet, Rule
from progenitor.evidence import default_catalogue
from progenitor.testing import BodyContract, promises

CATALOGUE = default_catalogue()
BODIES = body_names(CATALOGUE)
BROKEN = "conventional_car_t/dlbcl/human_adult"
# What a protocol supplies: bridging had stopped before the infusion, one vector copy per cell.
INPUTS = {"bridging_stop_day": -5.0, "vector_copies_per_car_cell": 2.0}


@cache
def contract(name: str) -> BodyContract:
    return BodyContract.of(named_body(CATALOGUE, name), CATALOGUE, INPUTS)


@pytest.mark.parametrize("promise", promises(BodyContract))
@pytest.mark.parametrize("name", BODIES)
def test_body_keeps(name: str, promise: str) -> None:
    getattr(contract(name), promise)()


def with_reaction(body: Body, reaction: Reaction) -> Body:
    """The same body with one more reaction."""
    return rebuilt(body, reactions=(*body.model.reactions, reaction))


def with_rule(body: Body, rule: Rule) -> Body:
    """The same body with a rule in place of its own of that name."""
    others = (known for known in body.model.rules if known.name != rule.name)
    return rebuilt(body, rules=(*others, rule))


def rebuilt(body: Body, **parts: Any) -> Body:
    model = body.model
    kept = {
        name: getattr(model, name)
        for name in ("species", "parameters", "reactions", "rules", "events", "observables")
    }
    broken = Model.build("broken", [ReactionSet("broken", **{**kept, **parts})])
    return replace(body, model=broken)


@pytest.mark.parametrize(
    ("promise", "reaction"),
    [
        # a loss that goes on without cells
        ("nothing_can_become_negative", Reaction("leak", "kill_rate * killers", {"b_cells": 1})),
        ("losses_need_something_to_lose", Reaction("leak", "kill_rate * killers", {"b_cells": 1})),
        # product cells out of nothing
        *(
            (promise, Reaction("magic", "kill_rate * lymphocytes", products={"tscm_blood": 1}))
            for promise in (
                "without_a_dose_no_product_appears",
                "product_cells_come_from_product_cells",
            )
        ),
        # a killer that needs no antigen
        (
            "cells_without_antigen_are_left_alone",
            Reaction("stray", "kill_rate_now * tumour_negative", {"tumour_negative": 1}),
        ),
    ],
)
def test_the_contract_finds_what_is_wrong(promise: str, reaction: Reaction) -> None:
    good = contract(BROKEN)
    broken = replace(good, body=with_reaction(good.body, reaction))
    with pytest.raises(AssertionError):
        getattr(broken, promise)()


def test_the_contract_finds_a_signal_without_antigen() -> None:
    good = contract(BROKEN)
    tonic = Rule("antigen_signal_tumour", "killers / (killers + kill_half_saturation)", "1")
    with pytest.raises(AssertionError, match="without antigen"):
        replace(good, body=with_rule(good.body, tonic)).without_antigen_nothing_is_recognised()
