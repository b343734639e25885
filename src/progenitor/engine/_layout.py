"""Where everything of a block of lanes lies: one table of rows, a row being one number per lane.

It is a named tuple because Numba understands those.
"""

from typing import NamedTuple

from progenitor.engine._elimination import Factors
from progenitor.engine._rodas import DENSE, STAGES

__all__ = ["Layout"]


class Layout(NamedTuple):
    """First row of each part of a workspace.

    Parameters
    ----------
    time, step, theta, relative
        Time, step size, place within the step and relative tolerance.
    error, growth, lowest, first
        What a step reports: its scaled error, the factor for the next step, the smallest
        value plus tolerance of species that cannot be negative; and a first step size.
    inverse
        One over the step size.
    early, late
        The first and last moment within a step, on the inner side of what switches at its ends.
    point
        Time of a point within a step.
    parameters, statics, gates, infusions
        What does not change during a step.
    values, new, tried, sums, slopes, timed, increments, dense, factors
        What a step computes.
    tolerances, floors, peaks
        Absolute tolerances, the same for species that cannot be negative (infinite for others),
        and the largest absolute values so far.
    at
        Values at a point within a step.
    course
        Coefficients of observables that are sums of species, lane after lane.
    moved
        1 where the lane goes to the end of the step.
    observed, triggers, roots, edges, delays, priorities, actions, flows, switches, rates
        What is asked about a point.
    rows
        How many rows there are.
    """

    time: int
    step: int
    theta: int
    relative: int
    error: int
    growth: int
    lowest: int
    first: int
    inverse: int
    early: int
    late: int
    point: int
    parameters: int
    statics: int
    gates: int
    infusions: int
    values: int
    new: int
    tried: int
    sums: int
    slopes: int
    timed: int
    increments: int
    dense: int
    factors: int
    tolerances: int
    floors: int
    peaks: int
    at: int
    course: int
    moved: int
    observed: int
    triggers: int
    roots: int
    edges: int
    delays: int
    priorities: int
    actions: int
    flows: int
    switches: int
    rates: int
    rows: int

    @classmethod
    def of(
        cls,
        *,
        species: int,
        parameters: int,
        statics: int,
        countable: int,
        factors: Factors,
        observables: int,
        events: int,
        edges: int,
        assignments: int,
        switches: int,
        reactions: int,
        course: int,
    ) -> "Layout":
        """Place every part one after another."""
        each = (
            "infusions", "values", "new", "tried", "sums", "slopes", "timed", "tolerances",
            "floors", "peaks", "at",
        )  # fmt: skip
        sizes = {
            **dict.fromkeys(each, species),
            **dict.fromkeys(("triggers", "roots", "delays", "priorities"), events),
            "parameters": parameters,
            "statics": statics,
            "gates": countable,
            "increments": STAGES * species,
            "dense": len(DENSE) * species,
            "factors": len(factors.nodes),
            "course": course,
            "observed": observables,
            "edges": edges,
            "actions": assignments,
            "flows": 3 * countable,
            "switches": switches,
            "rates": reactions,
        }
        place, places = 0, {}
        for part in cls._fields:
            places[part] = place
            place += sizes.get(part, 1)
        return cls(**places)
