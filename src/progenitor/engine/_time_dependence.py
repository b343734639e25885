"""How expressions of a model depend on time while no reaction happens.

Between two jumps of an exact simulation only time goes on. A condition then turns at a moment that
can be computed when its two sides are straight lines in time; a rate is constant, changes at such
moments only (*switched*), or changes all the time (*smooth*).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, final

from progenitor.engine._graph import COMPARISONS
from progenitor.engine._program import Program

__all__ = ["TimeDependence"]

_CURVED: Final = 2
"""Degree of everything that is not a straight line."""


@final
@dataclass(slots=True)
class TimeDependence:
    """What time does to the nodes of a program that is complete.

    Parameters
    ----------
    program
        The expressions.

    Examples
    --------
    >>> from progenitor.engine._declarations import ReactionSet, Species
    >>> from progenitor.engine._model import Model
    >>> program = Program(Model.build("m", [ReactionSet("p", species=(Species("x", "1"),))]))
    >>> switched, smooth = program.add("piecewise(x, time > 3, 1)"), program.add("x*time")
    >>> found = TimeDependence(program)
    >>> found.uses_time[switched], found.smooth[switched], found.smooth[smooth]
    (True, False, True)
    """

    program: Program
    uses_time: list[bool] = field(default_factory=list)
    smooth: list[bool] = field(default_factory=list)
    """Whether a node changes with time otherwise than by switches."""
    degree: list[int] = field(default_factory=list)
    """Between switches: 0 for constants, 1 for straight lines in time, 2 for anything else."""
    bent: list[bool] = field(default_factory=list)
    """Whether a node is another straight line or constant after some switch."""

    def __post_init__(self) -> None:
        for index, node in enumerate(self.program.nodes):
            operation, arguments = node.operation, node.arguments
            timed = operation == "time" or any(self.uses_time[a] for a in arguments)
            switching = operation == "piecewise" and self.uses_time[arguments[1]]
            self.uses_time.append(timed)
            self.bent.append(switching or any(self.bent[a] for a in arguments))
            smooth = operation == "time" or any(self.smooth[a] for a in arguments)
            self.smooth.append(smooth and not self.switches(index))
            self.degree.append(self._degree(operation, arguments) if self.smooth[index] else 0)

    def switches(self, index: int) -> bool:
        """Whether a node compares straight lines of time that do not depend on the state."""
        return self.is_line(index) and self.program.timed[index] and not self.bent[index]

    def is_line(self, index: int) -> bool:
        """Whether a node compares what is a straight line in time between switches."""
        node = self.program.nodes[index]
        return node.operation in COMPARISONS and all(
            self.degree[argument] < _CURVED for argument in node.arguments
        )

    def comparisons(self, roots: Iterable[int]) -> list[int]:
        """Comparisons that involve time among everything that some nodes are made of."""
        reached: set[int] = set()
        waiting = list(roots)
        while waiting:
            index = waiting.pop()
            if index not in reached and self.uses_time[index]:
                reached.add(index)
                waiting.extend(self.program.nodes[index].arguments)
        return sorted(i for i in reached if self.program.nodes[i].operation in COMPARISONS)

    def _degree(self, operation: str, arguments: tuple[int, ...]) -> int:
        degrees = [self.degree[argument] for argument in arguments]
        match operation:
            case "time":
                return 1
            case "+" | "-" | "negative":
                return max(degrees)
            case "*":
                return min(sum(degrees), _CURVED)
            case "/" if degrees[1] == 0:
                return degrees[0]
            case "piecewise" if not self.smooth[arguments[1]]:
                return max(degrees[0], degrees[2])
            case _:
                return _CURVED
