"""Unit mistakes are refused with both units shown; honest expressions pass."""

import pytest

from progenitor.engine import (
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.errors import ModelError

UNITS = {
    "growth": "1/day",
    "hourly": "1/hour",
    "lifespan": "day",
    "capacity": "cell",
    "volume": "uL",
    "litres": "L",
    "potency": "1/(cell*day)",
    "percent": "%",
    "share": "1",
    "exponent": "1",
    "half": "pg/mL",
}


def build(**parts: tuple[object, ...]) -> Model:
    return Model.build(
        "m",
        [
            ReactionSet(
                "base",
                species=(Species("cells", "cell"), Species("drug", "pg/mL")),
                parameters=tuple(ModelParameter(name, unit) for name, unit in UNITS.items()),
            ),
            ReactionSet("part", **parts),  # type: ignore[arg-type]
        ],
    )


def with_rate(rate: str) -> Model:
    return build(reactions=(Reaction("r", rate, {"cells": 1}),))


def with_rule(expression: str, unit: str) -> Model:
    return build(rules=(Rule("rule", expression, unit),))


@pytest.mark.parametrize(
    "rate",
    [
        "growth*cells",
        "growth*cells*(1 - cells/capacity)",
        "cells/lifespan",
        "potency*cells**2",
        "potency*cells*capacity*hill(drug, half, exponent)",
        "growth*capacity*(cells/capacity)**exponent",
        "growth*sqrt(cells*capacity)",
        "growth*max(cells, 0)",
        "growth*min(cells, capacity)",
        "piecewise(growth*cells, cells > capacity and drug <= half, 0)",
        "piecewise(0, time > lifespan, growth*cells)",
        "growth*cells*exp(-growth*time)",
        "growth*cells*log(cells/capacity)",
        "growth*abs(cells - capacity)",
        "-growth*cells + 0",
        "0",
        "growth*cells*share/percent*percent",
    ],
)
def test_honest_rates_pass(rate: str) -> None:
    assert with_rate(rate).reactions[0].rate == rate


@pytest.mark.parametrize(
    "rate",
    [
        "growth",
        "cells",
        "growth*cells*cells",
        "growth*drug",
        "hourly*cells",
        "growth*cells*percent",
        "growth*cells + growth",
        "growth*cells - cells",
        "growth*cells*(1 - cells)",
        "growth*cells*(2 + capacity/lifespan)",
        "growth*cells*exp(cells)",
        "growth*cells*exp(time)",
        "growth*cells*log(drug)",
        "growth*cells**2",
        "growth*cells**exponent",
        "growth*cells**(cells/capacity)",
        "growth*capacity*share**drug",
        "growth*cells*hill(drug, capacity, exponent)",
        "growth*cells*hill(drug, half, drug)",
        "growth*cells*hill(drug, 1, exponent)",
        "growth*min(cells, drug)",
        "growth*max(cells, 1)",
        "piecewise(growth*cells, cells > drug, 0)",
        "piecewise(growth*cells, cells > 1, 0)",
        "piecewise(growth*cells, time > 5, 0)",
        "piecewise(growth*cells, cells > 0, cells)",
        "piecewise(growth*cells, cells, 0)",
        "piecewise(growth*cells, cells > 0 and drug, 0)",
        "growth*cells*(cells > 0)",
        "growth*sqrt(cells)",
        "growth*abs(drug)",
        "cells*lifespan",
        "cells/litres",
        "1",
        "1e3*growth*drug",
        "not cells > 0",
    ],
)
def test_planted_mistakes_are_refused(rate: str) -> None:
    with pytest.raises(ModelError, match="reaction 'r'"):
        with_rate(rate)


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("cells/volume", "cell"),
        ("cells/litres", "cell/uL"),
        ("cells", "1"),
        ("percent", "1"),
        ("drug", "pg/uL"),
        ("lifespan", "week"),
        ("hourly", "1/day"),
        ("cells + 1", "cell"),
        ("growth*time + lifespan", "1"),
        ("cells > capacity", "1"),
    ],
)
def test_rules_must_have_their_unit(expression: str, unit: str) -> None:
    with pytest.raises(ModelError, match="rule 'rule'"):
        with_rule(expression, unit)


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("cells/volume", "cell/uL"),
        ("percent", "%"),
        ("time", "day"),
        ("0", "cell"),
    ],
)
def test_rules_with_their_unit_pass(expression: str, unit: str) -> None:
    assert with_rule(expression, unit).rules[0].unit == unit


def test_both_units_are_shown() -> None:
    with pytest.raises(ModelError) as told:
        with_rate("hourly*cells")
    assert "24 × cell·time^-1" in str(told.value)
    assert "must have cell·time^-1" in str(told.value)


def test_observables_events_and_initial_values_are_checked() -> None:
    with pytest.raises(ModelError) as told:
        build(
            species=(Species("other", "cell", initial="growth"),),
            observables=(Observable("wrong", "cells", "pg/mL"),),
            events=(
                Event("late", "cells", {"drug": "cells"}, delay="growth"),
                Event("early", "cells > drug", {"cells": "1"}),
            ),
        )
    for place in (
        "species 'other', initial",
        "observable 'wrong'",
        "event 'late', trigger",
        "event 'late', delay",
        "event 'late', assignment of 'drug'",
        "event 'early', trigger",
        "event 'early', assignment of 'cells'",
    ):
        assert place in str(told.value)


def test_bare_numbers_may_be_initial_values_and_delays() -> None:
    model = build(
        species=(Species("other", "cell", initial="100"),),
        events=(Event("e", "cells > capacity", {"cells": "0"}, delay="2"),),
    )
    assert model.events[0].delay == "2"
