"""The answer of an experiment in a few sentences."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from progenitor.study.experiment._map_words import map_sentence
from progenitor.study.experiment._plain_numbers import estimate_text
from progenitor.study.experiment.results import (
    NOT_SEPARATED,
    ExpectationOutcome,
    FactorialOutcome,
    MapOutcome,
    PairOutcome,
)
from progenitor.study.results import Estimate

__all__ = ["answer", "compared"]

_SPOKEN: Final = 3
_MEASURES: Final = {"ratio": "÷", "hazard_ratio": "hazard ratio to", "difference": "minus"}


def answer(
    pairs: Sequence[PairOutcome],
    arms: Mapping[str, str],
    first: Mapping[str, Estimate],
    title: str,
    expectations: Sequence[ExpectationOutcome],
    *,
    factorials: Sequence[FactorialOutcome] = (),
    maps: Sequence[MapOutcome] = (),
) -> str:
    """Write the answer: maps that answer, the first factorial, the first comparisons, what missed.

    Parameters
    ----------
    pairs
        Comparisons in the order of the file.
    arms
        Arm → title.
    first, title
        The first readout of every arm, and its title.
    expectations
        What had to hold.
    factorials, maps
        Analyses; only the first factorial and the maps marked as the answer are spoken of.
    """
    said = [map_sentence(one) for one in maps if one.answers]
    said += [_factorial(one) for one in factorials[:1]]
    said += [_pair(pair, arms) for pair in pairs[: _SPOKEN - len(said)]]
    if not said:
        each = "; ".join(f"{arms[name]} {estimate_text(one)}" for name, one in first.items())
        said = [f"{title}: {each}."]
    missed = [one.statement.rstrip(".") for one in expectations if not one.met]
    if missed:
        said.append(f"Missed, of {len(expectations)} expectations: {'; '.join(missed)}.")
    elif expectations:
        count = len(expectations)
        said.append(f"All {count} expectations hold." if count > 1 else "The expectation holds.")
    return " ".join(said)


def compared(pair: PairOutcome, arms: Mapping[str, str]) -> str:
    """Say what is compared: readout, arms and how.

    Examples
    --------
    >>> one = Estimate(0.5, 0.4, 0.6, "ratio", "t", 10)
    >>> compared(PairOutcome("t", "Tumour", "a", "b", "ratio", one), {"a": "CAR", "b": "None"})
    'Tumour, CAR ÷ None'
    """
    return f"{pair.title}, {arms[pair.first]} {_MEASURES[pair.measure]} {arms[pair.second]}"


def _pair(pair: PairOutcome, arms: Mapping[str, str]) -> str:
    """Say one comparison as a sentence about its first arm."""
    first, second = (f"“{arms[name]}”" for name in (pair.first, pair.second))
    if math.isnan(pair.estimate.value):
        return f"{pair.title}: {first} and {second} cannot be compared."
    found = estimate_text(pair.estimate, signed=pair.measure == "difference")
    words = {"ratio": "ratio ", "hazard_ratio": "hazard ratio ", "difference": "difference "}
    found = f"{words[pair.measure]}{found}"
    if pair.favours == NOT_SEPARATED:
        return f"{pair.title}: {first} and {second} are not told apart, {found}."
    if pair.favours:
        verb = "better" if pair.favours == pair.first else "worse"
        return f"{pair.title}: {first} {verb} than {second}, {found}."
    return f"{pair.title}: {first} against {second}, {found}."


def _factorial(found: FactorialOutcome) -> str:
    """Say what each switch does, and what they do together."""
    parts = []
    for name, one in found.effects.items():
        words = " × ".join(found.words.get(part, part) for part in name.split(" × "))
        if " × " in name:
            words = f"interaction {words}"
        parts.append(f"{words} {estimate_text(one, signed=found.scale == 'difference')}")
    scale = "ratio" if found.scale == "ratio" else "difference"
    return f"{found.title}, {scale} when switched on: {'; '.join(parts)}."
