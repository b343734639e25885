"""Statements that must hold: whether they do, and in what share of the draws."""

import math
from collections.abc import Mapping

from progenitor.study._estimates import Table
from progenitor.study.experiment._file import Expectation
from progenitor.study.experiment._measure import Measures, measure_of
from progenitor.study.experiment._plain_numbers import dose_text
from progenitor.study.experiment.results import ExpectationOutcome

__all__ = ["check_expectation"]

_MEASURES = {"difference": "minus", "ratio": "÷", "hazard_ratio": "hazard ratio to"}


def check_expectation(
    asked: Expectation,
    tables: Mapping[str, Table],
    measures: Measures,
    *,
    arms: Mapping[str, str],
) -> ExpectationOutcome:
    """Check one statement on the central value, and count the draws in which it holds.

    A draw in which it cannot be told, because nobody is left, is not counted.

    Parameters
    ----------
    asked
        The statement.
    tables
        Arms by name.
    measures
        Reads them.
    arms
        Arm → title.
    """
    readout = measures.file.readouts[asked.readout]
    if asked.against is None:
        measure = "value"
        found = measures.one(tables[asked.arm], asked.readout)
    else:
        measure = measure_of(readout, asked.measure)
        found = measures.pair(tables[asked.arm], tables[asked.against], asked.readout, measure)
    limits = {"at least": asked.above, "at most": asked.below}
    ends = {
        side: measures.level(text, asked.readout, measure)
        for side, text in limits.items()
        if text is not None
    }
    low, high = ends.get("at least", -math.inf), ends.get("at most", math.inf)
    said = " and ".join(
        f"{side} {dose_text(text)}" for side, text in limits.items() if text is not None
    )
    against = f" {_MEASURES[measure]} {arms[asked.against]}" if asked.against is not None else ""
    return ExpectationOutcome(
        statement=asked.statement,
        rule=f"{readout.title}, {arms[asked.arm]}{against}: {said}",
        found=found.estimate,
        met=low <= found.estimate.value <= high,
        share=found.share_within(low, high),
        measure=measure,
    )
