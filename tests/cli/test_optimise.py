"""`progenitor make --optimise`, and asking and telling from the command line."""

import json

import pytest

from progenitor.cli import main
from progenitor.study import template_path

STUDY = str(template_path("tscm_vs_cart_dlbcl"))


def run(capsys, *arguments):
    code = main(["make", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_json_holds_front_reference_and_seconds(capsys, tmp_path) -> None:
    page = tmp_path / "front.html"
    arguments = ("--recipe", "tscm_car_t", "--optimise", "--candidates", "4", "--report", str(page))
    code, out, _ = run(capsys, *arguments, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["evaluated"] == 4
    assert found["seconds"] > 0
    assert found["front"][0]["objectives"]["yield"]["unit"] == "cell"
    assert found["front"][0]["settings"]["harvest_day"]["unit"] == "day"
    assert found["reference"]["objectives"]["cost"]["error"] > 0
    assert "<svg" in page.read_text("utf-8")


def test_plan_measure_and_plan_again(capsys, tmp_path) -> None:
    plan, told = tmp_path / "plan.csv", tmp_path / "told.csv"
    bench = ("--recipe", "tscm_car_t", "--optimise")
    assert run(capsys, *bench, "--ask", "3", "--out", str(plan))[0] == 0
    head, *rows = plan.read_text("utf-8").splitlines()
    assert len(rows) == 3
    values = [
        row.removesuffix(",,,,,") + f",{n}e8,0.{n},90000,30," for n, row in enumerate(rows, 1)
    ]
    told.write_text("\n".join([head, *values]), "utf-8")
    code, out, _ = run(capsys, *bench, "--tell", str(told), "--ask", "2", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["told"] == 3
    assert len(found["ask"]) == 2
    assert found["front"][0]["objectives"]["yield"] == {"value": 3e8, "unit": "cell", "error": None}
    code, out, _ = run(capsys, *bench, "--tell", str(told))
    assert "3 experiments told, 1 on the Pareto front" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--ask", "3"), "--ask without --optimise"),
        (("--optimise", "--out", "plan.csv"), "--out without --ask"),
        (("--optimise", "--ask", "3", "--candidates", "9"), "--candidates with --ask"),
        (("--optimise", "--tell", "none.csv"), "cannot be read"),
        (("--optimise", "--specification", "x"), "--specification with --optimise"),
    ],
)
def test_options_that_contradict_each_other_are_refused(capsys, arguments, words) -> None:
    code, out, err = run(capsys, "--recipe", "tscm_car_t", *arguments)
    assert code == 2
    assert words in err
    assert out == ""


def test_an_unknown_product_is_refused_before_anything_is_simulated(capsys) -> None:
    code, _, err = run(capsys, STUDY, "--product", "tscn", "--optimise")
    assert code == 2
    assert "did you mean 'tscm'" in err
