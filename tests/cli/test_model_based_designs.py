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


def test_skeleton_command(ask: Ask) -> None:
    row = rows("crm_getprior")[3]
    given = {name: row[name] for name in ("halfwidth", "target", "nu", "nlevel", "model")}
    found = ask("skeleton", **given)
    assert found["prior"] == pytest.approx(numbers(row["prior"]), abs=1e-9, rel=0.0)


@pytest.mark.parametrize(("command", "table"), [("crm", "crm_oc"), ("tite-crm", "titecrm_oc")])
def test_simulated_trials(ask: Ask, command: str, table: str) -> None:
    """|z| < 4 for shares of doses; a share may be none of the trials."""
    for row in rows(table):
        given = {"target": row["target"], "prior": row["prior"], "p": row["PI"], "n": row["n"]}
        if command == "crm":
            given |= {"cohort": row["mcohort"], "x0": row["x0"], "scale": row["scale"]}
        else:
            given |= {name: row[name] for name in ("obswin", "rate_per_window", "accrual")}
        found = ask(command, **given, nsim=1500 if command == "crm" else 300)
        found = found["operating_characteristics"]
        for share, error, expected in zip(
            found["mtd"], found["mtd_error"], numbers(row["MTD"]), strict=True
        ):
            room = (error**2 + expected * (1.0 - expected) / float(row["nsim"])) ** 0.5
            assert abs(share - expected) < 4.0 * room + 1e-3, row["id"]
        if command == "tite-crm" and row["accrual"] == "fixed":
            assert found["duration"] == pytest.approx(float(row["duration"]), rel=1e-12)


def test_the_dose_nearest_by_the_curve_may_be_untried(ask: Ask) -> None:
    given = {"target": 0.2, "skeleton": "0.05,0.1,0.2,0.35,0.5,0.7", "n": 12, "cohort": 3,
             "p": "0.1,0.2,0.4,0.5,0.6,0.65", "trials": 1500}  # fmt: skip
    kept = ask("crm", **given)["operating_characteristics"]
    assert kept["mtd"][3] > kept["selected"][3] + 0.01  # only the fourth cohort could be there
    free = ask("crm", **given, no_restrict=True)
    assert "skipped" in free["protocol"]
    found = free["operating_characteristics"]
    assert found["mtd"] == found["selected"]
    assert found["treated"][4] > kept["treated"][4]  # doses are skipped upwards


def test_blrm(ask: Ask) -> None:
    """Every row to the tolerance of the table, by default; cells differ and stand beside it."""
    keys = {"mean": "mean", "sd": "sd_p", "p_under": "p_under", "p_target": "p_target",
            "p_over": "p_over"}  # fmt: skip
    farthest = 0.0
    for row in rows("blrm"):
        names = ("dose_ref", "mu", "sd", "rho", "doses", "n", "y", "grid", "cut_lo", "cut_hi")
        found = ask("blrm", **{name: row[name] for name in names})
        for key, column in keys.items():
            room = 2e-3 if key.startswith("p_") else 1e-5
            assert found[key] == pytest.approx(numbers(row[column]), abs=room, rel=0.0), row["id"]
        assert found["ewoc_dose"] == float(row["ewoc025_max_target_dose"])
        differences = [
            abs(one - other)
            for key, exact in found["exact"].items()
            for one, other in zip(found[key], exact, strict=True)
        ]
        farthest = max(farthest, *differences)
    assert 2e-3 < farthest < 4e-3


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
        ("crm", {"target": 0.25, "skeleton": "0.1,0.2", "nu": 1, "p": "0.1,2", "n": 0,
                 "levels": "0", "tox": "0"},
         ("--skeleton: given as well", "--p: '0.1,2'", "--n: 0", "--levels: [0]")),
        ("crm", {"target": 3, "skeleton": "0.1,0.2", "p": "0.1", "start": 2},
         ("target 3", "--start: 2")),
        ("skeleton", {"target": 3, "model": "probit"},
         ("--nu: not given", "--nlevel: not given", "--model: 'probit'", "target 3")),
        ("tite-crm", {"target": 0.25, "skeleton": "0.1,0.2", "levels": "1", "tox": "0",
                      "followup": "3,4", "accrual": "never", "rate": 0},
         ("--levels: lists differ", "--accrual: 'never'", "--rate: 0")),
        ("blrm", {"doses": "1,x", "dose-ref": 1, "mu": "1", "sd": "1,1", "quadrature": "?"},
         ("--doses: 'x'", "--mu: '1' is not two", "--quadrature")),
        ("blrm", {"doses": "1,3", "dose-ref": 1, "mu": "0,0", "sd": "1,-1", "n": "3,3", "y": "9",
                  "p": "0.1", "patients": 0, "cut-lo": 0.1},
         ("blrm cannot be", "--doses: lists differ", "--patients: 0", "--cut-lo: one limit")),
        ("feasibility", {"target": 0.3, "doses": "1,2", "p": "0.1", "yield-median": 1,
                         "design": "guess"}, ("--doses: lists differ", "--design: 'guess'")),
        ("feasibility", {"target": 3, "doses": "1,2", "p": "0.1,0.2", "yield-median": 0, "n": 0},
         ("target = 3", "median yield 0", "--n: 0")),
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
