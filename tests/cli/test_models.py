"""`progenitor models`: what a model is made of, for people and machines."""

import json
from pathlib import Path

import pytest

from progenitor.body import body_names, named_body
from progenitor.cli import main
from progenitor.evidence import default_catalogue

BODY = "conventional_car_t/dlbcl/human_adult"
CART22 = Path(__file__).parents[1] / "data" / "cart22" / "cart22.ant"


def test_shipped_models_are_listed(capfd) -> None:
    assert main(["models", "list"]) == 0
    assert BODY in capfd.readouterr().out.splitlines()
    assert main(["models", "list", "--json"]) == 0
    names = json.loads(capfd.readouterr().out)
    bodies = [row["name"] for row in names if row["kind"] == "body"]
    assert bodies == list(body_names(default_catalogue()))


def test_a_model_shows_all_it_is_made_of(capfd) -> None:
    model = named_body(default_catalogue(), BODY).model
    assert main(["models", "show", BODY, "--json"]) == 0
    shown = json.loads(capfd.readouterr().out)
    assert shown["hash"] == model.content_hash
    for kind in ("species", "parameters", "rules", "reactions", "events", "observables"):
        assert [row["name"] for row in shown[kind]] == [x.name for x in getattr(model, kind)]
    assert main(["models", "show", BODY]) == 0
    out = capfd.readouterr().out
    assert f"species ({len(model.species)})" in out
    assert model.reactions[0].rate in out


def test_a_file_shows_the_values_it_holds(capfd) -> None:
    pytest.importorskip("antimony", reason="needs the extra: progenitor[antimony]")
    assert main(["models", "show", str(CART22), "--json"]) == 0
    shown = json.loads(capfd.readouterr().out)
    values = {row["name"]: row["value"] for row in shown["parameters"]}
    assert values["rho_e"] == 1.05
    assert len(shown["events"]) == 3


def test_a_misspelt_model_suggests_the_nearest(capfd) -> None:
    assert main(["models", "show", "conventional_cart/dlbcl/human_adult"]) == 2
    assert f"did you mean '{BODY}'?" in capfd.readouterr().err


def test_the_program_is_shown_as_c(capfd) -> None:
    assert main(["models", "show", BODY, "--c"]) == 0
    source = capfd.readouterr().out
    assert source.count("{") == source.count("}") > 0
    for name in ("interleukin_6", "effector_division_rate"):
        assert name in source
