"""`progenitor forecast list, ask, add, resolve, score`: a ledger of dated predictions."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["add", "ask", "list_", "resolve", "score"]

Folder = Annotated[
    Path, typer.Option("--folder", metavar="FOLDER", help="The ledger; default forecasts.")
]
QuestionName = Annotated[str, typer.Argument(metavar="QUESTION", help="Id of a question.")]
Day = Annotated[str, typer.Option("--date", metavar="DAY", help="Day, as 2026-11-21.")]
FORECASTS = Path("forecasts")


@exits
def list_(folder: Folder = FORECASTS, as_json: AsJson = False) -> None:
    """List the questions of a ledger, what was said, and how they turned out.

    For example:
      progenitor forecast list
      progenitor forecast list --folder my_forecasts --json
    """
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.programme import open_ledger

    ledger = open_ledger(folder)
    if as_json:
        write_json(
            [
                question.model_dump(mode="json")
                | {
                    "predictions": [
                        said.model_dump(mode="json", exclude_none=True)
                        for said in ledger.predictions
                        if said.question == question.id
                    ]
                }
                for question in ledger.questions.values()
            ]
        )
        return
    if not ledger.questions:
        typer.echo(f"no questions in {folder}")
    for question in ledger.questions.values():
        end = question.resolution
        state = f"resolved {end.date}: {end.outcome:g}" if end else f"open to {question.deadline}"
        paragraph(f"{question.id} ({state}): {question.question.strip()}")
        paragraph(question.criterion.strip(), bullet="  ")
        rows = [
            [str(said.date), said.author, said.basis.replace("_", " "), *_said(said)]
            for said in ledger.predictions
            if said.question == question.id
        ]
        if rows:
            table(["day", "author", "basis", "said", "range"], rows)
        typer.echo("")


@exits
def ask(
    question: QuestionName,
    text: Annotated[str, typer.Option("--text", metavar="T", help="The question in words.")],
    criterion: Annotated[str, typer.Option("--criterion", metavar="T", help="When it is yes.")],
    opened: Annotated[str, typer.Option("--opened", metavar="DAY", help="First day.")],
    deadline: Annotated[str, typer.Option("--deadline", metavar="DAY", help="Last day.")],
    unit: Annotated[str, typer.Option("--unit", metavar="U", help="Asks a number, in U.")] = "",
    folder: Folder = FORECASTS,
) -> None:
    """Add a question that the world will answer, with what will count as the answer.

    For example:
      progenitor forecast ask first_patient --text "Is a patient treated in 2027?"
        --criterion "A registry entry or paper says so" --opened 2026-11-21 --deadline 2027-12-31
    """
    from progenitor.programme import Question, open_ledger

    fields = {
        "id": question,
        "question": text,
        "criterion": criterion,
        "opened": opened,
        "deadline": deadline,
        "kind": "number" if unit else "event",
        "unit": unit,
    }
    ledger = open_ledger(folder)
    typer.echo(f"written: {ledger.ask(_checked(Question, fields))}")


@exits
def add(
    question: QuestionName,
    author: Annotated[str, typer.Option("--author", metavar="NAME", help="Who says so.")],
    date: Day,
    probability: Annotated[
        float | None, typer.Option("--probability", "-p", metavar="P", help="Of an event.")
    ] = None,
    low: Annotated[float | None, typer.Option("--low", metavar="P", help="5 % limit.")] = None,
    high: Annotated[float | None, typer.Option("--high", metavar="P", help="95 % limit.")] = None,
    quantiles: Annotated[
        str, typer.Option("--quantiles", metavar="Q=X,…", help="Of a number: 0.1=2,0.5=4,0.9=9.")
    ] = "",
    basis: Annotated[
        str, typer.Option("--basis", metavar="B", help="judgement, base_rate, model or blend.")
    ] = "judgement",
    model_version: Annotated[
        str, typer.Option("--model-version", metavar="V", help="Of a model's answer.")
    ] = "",
    note: Annotated[str, typer.Option("--note", metavar="T", help="Why.")] = "",
    folder: Folder = FORECASTS,
) -> None:
    """Add your own prediction; it gets a file of its own and is never changed afterwards.

    For example:
      progenitor forecast add tscm_2030 --author "A. Reader" --date 2026-11-22 --probability 0.12
      progenitor forecast add cost_2030 --author me --date 2026-11-22 --quantiles 0.1=2,0.5=4,0.9=9
    """
    from progenitor.programme import Prediction, open_ledger

    fields = {
        "question": question,
        "author": author,
        "date": date,
        "probability": probability,
        "low": low,
        "high": high,
        "quantiles": _quantiles(quantiles) or None,
        "basis": basis,
        "model_version": model_version,
        "note": note,
    }
    ledger = open_ledger(folder)
    typer.echo(f"written: {ledger.add(_checked(Prediction, fields))}")


@exits
def resolve(
    question: QuestionName,
    outcome: Annotated[str, typer.Option("--outcome", metavar="X", help="yes, no or a number.")],
    date: Day,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who resolves it.")],
    evidence: Annotated[str, typer.Option("--evidence", metavar="T", help="What it rests on.")],
    folder: Folder = FORECASTS,
) -> None:
    """Write down what happened.

    For example:
      progenitor forecast resolve tscm_2030 --outcome no --date 2031-03-31 --by "A. Reader"
        --evidence "no such authorisation in the five registers"
    """
    from progenitor.programme import Resolution, open_ledger

    value = {"yes": "1", "no": "0"}.get(outcome.strip().lower(), outcome)
    fields = {"outcome": value, "date": date, "by": by, "evidence": evidence}
    ledger = open_ledger(folder)
    typer.echo(f"written: {ledger.resolve(question, _checked(Resolution, fields))}")


@exits
def score(
    folder: Folder = FORECASTS,
    every: Annotated[
        bool, typer.Option("--every", help="Count also what the same author replaced later.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Score every author on the questions that are resolved.

    Events: Brier score with its parts, log loss, calibration. Numbers: continuous ranked
    probability score (CRPS). Each author's last word before resolution counts.

    For example:
      progenitor forecast score
      progenitor forecast score --every --json
    """
    from dataclasses import asdict

    from progenitor.cli._output import table, write_json
    from progenitor.programme import open_ledger, score_ledger

    found = score_ledger(open_ledger(folder), every=every)
    if as_json:
        write_json([asdict(scores) for scores in found])
        return
    if not found:
        typer.echo("nothing is resolved yet")
        return
    head = ["author", "basis", "events", "Brier", "= reliability", "− resolution", "+ uncertainty"]
    head += ["log loss", "CRPS (numbers)"]
    rows = []
    for scores in found:
        events = scores.events
        cells = ["0", "–", "–", "–", "–", "–"]
        if events is not None:
            parts = (events.brier, events.reliability, events.resolution, events.uncertainty)
            cells = [str(events.count), *(f"{value:.4f}" for value in (*parts, events.log_loss))]
        crps = f"{scores.crps:.4g} ({scores.numbers})" if scores.numbers else "–"
        rows.append([scores.author, scores.basis, *cells, crps])
    table(head, rows)


def _said(prediction: Any) -> list[str]:
    from progenitor.cli._output import number

    if prediction.probability is None:
        marks = sorted(prediction.quantiles.items())
        return [", ".join(f"{100 * q:g} %: {number(x)}" for q, x in marks), ""]
    limits = (prediction.low, prediction.high)
    known = None not in limits
    spread = f"{100 * limits[0]:.1f} to {100 * limits[1]:.1f} %" if known else ""
    return [f"{100 * prediction.probability:.1f} %", spread]


def _quantiles(text: str) -> dict[float, float]:
    from progenitor.errors import InputError, Problem

    found: dict[float, float] = {}
    problems = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        level, _, value = word.partition("=")
        try:
            found[float(level)] = float(value)
        except ValueError:
            fix = "write a level and a value, as 0.5=4"
            problems.append(Problem(f"'{word}' is no quantile", fix, field="--quantiles"))
    if problems:
        raise InputError(problems)
    return found


def _checked(schema: "type[BaseModel]", fields: Mapping[str, object]) -> Any:
    """Check what was typed; problems name the option."""
    from pydantic import ValidationError

    from progenitor.errors import InputError, Problem

    try:
        return schema.model_validate(fields)
    except ValidationError as error:
        problems = []
        for found in error.errors(include_url=False):
            name = str(found["loc"][0]) if found["loc"] else ""
            shown, known = f"'{fields.get(name)}'", _WRONG.get(found["type"])
            message = found["msg"].removeprefix("Value error, ")
            message, fix = known or (message[:1].lower() + message[1:], "correct it and try again")
            field = "--" + name.replace("_", "-") if name else None
            problems.append(Problem(message.format(shown), fix, field=field))
        raise InputError(problems) from None


_DAY = ("{} is no day", "write it as 2026-11-21")
_SHARE = ("{} is not a probability", "give a number from 0 to 1")
_WRONG = {
    "date_from_datetime_parsing": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "float_parsing": ("{} is no number", "give a number; yes or no for an event"),
    "string_too_short": ("nothing is said", "write some words"),
    "string_pattern_mismatch": ("{} is no id", "use small letters, digits and _, as tscm_2030"),
    "greater_than_equal": _SHARE,
    "less_than_equal": _SHARE,
    "literal_error": ("{} is not known", "choose judgement, base_rate, model or blend"),
}
