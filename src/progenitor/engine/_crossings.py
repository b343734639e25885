"""Finding when something happens within a step: triggers that become true, on the dense output."""

import math
from typing import Final

from progenitor.engine._block import Block, Problem
from progenitor.engine._compiled import compiled_function, compiled_inline
from progenitor.engine._lane_numbers import (
    ACCEPTED,
    CROSS_HIGH,
    CROSS_LOW,
    CROSSING,
    FRACTION,
    LEAP_END,
    LIMIT,
    LOOKS,
    STEP,
    TIME,
    VALUE_HIGH,
    VALUE_LOW,
)
from progenitor.engine._machine_calls import call
from progenitor.engine._moments import note_edges
from progenitor.engine._population import SHORTEST_LEAP

__all__ = ["find_crossings", "is_watched", "move_to_crossings"]

_FEWEST_LOOKS: Final = 4
_MOST_LOOKS: Final = 1024
_MOST_ROUNDS: Final = 100
_TRIGGER: Final = 1


@compiled_function
def find_crossings(problem: Problem, block: Block) -> None:
    """Find the first moment within each accepted step at which something happens.

    It is written as the share of the step to FRACTION, 1 when nothing happens.
    """
    lanes = block.count.shape[0]
    if problem.once.size == 0:
        return
    most = 0
    for lane in range(lanes):
        block.lane[lane, LIMIT] = block.lane[lane, FRACTION]
        looks = _looks(problem, block, lane)
        block.count[lane, LOOKS] = looks
        most = max(most, looks)
    found = False
    for look in range(1, most + 1):
        _ask_everywhere(problem, block, look)
        for lane in range(lanes):
            looks = block.count[lane, LOOKS]
            if look <= looks and block.count[lane, CROSSING] != _TRIGGER:
                numbers = block.lane[lane]
                if _happens(problem, block, lane):
                    block.count[lane, CROSSING] = _TRIGGER
                    numbers[CROSS_LOW] = numbers[LIMIT] * (look - 1) / looks
                    numbers[CROSS_HIGH] = numbers[LIMIT] * look / looks
                    numbers[VALUE_HIGH] = _root_value(problem, block, lane)
                    numbers[VALUE_LOW] = 0.0
                    found = True
                elif _flipped(problem, block, lane) >= 0:
                    found = _inspect(problem, block, lane, look, looks) or found
                else:
                    _remember(problem, block, lane)
    if found:
        _narrow(problem, block)


@compiled_inline
def _looks(problem: Problem, block: Block, lane: int) -> int:
    """How often to look at the triggers of a lane within its step; 0 when nothing can happen."""
    if not block.count[lane, ACCEPTED] or not is_watched(problem, block, lane):
        return 0
    pieces = math.ceil(block.lane[lane, STEP] * block.lane[lane, FRACTION] / problem.look)
    return int(min(max(pieces, _FEWEST_LOOKS), _MOST_LOOKS))


@compiled_inline
def is_watched(problem: Problem, block: Block, lane: int) -> bool:
    """Whether any event can still fire, or an action that waits be withdrawn."""
    for event in range(problem.once.size):
        if block.armed[lane, event] or problem.fragile[event]:
            return True
    return False


@compiled_inline
def _ask_everywhere(problem: Problem, block: Block, look: int) -> None:
    for lane in range(block.count.shape[0]):
        looks = max(block.count[lane, LOOKS], 1)
        block.workspace[problem.at.theta, lane] = block.lane[lane, LIMIT] * min(look, looks) / looks
    call(problem.code.between, block.address)
    call(problem.code.triggers, block.address)


@compiled_inline
def _happens(problem: Problem, block: Block, lane: int) -> bool:
    """Whether an armed trigger is true at the point asked about that was not true before."""
    for event in range(problem.once.size):
        true = block.workspace[problem.at.triggers + event, lane] > 0
        if true and block.armed[lane, event] and not block.true[lane, event]:
            return True
    return False


@compiled_inline
def _remember(problem: Problem, block: Block, lane: int) -> None:
    """Note which triggers are true, and withdraw actions whose trigger is not."""
    for event in range(problem.once.size):
        true = block.workspace[problem.at.triggers + event, lane] > 0
        block.true[lane, event] = true
        if problem.fragile[event] and not true:
            block.withdrawn[lane, event] += 1
    note_edges(problem, block, lane)


@compiled_inline
def _flipped(problem: Problem, block: Block, lane: int) -> int:
    """Return a comparison of a compound trigger that has turned since it was noted; −1 for none."""
    for edge in range(problem.edge_events.size):
        now = block.workspace[problem.at.edges + edge, lane] >= 0
        if now != block.edges[lane, edge] and block.armed[lane, problem.edge_events[edge]]:
            return edge
    return -1


@compiled_function
def _inspect(problem: Problem, block: Block, lane: int, look: int, looks: int) -> bool:
    """Look at compound triggers wherever one of their comparisons turns, one after another.

    Such a trigger may be true between two looks and false at both. Returns whether something
    happens.
    """
    numbers = block.lane[lane]
    low, end = numbers[LIMIT] * (look - 1) / looks, numbers[LIMIT] * look / looks
    for _ in range(problem.edge_events.size):
        first = _first_turn(problem, block, lane, low, end)
        _ask_one(problem, block, lane, first)
        if _happens(problem, block, lane):
            block.count[lane, CROSSING] = _TRIGGER
            numbers[CROSS_LOW], numbers[CROSS_HIGH] = low, first
            numbers[VALUE_HIGH] = _root_value(problem, block, lane)
            numbers[VALUE_LOW] = 0.0
            _ask_one(problem, block, lane, end)
            return True
        _remember(problem, block, lane)
        low = first
        _ask_one(problem, block, lane, end)
        if _flipped(problem, block, lane) < 0:
            break
    _remember(problem, block, lane)
    return False


@compiled_function
def _first_turn(problem: Problem, block: Block, lane: int, low: float, end: float) -> float:
    """Return where the first comparison turns that is turned at the end."""
    high = end
    for _ in range(_MOST_ROUNDS):
        numbers = block.lane[lane]
        if (high - low) * numbers[STEP] <= problem.root * max(1.0, abs(numbers[TIME])):
            break
        middle = 0.5 * (low + high)
        _ask_one(problem, block, lane, middle)
        if _flipped(problem, block, lane) >= 0:
            high = middle
        else:
            low = middle
    return float(high)


@compiled_function
def _ask_one(problem: Problem, block: Block, lane: int, theta: float) -> None:
    """Ask about another place in one lane."""
    block.workspace[problem.at.theta, lane] = theta
    call(problem.code.between, block.address)
    call(problem.code.triggers, block.address)


@compiled_inline
def _root_value(problem: Problem, block: Block, lane: int) -> float:
    """Largest root function of the armed triggers that were not true before."""
    largest = -1e300
    for event in range(problem.once.size):
        if block.armed[lane, event] and not block.true[lane, event]:
            value = float(block.workspace[problem.at.roots + event, lane])
            if value > largest:
                largest = value
    return largest


@compiled_function
def _narrow(problem: Problem, block: Block) -> None:
    """Narrow each crossing by regula falsi (Illinois) held to the bracket, else by halving.

    The root function may be of any size and need not be continuous; whether something happens is
    always decided by the triggers themselves.
    """
    lanes = block.count.shape[0]
    for turn in range(_MOST_ROUNDS):
        open_ = False
        for lane in range(lanes):
            if block.count[lane, CROSSING] == _TRIGGER:
                open_ = _choose(problem, block, lane, turn) or open_
        if not open_:
            break
        call(problem.code.between, block.address)
        call(problem.code.triggers, block.address)
        for lane in range(lanes):
            numbers = block.lane[lane]
            if block.count[lane, CROSSING] != _TRIGGER or not _is_open(problem.root, block, lane):
                continue
            place = float(block.workspace[problem.at.theta, lane])
            value = _root_value(problem, block, lane)
            if _happens(problem, block, lane):
                numbers[CROSS_HIGH] = place
                numbers[VALUE_HIGH] = value
                numbers[VALUE_LOW] *= 0.5
            else:
                numbers[CROSS_LOW] = place
                numbers[VALUE_LOW] = value
                numbers[VALUE_HIGH] *= 0.5
    for lane in range(lanes):
        if block.count[lane, CROSSING] == _TRIGGER:
            block.lane[lane, FRACTION] = _worth_drawing(problem, block, lane)


@compiled_inline
def _worth_drawing(problem: Problem, block: Block, lane: int) -> float:
    """Return where a crossing is, or a little later where few species were just drawn.

    Triggers see their expected course, which may leave a whole number at once; drawn again so soon
    they would be that number again, and again.
    """
    numbers = block.lane[lane]
    place = numbers[CROSS_HIGH]
    if math.isfinite(numbers[LEAP_END]):
        earliest = numbers[LEAP_END] - problem.leap * (1.0 - SHORTEST_LEAP)
        place = min(max(place, (earliest - numbers[TIME]) / numbers[STEP]), numbers[LIMIT])
    return float(place)


@compiled_inline
def _is_open(root: float, block: Block, lane: int) -> bool:
    numbers = block.lane[lane]
    width = (numbers[CROSS_HIGH] - numbers[CROSS_LOW]) * numbers[STEP]
    return bool(width > root * max(1.0, abs(numbers[TIME])))


@compiled_inline
def _choose(problem: Problem, block: Block, lane: int, turn: int) -> bool:
    """Choose where to look next; return whether the bracket is still open."""
    numbers = block.lane[lane]
    low, high = numbers[CROSS_LOW], numbers[CROSS_HIGH]
    place = 0.5 * (low + high)
    below, above = numbers[VALUE_LOW], numbers[VALUE_HIGH]
    if turn % 3 != 2 and below < 0 and above > 0 and above < 1e300 and below > -1e300:
        place = low + (high - low) * (below / (below - above))
        margin = 0.01 * problem.root * max(1.0, abs(numbers[TIME])) / numbers[STEP]
        margin = min(max(margin, 1e-3 * (high - low)), 0.5 * (high - low))
        place = min(max(place, low + margin), high - margin)
    block.workspace[problem.at.theta, lane] = place
    return _is_open(problem.root, block, lane)


@compiled_function
def move_to_crossings(problem: Problem, block: Block) -> None:
    """Put lanes in which something happens to where it happens."""
    lanes = block.count.shape[0]
    some = False
    for lane in range(lanes):
        block.workspace[problem.at.theta, lane] = block.lane[lane, FRACTION]
        some = some or block.count[lane, CROSSING] != 0
    if not some:
        return
    call(problem.code.between, block.address)
    for lane in range(lanes):
        if block.count[lane, CROSSING]:
            for i in range(problem.tolerances.size):
                block.workspace[problem.at.values + i, lane] = block.workspace[
                    problem.at.at + i, lane
                ]
            numbers = block.lane[lane]
            numbers[TIME] += numbers[STEP] * numbers[FRACTION]
