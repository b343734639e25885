"""`progenitor design` for trials with several looks: words for people, and words for mistakes."""

import json

import pytest

from progenitor.cli import main

SIZE = ["survival-size", "--hr", "0.7", "--median", "6", "--accrual", "6", "--minfup", "6"]


def test_bounds_in_words(capfd) -> None:
    assert main(["design", "group-sequential", "--k", "2", "--fixed-n", "100"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    words = " ".join(out.split())
    for piece in ("2.962588", "1.968596", "50.1709", "one-sided type I error 2.5 %"):
        assert piece in words


def test_bounds_as_json(capfd) -> None:
    command = ["design", "group-sequential", "--info", "0.3,1", "--spending", "pocock"]
    assert main([*command, "--fixed-n", "100", "--json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert answer["z_bounds"][0] == pytest.approx(answer["z_bounds"][1], rel=1e-12)
    assert answer["futility_bounds"] == [None, None]
    assert answer["n"][1] == pytest.approx(100.0 * answer["inflation"], rel=1e-12)
    assert answer["cumulative_alpha"][-1] == pytest.approx(0.025, rel=1e-9)
    assert answer["cumulative_power"][-1] == pytest.approx(0.9, rel=1e-9)
    assert "Pocock for efficacy" in answer["protocol"]


@pytest.mark.parametrize(
    ("command", "pieces"),
    [
        (["group-sequential"], ["--k: there is no look", "1 problem"]),
        (
            ["group-sequential", "--k", "3", "--info", "0.5,x", "--spending", "obf"],
            ["--info: 'x' is not a number", "--spending: the spending 'obf'", "2 problems"],
        ),
        (["group-sequential", "--k", "3", "--info", "0.5,1"], ["3 looks and 2 information times"]),
        (["group-sequential", "--k", "0"], ["number of looks is 0"]),
        (
            ["group-sequential", "--k", "2", "--alpha", "0.6", "--futility", "of"],
            ["one-sided error is 0.6", "spends nothing by time", "2 problems"],
        ),
        (
            ["conditional-power", "--z", "nan", "--t", "1.5", "--prior-sd", "0"],
            ["--z: the number is nan", "--t: the information is 1.5", "3 problems"],
        ),
        (
            ["survival-size", "--hr", "1", "--median", "0", "--accrual", "0", "--minfup", "0"],
            ["hazard ratio is 1", "--median: the number is 0", "nobody is followed"],
        ),
        (
            [
                "survival-size",
                "--hr",
                "0.7",
                "--median",
                "6",
                "--accrual",
                "6",
                "--minfup",
                "6",
                "--dropout",
                "1",
            ],
            ["drop-out is 1 in 12 months"],
        ),
    ],
)
def test_mistakes_are_named(command, pieces, capfd) -> None:
    assert main(["design", *command]) == 2
    err = capfd.readouterr().err
    for piece in pieces:
        assert piece in err


def test_power_and_size_in_words(capfd) -> None:
    assert main(["design", "conditional-power", "--z", "1", "--t", "0.5"]) == 0
    assert "averaged over what is known" in " ".join(capfd.readouterr().out.split())
    command = ["--hr", "0.7", "--median", "12", "--accrual", "24", "--follow-up", "12"]
    assert main(["design", "survival-size", *command]) == 0
    assert "247 events are needed (Schoenfeld)" in " ".join(capfd.readouterr().out.split())
