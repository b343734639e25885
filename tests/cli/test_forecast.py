"""`progenitor forecast` from the question to the score."""

import json
import shutil
from pathlib import Path

import pytest

from progenitor.cli import main

LEDGER = Path(__file__).parents[2] / "forecasts"
PROGRAMME = str(LEDGER / "programmes" / "tscm_2030.yaml")
SMALL = ("--draws", "40", "--replicates", "40")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    copy = tmp_path / "forecasts"
    shutil.copytree(LEDGER / "questions", copy / "questions")
    return str(copy)


def test_a_programme_is_answered(
    tmp_path: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "answer.md"
    words = ["forecast", "run", PROGRAMME, *SMALL, "--report", str(page), "--add-to", folder]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"base_rate", "model", "blend", "by_date", "leverage", "records"} <= set(found)
    assert 0.0 <= found["model"]["low"] <= found["model"]["high"] <= 1.0
    assert "## The answer" in page.read_text("utf-8")
    assert main(["forecast", "list", "--folder", folder, "--json"]) == 0
    (question,) = json.loads(capsys.readouterr().out)
    said = {p["basis"]: p["probability"] for p in question["predictions"]}
    assert said["blend"] == pytest.approx(found["blend"]["probability"], rel=0, abs=5e-5)
    assert main(["forecast", "run", PROGRAMME, *SMALL, "--add-to", folder]) == 2  # the same day


def test_the_same_seed_gives_the_same_answer(capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for seed in ("5", "5", "6"):
        assert main(["forecast", "run", PROGRAMME, *SMALL, "--seed", seed, "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out)["model"]["probability"])
    assert answers[0] == answers[1] != answers[2]


def test_your_own_predictions_are_scored(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*words: str) -> int:
        return main(["forecast", *words, "--folder", folder])

    me = ("--author", "me", "--date", "2026-12-01")
    assert run("add", "tscm_2030", *me, "--probability", "0.1") == 0
    criterion = ("--criterion", "the price list says so", "--unit", "USD")
    days = ("--opened", "2026-11-21", "--deadline", "2028-01-01")
    assert run("ask", "cost", "--text", "What does it cost?", *criterion, *days) == 0
    assert run("add", "cost", *me, "--quantiles", "0.1=2,0.5=4,0.9=9") == 0
    capsys.readouterr()
    assert run("score") == 0
    assert "nothing is resolved" in capsys.readouterr().out
    why = ("--by", "me", "--evidence", "read")
    assert run("resolve", "tscm_2030", "--outcome", "no", "--date", "2031-03-31", *why) == 0
    assert run("resolve", "cost", "--outcome", "4", "--date", "2027-06-01", *why) == 0
    assert run("list") == 0
    assert "resolved 2031-03-31: 0" in capsys.readouterr().out
    assert run("score", "--json") == 0
    (scores,) = json.loads(capsys.readouterr().out)
    assert scores["events"]["brier"] == pytest.approx(0.01, rel=1e-9, abs=0)
    assert scores["crps"] == pytest.approx(2 * (0.1 * 2 + 0.1 * 5) / 3, rel=1e-9, abs=0)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["add", "tscm_2030", "--author", "me", "--date", "soon", "-p", "7"], "--probability"),
        (["add", "tscm", "--author", "me", "--date", "2026-12-01", "-p", "0.7"], "tscm_2030"),
        (["add", "c", "--author", "m", "--date", "2026-12-01", "--quantiles", "1"], "no quantile"),
        (["run", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_what_is_wrong_is_said(
    words: list[str], complaint: str, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = [] if words[0] == "run" else ["--folder", folder]
    assert main(["forecast", *words, *place]) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--probability", "1.2", "--date", "2026-12-01"), "is not a probability"),
        (("--probability", "0.2", "--date", "2020-01-01"), "outside 2026-11-21"),
        (("--probability", "0.2", "--date", "tomorrow"), "is no day"),
    ],
)
def test_a_bad_prediction_is_one_clear_problem(
    words: tuple[str, ...], said: str, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["forecast", "add", "tscm_2030", "--author", "me", *words, "--folder", folder]
    assert main(command) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert said in error
    assert "1 problem" in error
    assert not (Path(folder) / "predictions").exists()


def test_phases_from_runs_are_refused_clearly(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--run", "pivotl=x", "--run", "pivotal")
    assert main(["forecast", "run", PROGRAMME, *SMALL, *asked]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert "did you mean 'pivotal'" in error
    assert "names no phase and run" in error
    assert main(["forecast", "run", PROGRAMME, *SMALL, "--run", "pivotal=nowhere"]) != 0
    assert "is not a run folder" in " ".join(capsys.readouterr().err.split())
