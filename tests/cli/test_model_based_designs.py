"""`progenitor design` answers the tables of model-based dose finding with the same numbers."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from progenitor.cli.designs import design

DATA = Path(__file__).parents[1] / "published" / "data"
PRINTED = 2e-6  # one fit carries the error of the integrator that made the table

Ask = Callable[..., Any]


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / f"{table}_public.csv").read_text("utf-8").splitlines()))


def numbers(text: str) -> list[float]:
    return [float(word) for word in text.split(";")]


def words_of(command: str, options: dict[str, object]) -> list[str]:
    words = [command]
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        words += [flag] if value is True else [flag, str(value)]
    return words


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Called with a command and its options by name: its JSON."""
    runner = CliRunner()

    def run(command: str, **options: object) -> Any:
        result = runner.invoke(design, words_of(command, {"json": True, **options}))
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    return run


def test_skeletons(ask: Ask) -> None:
    for row in rows("crm_getprior"):
        given = {name: row[name] for name in ("halfwidth", "target", "nu", "nlevel", "model")}
        found = ask("crm", getprior=True, **given)
        assert found["prior"] == pytest.approx(numbers(row["prior"]), abs=1e-9, rel=0.0)


@pytest.mark.parametrize("command", ["crm", "tite-crm"])
def test_fits(ask: Ask, command: str) -> None:
    start = "tite_" if command == "tite-crm" else ""
    for row in rows("crm_titecrm_fits"):
        given = {name: row[name] for name in ("target", "model", "scale", "prior", "tox")}
        given |= {"levels": row["level"], "intcpt": row["intcpt"]}
        if start:
            given |= {"followup": row["followup_days"], "window": row["window"]}
        found = ask(command, **given)
        for key, column in {"estimate": "estimate", "post_var": "post_var"}.items():
            expected = float(row[start + column])
            assert found[key] == pytest.approx(expected, abs=PRINTED, rel=0.0), row["id"]
        assert found["p_tox"] == pytest.approx(numbers(row[f"{start}ptox"]), abs=PRINTED, rel=0.0)
        assert found["mtd"] == int(row[f"{start}mtd"])


def test_weights_are_shares_of_the_window(ask: Ask) -> None:
    given = {"target": 0.25, "skeleton": "0.1,0.25,0.4", "levels": "1,2,2", "tox": "0,0,1"}
    days = ask("tite-crm", **given, followup="28,7,3", window=28)
    shares = ask("tite-crm", **given, weights="1,0.25,1")
    assert days["estimate"] == shares["estimate"]


def test_simulated_trials(ask: Ask) -> None:
    row = rows("crm_oc")[0]
    found = ask("crm", target=row["target"], skeleton=row["prior"], p=row["PI"], n=row["n"],
                trials=1500)["operating_characteristics"]  # fmt: skip
    for share, error, expected in zip(
        found["selected"], found["selected_error"], numbers(row["MTD"]), strict=True
    ):
        room = (error**2 + expected * (1.0 - expected) / float(row["nsim"])) ** 0.5
        assert abs(share - expected) < 4.0 * room + 1e-3  # |z| < 4; a share may be none of 2,000
    timed = ask("tite-crm", target=0.25, nu=3, nlevel=5, p="0.05,0.12,0.25,0.4,0.55", trials=50)
    assert timed["operating_characteristics"]["duration"] == pytest.approx(308.0, rel=1e-12)


def test_blrm(ask: Ask) -> None:
    keys = {"mean": "mean", "sd": "sd_p", "p_under": "p_under", "p_target": "p_target",
            "p_over": "p_over"}  # fmt: skip
    for row in rows("blrm"):
        names = ("dose_ref", "mu", "sd", "rho", "doses", "n", "y", "grid", "cut_lo", "cut_hi")
        given = {name: row[name] for name in names}
        found = ask("blrm", **given)
        for key, column in keys.items():
            room = 4e-3 if key.startswith("p_") else 1e-5  # see the published test of the table
            assert found[key] == pytest.approx(numbers(row[column]), abs=room, rel=0.0), row["id"]
        assert found["ewoc_dose"] == float(row["ewoc025_max_target_dose"])
        if row["id"] == "7":  # the row farthest off; all rows are in tests/published
            points = ask("blrm", **given, quadrature="points")
            expected = numbers(row["p_target"])
            assert points["p_target"] == pytest.approx(expected, abs=5.1e-5, rel=0.0)


def test_achieved_doses(ask: Ask) -> None:
    prior = {"doses": "1e5,3e5,1e6", "dose_ref": 1e6, "mu": "-1.386,0", "sd": "1.5,0.7"}
    full = ask("blrm", **prior, achieved="1e5,1e5,1e5,3e5", tox="0,0,0,1")
    counts = ask("blrm", **prior, n="3,1,0", y="0,1,0")
    assert full["mean"] == pytest.approx(counts["mean"], rel=1e-12)
    short = ask("blrm", **prior, achieved="1e5,1e5,1e5,1.5e5", tox="0,0,0,1")
    assert short["mean"][1] > full["mean"][1]  # a toxicity at half the dose
    assert "achieved dose" in short["protocol"]


def test_feasibility(ask: Ask) -> None:
    found = ask("feasibility", target=0.3, doses="1e6,3e6,1e7", p="0.05,0.2,0.4",
                yield_median=6e6, trials=500)  # fmt: skip
    assert found["true_tolerated"] == 3
    assert found["true_feasible"] == 2
    by_policy = {result["policy"]: result for result in found["policies"]}
    assert by_policy["exclude"]["right"] > by_policy["ignore"]["right"] + 0.4
    for name in ("crm", "keyboard"):
        ask("feasibility", target=0.3, doses="1e6,3e6,1e7", p="0.05,0.2,0.4", yield_median=6e6,
            trials=20, design=name)  # fmt: skip


@pytest.mark.parametrize(
    ("command", "options", "expected"),
    [
        ("crm", {"target": 0.25, "levels": "1,9", "tox": "0,2", "model": "probit"},
         ("--tox: [2]", "--skeleton: no prior", "--model: 'probit'")),
        ("tite-crm", {"target": 0.25, "skeleton": "0.1,0.2", "levels": "1", "tox": "0",
                      "followup": "3,4", "accrual": "never", "rate": 0},
         ("--levels: lists differ", "--accrual: 'never'", "--rate: 0")),
        ("blrm", {"doses": "1,x", "dose-ref": 1, "mu": "1", "sd": "1,1", "quadrature": "?"},
         ("--doses: 'x'", "--mu: '1' is not two", "--quadrature")),
        ("feasibility", {"target": 0.3, "doses": "1,2", "p": "0.1", "yield-median": 1,
                         "design": "guess"}, ("--doses: lists differ", "--design: 'guess'")),
    ],
)  # fmt: skip
def test_every_problem_is_told(
    command: str, options: dict[str, object], expected: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(design, words_of(command, options))
    assert result.exit_code == 2, result.output
    for words in expected:
        assert words in result.output


@pytest.mark.parametrize("command", ["crm", "tite-crm", "blrm", "feasibility"])
def test_prints_prose(command: str) -> None:
    curve = {"target": 0.25, "skeleton": "0.1,0.25,0.4", "levels": "1,2", "tox": "0,1",
             "p": "0.1,0.2,0.3", "trials": 20}  # fmt: skip
    options: dict[str, dict[str, object]] = {
        "crm": curve,
        "tite-crm": curve,
        "blrm": {"doses": "1,3,10", "dose-ref": 10, "mu": "-1.4,0", "sd": "1.5,0.7", "n": "3,3,0",
                 "y": "0,1,0", "p": "0.1,0.2,0.3", "trials": 5},
        "feasibility": {"target": 0.3, "doses": "1,3,10", "p": "0.1,0.2,0.3", "yield-median": 6,
                        "trials": 50},
    }  # fmt: skip
    result = CliRunner().invoke(design, words_of(command, options[command]))
    assert result.exit_code == 0, result.output
    assert "target" in result.output
    assert result.output.count(".") > 5
