"""`progenitor design` answers every question of the binary tables with the same numbers."""

import csv
import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

DATA = Path(__file__).parents[1] / "published" / "data"
COMMANDS = (
    "assurance", "beta_difference", "binom_ci", "bop2", "forecast_scores", "predictive_probability",
    "simon", "toxicity_boundary", "toxicity_stop", "two_proportions", "voi",
)  # fmt: skip
CLOSED_FORM = 1e-6
FOUR_DIGITS = 5.01e-5
SOLVED = 1.5e-4
UNIROOT = 6.1e-5  # half of the tolerance to which the reference solved its score interval

Row = dict[str, str]
Ask = Callable[..., Any]


def rows(table: str) -> list[Row]:
    return list(csv.DictReader((DATA / f"{table}_public.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Called with a command and its options by name: its JSON."""
    app = typer.Typer()
    for name in COMMANDS:
        app.command()(getattr(importlib.import_module(f"progenitor.cli.designs.{name}"), name))
    runner = CliRunner()

    def run(command: str, **options: object) -> Any:
        words = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
        done = runner.invoke(app, [command, *words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return run


def close(value: object, absolute: float = CLOSED_FORM) -> object:
    return pytest.approx(value, rel=0, abs=absolute)


def numbers(row: Row, *names: str) -> list[float]:
    return [float(row[name]) for name in names]


def listed(text: str, kind: type = float) -> list:
    return [kind(word) for word in text.split(";")]


@pytest.mark.parametrize("row", rows("simon")[:24], ids=lambda r: f"{r['type']}-{r['p0']}")
def test_simon(ask: Ask, row: Row) -> None:
    found = ask("simon", **{key: row[key] for key in ("p0", "p1", "alpha", "beta")})[row["type"]]
    assert [found[k] for k in ("r1", "n1", "r", "n")] == listed(
        ";".join(row[k] for k in ("r1", "n1", "r", "n")), int
    )
    want = numbers(row, "EN_p0", "PET_p0", "actual_alpha", "actual_power")
    assert [found[k] for k in ("en0", "pet0", "alpha", "power")] == close(want)


@pytest.mark.parametrize("row", rows("simon_inference"), ids=lambda r: f"{r['n']}-{r['x']}")
def test_simon_inference(ask: Ask, row: Row) -> None:
    options = {key: row[key] for key in ("r1", "n1", "r", "n", "p0", "x")}
    found = ask("simon", **options)["inference"]
    assert [found["umvue"], found["p_value"]] == close(numbers(row, "umvue", "pvalue"))
    for key, column in (("lower", "LCL95_onesided"), ("upper", "UCL95_onesided")):
        want = None if row[column] == "NA" else close(float(row[column]), SOLVED)
        assert found[key] == want


def test_predictive_probability(ask: Ask) -> None:
    for row in rows("predprob"):
        options = {key: row[key] for key in ("y", "n", "nmax", "a", "b", "p0")}
        found = ask("predictive-probability", theta_t=row["theta_T"], **options)
        assert [found["pp"], found["post_gt_p0"]] == close(numbers(row, "PP", "post_gt_p0"))


def test_predictive_boundaries(ask: Ask) -> None:
    for identifier in sorted({row["id"] for row in rows("predprob_oc")}):
        mine = [row for row in rows("predprob_boundaries") if row["id"] == identifier]
        true = [row for row in rows("predprob_oc") if row["id"] == identifier]
        options = {key: mine[0][key] for key in ("nmax", "nmin", "a", "b", "p0")}
        thetas = {"theta_t": mine[0]["theta_T"], "theta_l": mine[0]["theta_L"]}
        rates = ",".join(row["p"] for row in true)
        found = ask("predictive-probability", rates=rates, **options, **thetas)
        assert [(str(b["n"]), b["stop_if_le"]) for b in found["boundaries"]] == [
            (r["n"], None if r["stop_if_le"] == "NA" else int(r["stop_if_le"])) for r in mine
        ]
        at = {oc["p"]: oc for oc in found["operating_characteristics"]}
        for row in true:
            oc = at[float(row["p"])]
            assert [oc["reject"], oc["pet"]] == close(numbers(row, "reject", "PET"))
            assert oc["en"] == close(float(row["EN"]), FOUR_DIGITS)


@pytest.mark.parametrize("row", rows("bop2"), ids=lambda r: r["id"])
def test_bop2(ask: Ask, row: Row) -> None:
    options = {key: row[key] for key in ("p0", "p1", "prior_a", "prior_b")}
    looks = row["looks"].replace(";", ",")
    searched = ask("bop2", looks=looks, alpha=row["alpha"], **options)
    given = {"lambda": row["lambda"], "gamma": row["gamma"]}
    assert ask("bop2", looks=looks, **given, **options) == searched
    assert [searched["lambda"], searched["gamma"]] == numbers(row, "lambda", "gamma")
    assert searched["stop_if_le"] == listed(row["stop_if_le"], int)
    want = numbers(row, "typeI", "power", "PET_p0", "PET_p1")
    assert [searched[k] for k in ("type_i", "power", "pet_p0", "pet_p1")] == close(want)
    sizes = [searched["en_p0"], searched["en_p1"]]
    assert sizes == close(numbers(row, "EN_p0", "EN_p1"), FOUR_DIGITS)


def test_toxicity_stop(ask: Ask) -> None:
    for identifier in sorted({row["id"] for row in rows("bayes_tox_stop")}):
        mine = [row for row in rows("bayes_tox_stop") if row["id"] == identifier]
        options = {key: mine[0][key] for key in ("a", "b", "cut")}
        found = ask("toxicity-stop", tolerable=mine[0]["pT"], n=mine[-1]["n"], **options)
        assert [b["stop_if_ge"] for b in found["boundaries"]] == [
            None if row["stop_if_ge"] == "NA" else int(row["stop_if_ge"]) for row in mine
        ]


@pytest.mark.parametrize("row", rows("toxbdry"), ids=lambda r: r["id"])
def test_toxicity_boundary(ask: Ask, row: Row) -> None:
    options = {"plo": row["pLo"], "phi": row["pHi"], "error": row["cP0"], "delta": row["delta"]}
    found = ask("toxicity-boundary", looks=row["looks"].replace(";", ","), **options)
    assert found["stop_if_gt"] == listed(row["hi_bdry"], int)
    assert found["looser_stop_if_gt"] == listed(row["lo_bdry"], int)
    at = found["operating_characteristics"]
    for key, column, absolute in (
        ("p", "ptox", CLOSED_FORM),
        ("p_cross", "pcross_hi", CLOSED_FORM),
        ("p_stop_early", "pstop_hi", CLOSED_FORM),
        ("en", "ess_hi", FOUR_DIGITS),
        ("looser_p_cross", "pcross_lo", CLOSED_FORM),
        ("looser_en", "ess_lo", FOUR_DIGITS),
    ):
        assert [oc[key] for oc in at] == close(listed(row[column]), absolute)


def test_beta_difference(ask: Ask) -> None:
    names = ("y", "n", "alpha_e", "beta_e", "alpha_s", "beta_s", "delta")
    for row in rows("two_beta_postprob"):
        found = ask("beta-difference", **{key: row[key] for key in names})
        assert found["postprob"] == close(float(row["postprob"]))


def test_binom_ci(ask: Ask) -> None:
    columns = {
        "clopper_pearson": "cp", "wilson": "wilson", "wilson_corrected": "wilsoncc",
        "jeffreys": "jeffreys", "agresti_coull": "agresticoull",
    }  # fmt: skip
    for row in rows("binom_ci"):
        found = ask("binom-ci", x=row["x"], n=row["n"], conf=row["conf"], p0=0.2)
        for method, column in columns.items():
            limits = [found[method]["low"], found[method]["high"]]
            assert limits == close(numbers(row, f"{column}_lo", f"{column}_hi"))
        assert found["p_value_greater"] == close(float(row["binomtest_p_vs_0.2_greater"]))


def test_two_proportions(ask: Ask) -> None:
    for row in rows("two_prop"):
        found = ask("two-proportions", **{key: row[key] for key in ("x1", "n1", "x2", "n2")})
        tests = numbers(row, "fisher_p", "z_pooled")
        assert [found["fisher_p"], found["z_pooled"]] == close(tests)
        limits = [found["diffMN_lo"], found["diffMN_hi"]]
        assert limits == close(numbers(row, "diffMN_lo", "diffMN_hi"), UNIROOT)


def test_assurance(ask: Ask) -> None:
    for row in rows("assurance_normal"):
        options = {key: row[key] for key in ("n_total", "sigma", "prior_mean", "prior_sd")}
        found = ask("assurance", alpha=row["alpha_onesided"], **options)
        want = numbers(row, "assurance", "power_at_prior_mean")
        assert [found["assurance"], found["power_at_prior_mean"]] == close(want)
    for row in rows("assurance_simon"):
        options = {key: row[key] for key in ("r1", "n1", "r", "n", "prior_a", "prior_b")}
        assert ask("assurance", **options)["assurance"] == close(float(row["assurance"]))


def test_voi(ask: Ask) -> None:
    for row in rows("voi_gaussian"):
        names = {"coef": "coef", "mean": "mean", "sd": "sd", "const": "const"}
        names |= {"obs_sd": "obs_sd", "n_obs": "n_obs"}
        found = ask("voi", **{key: row[column].replace(";", ",") for key, column in names.items()})
        assert [found["enb_current"], found["evpi"]] == close(numbers(row, "ENB_current", "EVPI"))
        assert found["evppi"] == close(listed(row["EVPPI"]))
        for evsi, printed in zip(found["evsi"], row["EVSI"].split("|"), strict=True):
            assert evsi == close(listed(printed))


def test_forecast_scores(ask: Ask) -> None:
    for row in rows("forecast_scores"):
        found = ask("forecast-scores", p=row["p"].replace(";", ","), y=row["y"].replace(";", ","))
        want = numbers(row, "brier", "logloss", "cal_slope", "auc")
        assert [found[k] for k in ("brier", "log_loss", "calibration_slope", "auc")] == close(want)


@pytest.mark.parametrize("command", COMMANDS)
def test_text_and_help(command: str) -> None:
    """Each command prints words for people, and what is missing when nothing is given."""
    app = typer.Typer()
    app.command()(getattr(importlib.import_module(f"progenitor.cli.designs.{command}"), command))
    helped = CliRunner().invoke(app, ["--help"])
    assert "For example" in helped.output
    assert CliRunner().invoke(app, []).exit_code == 2


def test_every_missing_option_is_named(ask: Ask) -> None:
    app = typer.Typer()
    app.command()(importlib.import_module("progenitor.cli.designs.simon").simon)
    done = CliRunner().invoke(app, ["--p0", "0.2", "--r1", "3"])
    assert done.exit_code == 2
    assert all(option in done.stderr for option in ("--n1", "--r:", "--n:"))
