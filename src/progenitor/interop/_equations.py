"""The equations of a model: what its reactions, rules and events say, put together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, final

from progenitor.engine import Event, Model
from progenitor.engine._expressions import Arithmetic, Expression, Negative, Number, parse

__all__ = ["Action", "Change", "Definition", "Equations", "equations_of", "signed"]

_NOTHING: Final = Number(0.0)


@final
@dataclass(frozen=True, slots=True)
class Change:
    """How fast a species changes: the sum of some terms.

    Parameters
    ----------
    species
        Its name.
    terms
        One for each reaction that changes it, in their order; empty when nothing does.
    """

    species: str
    terms: tuple[Expression, ...]


@final
@dataclass(frozen=True, slots=True)
class Definition:
    """A name and what it is equal to.

    Parameters
    ----------
    name
        Of a species (at the start), a rule or an observable.
    expression
        What it is.
    """

    name: str
    expression: Expression


@final
@dataclass(frozen=True, slots=True)
class Action:
    """What an event does.

    Parameters
    ----------
    event
        As declared.
    trigger, delay
        When it fires, and how long after that it acts.
    made
        The new amounts, in order.
    """

    event: Event
    trigger: Expression
    delay: Expression
    made: tuple[Definition, ...]


@final
@dataclass(frozen=True, slots=True)
class Equations:
    """All equations of a model, kind by kind.

    Parameters
    ----------
    changes, starts
        Of every species: its rate of change, and its amount at the start.
    rules, observables
        What other names are equal to.
    actions
        Of events.
    """

    changes: tuple[Change, ...]
    starts: tuple[Definition, ...]
    rules: tuple[Definition, ...]
    actions: tuple[Action, ...]
    observables: tuple[Definition, ...]


def equations_of(model: Model) -> Equations:
    r"""Put the equations of a model together from its reactions.

    .. math:: \frac{ds}{dt} = \sum_r (products_{rs} - reactants_{rs}) \cdot rate_r

    Parameters
    ----------
    model
        Any model.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1", initial="1"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ... )
    >>> len(equations_of(Model.build("decay", [decay])).changes[0].terms)
    1
    """
    return Equations(
        changes=tuple(Change(s.name, tuple(_terms(model, s.name))) for s in model.species),
        starts=tuple(Definition(s.name, parse(s.initial)) for s in model.species),
        rules=tuple(Definition(r.name, parse(r.expression)) for r in model.rules),
        actions=tuple(_action(event) for event in model.events),
        observables=tuple(
            Definition(o.name, parse(o.expression))
            for o in model.observables
            if o.expression.strip() != o.name
        ),
    )


def signed(term: Expression) -> tuple[str, Expression]:
    """Return the sign of a term and the term without it.

    Examples
    --------
    >>> signed(parse("-a"))
    ('-', Name(name='a'))
    """
    match term:
        case Negative(operand):
            sign, rest = signed(operand)
            return "+" if sign == "-" else "-", rest
        case Number(value) if value < 0:
            return "-", Number(-value)
        case Arithmetic("*" | "/" as operator, left, right):
            sign, first = signed(left)
            return sign, Arithmetic(operator, first, right)
        case _:
            return "+", term


def _terms(model: Model, species: str) -> Iterable[Expression]:
    for reaction in model.reactions:
        change = reaction.change.get(species, 0.0)
        rate = parse(reaction.rate)
        if change == 0.0 or rate == _NOTHING:
            continue
        if abs(change) != 1.0:
            rate = Arithmetic("*", Number(abs(change)), rate)
        yield Negative(rate) if change < 0 else rate


def _action(event: Event) -> Action:
    made = tuple(Definition(name, parse(text)) for name, text in event.assignments.items())
    return Action(event, parse(event.trigger), parse(event.delay), made)
