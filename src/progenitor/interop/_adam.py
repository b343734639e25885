"""Simulated trials as ADaM-shaped data sets: CSV files and a description of their variables."""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from progenitor.errors import InputError, Problem
from progenitor.interop._adam_variables import CODE_LISTS, DATA_SETS, Variable
from progenitor.interop._csv_cells import guarded, number_text
from progenitor.study import ExportedTrial

__all__ = ["adam_files", "read_adam"]

_DEFINE: Final = "define.json"
_Row = dict[str, Any]


def adam_files(trial: ExportedTrial) -> dict[str, str]:
    """Return ADaM-shaped data sets by file name, with ``define.json`` that describes them.

    ADSL has a row for each subject, ADTTE for each time to an event, ADRS for each judgement of
    response, ADPC for each concentration and, where tumours are measured, ADTR for each size. Dates
    are days: simulated subjects have no calendar. A missing value is an empty cell; data sets
    without rows are left out. These have ADaM's names, labels, types and flags; they are not a
    submission.

    Parameters
    ----------
    trial
        What was simulated.

    References
    ----------
    CDISC, Analysis Data Model Implementation Guide 1.3, 2021; ADaM Basic Data Structure for
    Time-to-Event Analyses 1.0, 2012.

    Examples
    --------
    >>> from progenitor.study import ExportedEvents
    >>> day, one = np.array([7.0]), np.array([1.0])
    >>> events = ExportedEvents("OS", "Overall survival", "INFUSION", day, one, ("DEATH",))
    >>> trial = ExportedTrial(
    ...     "demo", "Demo", "one", "", 1, (("a", "A"),), np.array([0]), ("demo-1",),
    ...     {}, (events,), (), (), (),
    ... )
    >>> print(adam_files(trial)["adtte.csv"].splitlines()[1])
    demo,demo-1,A,1,OS,Overall survival,7,DAYS,0,DEATH,INFUSION,7
    """
    tables = {
        "ADSL": list(_subjects(trial)),
        "ADTTE": list(_events(trial)),
        "ADRS": list(_scores(trial)),
        "ADPC": list(_levels(trial, "concentration")),
        "ADTR": list(_sizes(trial)),
    }
    files, described = {}, {}
    for name, rows in tables.items():
        if not rows:
            continue
        columns = [one for one in DATA_SETS[name][2] if any(one.name in row for row in rows)]
        files[f"{name.lower()}.csv"] = _table(rows, columns)
        described[name] = _described(name, rows, columns)
    terms = {key: list(value) for key, value in CODE_LISTS.items()}
    head = {
        "standard": "ADaM-shaped; simulated subjects, not a submission",
        "study": trial.study,
        "title": trial.title,
        "trial": trial.words,
        "digest": trial.digest,
        "seed": trial.seed,
        **({"results": dict(trial.results)} if trial.results else {}),
        "data_sets": described,
        "code_lists": terms,
    }
    files[_DEFINE] = json.dumps(head, indent=2, ensure_ascii=False) + "\n"
    return files


def read_adam(folder: Path | str) -> dict[str, dict[str, list[Any]]]:
    """Read data sets that :func:`adam_files` described: name → variable → values.

    Numbers become floats, NaN where a cell is empty; text stays text.

    Parameters
    ----------
    folder
        Holds ``define.json`` and the files it names.

    Raises
    ------
    InputError
        If a file is missing, or its header is not what is described.
    """
    folder = Path(folder)
    try:
        described = json.loads((folder / _DEFINE).read_text(encoding="utf-8"))["data_sets"]
    except (OSError, ValueError, KeyError) as error:
        fix = "name a folder that 'progenitor export --adam' wrote"
        raise InputError([Problem(f"no {_DEFINE} to read", fix, str(folder))]) from error
    found = {}
    for name, about in described.items():
        path = folder / about["file"]
        kinds = {one["name"]: one["type"] for one in about["variables"]}
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if rows and list(rows[0]) != list(kinds):
            fix = "export the trial again"
            message = "its header is not what define.json says"
            raise InputError([Problem(message, fix, str(path), 1)])
        found[name] = {
            key: [row[key] if kind == "text" else _number(row[key]) for row in rows]
            for key, kind in kinds.items()
        }
    return found


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _ids(trial: ExportedTrial) -> Iterator[_Row]:
    """Yield what every row of a subject begins with."""
    for place, subject in enumerate(trial.subjects):
        arm = int(trial.arm[place])
        title = trial.arms[arm][1]
        yield {"STUDYID": trial.study, "USUBJID": subject, "TRT01P": title, "TRT01PN": arm + 1}


def _subjects(trial: ExportedTrial) -> Iterator[_Row]:
    for place, row in enumerate(_ids(trial)):
        code, title = trial.arms[int(trial.arm[place])]
        treated = bool(trial.facts["SAFFL"][place]) if "SAFFL" in trial.facts else True
        yield {
            **row,
            "SUBJID": row["USUBJID"].removeprefix(f"{trial.study}-"),
            "ARM": title,
            "ARMCD": code.upper(),
            "TRT01A": title if treated else "NOT TREATED",
            **{name: values[place] for name, values in trial.facts.items()},
        }


def _events(trial: ExportedTrial) -> Iterator[_Row]:
    for kind in trial.events:
        for place, row in enumerate(_ids(trial)):
            if np.isnan(kind.time[place]):
                continue
            yield {
                **row,
                "PARAMCD": kind.code,
                "PARAM": kind.label,
                "AVAL": kind.time[place],
                "AVALU": "DAYS",
                "CNSR": int(kind.event[place] != 1.0),
                "EVNTDESC": kind.words[place],
                "STARTREF": kind.start,
                "ADT": kind.time[place],
            }


def _scores(trial: ExportedTrial) -> Iterator[_Row]:
    for kind in trial.scores:
        for place, row in enumerate(_ids(trial)):
            if np.isnan(kind.value[place]):
                continue
            yield {
                **row,
                "PARAMCD": kind.code,
                "PARAM": kind.label,
                "AVISIT": "OVERALL",
                "AVAL": kind.value[place],
                "AVALC": kind.text[place],
                "ANL01FL": True,
            }


def _levels(trial: ExportedTrial, what: str) -> Iterator[_Row]:
    for kind in trial.levels:
        if kind.what != what:
            continue
        for place, row in enumerate(_ids(trial)):
            for day, value in zip(kind.days, kind.values[place], strict=True):
                if np.isnan(value):
                    continue
                below = bool(value < kind.limit)
                yield {
                    **row,
                    "PARAMCD": kind.code,
                    "PARAM": f"{kind.label} ({kind.unit})",
                    "AVISIT": f"DAY {number_text(float(day))}",
                    "ADT": day,
                    "AVAL": 0.0 if below else value,
                    "AVALC": "BLQ" if below else number_text(float(value)),
                    "AVALU": kind.unit,
                    "ALLOQ": kind.limit,
                    "BLQFL": below,
                }


def _sizes(trial: ExportedTrial) -> Iterator[_Row]:
    """Yield sizes of tumours; what is too small to measure stands as the smallest size."""
    for kind in trial.levels:
        if kind.what != "tumour":
            continue
        for place, row in enumerate(_ids(trial)):
            base = kind.values[place, 0]
            for day, value in zip(kind.days, kind.values[place], strict=True):
                if np.isnan(value):
                    continue
                yield {
                    **row,
                    "PARAMCD": kind.code,
                    "PARAM": f"{kind.label} ({kind.unit})",
                    "AVISIT": f"DAY {number_text(float(day))}",
                    "ADT": day,
                    "AVAL": value,
                    "AVALU": kind.unit,
                    "BASE": base,
                    "PCHG": 100.0 * (value / base - 1.0),
                    "BLQFL": bool(value <= kind.limit),
                }


def _table(rows: Sequence[_Row], columns: Sequence[Variable]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([one.name for one in columns])
    for row in rows:
        writer.writerow([_cell(row.get(one.name, "")) for one in columns])
    return text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "Y" if value else "N"
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, int | np.integer):
        return str(int(value))
    return "" if np.isnan(value) else number_text(float(value))


def _described(name: str, rows: Sequence[_Row], columns: Sequence[Variable]) -> Mapping[str, Any]:
    label, structure, _ = DATA_SETS[name]
    keys = ["STUDYID", "USUBJID", *(["PARAMCD"] if "PARAMCD" in rows[0] else [])]
    keys += ["ADT"] if name in ("ADPC", "ADTR") else []
    return {
        "label": label,
        "structure": structure,
        "file": f"{name.lower()}.csv",
        "keys": keys,
        "records": len(rows),
        "variables": [
            {
                "name": one.name,
                "label": one.label,
                "type": one.kind,
                "origin": one.origin,
                **({"unit": one.unit} if one.unit else {}),
                **({"code_list": one.terms} if one.terms else {}),
            }
            for one in columns
        ],
    }
