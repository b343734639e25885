"""Outputs within steps when every observable is a sum of species.

Along a step such an observable is a polynomial of the place in it. Its five coefficients are put
side by side once for a lane, and every output of the lane is then a few operations on whole rows.
"""

from typing import Final

from progenitor.engine._block import Block, Outputs, Problem
from progenitor.engine._compiled import compiled_function, compiled_inline
from progenitor.engine._lane_numbers import ACCEPTED, FRACTION, OUTPUT, ROW, STEP, TIME
from progenitor.engine._moments import CLOSE

__all__ = ["report_sums"]

_DENSE: Final = 3


@compiled_function
def report_sums(problem: Problem, block: Block, outputs: Outputs) -> None:
    """Report every output within the last accepted steps."""
    for lane in range(block.count.shape[0]):
        if not block.count[lane, ACCEPTED]:
            continue
        time, step = block.lane[lane, TIME], block.lane[lane, STEP]
        row, output = block.count[lane, ROW], block.count[lane, OUTPUT]
        reached = time + step * block.lane[lane, FRACTION]
        limit = reached - CLOSE * max(1.0, abs(reached))
        last = problem.outputs[row]
        if output >= last or problem.times[row, output] >= limit:
            continue
        _place_course(problem, block, lane)
        while output < last and problem.times[row, output] < limit:
            theta = (problem.times[row, output] - time) / step
            _evaluate(problem, block, outputs, row, output, theta)
            output += 1
        block.count[lane, OUTPUT] = output


@compiled_inline
def _place_course(problem: Problem, block: Block, lane: int) -> None:
    """Put the coefficients of a lane's observables side by side."""
    at, table, course = problem.at, block.workspace, block.course
    for i in range(problem.least.size):
        start, change, one, two, three = 0.0, 0.0, 0.0, 0.0, 0.0
        for term in range(problem.sum_offsets[i], problem.sum_offsets[i + 1]):
            species, weight = problem.sum_species[term], problem.sum_weights[term]
            before = table[at.values + species, lane]
            place = at.dense + _DENSE * species
            start += weight * before
            change += weight * (table[at.new + species, lane] - before)
            one += weight * table[place, lane]
            two += weight * table[place + 1, lane]
            three += weight * table[place + 2, lane]
        course[0, i], course[1, i] = start, change
        course[2, i], course[3, i], course[4, i] = one, two, three


@compiled_inline
def _evaluate(
    problem: Problem, block: Block, outputs: Outputs, row: int, output: int, theta: float
) -> None:
    course, rest = block.course, 1.0 - theta
    for i in range(problem.least.size):
        inner = course[2, i] + theta * (course[3, i] + theta * course[4, i])
        value = course[0, i] + theta * (course[1, i] + rest * inner)
        outputs.values[row, output, i] = max(value, problem.least[i])
