"""Further rows of the design tables, asked of the command line.

Each file was made by running an established package; the calls stand in its first lines.
"""

import csv
import importlib
import json
import math
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

DATA = Path(__file__).parent / "data"
COMMANDS = (
    "binom_ci", "group_sequential", "simon", "survival_size", "toxicity_boundary",
    "two_proportions",
)  # fmt: skip
CLOSED_FORM = 1e-6

Row = dict[str, str]
Ask = Callable[..., Any]


def rows(table: str) -> list[Row]:
    lines = (DATA / f"{table}.csv").read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def listed(text: str, kind: type = float) -> list:
    return [kind(word) for word in text.split(";")]


def close(value: object, absolute: float = CLOSED_FORM) -> object:
    return pytest.approx(value, rel=0, abs=absolute)


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Called with a command and its options by name: its JSON, or None where it refuses."""
    app, runner = typer.Typer(), CliRunner()
    for name in COMMANDS:
        app.command()(getattr(importlib.import_module(f"progenitor.cli.designs.{name}"), name))

    def run(command: str, **options: object) -> Any:
        words = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
        done = runner.invoke(app, [command, *words, "--json"])
        return json.loads(done.stdout) if done.exit_code == 0 else None

    return run


def test_simon(ask: Ask) -> None:
    """Where the package names no design there is none, or one only, on which it stumbles."""
    kinds = defaultdict(dict)
    for row in rows("simon_further"):
        kinds[tuple(row[key] for key in ("p0", "p1", "alpha", "beta", "nmax"))][row["kind"]] = row
    assert len(kinds) > 50
    for (p0, p1, alpha, beta, nmax), wanted in kinds.items():
        found = ask("simon", p0=p0, p1=p1, alpha=alpha, beta=beta, nmax=nmax)
        if "none" in wanted:
            assert found is None or found["optimal"] == found["minimax"]
            continue
        for kind, row in wanted.items():
            whole = [found[kind][key] for key in ("r1", "n1", "r", "n")]
            assert whole == [int(row[key]) for key in ("r1", "n1", "r", "n")]
            numbers = [found[kind][key] for key in ("en0", "pet0", "alpha", "power")]
            assert numbers == close([float(row[k]) for k in ("en0", "pet0", "alpha_a", "power")])


@pytest.mark.parametrize("table", ["simon_inference_public", "simon_inference_further"])
def test_simon_inference_to_the_digit(ask: Ask, table: str) -> None:
    """The package looks for limits on a grid of 1e-4.

    Its lower limit is the first point of the grid above ours, its upper the last one below ours.
    """
    for row in rows(table):
        design = {key: row[key] for key in ("p0", "r1", "n1", "r", "n", "x")}
        found = ask("simon", **design)["inference"]
        lower, upper, p_value = list(row.values())[-2], list(row.values())[-1], "p"
        assert found["umvue"] == close(float(row["umvue"]))
        assert found["p_value"] == close(float(row["pvalue" if "pvalue" in row else p_value]))
        if lower in ("NA", "NaN"):
            assert found["lower"] is None
            assert found["upper"] is None
        else:
            assert math.ceil(found["lower"] * 1e4) == round(float(lower) * 1e4)
            assert math.floor(found["upper"] * 1e4) == round(float(upper) * 1e4)


def test_toxicity_boundaries(ask: Ask) -> None:
    """Equal, or nearer to the error: the package halves its interval ten times and stops."""
    equal, table = 0, rows("toxbdry_further")
    for row in table:
        found = ask(
            "toxicity-boundary", plo=row["plo"], phi=row["phi"], delta=row["delta"],
            looks=row["looks"].replace(";", ","), error=row["cp0"],
            rates=row["ptox"].replace(";", ","),
        )  # fmt: skip
        error, first = float(row["cp0"]), found["operating_characteristics"][0]
        columns = {
            "stop_if_gt": ("hi", {"p_cross": "pcross_hi", "en": "ess_hi"}),
            "looser_stop_if_gt": ("lo", {"looser_p_cross": "pcross_lo", "looser_en": "ess_lo"}),
        }
        same = {key: found[key] == listed(row[name], int) for key, (name, _) in columns.items()}
        equal += all(same.values())
        for key, (_, numbers) in columns.items():
            for name, column in numbers.items() if same[key] else ():
                values = [at[name] for at in found["operating_characteristics"]]
                assert values == close(listed(row[column]))
        if not same["stop_if_gt"]:
            assert listed(row["pcross_hi"])[0] < first["p_cross"] <= error
        if not same["looser_stop_if_gt"]:
            assert error < first["looser_p_cross"] < listed(row["pcross_lo"])[0]
    assert equal > 0.8 * len(table)


def test_binomial_intervals(ask: Ask) -> None:
    columns = {
        "clopper_pearson": "cp", "wilson": "w", "wilson_corrected": "wc", "jeffreys": "j",
        "agresti_coull": "ac",
    }  # fmt: skip
    for row in rows("binom_ci_further"):
        found = ask("binom-ci", x=row["x"], n=row["n"], level=row["conf"], p0=row["p0"])
        for method, column in columns.items():
            want = [float(row[f"{column}_lo"]), float(row[f"{column}_hi"])]
            assert list(found[method].values()) == close(want, 1e-9), (method, row)
        assert found["p_value_greater"] == close(float(row["p"]), 1e-9)


def test_two_proportions(ask: Ask) -> None:
    """Exact score limits, which the limits of the public table are to 6e-5."""
    for row in rows("two_prop_further"):
        sizes = {key: row[key] for key in ("x1", "n1", "x2", "n2")}
        found = ask("two-proportions", **sizes, level=row["conf"])
        keys = {
            "fisher_p": "fisher", "diff_score_lo": "mee_lo", "diff_score_hi": "mee_hi",
            "diff_mn_corrected_lo": "mn_lo", "diff_mn_corrected_hi": "mn_hi",
        }  # fmt: skip
        for key, column in keys.items():
            assert found[key] == close(float(row[column]), 1e-7), (key, row)
        if row["z"] != "NaN":  # nobody or everybody responded
            assert found["z_pooled"] == close(float(row["z"]), 1e-7)


def test_survival_sizes(ask: Ask) -> None:
    for row in rows("survival_samplesize_further"):
        found = ask(
            "survival-size", hr=row["hr"], alpha=row["alpha"], power=row["power"],
            ratio=row["ratio"], median=row["med"], accrual=row["acc"], minfup=row["fu"],
            dropout=row["eta"],
        )  # fmt: skip
        columns = {
            "lachin_foulkes": ("n_lf", "e_lf"),
            "schoenfeld": ("n_s", "d_s"),
            "freedman": ("n_f", "d_f"),
        }
        for method, (patients, events) in columns.items():
            # relative: sizes run to thousands and the package prints twelve digits
            want = [float(row[patients]), float(row[events])]
            assert [found[method]["n"], found[method]["events"]] == pytest.approx(want, rel=1e-10)


def test_group_sequential(ask: Ask) -> None:
    """Up to nine looks at uneven times; the package's finest grid is good to some 1e-7."""
    table = rows("gsd_further")
    assert max(len(row["info"].split(";")) for row in table) >= 8
    for row in table:
        found = ask(
            "group-sequential", info=row["info"].replace(";", ","), alpha=row["alpha"],
            beta=row["beta"], spending=row["sp"],
        )  # fmt: skip
        assert found["z_bounds"] == close(listed(row["upper"]))
        numbers = [found[key] for key in ("inflation", "en_ratio_h0", "en_ratio_h1")]
        assert numbers == close([float(row[key]) for key in ("infl", "en0", "en1")])
        assert found["upper_prob_h1"] == close(listed(row["uh1"]))
