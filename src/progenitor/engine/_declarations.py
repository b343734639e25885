"""What a model is declared with: species, parameters, reactions, rules, events and observables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

__all__ = [
    "Event",
    "ModelParameter",
    "Observable",
    "Reaction",
    "ReactionSet",
    "Rule",
    "Species",
]


@final
@dataclass(frozen=True, slots=True)
class Species:
    """Something whose amount changes by reactions, doses and events.

    Parameters
    ----------
    name
        The symbol used in expressions.
    unit
        Unit of the amount.
    initial
        Expression of parameters and parameter-only rules; a bare number is in ``unit``.
    title
        A few words for people.
    nonnegative
        Whether a negative amount is an error. Undershoot within solver tolerance is clipped in
        outputs and counted; anything more ends the patient with status ``NEGATIVE``.
    absolute_tolerance
        Amount below which the solver need not be accurate; left out, it is one cell for species
        counted in cells and 1e-6 of the unit otherwise.
    countable
        Whether small amounts are whole individuals that can die out by chance; the unit must be
        ``cell`` or ``1``.

    Examples
    --------
    >>> Species("tumour", "cell", initial="tumour_at_start", countable=True).name
    'tumour'
    """

    name: str
    unit: str
    initial: str = "0"
    title: str = ""
    nonnegative: bool = True
    absolute_tolerance: int | float | None = None
    countable: bool = False


@final
@dataclass(frozen=True, slots=True)
class ModelParameter:
    """A number that differs between patients and stays constant in each.

    Examples
    --------
    >>> ModelParameter("loss_rate", "1/day").unit
    '1/day'
    """

    name: str
    unit: str
    title: str = ""


@final
@dataclass(frozen=True, slots=True)
class Reaction:
    r"""A process that turns species into others at a rate.

    .. math:: \frac{ds}{dt} \mathrel{+}= (products_s - reactants_s) \cdot rate

    Parameters
    ----------
    name
        Unique in the model.
    rate
        Expression; its unit is the unit of every species it changes, per unit of the model's time.
    reactants, products
        Species → how many of it one turnover uses up or makes.
    continuous
        Whether it goes on all the time rather than at moments, such as the growth of a volume. It
        only says that exact simulation, which lets reactions happen one by one, must refuse it.

    Examples
    --------
    >>> Reaction("division", "growth_rate*cells", {"cells": 1}, {"cells": 2.0}).change
    {'cells': 1.0}
    """

    name: str
    rate: str
    reactants: Mapping[str, int] = field(default_factory=dict)
    products: Mapping[str, int | float] = field(default_factory=dict)
    continuous: bool = False

    @property
    def change(self) -> dict[str, float]:
        """Net change of each species that one turnover changes, in declared order."""
        names = dict.fromkeys([*self.reactants, *self.products])
        net = {name: self.products.get(name, 0.0) - self.reactants.get(name, 0) for name in names}
        return {name: float(value) for name, value in net.items() if value != 0}


@final
@dataclass(frozen=True, slots=True)
class Rule:
    """An algebraic shorthand that rates, events, observables and other rules may use.

    Examples
    --------
    >>> Rule("antigen_signal", "tumour/(tumour + half_signal)", "1").name
    'antigen_signal'
    """

    name: str
    expression: str
    unit: str


@final
@dataclass(frozen=True, slots=True)
class Event:
    """Something done when a condition becomes true.

    An event *fires* at the moment its trigger turns from false to true; a trigger that is true
    from the very start has not become true. Delay is evaluated when it fires; assignments are
    evaluated and made, in declared order, when the delay is over: the event *acts*. When several
    are to act at one moment, they act one by one in the order in which they became due, unless a
    priority says otherwise, and after each of them all triggers are looked at again.

    Parameters
    ----------
    name
        Unique in the model.
    trigger
        A condition, such as ``"temperature > fever and time > 1"``.
    assignments
        Species → expression of its new amount.
    delay
        Expression in the model's unit of time; so is a bare number.
    once
        Whether it fires at most once; otherwise it is armed again when the trigger turns false.
    stop
        Whether the patient's simulation ends with its action; later outputs are NaN.
    priority
        Dimensionless expression, evaluated anew before each action: of the events that are to act
        at one moment the one with the highest acts first, those without priority last.
    persistent
        Whether it acts even if the trigger turns false again before it acts.
    values_from_trigger
        Whether the new amounts are those of the moment at which it fires, not at which it acts.
    fires_at_start
        Whether a trigger that is true from the very start fires there.

    References
    ----------
    Hucka et al. SBML Level 3 Version 2 Core, section 4.11. J Integr Bioinform 2019,
    doi:10.1515/jib-2019-0021.

    Examples
    --------
    >>> Event("relapse", "tumour > detectable", stop=True).once
    True
    """

    name: str
    trigger: str
    assignments: Mapping[str, str] = field(default_factory=dict)
    delay: str = "0"
    once: bool = True
    stop: bool = False
    priority: str = ""
    persistent: bool = True
    values_from_trigger: bool = False
    fires_at_start: bool = False


@final
@dataclass(frozen=True, slots=True)
class Observable:
    """A quantity reported at every output time.

    Examples
    --------
    >>> Observable("car_t_in_blood", "tscm + teff", "cell").unit
    'cell'
    """

    name: str
    expression: str
    unit: str
    title: str = ""


@final
@dataclass(frozen=True, slots=True)
class ReactionSet:
    """What one mechanism contributes to a model.

    Examples
    --------
    >>> ReactionSet("decay", species=(Species("drug", "1"),)).reactions
    ()
    """

    name: str
    species: tuple[Species, ...] = ()
    parameters: tuple[ModelParameter, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    rules: tuple[Rule, ...] = ()
    events: tuple[Event, ...] = ()
    observables: tuple[Observable, ...] = ()
