"""Myeloma visit by visit: what is known by then, the lowest values so far, and confirmation."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.trial._myeloma_criteria import (
    Markers,
    MyelomaLimits,
    MyelomaResponse,
    measurable,
)
from progenitor.trial._thresholds import at_least, at_most

__all__ = ["MyelomaCourse", "myeloma_course"]

_Numbers = Mapping[str, Float[np.ndarray, "patient sample"]]
_Signs = Mapping[str, Bool[np.ndarray, "patient sample"]]


class MyelomaCourse(NamedTuple):
    """Codes by visit, confirmed progression, last visit and lowest serum M-protein up to then."""

    response: Int[np.ndarray, "patient visit"]
    progression_day: Float[np.ndarray, " patient"]
    last_visit_day: Float[np.ndarray, " patient"]
    lowest_serum: Float[np.ndarray, " patient"]


def myeloma_course(
    limits: MyelomaLimits, days: Float[np.ndarray, " sample"], numbers: _Numbers, signs: _Signs
) -> MyelomaCourse:
    """Classify each visit after the baseline, and cut the course at confirmed progression.

    Parameters
    ----------
    limits
        Numbers of the consensus.
    days
        Baseline and visits (sample,).
    numbers
        Markers and size of plasmacytomas by name (patient, sample).
    signs
        Findings by name (patient, sample).
    """
    carried = {name: _carried(numbers[name]) for name in ("marrow", "plasmacytoma")}
    series = dict(numbers) | carried
    base = _markers(series, 0)
    by, size = measurable(base, limits), carried["plasmacytoma"]
    code = np.zeros((len(size), len(days) - 1), dtype=np.int8)
    imaged, in_use = np.zeros(code.shape, dtype=bool), np.any(np.array(by) == 1.0, axis=0)
    lowest, smallest = base, size[:, 0]
    for visit in range(1, len(days)):
        now, tumour = _markers(series, visit), size[:, visit]
        known = in_use & _known(now, by)
        marks = {name: flags[:, visit] for name, flags in signs.items()}
        found = _responses(limits, now, base, by, tumour, size[:, 0], marks)
        regrown = at_least(tumour, (1.0 + limits.plasmacytoma_increase) * smallest)
        regrown &= (tumour > 0.0) & (size[:, 0] >= 0.0)
        imaged[:, visit - 1] = marks["new_lesion"] | regrown
        worse = imaged[:, visit - 1] | (limits.rose(now, lowest, by) & in_use)
        code[:, visit - 1] = np.where(worse, 1, np.where(known, found, 0))
        lowest = Markers(*(np.fmin(low, one) for low, one in zip(lowest, now, strict=True)))
        smallest = np.fmin(smallest, tumour)
    followed = _followed_by_progression(code)
    confirmed = (code == MyelomaResponse.PROGRESSIVE) & (imaged | followed)
    first = np.where(confirmed.any(axis=1), confirmed.argmax(axis=1), len(days))
    index = np.arange(len(days) - 1)
    code = np.where(index > first[:, None], 0, code).astype(np.int8)
    there = code > 0
    last = np.where(there, days[1:], 0.0).max(axis=1, initial=0.0)
    progressed = np.append(days[1:], [np.nan, np.nan])[np.minimum(first, len(days) - 1)]
    seen = np.where(index <= first[:, None], series["serum"][:, 1:], np.nan)
    low = np.where(np.isnan(seen), np.inf, seen).min(axis=1, initial=np.inf)
    known_base = np.where(in_use | there.any(axis=1), last, np.nan)
    return MyelomaCourse(code, progressed, known_base, np.where(np.isinf(low), np.nan, low))


def _responses(
    limits: MyelomaLimits,
    now: Markers,
    base: Markers,
    by: Markers,
    tumour: Float[np.ndarray, " patient"],
    first_tumour: Float[np.ndarray, " patient"],
    marks: Mapping[str, Bool[np.ndarray, " patient"]],
) -> Int[np.ndarray, " patient"]:
    """Codes of visits without progression."""
    halved = at_most(tumour, (1.0 - limits.plasmacytoma_decrease) * first_tumour)
    minimal, partial, very = limits.fell(now, base, by)
    complete = marks["immunofixation_negative"] & (now.marrow < limits.complete_marrow)
    complete &= (tumour == 0.0) & ((by.light_chain == 0.0) | marks["normal_ratio"])
    stringent = complete & marks["normal_ratio"] & marks["clone_free"]
    flags = (stringent, complete, very & halved, partial & halved, minimal & halved)
    return np.asarray(np.select(flags, (7, 6, 5, 4, 3), MyelomaResponse.STABLE), dtype=np.int8)


def _markers(series: _Numbers, visit: int) -> Markers:
    """Markers of one visit."""
    return Markers(*(series[name][:, visit] for name in Markers._fields))


def _known(now: Markers, by: Markers) -> Bool[np.ndarray, " patient"]:
    """Whether every marker in use was measured."""
    missing = [(use == 1.0) & np.isnan(one) for one, use in zip(now, by, strict=True)]
    return np.asarray(~np.any(missing, axis=0))


def _carried(values: Float[np.ndarray, "patient sample"]) -> Float[np.ndarray, "patient sample"]:
    """Let each sample speak until the next one."""
    index = np.where(np.isnan(values), 0, np.arange(values.shape[1]))
    latest = np.maximum.accumulate(index, axis=1)
    return np.asarray(np.take_along_axis(values, latest, axis=1))


def _followed_by_progression(
    code: Int[np.ndarray, "patient visit"],
) -> Bool[np.ndarray, "patient visit"]:
    """Whether the next assessed visit is progressive too."""
    answer = np.zeros(code.shape, dtype=bool)
    following = np.zeros(len(code), dtype=bool)
    for visit in range(code.shape[1] - 1, -1, -1):
        answer[:, visit] = following
        assessed = code[:, visit] > 0
        following = np.where(assessed, code[:, visit] == MyelomaResponse.PROGRESSIVE, following)
    return answer
