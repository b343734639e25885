"""What-if maps: a readout over a grid, and where on it there is benefit."""

import math
from collections.abc import Mapping
from itertools import product

import numpy as np

from progenitor.study._estimates import Table
from progenitor.study.experiment._file import Axis, Map
from progenitor.study.experiment._map_words import benefit_ranges
from progenitor.study.experiment._measure import Measured, Measures
from progenitor.study.experiment._parts import world
from progenitor.study.experiment._plain_numbers import dose_text
from progenitor.study.experiment.results import MapAxis, MapOutcome

__all__ = ["read_map"]


def read_map(
    name: str,
    asked: Map,
    tables: Mapping[int, Table],
    measures: Measures,
    *,
    arms: Mapping[str, str],
) -> MapOutcome:
    """Read a map.

    Parameters
    ----------
    name, asked
        The map.
    tables
        Position of the condition → its rows, as :func:`parts_of` laid them out.
    measures
        Reads them.
    arms
        Arm → title.
    """
    shape = tuple(len(axis.values) for axis in asked.axes)
    places = list(product(*(range(size) for size in shape)))
    worlds = list(dict.fromkeys(world(asked.axes, place) for place in places))
    draws = next(iter(tables.values())).draws
    values = np.full(shape, np.nan)
    benefit = np.full(shape, np.nan)
    found: Measured | None = None
    for position, place in enumerate(places):
        own = tables[position]
        if asked.against is None or asked.measure == "value":
            found = measures.one(own, asked.readout)
        else:
            other = tables[len(places) + worlds.index(world(asked.axes, place))]
            found = measures.pair(own, other, asked.readout, asked.measure)
        values[place] = found.estimate.value
        benefit[place] = _share(found, asked, measures)
    subjects = len(tables[0].outcomes["draw"])
    return MapOutcome(
        name=name,
        title=asked.title,
        readout=asked.readout,
        measure=asked.measure,
        label=_label(asked, measures, arms),
        unit=found.estimate.unit if found is not None else "",
        axes=tuple(
            MapAxis(axis.title, tuple(map(dose_text, axis.values)), _source(axis))
            for axis in asked.axes
        ),
        values=values,
        benefit=benefit,
        rule=_rule(asked),
        draws=draws,
        subjects=subjects,
        needed=benefit_ranges(tuple(asked.axes[0].values), benefit),
        better=measures.file.readouts[asked.readout].better or "",
        answers=asked.answers,
    )


def _share(found: Measured, asked: Map, measures: Measures) -> float:
    """Share of the draws with benefit; NaN without a rule."""
    if asked.above is None and asked.below is None:
        return float("nan")
    low, high = (
        default if text is None else measures.level(text, asked.readout, asked.measure)
        for text, default in ((asked.above, -math.inf), (asked.below, math.inf))
    )
    return found.share_within(low, high)


def _label(asked: Map, measures: Measures, arms: Mapping[str, str]) -> str:
    title = measures.title(asked.readout)
    if asked.against is None or asked.measure == "value":
        return title
    joined = "÷" if asked.measure == "ratio" else "minus"
    return f"{title} {joined} that of “{arms[asked.against]}”"


def _rule(asked: Map) -> str:
    parts = [
        f"{words} {dose_text(text)}"
        for words, text in (("at least", asked.above), ("at most", asked.below))
        if text is not None
    ]
    return " and ".join(parts)


def _source(axis: Axis) -> str:
    return str(axis.number or axis.given or axis.set)
