"""Outputs within steps when every observable is a sum of species."""

from progenitor.engine._block import Block, Outputs, Problem
from progenitor.engine._compiled import compiled_inline
from progenitor.engine._lane_numbers import ACCEPTED, FRACTION, OUTPUT, ROW, STEP, TIME
from progenitor.engine._machine_calls import call, call_report
from progenitor.engine._moments import CLOSE

__all__ = ["report_sums"]


@compiled_inline
def report_sums(problem: Problem, block: Block, outputs: Outputs) -> None:
    """Report every output within the last accepted steps."""
    placed = False
    for lane in range(block.count.shape[0]):
        if not block.count[lane, ACCEPTED]:
            continue
        time, step = block.lane[lane, TIME], block.lane[lane, STEP]
        row, output = block.count[lane, ROW], block.count[lane, OUTPUT]
        reached = time + step * block.lane[lane, FRACTION]
        limit = reached - CLOSE * max(1.0, abs(reached))
        last, following = problem.outputs[row], output
        while following < last and problem.times[row, following] < limit:
            following += 1
        if following > output:
            if not placed:
                placed = True
                call(problem.code.course, block.address)
            call_report(
                problem.code.report, block.address, lane, following - output, problem.times,
                outputs.values, row, output, time, step,
            )  # fmt: skip
            block.count[lane, OUTPUT] = following
