"""Every mechanism on disk keeps every promise of a mechanism."""

import importlib
import pkgutil

import pytest

from progenitor.body import Mechanism, all_mechanisms, find_mechanism, mechanisms
from progenitor.engine import Reaction, Rule, Species
from progenitor.evidence import default_catalogue
from progenitor.testing import MechanismContract, promises


@pytest.mark.parametrize("promise", promises(MechanismContract))
@pytest.mark.parametrize("name", all_mechanisms())
def test_mechanism_keeps(name: str, promise: str) -> None:
    getattr(MechanismContract(find_mechanism(name), default_catalogue()), promise)()


@pytest.mark.parametrize(
    "name", [module.name for module in pkgutil.iter_modules(mechanisms.__path__)]
)
def test_each_file_registers_one_mechanism_under_its_name(name: str) -> None:
    module = importlib.import_module(f"{mechanisms.__name__}.{name}")
    assert "MECHANISM" in module.__all__
    assert module.MECHANISM.name == name
    found = [key for key, value in vars(module).items() if isinstance(value, Mechanism)]
    assert found == ["MECHANISM"]


@pytest.mark.parametrize(
    ("promise", "broken"),
    [
        ("names_sourced_numbers", Mechanism("m", parameters=("t_cell/nobody_measured",))),
        (
            "names_each_number_once",
            Mechanism("m", parameters=("t_cell/kill_rate", "t_cell/kill_rate")),
        ),
        (
            "uses_what_it_names",
            Mechanism(
                "m", parameters=("t_cell/kill_rate",), rules=(Rule("r", "kill_rate_now", "1/day"),)
            ),
        ),
        ("does_something", Mechanism("m", species=(Species("cells", "cell"),))),
        (
            "makes_at_most_two_cells_of_one",
            Mechanism(
                "m",
                species=(Species("cells", "cell"),),
                reactions=(Reaction("burst", "cells", {"cells": 1}, {"cells": 3}),),
            ),
        ),
    ],
)
def test_the_contract_finds_what_is_wrong(promise: str, broken: Mechanism) -> None:
    with pytest.raises(AssertionError):
        getattr(MechanismContract(broken, default_catalogue()), promise)()
