"""A folder of dated predictions of resolvable questions, and how they turned out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, final

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from progenitor.documents import load_document, suggestion
from progenitor.errors import InputError, Problem
from progenitor.programme._validated import validated

__all__ = ["Prediction", "PredictionLedger", "Question", "Resolution", "open_ledger"]

Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Resolution(_Record):
    """What happened: 1 or 0 for an event, the value for a number; who says so, and why."""

    outcome: float
    date: date
    by: Text
    evidence: Text


class Question(_Record):
    """A question that the world will answer.

    ``criterion`` says what must be true, and where one looks, for the answer to be yes; for a
    ``number`` it says what is measured, in ``unit``.
    """

    id: Identifier
    question: Text
    criterion: Text
    kind: Literal["event", "number"] = "event"
    unit: str = ""
    opened: date
    deadline: date
    resolution: Resolution | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Question":
        if self.deadline <= self.opened:
            raise ValueError(f"deadline {self.deadline} is not after opened {self.opened}")
        event = self.resolution is not None and self.kind == "event"
        if event and self.resolution is not None and self.resolution.outcome not in (0.0, 1.0):
            raise ValueError(f"outcome is {self.resolution.outcome:g}: write 1 for yes, 0 for no")
        return self


class Prediction(_Record):
    """What somebody, or a model, said on a day.

    ``basis`` tells a base rate, a model's answer and a blend from a person's judgement. An event
    has a ``probability``, a number ``quantiles`` (level → value).
    """

    question: Identifier
    probability: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    low: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    high: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    quantiles: dict[Annotated[float, Field(gt=0.0, lt=1.0)], float] | None = None
    date: date
    author: Text
    basis: Literal["base_rate", "model", "blend", "judgement"] = "judgement"
    model_version: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> "Prediction":
        if (self.probability is None) == (self.quantiles is None):
            raise ValueError("give a probability (of an event) or quantiles (of a number)")
        low, high = self.low, self.high
        if low is not None and high is not None and low > high:
            raise ValueError(f"low is {low:g}, above high {high:g}")
        values = [value for _, value in sorted((self.quantiles or {}).items())]
        if values != sorted(values):
            raise ValueError("quantiles fall as their levels rise")
        return self

    @property
    def file_name(self) -> str:
        """Where it is kept: day, author and basis."""
        author = re.sub(r"[^a-z0-9]+", "_", self.author.lower()).strip("_") or "someone"
        return f"{self.date.isoformat()}_{author}_{self.basis}.yaml"


@final
@dataclass(frozen=True, slots=True)
class PredictionLedger:
    """Every question and prediction of a folder.

    Parameters
    ----------
    folder
        Holds ``questions/<id>.yaml`` and ``predictions/<id>/<day>_<author>_<basis>.yaml``.
    questions
        By id.
    predictions
        In order of question, date and author.
    """

    folder: Path
    questions: Mapping[str, Question]
    predictions: tuple[Prediction, ...]

    def question(self, identifier: str) -> Question:
        """Return a question; an unknown one is an ``InputError`` with the nearest name."""
        if identifier not in self.questions:
            near = suggestion(identifier, sorted(self.questions))
            raise InputError([Problem(f"unknown question '{identifier}'", near)])
        return self.questions[identifier]

    def ask(self, question: Question) -> Path:
        """Write a new question; one that exists is never overwritten."""
        path = self.folder / "questions" / f"{question.id}.yaml"
        return _write_new(path, question)

    def add(self, prediction: Prediction) -> Path:
        """Write a prediction to a file of its own; what was said before is never changed.

        Raises
        ------
        InputError
            If the question is unknown, resolved, of another kind, or this author already said
            something on this basis on this day.
        """
        question = self.question(prediction.question)
        problems = []
        if question.resolution is not None and prediction.date >= question.resolution.date:
            text = f"'{question.id}' was resolved on {question.resolution.date}"
            problems.append(Problem(text, "predict something that is still open"))
        if not question.opened <= prediction.date <= question.deadline:
            text = f"{prediction.date} is outside {question.opened} to {question.deadline}"
            text += f", the days of '{question.id}'"
            problems.append(Problem(text, "give the day of the prediction"))
        if (question.kind == "event") != (prediction.probability is not None):
            wanted = "a probability" if question.kind == "event" else "quantiles"
            problems.append(Problem(f"'{question.id}' asks for {wanted}", f"give {wanted}"))
        if problems:
            raise InputError(problems)
        path = self.folder / "predictions" / question.id / prediction.file_name
        return _write_new(path, prediction)

    def resolve(self, identifier: str, resolution: Resolution) -> Path:
        """Write into a question what happened; a resolved one is refused."""
        question = self.question(identifier)
        if question.resolution is not None:
            text = f"'{identifier}' was resolved on {question.resolution.date}"
            raise InputError([Problem(text, "correct the file by hand, and say why, if wrong")])
        if resolution.date < question.opened:
            text = f"'{identifier}' was asked on {question.opened}, after {resolution.date}"
            raise InputError([Problem(text, "give the day on which it was resolved")])
        text = _dump(question.model_copy(update={"resolution": resolution}))
        resolved = validated(Question, load_document(text, name=identifier))
        path = self.folder / "questions" / f"{identifier}.yaml"
        path.write_text(_dump(resolved), "utf-8")
        return path

    def resolved(self, *, every: bool = False) -> list[tuple[Question, Prediction]]:
        """Pair resolved questions with what was said before: each author's last word, or all.

        Parameters
        ----------
        every
            Whether predictions count that the same author replaced later.
        """
        found: dict[object, tuple[Question, Prediction]] = {}
        for position, prediction in enumerate(self.predictions):
            question = self.questions[prediction.question]
            end = question.resolution
            if end is None or prediction.date > end.date:
                continue
            said_by: Sequence[object] = (question.id, prediction.author, prediction.basis)
            found[position if every else tuple(said_by)] = (question, prediction)
        return list(found.values())


def open_ledger(folder: Path) -> PredictionLedger:
    """Read a folder of predictions; an absent one is empty.

    Parameters
    ----------
    folder
        The ledger's folder, such as ``forecasts``.

    Raises
    ------
    InputError
        Listing every problem of every file.

    Examples
    --------
    >>> open_ledger(Path("nowhere")).predictions
    ()
    """
    problems: list[Problem] = []
    questions: dict[str, Question] = {}
    predictions: list[Prediction] = []
    for path in sorted((folder / "questions").glob("*.yaml")):
        try:
            question = validated(Question, load_document(path))
        except InputError as error:
            problems += error.problems
            continue
        questions[question.id] = question
        if question.id != path.stem:
            problems.append(Problem(f"id is '{question.id}'", f"write '{path.stem}'", str(path)))
    for path in sorted((folder / "predictions").glob("*/*.yaml")):
        try:
            predictions.append(validated(Prediction, load_document(path)))
        except InputError as error:
            problems += error.problems
            continue
        if predictions[-1].question not in questions:
            text = f"unknown question '{predictions[-1].question}'"
            problems.append(Problem(text, "add its file under questions", str(path)))
    if problems:
        raise InputError(problems)
    ordered = sorted(predictions, key=lambda p: (p.question, p.date, p.author, p.basis))
    return PredictionLedger(folder, questions, tuple(ordered))


def _write_new(path: Path, record: _Record) -> Path:
    if path.exists():
        raise InputError([Problem("exists already", "choose another name or day", str(path))])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_dump(record), "utf-8")
    return path


def _dump(record: _Record) -> str:
    plain: dict[str, Any] = record.model_dump(mode="json", exclude_none=True)
    plain = {name: value for name, value in plain.items() if value != ""}
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)
