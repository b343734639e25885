"""Python source for parts of a program's graph.

Only text made here from checked nodes is ever compiled: variables are ``x0`` (species), ``p0``
(parameters), ``k0`` (static nodes) and ``v0`` (shared nodes), and numbers are printed with
``repr``. No text a person wrote reaches the compiler.
"""

from collections.abc import Sequence
from typing import Final, final

from progenitor.engine._program import Node, Program

__all__ = ["Emitter"]

_INFIX: Final = {"+", "-", "*", "<", "<=", ">", ">=", "and", "or"}
_GUARDED: Final = {
    "/": "divide",
    "**": "power",
    "exp": "exponential",
    "log": "logarithm",
    "sqrt": "root",
    "hill": "hill",
}
_CIRCULAR: Final = ("acos", "asin", "cos", "sin", "tan")
_PLAIN: Final = {"**": "pow_", "max": "greatest", "min": "least"}
_LEAVES: Final = ("number", "parameter", "state", "time")
_LONGEST: Final = 600
_REPEATED: Final = {2.0: 2, 3.0: 3, 4.0: 4}


@final
class Emitter:
    """Writes functions over a program; remembers which static nodes they need.

    Parameters
    ----------
    program
        The graph.
    nonnegative
        Positions of species that the guarded functions read as zero when they are below it.
    """

    def __init__(self, program: Program, nonnegative: Sequence[int]) -> None:
        self.program = program
        self.nonnegative = frozenset(nonnegative)
        self.needed: set[int] = set()

    def function(self, name: str, outputs: Sequence[int]) -> list[str]:
        """Source of ``name(t, x)`` returning a list, and of its guarded twin.

        The first version uses Python's own operators; when one of them raises, the guarded version
        answers instead.
        """
        return [
            *self._definition(f"{name}_guarded", outputs, guarded=True),
            *self._definition(name, outputs, guarded=False),
        ]

    def statics(self) -> list[str]:
        """Assign every static node that the functions written so far need."""
        reached = self._reach(sorted(self.needed), guarded=True, through_static=True)
        texts: dict[int, str] = {}
        lines = []
        for position in sorted(reached):
            text = self._compose(position, texts, guarded=True)
            if self.program.nodes[position].operation not in _LEAVES:
                lines.append(f"k{position} = {text}")
                text = f"k{position}"
            texts[position] = text
        return lines

    def static_list(self, outputs: Sequence[int]) -> str:
        """Write a list of static nodes."""
        self.needed.update(outputs)
        return "[" + ", ".join(self._static_text(position) for position in outputs) + "]"

    def _definition(self, name: str, outputs: Sequence[int], *, guarded: bool) -> list[str]:
        lines, texts = self._body(outputs, guarded=guarded)
        answer = f"return [{', '.join(texts)}]"
        head = [f"def {name}(t, x):", *self._unpacking(outputs, guarded=guarded)]
        if guarded:
            return [*head, *(f"    {line}" for line in [*lines, answer])]
        return [
            *head,
            "    try:",
            *(f"        {line}" for line in [*lines, answer]),
            "    except (ZeroDivisionError, OverflowError, ValueError):",
            f"        return {name}_guarded(t, x)",
        ]

    def _unpacking(self, outputs: Sequence[int], *, guarded: bool) -> list[str]:
        reached = self._reach(outputs, guarded=guarded, through_static=False)
        nodes = self.program.nodes
        used = {nodes[i].position for i in reached if nodes[i].operation == "state"}
        names = "".join(f"x{i}, " for i in range(len(self.program.model.species)))
        lines = [f"    {names}= x"] if used else []
        clipped = sorted(used & self.nonnegative) if guarded else []
        return lines + [f"    if x{i} < 0.0: x{i} = 0.0" for i in clipped]

    def _body(self, outputs: Sequence[int], *, guarded: bool) -> tuple[list[str], list[str]]:
        reached = self._reach(outputs, guarded=guarded, through_static=False)
        named = self._named(reached, outputs, guarded=guarded)
        texts: dict[int, str] = {}
        lines: list[str] = []
        for position in sorted(reached):
            node = self.program.nodes[position]
            if self.program.static[position]:
                self.needed.add(position)
                texts[position] = self._static_text(position)
                continue
            text = self._compose(position, texts, guarded=guarded)
            if node.operation not in _LEAVES and (position in named or len(text) > _LONGEST):
                lines.append(f"v{position} = {text}")
                text = f"v{position}"
            texts[position] = text
        return lines, [texts[position] for position in outputs]

    def _named(self, reached: set[int], outputs: Sequence[int], *, guarded: bool) -> set[int]:
        """Nodes worth a variable: used more than once, or written twice by their user."""
        uses: dict[int, int] = {}
        for position in outputs:
            uses[position] = uses.get(position, 0) + 1
        for position in reached:
            if self.program.static[position]:
                continue
            node = self.program.nodes[position]
            twice = node.operation == "hill" or self._repeats(node) > 1
            for argument in _operands(node, guarded=guarded):
                uses[argument] = uses.get(argument, 0) + (2 if twice else 1)
        return {position for position, count in uses.items() if count > 1}

    def _reach(self, outputs: Sequence[int], *, guarded: bool, through_static: bool) -> set[int]:
        reached: set[int] = set()
        waiting = list(outputs)
        while waiting:
            position = waiting.pop()
            if position in reached:
                continue
            reached.add(position)
            if through_static or not self.program.static[position]:
                waiting.extend(_operands(self.program.nodes[position], guarded=guarded))
        return reached

    def _static_text(self, position: int) -> str:
        node = self.program.nodes[position]
        return _leaf(node) if node.operation in _LEAVES else f"k{position}"

    def _repeats(self, node: Node) -> int:
        """How many factors a whole-number power is written with, or 0."""
        if node.operation != "**":
            return 0
        exponent = self.program.nodes[node.arguments[1]]
        return _REPEATED.get(exponent.value, 0) if exponent.operation == "number" else 0

    def _compose(self, position: int, texts: dict[int, str], *, guarded: bool) -> str:
        node = self.program.nodes[position]
        if node.operation in _LEAVES:
            return _leaf(node)
        operands = [texts[argument] for argument in _operands(node, guarded=guarded)]
        repeats = self._repeats(node)
        if repeats:
            return f"({'*'.join([operands[0]] * repeats)})"
        if node.operation in _INFIX:
            return f"({f' {node.operation} '.join(operands)})"
        if guarded and node.operation in _GUARDED:
            return f"{_GUARDED[node.operation]}({', '.join(operands)})"
        if guarded and node.operation in _CIRCULAR:
            return f"circular({node.operation}, {operands[0]})"
        return _write(node.operation, operands)


def _operands(node: Node, *, guarded: bool) -> tuple[int, ...]:
    """``hill`` carries its powers for the fast version and its plain arguments for the guarded."""
    if node.operation != "hill":
        return node.arguments
    return node.arguments[2:] if guarded else node.arguments[:2]


def _leaf(node: Node) -> str:
    match node.operation:
        case "number":
            return repr(node.value) if node.value >= 0 else f"({node.value!r})"
        case "time":
            return "t"
        case "state":
            return f"x{node.position}"
        case _:
            return f"p{node.position}"


def _write(operation: str, operands: Sequence[str]) -> str:
    first = operands[0]
    match operation:
        case "negative":
            return f"(-{first})"
        case "not":
            return f"(not {first})"
        case "/":
            return f"({first} / {operands[1]})"
        case "hill":
            return f"({first} / ({first} + {operands[1]}))"
        case "piecewise":
            return f"({first} if {operands[1]} else {operands[2]})"
        case _:
            return f"{_PLAIN.get(operation, operation)}({', '.join(operands)})"
