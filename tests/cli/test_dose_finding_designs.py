"""`progenitor design` answers every question of the dose-finding tables with the same numbers."""

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from progenitor.cli.designs import design

DATA = Path(__file__).parents[1] / "published" / "data"
CLOSED_FORM = 1e-6

Row = dict[str, str]
Ask = Callable[..., Any]


def rows(table: str) -> list[Row]:
    return list(csv.DictReader((DATA / f"{table}_public.csv").read_text("utf-8").splitlines()))


def commas(text: str) -> str:
    return text.replace(";", ",")


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Called with a command and its options by name: its JSON."""
    runner = CliRunner()

    def run(command: str, **options: object) -> Any:
        words = [command, "--json"]
        for name, value in options.items():
            flag = "--" + name.replace("_", "-")
            words += [flag] if value is True else [flag, str(value)]
        result = runner.invoke(design, words)
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    return run


def test_boin_lambda(ask: Ask) -> None:
    for row in rows("boin_lambda"):
        given = {name: row[name] for name in ("target", "p_saf", "p_tox")}
        found = ask("boin", n=1, **given)
        for name in ("lambda_e", "lambda_d"):
            assert math.isclose(found[name], float(row[name]), rel_tol=CLOSED_FORM)


@pytest.mark.parametrize(
    ("command", "table"), [("boin", "boin_boundaries"), ("keyboard", "keyboard_boundaries")]
)
def test_boundaries(ask: Ask, command: str, table: str) -> None:
    answers: dict[str, Any] = {}
    for row in rows(table):
        target, n = row["target"], int(row["n"])
        options = {"extra_safe": True} if command == "boin" else {"margin": row["marginL"]}
        if target not in answers:
            answers[target] = ask(command, target=target, n=40, **options)["boundaries"]
        found = answers[target][n - 1]
        assert found["n"] == n
        names = ["escalate_if_le", "deescalate_if_ge", "eliminate_if_ge"]
        for name in names if command == "boin" or n >= 3 else names[:2]:
            assert found[name] == (None if row[name] == "NA" else int(row[name])), (name, row)


def test_mtpi2_mtpi(ask: Ask) -> None:
    for row in rows("mtpi2_mtpi")[::7]:
        n, y = row["n"], row["y"]
        data = {"npts": f"{n},{n},0", "ntox": f"0,{y},0", "current": 2, "target": row["target"]}
        for command, column in (
            ("keyboard", "mtpi2_next"),
            ("mtpi", "mtpi_next"),
            ("boin", "boin_next"),
        ):
            assert ask(command, **data)["next_dose"] == int(row[column]), (command, row)


def test_boin_select_mtd(ask: Ask) -> None:
    for row in rows("boin_select_mtd")[::4]:
        data = {"npts": commas(row["npts"]), "ntox": commas(row["ntox"]), "target": row["target"]}
        for column, options in (
            ("mtd", {}),
            ("mtd_boundMTD", {"bound_mtd": True}),
            ("mtd_extrasafe", {"extra_safe": True}),
        ):
            expected = None if row[column] == "99" else int(row[column])
            assert ask("boin", **data, **options)["mtd"] == expected, (column, row)


def test_boin_simulates(ask: Ask) -> None:
    found = ask("boin", target=0.3, n=30, p="0.05,0.15,0.3,0.45,0.6", trials=4000, seed=1)
    oc = found["operating_characteristics"]
    assert abs(oc["selected"][2] - 0.55637) < 4.0 * math.hypot(oc["selected_error"][2], 0.0056)
    assert abs(oc["treated"][2] - 11.2601) < 4.0 * math.hypot(oc["treated_error"][2], 0.07)
    again = ask("boin", target=0.3, n=30, p="0.05,0.15,0.3,0.45,0.6", trials=4000, seed=1)
    assert again == found


def test_three_plus_three(ask: Ask) -> None:
    for row in rows("threeplusthree"):
        down = {"deescalate": True} if row["allow_deescalate"] == "True" else {}
        found = ask("three-plus-three", p=commas(row["p_true"]), **down)
        expected = [float(word) for word in row["prob_mtd_none_then_doses"].split(";")]
        assert found["prob_mtd"] == pytest.approx(expected, abs=6e-11)  # ten decimals
        assert found["expected_n"] == pytest.approx(float(row["EN"]), abs=6e-9)
        assert found["expected_toxicities"] == pytest.approx(float(row["ETox"]), abs=6e-9)
        sizes = {entry["n"]: entry["probability"] for entry in found["n_distribution"]}
        pairs = dict(pair.split(":") for pair in row["N_dist"].split(";"))
        assert sorted(sizes) == sorted(int(size) for size in pairs)


def test_tite_boin(ask: Ask) -> None:
    for row in rows("tite_boin")[::3]:
        found = ask(
            "tite-boin",
            target=row["target"],
            window=row["window"],
            max_pending=row["maxpen"],
            current=row["current"],
            npts=commas(row["n"]),
            npend=commas(row["npend"]),
            ntox=commas(row["ndlt"]),
            followup=commas(row["pend_followup_sum"]),
        )
        assert found["next_dose"] == int(row["next_dose"]), row
        assert found["suspend"] == (row["suspend"] == "1")
        assert found["stop"] == (row["earlystop"] == "1")
        assert found["eliminated"] == [word == "1" for word in row["eliminated"].split(";")]


def test_boin12(ask: Ask) -> None:
    for row in rows("boin12")[::3]:
        names = ("phi_t", "phi_e", "u1", "u2", "u3", "u4", "n_star")
        found = ask(
            "boin12",
            doses=row["n_doses"],
            outcomes=row["outcomes"],
            cutoff_t=row["c_t"],
            cutoff_e=row["c_e"],
            **{name: row[name] for name in names},
        )
        assert found["next_dose"] == int(row["next_dose"]), row
        assert found["admissible_local"] == [
            int(word) for word in row["admissible_local"].split(";")
        ]
        expected = [float(word) for word in row["utility_exceed_prob_pct"].split(";")]
        assert found["utility_exceed_prob_pct"] == pytest.approx(expected, abs=6e-7)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["boin", "--target", "0.3"], "de-escalate if ≥"),
        (["boin", "--target", "0.3", "--npts", "3,3", "--ntox", "0,2"], "de-escalate to dose 1"),
        (["boin", "--target", "0.3", "--p", "0.1,0.4", "--trials", "50"], "Monte Carlo"),
        (["keyboard", "--target", "0.3"], "mTPI-2"),
        (["mtpi", "--target", "0.3"], "mTPI"),
        (["three-plus-three", "--p", "0.1,0.3"], "exact"),
        (["three-plus-three", "--npts", "3", "--ntox", "1"], "three more"),
        (["tite-boin", "--target", "0.3", "--npts", "3,0", "--ntox", "0,0"], "go"),
        (["tite-boin", "--target", "0.3", "--p", "0.1,0.4", "--trials", "20"], "Monte Carlo"),
        (["boin12", "--phi-t", "0.3", "--phi-e", "0.25", "--outcomes", "1ENN"], "utility"),
        (
            [
                "boin12",
                "--phi-t",
                "0.3",
                "--phi-e",
                "0.25",
                "--p",
                "0.1,0.2",
                "--response",
                "0.3,0.5",
                "--trials",
                "20",
            ],
            "Monte Carlo",
        ),
    ],
)
def test_people_can_read_it(words: list[str], told: str) -> None:
    result = CliRunner().invoke(design, words)
    assert result.exit_code == 0, result.output
    assert told in " ".join(result.output.split()) or told == "go"


@pytest.mark.parametrize(
    ("words", "problems"),
    [
        (["boin", "--target", "0.3", "--p", "0.1,x", "--n", "0", "--trials", "0"], 3),
        (["boin", "--target", "0.3", "--npts", "3,6", "--ntox", "0"], 1),
        (["tite-boin", "--target", "0.3"], 1),
        (["boin12", "--phi-t", "0.3", "--phi-e", "0.2", "--outcomes", "1NNX 9E"], 2),
        (["three-plus-three"], 1),
        (["three-plus-three", "--npts", "7,0", "--ntox", "1,0", "--p", "0.1,2"], 2),
        (["boin", "--target", "2", "--npts", "3,y", "--ntox", "0", "--p", "3", "--start", "4"], 4),
        (["boin", "--target", "0.3", "--npts", "3,6", "--ntox", "4,0", "--cohort", "0"], 2),
        (["keyboard", "--target", "0.3", "--margin", "0.4", "--n", "0"], 2),
        (["tite-boin", "--target", "3", "--npts", "3,3", "--ntox", "0", "--window", "0"], 3),
        (["tite-boin", "--target", "0.3", "--npts", "3", "--ntox", "3", "--npend", "1"], 1),
        (["tite-boin", "--target", "0.3", "--npts", "3", "--ntox", "0", "--npend", "1",
          "--followup", "29"], 1),
        (["boin12", "--phi-t", "0.9", "--phi-e", "0.2", "--outcomes", "1NNX", "--p", "0.1"], 3),
    ],
)  # fmt: skip
def test_complains_about_everything_at_once(words: list[str], problems: int) -> None:
    result = CliRunner().invoke(design, words)
    assert result.exit_code == 2
    assert f"{problems} problem" in result.output, result.output


def test_refuses_a_design_that_cannot_be() -> None:
    result = CliRunner().invoke(design, ["boin", "--target", "0.9"])
    assert result.exit_code == 2
    assert "p_tox" in result.output
