"""Every body the catalogue can assemble keeps every promise of a body."""

from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from progenitor.body import Body, assemble
from progenitor.engine import Model, Reaction, ReactionSet
from progenitor.evidence import default_catalogue
from progenitor.testing import BodyContract, promises

CATALOGUE = default_catalogue()
BODIES = tuple(product(*(CATALOGUE.names(kind) for kind in ("chassis", "diseases", "hosts"))))
# What a protocol supplies: bridging had stopped before the infusion, one vector copy per cell.
INPUTS = {"bridging_stop_day": -5.0, "vector_copies_per_car_cell": 2.0}


@cache
def contract(chassis: str, disease: str, host: str) -> BodyContract:
    body = assemble(CATALOGUE, chassis=chassis, disease=disease, host=host)
    return BodyContract.of(body, CATALOGUE, INPUTS)


@pytest.mark.parametrize("promise", promises(BodyContract))
@pytest.mark.parametrize("names", BODIES, ids="-".join)
def test_body_keeps(names: tuple[str, str, str], promise: str) -> None:
    getattr(contract(*names), promise)()


def with_reaction(body: Body, reaction: Reaction) -> Body:
    """The same body with one more reaction."""
    model = body.model
    parts = ReactionSet(
        "broken",
        species=model.species,
        parameters=model.parameters,
        reactions=(*model.reactions, reaction),
        rules=model.rules,
        events=model.events,
        observables=model.observables,
    )
    return replace(body, model=Model.build("broken", [parts]))


@pytest.mark.parametrize(
    ("promise", "reaction"),
    [
        # a loss that goes on without cells
        ("nothing_can_become_negative", Reaction("leak", "kill_rate * killers", {"b_cells": 1})),
        ("losses_need_something_to_lose", Reaction("leak", "kill_rate * killers", {"b_cells": 1})),
        # product cells out of nothing
        (
            "without_a_dose_no_product_appears",
            Reaction("magic", "kill_rate * lymphocytes", products={"tscm_blood": 1}),
        ),
    ],
)
def test_the_contract_finds_what_is_wrong(promise: str, reaction: Reaction) -> None:
    good = contract(*BODIES[0])
    broken = replace(good, body=with_reaction(good.body, reaction))
    with pytest.raises(AssertionError):
        getattr(broken, promise)()
