"""The ledger of predictions: nothing is overwritten, and what resolves is scored."""

from datetime import date
from pathlib import Path

import pytest

from progenitor.errors import InputError
from progenitor.programme import (
    Prediction,
    Question,
    Resolution,
    open_ledger,
    score_ledger,
)

SHIPPED = Path(__file__).parents[2] / "forecasts"


def question(name: str, **changes: object) -> Question:
    plain = {
        "id": name, "question": "Does it?", "criterion": "It does.", "opened": "2026-01-01",
        "deadline": "2027-01-01",
    }  # fmt: skip
    return Question.model_validate(plain | changes)


def said(name: str, probability: float, day: str = "2026-02-01", **changes: object) -> Prediction:
    plain = {"question": name, "probability": probability, "date": day, "author": "A. Reader"}
    return Prediction.model_validate(plain | changes)


def resolution(outcome: float) -> Resolution:
    plain = {"outcome": outcome, "date": "2026-12-31", "by": "B", "evidence": "a register"}
    return Resolution.model_validate(plain)


def test_last_words_are_scored(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    for name in ("first", "second"):
        ledger.ask(question(name))
    ledger = open_ledger(tmp_path)
    ledger.add(said("first", 0.2))
    ledger.add(said("first", 0.9, "2026-03-01"))
    ledger.add(said("second", 0.4))
    ledger.add(said("second", 0.1, author="Someone else"))
    assert score_ledger(open_ledger(tmp_path)) == ()
    open_ledger(tmp_path).resolve("first", resolution(1))
    open_ledger(tmp_path).resolve("second", resolution(0))
    found = score_ledger(open_ledger(tmp_path))
    assert [scores.author for scores in found] == ["A. Reader", "Someone else"]
    assert found[0].events is not None
    assert found[0].events.brier == pytest.approx((0.1**2 + 0.4**2) / 2, rel=1e-12, abs=0)
    every = score_ledger(open_ledger(tmp_path), every=True)
    assert every[0].events is not None
    assert every[0].events.count == 3


def test_numbers_are_scored_by_their_quantiles(tmp_path: Path) -> None:
    open_ledger(tmp_path).ask(question("cost", kind="number", unit="USD"))
    told = said("cost", 0.5)
    with pytest.raises(InputError, match="quantiles"):
        open_ledger(tmp_path).add(told)
    plain = told.model_dump() | {"probability": None, "quantiles": {0.25: 2.0, 0.75: 6.0}}
    open_ledger(tmp_path).add(Prediction.model_validate(plain))
    open_ledger(tmp_path).resolve("cost", resolution(4.0))
    (scores,) = score_ledger(open_ledger(tmp_path))
    assert scores.events is None
    assert scores.crps == pytest.approx(1.0, rel=1e-12, abs=0)  # 2 · mean(0.25 · 2, 0.25 · 2)


def test_what_was_said_stays(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    ledger.ask(question("first"))
    with pytest.raises(InputError, match="exists already"):
        ledger.ask(question("first"))
    ledger = open_ledger(tmp_path)
    ledger.add(said("first", 0.2))
    with pytest.raises(InputError, match="exists already"):
        ledger.add(said("first", 0.3))
    ledger.resolve("first", resolution(1))
    with pytest.raises(InputError, match="was resolved"):
        open_ledger(tmp_path).resolve("first", resolution(0))
    with pytest.raises(InputError, match="was resolved"):
        open_ledger(tmp_path).add(said("first", 1.0, "2026-12-31"))


def test_days_and_names_are_checked(tmp_path: Path) -> None:
    open_ledger(tmp_path).ask(question("first"))
    ledger = open_ledger(tmp_path)
    with pytest.raises(InputError, match="outside 2026-01-01"):
        ledger.add(said("first", 0.2, "2025-01-01"))
    with pytest.raises(InputError, match="first"):
        ledger.question("frist")


@pytest.mark.parametrize(
    "changes",
    [
        {"probability": 1.2},
        {"probability": None},
        {"quantiles": {0.5: 1.0}},
        {"low": 0.5, "high": 0.2},
        {"basis": "gut"},
        {"weight": 3},
    ],
)
def test_a_prediction_that_says_nothing_clear_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="1 validation error"):
        Prediction.model_validate(said("first", 0.2).model_dump() | changes)


def test_every_problem_of_every_file_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "questions"
    folder.mkdir()
    (folder / "one.yaml").write_text("id: one\nquestion: Q\n", "utf-8")
    (folder / "two.yaml").write_text("id: two\nquestion: Q\n", "utf-8")
    with pytest.raises(InputError) as refused:
        open_ledger(tmp_path)
    assert len(refused.value.problems) == 6


def test_the_shipped_question_has_its_three_answers() -> None:
    ledger = open_ledger(SHIPPED)
    shipped = ledger.question("tscm_2030")
    assert shipped.resolution is None
    assert shipped.deadline == date(2030, 12, 31)
    assert "marketing authorisation" in shipped.criterion
    answers = {p.basis: p for p in ledger.predictions if p.question == "tscm_2030"}
    assert {"base_rate", "model", "blend"} <= set(answers)
    assert all("catalogue" in answers[basis].model_version for basis in ("base_rate", "model"))
