r"""Symbolic derivatives of a graph's nodes.

.. math:: \frac{\partial f(a, b)}{\partial x} = f_a \frac{\partial a}{\partial x}
   + f_b \frac{\partial b}{\partial x}

At corners (absolute values, the larger of two, conditions) the derivative is that of the side the
value is taken from; rounding to whole numbers has derivative zero. So has what is infinitely steep
just there, such as a square root at zero: a solver whose matrix holds an infinite slope would stay
where it is and find no error in that.
"""

from typing import Final, final

from progenitor.engine._graph import COMPARISONS, Graph

__all__ = ["Derivatives"]

_LOGIC: Final = COMPARISONS | {"and", "or", "not"}
_FLAT: Final = frozenset({"floor", "ceil"})
_STEEPEST_HILL: Final = 1e3


@final
class Derivatives:
    """Derivatives with respect to one leaf, remembered.

    Parameters
    ----------
    graph
        Where the nodes are and the derivatives are added.
    leaf
        Node of a state, parameter or the time.

    Examples
    --------
    >>> from progenitor.engine._declarations import ReactionSet, Species
    >>> from progenitor.engine._model import Model
    >>> from progenitor.engine._program import Program
    >>> program = Program(Model.build("m", [ReactionSet("p", species=(Species("x", "1"),))]))
    >>> graph = Graph(program)
    >>> x = graph.leaf("state", 0)
    >>> slope = Derivatives(graph, x).of(graph.of(program.add("3*x + 1")))
    >>> graph.value_of(slope)
    3.0
    """

    def __init__(self, graph: Graph, leaf: int) -> None:
        self._graph = graph
        self._leaf = leaf
        self._known: dict[int, int] = {leaf: graph.number(1.0)}
        self._zero = graph.number(0.0)

    def of(self, node: int) -> int:
        """Node of the derivative of a node."""
        waiting = [node]
        while waiting:
            top = waiting[-1]
            if top in self._known:
                waiting.pop()
                continue
            operation = self._graph.nodes[top]
            if not operation.operands or operation.name in _LOGIC:
                self._known[top] = self._zero
                continue
            missing = [o for o in operation.operands if o not in self._known]
            if missing:
                waiting.extend(missing)
                continue
            self._known[top] = self._derivative(top)
        return self._known[node]

    def _derivative(self, node: int) -> int:
        graph = self._graph
        name, operands = graph.nodes[node].name, graph.nodes[node].operands
        slopes = [self._known[o] for o in operands]
        if all(slope == self._zero for slope in slopes) or name in _FLAT:
            return self._zero
        match name:
            case "+":
                return graph.plus(*slopes)
            case "-":
                return graph.minus(*slopes)
            case "*":
                return graph.plus(
                    graph.times(slopes[0], operands[1]), graph.times(operands[0], slopes[1])
                )
            case "/":
                falling = graph.times(node, slopes[1])
                return graph.times(graph.minus(slopes[0], falling), graph.reciprocal(operands[1]))
            case "negative":
                return graph.negative(slopes[0])
            case "reciprocal":
                return graph.negative(graph.times(graph.times(node, node), slopes[0]))
            case "select":
                return graph.select(operands[0], slopes[1], slopes[2])
            case "max" | "min":
                taken = graph.function(">=" if name == "max" else "<=", *operands)
                return graph.select(taken, *slopes)
            case "signed_power":
                return self._power(node)
            case "hill":
                return self._hill(node)
            case _:
                return graph.times(self._outer(node), slopes[0])

    def _outer(self, node: int) -> int:
        """Return the derivative of a function of one operand with respect to it."""
        graph = self._graph
        name, (inner, *_) = graph.nodes[node].name, graph.nodes[node].operands
        one = graph.number(1.0)
        match name:
            case "exp":
                return node
            case "log":
                return graph.reciprocal(inner)
            case "sqrt":
                return graph.root_slope(node)
            case "abs":
                rising = graph.function(">=", inner, self._zero)
                return graph.select(rising, one, graph.number(-1.0))
            case "sin":
                return graph.function("cos", inner)
            case "cos":
                return graph.negative(graph.function("sin", inner))
            case "tan":
                return graph.plus(one, graph.times(node, node))
            case "atan":
                return graph.reciprocal(graph.plus(one, graph.times(inner, inner)))
            case "asin" | "acos":
                rest = graph.function("sqrt", graph.minus(one, graph.times(inner, inner)))
                slope = graph.times(graph.number(2.0), graph.root_slope(rest))
                return slope if name == "asin" else graph.negative(slope)
            case _:
                raise NotImplementedError(f"no derivative of '{name}'")

    def _power(self, node: int) -> int:
        """``d(aᵇ) = b·aᵇ⁻¹ da + aᵇ log a db``."""
        graph = self._graph
        _, base, exponent = graph.nodes[node].operands
        by_base, by_exponent = self.of(base), self.of(exponent)
        first = graph.times(graph.times(exponent, graph.steep(base, exponent)), by_base)
        second = graph.times(graph.times(node, graph.size_log(base)), by_exponent)
        return graph.plus(
            self._zero if by_base == self._zero else first,
            self._zero if by_exponent == self._zero else second,
        )

    def _hill(self, node: int) -> int:
        """With h the value: ``dh = h(1 − h)·(n/x dx − d(n log k) + log x dn)``.

        At zero it is the limit from above. Where n < 1 that is infinite; h/x is bounded by a
        thousand over k, so that a matrix with the slope holds nothing fast at zero.
        """
        graph = self._graph
        share, amount, half, exponent, over, contrast = graph.nodes[node].operands
        rest = graph.minus(graph.number(1.0), share)
        steep = graph.times(share, rest)
        by_amount, by_half, by_exponent = (self.of(o) for o in (amount, half, exponent))
        terms = self._zero
        if by_amount != self._zero:
            most = graph.times(graph.number(_STEEPEST_HILL), graph.reciprocal(half))
            slope = graph.function("min", graph.times(share, over), most)
            slope = graph.times(graph.times(exponent, rest), slope)
            terms = graph.plus(terms, graph.times(slope, by_amount))
        if by_half != self._zero:
            relative = graph.times(exponent, graph.reciprocal(half))
            terms = graph.minus(terms, graph.times(graph.times(steep, relative), by_half))
        if by_exponent != self._zero:
            logs = graph.times(contrast, graph.reciprocal(exponent))
            terms = graph.minus(terms, graph.times(graph.times(steep, logs), by_exponent))
        return terms
