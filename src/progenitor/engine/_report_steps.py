"""Outputs within steps, whatever the observables are."""

from progenitor.engine._block import Block, Outputs, Problem
from progenitor.engine._compiled import compiled_inline
from progenitor.engine._lane_numbers import ACCEPTED, FRACTION, OUTPUT, REPORTING, ROW, STEP, TIME
from progenitor.engine._machine_calls import call
from progenitor.engine._moments import CLOSE

__all__ = ["report_steps"]


@compiled_inline
def report_steps(problem: Problem, block: Block, outputs: Outputs) -> None:
    """Report outputs within the last steps, one for each lane at a time."""
    at, table = problem.at, block.workspace
    lanes = block.count.shape[0]
    shown = outputs.values.shape[2]
    while True:
        some = False
        for lane in range(lanes):
            block.count[lane, REPORTING] = 0
            if not block.count[lane, ACCEPTED]:
                continue
            row, output = block.count[lane, ROW], block.count[lane, OUTPUT]
            if output >= problem.outputs[row]:
                continue
            numbers = block.lane[lane]
            reached = numbers[TIME] + numbers[STEP] * numbers[FRACTION]
            due = problem.times[row, output]
            if due < reached - CLOSE * max(1.0, abs(reached)):
                table[at.theta, lane] = (due - numbers[TIME]) / numbers[STEP]
                block.count[lane, REPORTING] = 1
                some = True
        if not some:
            return
        call(problem.code.output, block.address)
        for lane in range(lanes):
            if block.count[lane, REPORTING]:
                row, output = block.count[lane, ROW], block.count[lane, OUTPUT]
                for i in range(shown):
                    outputs.values[row, output, i] = table[at.observed + i, lane]
                block.count[lane, OUTPUT] = output + 1
