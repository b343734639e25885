"""Everything that can be wrong with what is to be done to patients, and when they are looked at."""

import difflib
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from progenitor.engine._change import Change
from progenitor.engine._model import Model
from progenitor.engine._protocol import Dose
from progenitor.engine._reset import Reset

__all__ = ["protocol_problems", "times_problems"]


def times_problems(times: Float[np.ndarray, "patient time"]) -> list[str]:
    """Output times must increase in each row; a row may end in NaN when it has fewer.

    Examples
    --------
    >>> times_problems(np.array([[0.0, 1.0, 2.0], [0.0, np.nan, np.nan]]))
    []
    >>> times_problems(np.array([[np.nan, 1.0], [0.0, 1.0]]))
    ['times must be finite and increasing in each row, but row 0 is [nan, 1.0]; a row with \
fewer times than others ends in NaN']
    """
    ends = times[:, [0, -1]]
    if np.isfinite(ends).all() and (times[:, 1:] > times[:, :-1]).all():
        return []  # the usual case, seen in one look
    shown = ~np.isnan(times)
    ragged = (shown[:, 1:] & ~shown[:, :-1]).any(axis=1) | ~shown[:, 0]
    with np.errstate(invalid="ignore"):
        falling = (np.diff(times, axis=1) <= 0).any(axis=1)
    bad = np.flatnonzero(ragged | falling | np.isinf(times).any(axis=1))
    if not bad.size:
        return []
    row = times[bad[0]].tolist()
    text = f"{row}" if len(row) <= 8 else f"[{', '.join(map(repr, row[:8]))}, ...]"
    found = f"times must be finite and increasing in each row, but row {bad[0]} is {text}"
    return [f"{found}; a row with fewer times than others ends in NaN"]


def protocol_problems(model: Model, protocol: Sequence[object], count: int) -> list[str]:
    """List what is wrong with doses, changes and resets of a number of patients.

    Examples
    --------
    >>> from progenitor.engine._declarations import ReactionSet, Species
    >>> model = Model.build("m", [ReactionSet("p", species=(Species("drug", "1"),))])
    >>> protocol_problems(model, [Dose("drog", np.zeros(1), np.ones(1))], 1)
    ["dose of 'drog': no such species; is 'drug' meant? Known: drug"]
    """
    problems: list[str] = []
    for item in protocol:
        match item:
            case Dose():
                problems += _dose_problems(model, item, count)
            case Change():
                problems += _change_problems(model, item, count)
            case Reset():
                problems += _shape_problems("reset", {"time": item.time}, count)
                problems += _time_problems("reset", item.time)
            case _:
                problems.append(f"doses has a {type(item).__name__}; give Dose, Change or Reset")
    return problems


def _unknown(what: str, kind: str, name: str, known: Sequence[str]) -> list[str]:
    if name in known:
        return []
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"is '{close[0]}' meant? Known" if close else "known"
    return [f"{what}: no such {kind}; {hint}: {', '.join(known) or 'none'}"]


def _shape_problems(what: str, columns: Mapping[str, np.ndarray], count: int) -> list[str]:
    wrong = [name for name, column in columns.items() if np.shape(column) != (count,)]
    return [f"{what}: {', '.join(wrong)} must have one number for each patient"] if wrong else []


def _time_problems(what: str, time: Float[np.ndarray, " patient"]) -> list[str]:
    infinite = np.isinf(time).any()
    kind = what.split(" ", maxsplit=1)[0]
    return [f"{what}: a time is infinite; use NaN for a {kind} not given"] if infinite else []


def _change_problems(model: Model, change: Change, count: int) -> list[str]:
    what = f"change of '{change.parameter}'"
    known = [parameter.name for parameter in model.parameters]
    problems = _unknown(what, "parameter", change.parameter, known)
    shapes = _shape_problems(what, {"time": change.time, "value": change.value}, count)
    if shapes:
        return problems + shapes
    problems += _time_problems(what, change.time)
    if not np.isfinite(change.value[~np.isnan(change.time)]).all():
        problems.append(f"{what}: values must be finite where a time is given")
    return problems


def _dose_problems(model: Model, dose: Dose, count: int) -> list[str]:
    what = f"dose of '{dose.species}'"
    known = [species.name for species in model.species]
    problems = _unknown(what, "species", dose.species, known)
    columns = {"time": dose.time, "amount": dose.amount}
    if dose.duration is not None:
        columns["duration"] = dose.duration
    shapes = _shape_problems(what, columns, count)
    if shapes:
        return problems + shapes
    problems += _time_problems(what, dose.time)
    given = ~np.isnan(dose.time)
    if not (np.isfinite(dose.amount[given]) & (dose.amount[given] >= 0)).all():
        problems.append(f"{what}: amounts must be finite and 0 or more where a time is given")
    lasting = np.zeros(count) if dose.duration is None else dose.duration
    if not (np.isnan(lasting) | (np.isfinite(lasting) & (lasting >= 0))).all():
        problems.append(f"{what}: durations must be finite and 0 or more; NaN for all at once")
    if dose.additional < 0 or (dose.additional > 0 and not 0 < dose.interval < np.inf):
        problems.append(f"{what}: additional doses need a number of 0 or more and an interval > 0")
    return problems
