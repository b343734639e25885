"""`progenitor vpc`: a check in words, as JSON and as a report, and words for every mistake."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from progenitor.cli import main
from progenitor.library import simulate_population

DAYS = (2.0, 5.0, 9.0, 14.0, 28.0, 90.0)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty patients of the model itself, seed 77, with a limit of 50 copies/µg."""
    days = np.tile(DAYS, (30, 1))
    found = simulate_population("stein_2019", patients=30, seed=77, times=days, residual=True).of(
        "level"
    )
    lines = ["ID,TIME,EVID,AMT,DV,ARM"]
    for patient in range(30):
        arm = "AB"[patient % 2]
        lines.append(f"{patient + 1},0,1,3e8,.,{arm}")
        lines += [
            f"{patient + 1},{day:g},0,.,{'<50' if level < 50 else f'{level:.6g}'},{arm}"
            for day, level in zip(DAYS, found[patient].tolist(), strict=True)
        ]
    path = tmp_path_factory.mktemp("vpc") / "levels.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def asked(table: Path, *options: str) -> list[str]:
    return ["vpc", "library:stein_2019", str(table), "--replicates", "60", *options]


def test_words_for_people(table: Path, capfd) -> None:
    assert main(asked(table)) == 0
    out, err = capfd.readouterr()
    assert err == ""
    for piece in (
        "30 patients, 180 observations (copies/ug)",
        "days are counted from the first dose of each subject",
        "60 replicates: the ends of intervals move from seed to seed",
        "of 18 observed percentiles lie outside the 95 %",
        "days  n   5 %",
        "below LLOQ",
        "Prediction errors (npde) of 180 observations",
    ):
        assert piece in " ".join(out.split()) or piece in out, piece


def test_json_for_machines(table: Path, capfd) -> None:
    assert main(asked(table, "--json", "--stratify", "ARM", "--percentiles", "10,50,90")) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["file"] == str(table)
    assert (found["model"], found["unit"], found["patients"]) == ("stein_2019", "copies/ug", 30)
    assert [one["stratum"] for one in found["bins"]] == ["A"] * 6 + ["B"] * 6
    assert [one["percentile"] for one in found["bins"][0]["percentiles"]] == [10, 50, 90]
    assert all(math.isfinite(found["errors"][name]) for name in ("mean", "variance", "p_global"))


def test_the_same_seed_gives_the_same_check_and_another_does_not(table: Path, capfd) -> None:
    outs = []
    for seed in ("1", "1", "2"):
        assert main(asked(table, "--json", "--seed", seed)) == 0
        outs.append(json.loads(capfd.readouterr().out))
    assert outs[0] == outs[1]
    assert outs[0]["bins"][0]["percentiles"] != outs[2]["bins"][0]["percentiles"]


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        ("gaps", [30] * 6),
        ("gaps:2", [150, 30]),
        ("count:3", [60] * 3),
        ("0,7,28,365", [60, 60, 60]),
    ],
)
def test_rules_of_bins(table: Path, capfd, rule: str, counts: list[int]) -> None:
    assert main(asked(table, "--json", "--bins", rule)) == 0
    bins = json.loads(capfd.readouterr().out)["bins"]
    assert [one["count"] for one in bins] == counts


def test_a_report_is_written(table: Path, tmp_path: Path, capfd) -> None:
    path = tmp_path / "check.html"
    assert main(asked(table, "--prediction-corrected", "--report", str(path))) == 0
    assert f"written: {path}" in capfd.readouterr().out
    page = path.read_text("utf-8")
    assert "Prediction-corrected visual predictive check" in page
    assert "10.1002/psp4.12388" in page
    assert page.count("<svg") == 2


def test_a_model_without_variability_can_be_checked_with_what_is_assumed(
    table: Path, capfd
) -> None:
    command = ["vpc", "kimmel_2021", str(table), "--replicates", "40", "--json"]
    assert main(command) == 2
    assert "--scatter log:0.3" in capfd.readouterr().err
    assert main([*command, "--scatter", "log:0.5", "--between", "car_t_at_start=0.8"]) == 0
    weak = json.loads(capfd.readouterr().out)["weaknesses"]
    assert weak[0] == (
        "assay error (log, 0.5), variability of car_t_at_start between patients (CV 80 %): "
        "assumed for this check, not published with kimmel_2021"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--bins", "weekly"], "'weekly' is no rule of bins"),
        (["--bins", "0,7"], "observations lie outside the bin edges 0 to 7"),
        (["--percentiles", "5;95"], "'5;95' are no percentiles"),
        (["--percentiles", "0,50"], "percentiles are 0, 50"),
        (["--level", "2"], "the level is 2"),
        (["--scatter", "0.3"], "'0.3' is not KIND:SD"),
        (["--scatter", "lag:0.3"], "did you mean 'log'?"),
        (["--between", "peak"], "'peak' is not ID=VALUE"),
        (["--stratify", "ARMS"], "did you mean 'ARM'?"),
        (["--observable", "levels"], "did you mean 'level'?"),
        (["--variant", "tocilizumabs"], "did you mean 'tocilizumab'?"),
        (["--unit", "cell/uL"], "the model's is copies/ug"),
        (["--report", "nowhere/check.html"], "there is no folder nowhere"),
    ],
)
def test_mistakes_end_in_words_and_code_2(
    table: Path, capfd, options: list[str], words: str
) -> None:
    assert main(asked(table, *options)) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err


def test_every_problem_of_the_table_is_told_with_its_line(tmp_path: Path, capfd) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("ID,TIME,DV\n1,3,abc\n1,2,-5\n1,9,<0\n", encoding="utf-8")
    assert main(["vpc", "library:stein_2019", str(path)]) == 2
    err = capfd.readouterr().err
    for line in (2, 3, 4):
        assert f"bad.csv:{line}: " in err


def test_an_unknown_model_suggests_the_nearest(table: Path, capfd) -> None:
    assert main(["vpc", "library:stien_2019", str(table)]) == 2
    assert "did you mean 'stein_2019'?" in capfd.readouterr().err
