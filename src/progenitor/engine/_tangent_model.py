r"""A model together with the sensitivities of its species to some of its parameters.

.. math:: \frac{d s_p}{dt} = \frac{\partial f}{\partial x} s_p + \frac{\partial f}{\partial p} d_p
   \qquad s_p(0) = \frac{\partial x_0}{\partial p} d_p

The direction :math:`d_p` is a parameter of the new model; with :math:`d_p = p` the sensitivities
have the size of the species, so that the tolerances of the species fit them too.

References
----------
Dickinson, Gelinas. Sensitivity analysis of ordinary differential equation systems. J Comput Phys
1976, doi:10.1016/0021-9991(76)90007-3.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, final

from progenitor.engine._compile import tolerance_of
from progenitor.engine._declarations import (
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.engine._expressions import (
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Logic,
    Name,
    Negative,
    Number,
    names_in,
    parse,
    render,
)
from progenitor.engine._model import Model
from progenitor.engine._partials import Partials

__all__ = ["TangentModel", "reasons_against_tangents", "tangent_model"]

_LARGE: Final = 24
"""Parts of an expression above which it becomes a rule of its own, so that slopes stay short."""
_NOTHING: Final = Number(0.0)

_Slopes = dict[str, dict[str, Expression]]
"""What is differentiated → by which symbol → slope."""


@final
@dataclass(frozen=True, slots=True)
class TangentModel:
    """A model with sensitivities.

    Parameters
    ----------
    model
        Without units and events; observables are those of the original, then for each parameter
        those of their sensitivities, in the same order.
    directions
        Parameter → parameter of the new model that says how far it moves.
    """

    model: Model
    directions: Mapping[str, str]


def tangent_model(model: Model, moved: Sequence[str]) -> TangentModel:
    """Add the sensitivities of every species to some parameters.

    Parameters
    ----------
    model
        One for which :func:`reasons_against_tangents` gives none.
    moved
        Parameters.

    Examples
    --------
    >>> part = ReactionSet(
    ...     "decay",
    ...     species=(Species("x", "1", initial="1"),),
    ...     parameters=(ModelParameter("k", "1/day"),),
    ...     reactions=(Reaction("loss", "k*x", {"x": 1}),),
    ... )
    >>> made = tangent_model(Model.build("decay", [part]), ["k"])
    >>> [(species.name, species.initial) for species in made.model.species]
    [('x', '1'), ('d_x_d_k', '0')]
    >>> made.model.reactions[1].rate
    '((change_x_by_x * d_x_d_k) + (change_x_by_k * direction_k))'
    """
    return _Maker(model, tuple(moved)).made()


def reasons_against_tangents(model: Model, moved: Sequence[str]) -> list[str]:
    """Say what makes a model jump when parameters move a little.

    Parameters
    ----------
    model
        Any.
    moved
        Parameters.
    """
    reasons = [
        f"event '{event.name}' changes the course at a moment that moves with the parameters"
        for event in model.events
        if event.assignments or event.stop
    ]
    rules = {rule.name: parse(rule.expression) for rule in model.rules}
    species = {item.name for item in model.species}
    moving = {name for name in rules if _base(Name(name), rules) & (species | set(moved))}
    moving |= species | set(moved)
    for what, text in _expressions(model):
        for part in _walk(parse(text)):
            match part:
                case Call("piecewise", (_, condition, _)) if names_in(condition) & moving:
                    shown = render(condition)
                    reasons.append(f"{what} may jump where {shown}, which the parameters move")
                case Call("floor" | "ceil", arguments) if names_in(arguments[0]) & moving:
                    reasons.append(f"{what} jumps in {render(part)}, which the parameters move")
                case _:
                    pass
    return list(dict.fromkeys(reasons))


def _expressions(model: Model) -> Iterator[tuple[str, str]]:
    """Yield every expression that tangents are made of, with what it is."""
    yield from ((f"species '{s.name}'", s.initial) for s in model.species)
    yield from ((f"rule '{r.name}'", r.expression) for r in model.rules)
    yield from ((f"reaction '{r.name}'", r.rate) for r in model.reactions)
    yield from ((f"observable '{o.name}'", o.expression) for o in model.observables)


def _base(expression: Expression, rules: Mapping[str, Expression]) -> set[str]:
    """Names an expression rests on, rules resolved."""
    found: set[str] = set()
    for name in names_in(expression):
        found |= _base(rules[name], rules) if name in rules else {name}
    return found


def _walk(expression: Expression) -> Iterator[Expression]:
    yield expression
    for part in _parts(expression):
        yield from _walk(part)


def _parts(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Negative(operand):
            return (operand,)
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return left, right
        case Logic(_, operands) | Call(_, operands):
            return operands
        case Number() | Name():
            return ()


@final
@dataclass(slots=True)
class _Maker:
    model: Model
    moved: tuple[str, ...]
    rules: dict[str, Expression] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    shown: list[Observable] = field(default_factory=list)
    species: list[Species] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)

    def made(self) -> TangentModel:
        model = self.model
        for items in (model.species, model.parameters, model.rules):
            self.taken |= {item.name for item in items}
        for rule in model.rules:
            self.rules[rule.name] = self._split(parse(rule.expression))
        rates = {r.name: self._split(parse(r.rate)) for r in model.reactions}
        initial = {s.name: self._split(parse(s.initial)) for s in model.species}
        outputs = {o.name: self._split(parse(o.expression)) for o in model.observables}
        names = [*(s.name for s in model.species), *self.moved]
        slopes = self._slopes(names, {"flow": rates, "start": initial, "shown": outputs})
        slopes["change"] = self._changes(names, slopes["flow"])
        directions = {name: self._free(f"direction_{name}") for name in self.moved}
        for name in self.moved:
            self._move(name, directions[name], slopes)
        part = ReactionSet(
            model.name,
            species=(*(_plain(s, initial[s.name]) for s in model.species), *self.species),
            parameters=tuple(
                ModelParameter(name, "1")
                for name in (*(p.name for p in model.parameters), *directions.values())
            ),
            reactions=(
                *(replace(r, rate=render(rates[r.name])) for r in model.reactions),
                *self.reactions,
            ),
            rules=tuple(Rule(name, render(rule), "1") for name, rule in self.rules.items()),
            observables=(
                *(Observable(name, render(output), "1") for name, output in outputs.items()),
                *self.shown,
            ),
        )
        return TangentModel(Model.build(model.name, [part], time_unit="1"), directions)

    def _slopes(
        self, names: Sequence[str], expressions: Mapping[str, Mapping[str, Expression]]
    ) -> dict[str, _Slopes]:
        """Differentiate rates, initial values and outputs by every name; each slope is a rule."""
        found: dict[str, _Slopes] = {kind: {} for kind in expressions}
        rules = dict(self.rules)
        species = {s.name for s in self.model.species}
        for name in names:
            by_name = Partials(name, rules, species, self._slope_names(name))
            slopes = {
                (kind, what): slope
                for kind, group in expressions.items()
                for what, expression in group.items()
                if (slope := by_name.of(expression)) is not None
            }
            self.rules |= by_name.made
            for (kind, what), slope in slopes.items():
                found[kind].setdefault(what, {})[name] = self._named(
                    f"{kind}_{what}_by_{name}", slope
                )
        return found

    def _slope_names(self, symbol: str) -> Callable[[str], str]:
        """Name the derivative of a rule; the same again when asked again."""
        known: dict[str, str] = {}

        def name_of(rule: str) -> str:
            if rule not in known:
                known[rule] = self._free(f"{rule}_by_{symbol}")
            return known[rule]

        return name_of

    def _named(self, name: str, expression: Expression) -> Expression:
        """Make an expression a rule, unless it is short."""
        if isinstance(expression, Number | Name):
            return expression
        free = self._free(name)
        self.rules[free] = expression
        return Name(free)

    def _changes(self, names: Sequence[str], flows: _Slopes) -> _Slopes:
        """Slopes of the change of each species: the Jacobian, and its like for parameters."""
        found: dict[str, dict[str, Expression]] = {}
        for species in self.model.species:
            for name in names:
                terms = [
                    _weighted(reaction.change[species.name], flows[reaction.name][name])
                    for reaction in self.model.reactions
                    if species.name in reaction.change and name in flows.get(reaction.name, {})
                ]
                if terms:
                    rule = f"change_{species.name}_by_{name}"
                    found.setdefault(species.name, {})[name] = self._named(rule, _total(terms))
        return found

    def _move(self, name: str, direction: str, slopes: Mapping[str, _Slopes]) -> None:
        """Add the sensitivities to one parameter."""
        model = self.model
        own = {s.name: self._free(f"d_{s.name}_d_{name}") for s in model.species}
        moves = {**own, name: direction}

        def moved(kind: str, what: str) -> Expression:
            by = slopes[kind].get(what, {})
            terms = [
                Arithmetic("*", slope, Name(moves[symbol]))
                for symbol, slope in by.items()
                if symbol in moves
            ]
            return _total(terms)

        for species in model.species:
            start = moved("start", species.name)
            self.species.append(
                Species(
                    own[species.name],
                    "1",
                    "0" if start == _NOTHING else render(start),
                    nonnegative=False,
                    absolute_tolerance=tolerance_of(species),
                )
            )
            rate = moved("change", species.name)
            if rate != _NOTHING:
                made = {own[species.name]: 1}
                self.reactions.append(Reaction(own[species.name], render(rate), {}, made))
        self.shown += [
            Observable(f"d_{o.name}_d_{name}", render(moved("shown", o.name)), "1")
            for o in model.observables
        ]

    def _free(self, name: str) -> str:
        """Take a name that nothing has yet."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def _split(self, expression: Expression) -> Expression:
        """Put large parts of an expression into rules of their own."""
        match expression:
            case Negative(operand):
                return Negative(self._part(operand))
            case Arithmetic(operator, left, right):
                return Arithmetic(operator, self._part(left), self._part(right))
            case Call("piecewise", (value, condition, otherwise)):
                parts = self._part(value), condition, self._part(otherwise)
                return Call("piecewise", parts)
            case Call(function, arguments):
                return Call(function, tuple(self._part(argument) for argument in arguments))
            case _:
                return expression

    def _part(self, expression: Expression) -> Expression:
        smaller = self._split(expression)
        if sum(1 for _ in _walk(smaller)) <= _LARGE:
            return smaller
        name = self._free(f"part_{len(self.taken)}")
        self.rules[name] = smaller
        return Name(name)


def _weighted(weight: float, slope: Expression) -> Expression:
    return slope if weight == 1 else Arithmetic("*", Number(weight), slope)


def _total(terms: Sequence[Expression]) -> Expression:
    """Sum in halves, so that many terms do not nest deeply."""
    if not terms:
        return _NOTHING
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return Arithmetic("+", _total(terms[:half]), _total(terms[half:]))


def _plain(species: Species, initial: Expression) -> Species:
    """Return a species without unit, with the same tolerance, and continuous."""
    return replace(
        species,
        unit="1",
        initial=species.initial if isinstance(initial, Number) else render(initial),
        absolute_tolerance=tolerance_of(species),
        countable=False,
    )
