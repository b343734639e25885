"""A model: what mechanisms declared, merged, checked and frozen."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Protocol, TypeVar, final, runtime_checkable

from progenitor.engine._declarations import (
    Event,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.engine._expressions import parse, render
from progenitor.engine._model_check import problems_of
from progenitor.errors import ModelError

__all__ = ["Model"]


@runtime_checkable
class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Item = TypeVar("_Item", bound=_Named)


@final
@dataclass(frozen=True, slots=True)
class Model:
    r"""A checked, immutable model; make one with :meth:`build`.

    .. math:: \frac{ds}{dt} = \sum_r (products_{rs} - reactants_{rs}) \cdot rate_r(t, s, p)

    Examples
    --------
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1", initial="dose"),),
    ...     parameters=(ModelParameter("dose", "1"), ModelParameter("loss_rate", "1/day")),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ...     observables=(Observable("drug", "drug", "1"),),
    ... )
    >>> model = Model.build("decay", [decay])
    >>> model.species[0].name, len(model.content_hash)
    ('drug', 64)
    """

    name: str
    species: tuple[Species, ...]
    parameters: tuple[ModelParameter, ...]
    reactions: tuple[Reaction, ...]
    rules: tuple[Rule, ...]
    events: tuple[Event, ...]
    observables: tuple[Observable, ...]
    content_hash: str
    time_unit: str = "day"

    @classmethod
    def build(cls, name: str, parts: Iterable[ReactionSet], *, time_unit: str = "day") -> "Model":
        """Merge the parts of a model and check every name, unit, rule and stoichiometry.

        Parameters
        ----------
        name
            The model's name; it does not enter the hash.
        parts
            What the mechanisms contribute. A species or parameter may be declared by several
            parts when the declarations are identical.
        time_unit
            Unit of ``time``, of output and dose times and of delays; rates are per this unit. It is
            a unit of time, or ``"1"`` in a model without units.

        Raises
        ------
        ModelError
            Lists everything that is wrong, one problem a line.

        Examples
        --------
        >>> x, r = Species("x", "1"), Rule("r", "x + time", "1")
        >>> Model.build("m", [ReactionSet("p", species=(x,), rules=(r,))])
        Traceback (most recent call last):
        ...
        progenitor.errors.ModelError: model 'm' has 1 problem:
          - rule 'r': (x + time) puts together x in dimensionless and time in time
        """
        problems: list[str] = []
        merged = _merge(name, tuple(parts), problems)
        problems += problems_of(merged, time_unit)
        if problems:
            count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
            lines = "".join(f"\n  - {problem}" for problem in problems)
            raise ModelError(f"model '{name}' has {count}:{lines}")
        declared = {item.name: getattr(merged, item.name) for item in fields(merged)}
        text = _canonical(merged)
        if time_unit != "day":
            text += f"\ntime [{time_unit}]"
        content_hash = hashlib.sha256(text.encode()).hexdigest()
        return cls(**declared, content_hash=content_hash, time_unit=time_unit)


def _merge(name: str, parts: Sequence[ReactionSet], problems: list[str]) -> ReactionSet:
    """One reaction set of everything the parts declare, duplicates told."""
    return ReactionSet(
        name=name,
        species=_gather("species", [(p.name, p.species) for p in parts], problems, shared=True),
        parameters=_gather(
            "parameter", [(p.name, p.parameters) for p in parts], problems, shared=True
        ),
        reactions=_gather("reaction", [(p.name, p.reactions) for p in parts], problems),
        rules=_gather("rule", [(p.name, p.rules) for p in parts], problems),
        events=_gather("event", [(p.name, p.events) for p in parts], problems),
        observables=_gather("observable", [(p.name, p.observables) for p in parts], problems),
    )


def _gather(
    kind: str,
    declared: Sequence[tuple[str, Sequence[_Item]]],
    problems: list[str],
    *,
    shared: bool = False,
) -> tuple[_Item, ...]:
    found: dict[str, tuple[str, _Item]] = {}
    for part, items in declared:
        for item in items:
            if item.name not in found:
                found[item.name] = (part, item)
                continue
            first = found[item.name]
            if shared and first[1] == item:
                continue
            how = "differently" if shared else "twice"
            problems.append(
                f"{kind} '{item.name}' is declared {how} in '{first[0]}' and '{part}'; "
                "keep one or rename"
            )
    return tuple(item for _, item in found.values())


def _canonical(model: ReactionSet) -> str:
    """Write the text that is hashed: everything that changes results, nothing that does not."""
    lines = [
        *(
            f"species {s.name} [{s.unit}] = {_text(s.initial)} nonnegative={s.nonnegative} "
            f"tolerance={s.absolute_tolerance!r} countable={s.countable}"
            for s in model.species
        ),
        *(f"parameter {p.name} [{p.unit}]" for p in model.parameters),
        *(f"rule {r.name} [{r.unit}] = {_text(r.expression)}" for r in model.rules),
        *(
            f"reaction {r.name}: {sorted(r.reactants.items())} -> "
            f"{sorted((name, float(made)) for name, made in r.products.items())} @ {_text(r.rate)}"
            f"{' continuous' if r.continuous else ''}"
            for r in model.reactions
        ),
        *(
            f"event {e.name}: {_text(e.trigger)} delay {_text(e.delay)} once={e.once} "
            f"stop={e.stop} {[(name, _text(text)) for name, text in e.assignments.items()]}"
            f"{_manner(e)}"
            for e in model.events
        ),
        *(f"observable {o.name} [{o.unit}] = {_text(o.expression)}" for o in model.observables),
    ]
    return "\n".join(lines)


def _manner(event: Event) -> str:
    """Write how an event acts where that differs from the usual."""
    priority = [f" priority {_text(event.priority)}"] if event.priority else []
    unusual = {
        " withdrawn": not event.persistent,
        " values from trigger": event.values_from_trigger,
        " fires at start": event.fires_at_start,
    }
    return "".join([*priority, *(text for text, holds in unusual.items() if holds)])


def _text(expression: str) -> str:
    return render(parse(expression))
