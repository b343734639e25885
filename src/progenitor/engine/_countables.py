"""Countable species in the lanes: continuous while many, whole random numbers while few.

The rules are those of :mod:`progenitor.engine._population`, with the law advanced along the
solver's own steps by :mod:`progenitor.engine._birth_death_kernels`.
"""

import math
from typing import Final

import numpy as np

from progenitor.engine._birth_death_kernels import (
    NODES,
    SEGMENTS,
    advance,
    arrival_time,
    descendants,
    expected_arrivals,
    immigrants,
    per_individual,
    whole,
)
from progenitor.engine._block import Block, Problem
from progenitor.engine._compiled import compiled_function, compiled_inline
from progenitor.engine._lane_numbers import (
    ACCEPTED,
    CROSSING,
    FRACTION,
    LEAP_END,
    ROW,
    STEP,
    TIME,
)
from progenitor.engine._machine_calls import call
from progenitor.engine._philox import seed_stream
from progenitor.engine._samplers import exponential

__all__ = ["advance_lines", "begin_countables", "draw", "find_due", "settle"]

_CONTINUOUS: Final = 0
_FEW: Final = 1
_ABSENT: Final = 2
_PATIENCE: Final = 3
_WAITING: Final = 4
_DUE: Final = 2
_FLOOR: Final = 1e-3
"""Individuals below which a mean path no longer changes rates per individual."""
_MOST_HAZARD: Final = 50.0
_OUTGROWN: Final = 10.0
_LOOKS: Final = 4
_HALVINGS: Final = 40
_CLEARLY: Final = 1.0 - 1e-6
"""Share of the threshold below which a number that is rounded to 32 bits is still below it."""
_DENSE: Final = 3


@compiled_function
def begin_countables(problem: Problem, block: Block, lane: int) -> None:
    """Put the random streams of a patient at their beginning; every species is continuous."""
    row = block.count[lane, ROW]
    for c in range(problem.countable.size):
        block.mode[lane, c] = _CONTINUOUS
        seed_stream(
            block.streams[lane, c],
            problem.keys[c, 0],
            problem.keys[c, 1],
            np.uint64(problem.patients[row]),
            np.uint64(problem.draws[row]),
        )
        for i in range(block.population.shape[2]):
            block.population[lane, c, i] = 0.0
        block.path_length[lane, c] = 0


@compiled_function
def settle(problem: Problem, block: Block, lane: int) -> None:
    """Decide how each countable species is treated from here on, and round the few."""
    numbers = block.lane[lane]
    numbers[LEAP_END] = math.inf
    if problem.threshold <= 0:
        return
    for c in range(problem.countable.size):
        _settle_one(problem, block, lane, c)
        if block.mode[lane, c] == _FEW:
            numbers[LEAP_END] = numbers[TIME] + problem.leap
    _find_frozen(problem, block, lane)


@compiled_function
def _settle_one(problem: Problem, block: Block, lane: int, c: int) -> None:
    at, table, species = problem.at, block.workspace, problem.countable[c]
    amount = float(table[at.values + species, lane])
    mode = _CONTINUOUS
    held = table[at.infusions + species, lane] != 0
    if amount < problem.threshold and not held:
        number = whole(block.streams[lane, c], max(amount, 0.0))
        block.number[lane, c] = number
        table[at.values + species, lane] = number
        mode = _FEW if number > 0 else _ABSENT
        before = block.mode[lane, c]
        if mode == _ABSENT and (before != _ABSENT or block.population[lane, c, _PATIENCE] <= 0):
            block.population[lane, c, _PATIENCE] = exponential(block.streams[lane, c])
    block.mode[lane, c] = mode
    for i in range(_PATIENCE):
        block.population[lane, c, i] = 0.0
    block.path_length[lane, c] = 0
    table[at.gates + c, lane] = 0.0 if mode == _ABSENT else 1.0
    tolerance = problem.tolerances[species]
    table[at.tolerances + species, lane] = min(tolerance, _FLOOR) if mode == _FEW else tolerance


@compiled_function
def _find_frozen(problem: Problem, block: Block, lane: int) -> None:
    """Find which absent species something can bring back: not those that need a frozen one."""
    size = problem.countable.size
    for c in range(size):
        block.population[lane, c, _WAITING] = 0.0
    changed = True
    while changed:
        changed = False
        for c in range(size):
            if block.mode[lane, c] != _ABSENT or block.population[lane, c, _WAITING] > 0:
                continue
            for way in range(problem.ways[c], problem.ways[c + 1]):
                if _is_open(problem, block, lane, way):
                    block.population[lane, c, _WAITING] = 1.0
                    changed = True


@compiled_function
def _is_open(problem: Problem, block: Block, lane: int, way: int) -> bool:
    for place in range(problem.source_offsets[way], problem.source_offsets[way + 1]):
        for c in range(problem.countable.size):
            if problem.countable[c] == problem.sources[place]:
                frozen = block.mode[lane, c] == _ABSENT and block.population[lane, c, _WAITING] == 0
                if frozen:
                    return False
    return True


@compiled_inline
def _is_followed(block: Block, lane: int, c: int) -> bool:
    """Whether the rates of a species are needed along the step."""
    mode = block.mode[lane, c]
    return bool(mode == _FEW or (mode == _ABSENT and block.population[lane, c, _WAITING] > 0))


@compiled_function
def find_due(problem: Problem, block: Block) -> bool:
    """Find where within the last steps a countable species needs attention.

    Returns whether the rates of any were needed; they have then been asked for along the steps.
    """
    if problem.threshold <= 0:
        return False
    followed = False
    for lane in range(block.count.shape[0]):
        if block.count[lane, ACCEPTED]:
            for c in range(problem.countable.size):
                followed = followed or _is_followed(block, lane, c)
                if block.mode[lane, c] == _CONTINUOUS:
                    _find_scarce(problem, block, lane, c)
    if followed:
        _ask_nodes(problem, block)
        for lane in range(block.count.shape[0]):
            if block.count[lane, ACCEPTED]:
                for c in range(problem.countable.size):
                    if block.mode[lane, c] == _ABSENT and _is_followed(block, lane, c):
                        _find_arrival(block, lane, c)
    return followed


@compiled_function
def _find_scarce(problem: Problem, block: Block, lane: int, c: int) -> None:
    """Find where a continuous species falls below the threshold."""
    species = problem.countable[c]
    if block.workspace[problem.at.infusions + species, lane] != 0:
        return
    numbers, few = block.lane[lane], problem.threshold * _CLEARLY
    low = 0.0
    for look in range(1, _LOOKS + 1):
        high = look / _LOOKS
        if _course(problem, block, lane, species, high) < few:
            for _ in range(_HALVINGS):
                middle = 0.5 * (low + high)
                if _course(problem, block, lane, species, middle) < few:
                    high = middle
                else:
                    low = middle
            if high < numbers[FRACTION]:
                numbers[FRACTION] = high
            block.count[lane, CROSSING] = _DUE
            return
        low = high


@compiled_inline
def _course(problem: Problem, block: Block, lane: int, species: int, theta: float) -> float:
    """Value of a species within the step, by the dense output."""
    at, table = problem.at, block.workspace
    before = float(table[at.values + species, lane])
    after = float(table[at.new + species, lane])
    place = at.dense + _DENSE * species
    one, two, three = table[place, lane], table[place + 1, lane], table[place + 2, lane]
    inner = float(one) + theta * (float(two) + theta * float(three))
    return before + theta * (after - before + (1.0 - theta) * inner)


@compiled_function
def _find_arrival(block: Block, lane: int, c: int) -> None:
    """Find where the first individual of an absent species arrives."""
    numbers, population = block.lane[lane], block.population[lane, c]
    left = population[_PATIENCE] - population[2]
    after = arrival_time(numbers[STEP], block.nodes[lane, 3 * c + 2], left)
    if after <= numbers[STEP]:
        fraction = min(max(after / numbers[STEP], 1e-12), 1.0)
        block.count[lane, CROSSING] = _DUE
        if fraction < numbers[FRACTION]:
            numbers[FRACTION] = fraction


@compiled_function
def _ask_nodes(problem: Problem, block: Block) -> None:
    """Ask for the rates of countable species at the nodes of the part of each step that is gone."""
    at, table = problem.at, block.workspace
    for node in range(len(NODES)):
        for lane in range(block.count.shape[0]):
            table[at.theta, lane] = NODES[node] * block.lane[lane, FRACTION]
        call(problem.code.between, block.address)
        for lane in range(block.count.shape[0]):
            for c in range(problem.countable.size):
                place = at.at + problem.countable[c]
                if block.mode[lane, c] == _FEW:
                    table[place, lane] = max(table[place, lane], _FLOOR)
        call(problem.code.flows, block.address)
        for lane in range(block.count.shape[0]):
            for c in range(problem.countable.size):
                living = max(float(table[at.at + problem.countable[c], lane]), _FLOOR)
                birth, death = per_individual(
                    float(table[at.flows + 3 * c, lane]),
                    float(table[at.flows + 3 * c + 1, lane]),
                    living,
                )
                block.nodes[lane, 3 * c, node] = birth
                block.nodes[lane, 3 * c + 1, node] = death
                arrival = float(table[at.flows + 3 * c + 2, lane])
                block.nodes[lane, 3 * c + 2, node] = max(arrival, 0.0)


@compiled_function
def advance_lines(problem: Problem, block: Block) -> None:
    """Carry the lines of few species, and the patience of absent ones, along the last steps."""
    shortened = False
    for lane in range(block.count.shape[0]):
        if block.count[lane, ACCEPTED] and block.lane[lane, FRACTION] < 1:
            shortened = True
    if shortened:
        _ask_nodes(problem, block)
    for lane in range(block.count.shape[0]):
        if block.count[lane, ACCEPTED]:
            for c in range(problem.countable.size):
                if _is_followed(block, lane, c):
                    _advance_one(problem, block, lane, c)


@compiled_function
def _advance_one(problem: Problem, block: Block, lane: int, c: int) -> None:
    numbers = block.lane[lane]
    lasting = numbers[STEP] * numbers[FRACTION]
    rates = block.nodes[lane]
    if block.mode[lane, c] == _ABSENT:
        block.population[lane, c, 2] += expected_arrivals(lasting, rates[3 * c + 2])
        return
    block.path_length[lane, c] = advance(
        block.population[lane, c],
        lasting,
        rates[3 * c],
        rates[3 * c + 1],
        rates[3 * c + 2],
        block.path[lane, c],
        block.path_length[lane, c],
    )
    amount = _course(problem, block, lane, problem.countable[c], numbers[FRACTION])
    most = _OUTGROWN * max(problem.threshold, float(block.number[lane, c]))
    crowded = block.path_length[lane, c] + SEGMENTS > block.path.shape[2]
    due = amount > most or block.population[lane, c, 1] > _MOST_HAZARD or crowded
    if due and block.count[lane, CROSSING] == 0:
        block.count[lane, CROSSING] = _DUE


@compiled_function
def draw(problem: Problem, block: Block, lane: int) -> None:
    """Draw what became of each countable species since it was settled; NaN where rates were."""
    at, table = problem.at, block.workspace
    if problem.threshold <= 0:
        return
    for c in range(problem.countable.size):
        place = at.values + problem.countable[c]
        population = block.population[lane, c]
        if block.mode[lane, c] == _FEW:
            stream = block.streams[lane, c]
            alive = descendants(stream, block.number[lane, c], population[0], population[1])
            if population[2] > 0 and alive >= 0:
                come = immigrants(stream, block.path[lane, c], block.path_length[lane, c])
                alive = alive + come if come >= 0 else come
            table[place, lane] = alive if alive >= 0 else math.nan
        elif block.mode[lane, c] == _ABSENT:
            table[place, lane] = 0.0
            if population[_WAITING] > 0:
                population[_PATIENCE] -= population[2]
                table[place, lane] = 1.0 if population[_PATIENCE] <= 0 else 0.0
