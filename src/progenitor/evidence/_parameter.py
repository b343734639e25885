"""A parameter: what was reported, the distribution we use, and how the one follows the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, final, get_args

from progenitor.units import Quantity

__all__ = [
    "DISTRIBUTIONS",
    "HOW",
    "LEVELS",
    "ROLES",
    "SECOND_READINGS",
    "STATES",
    "Derivation",
    "Directness",
    "Distribution",
    "Level",
    "Parameter",
    "Reported",
    "Role",
    "State",
    "Trust",
    "Used",
]

Distribution = Literal["lognormal", "logitnormal", "normal", "fixed"]
Level = Literal["direct", "partial", "indirect"]
Role = Literal["building", "verification", "prior", "definition", "setting", "published"]
State = Literal["assumed", "provisional", "checked", "disputed", "stale"]
Trust = Literal["A", "B", "C", "D"]

DISTRIBUTIONS: Final[tuple[str, ...]] = get_args(Distribution)
LEVELS: Final[tuple[str, ...]] = get_args(Level)
ROLES: Final[tuple[str, ...]] = get_args(Role)
STATES: Final[tuple[str, ...]] = get_args(State)
HOW: Final = ("read", "computed", "memory")
SECOND_READINGS: Final = ("confirmed", "different", "not found", "not read")


@final
@dataclass(frozen=True, slots=True)
class Reported:
    """One number as a source printed it.

    Parameters
    ----------
    source
        Id of the source.
    quantity
        What the source calls it.
    value, low, high, unit
        As printed; ``interval`` says what ``low`` and ``high`` are (95 % CI, IQR, range, SD).
        The value is NaN where only a range is printed.
    n, population
        How many, and who.
    locator
        Table, figure or page.
    row
        Row of the evidence table the number was entered from.
    how
        ``read`` in the source, ``computed`` from numbers read there, or from ``memory``.
    second_reading
        What a second reader found on opening the source again.

    Examples
    --------
    >>> Reported("stein_2019", "Expansion doubling time", 0.78, "day").measured
    Quantity(value=0.78, unit='day')
    """

    source: str
    quantity: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    interval: str = ""
    n: int | None = None
    population: str = ""
    locator: str = ""
    row: str = ""
    how: str = "read"
    second_reading: str = "not read"

    @property
    def measured(self) -> Quantity:
        """The reported value with its unit."""
        return Quantity(self.value, self.unit)

    @property
    def remembered(self) -> bool:
        """Whether nobody has seen the number in its source: from memory, never found since."""
        return self.how == "memory" and self.second_reading not in {"confirmed", "different"}


@final
@dataclass(frozen=True, slots=True)
class Used:
    """The distribution a simulation draws a parameter from.

    Parameters
    ----------
    distribution
        ``lognormal``, ``logitnormal``, ``normal`` or ``fixed``.
    median
        In the parameter's unit.
    between_patient_cv, uncertainty_cv
        Lognormal only: coefficients of variation between patients, and of our knowledge of the
        median.
    between_patient_sd, uncertainty_sd
        The same as standard deviations: on the logit scale for ``logitnormal``, in the
        parameter's unit for ``normal``.
    lower, upper
        Where the distribution is cut off, in the parameter's unit.
    """

    distribution: Distribution
    median: float
    between_patient_cv: float = 0.0
    uncertainty_cv: float = 0.0
    lower: float | None = None
    upper: float | None = None
    between_patient_sd: float = 0.0
    uncertainty_sd: float = 0.0


@final
@dataclass(frozen=True, slots=True)
class Derivation:
    """The named function that turns what was reported into the median used.

    Parameters
    ----------
    name
        One of the functions in ``progenitor.evidence.derivations``.
    arguments
        Its further arguments, with units.
    """

    name: str = "identity"
    arguments: Mapping[str, Quantity] = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class Directness:
    """How far the reported setting is from the one simulated, in four respects.

    Parameters
    ----------
    species, product, setting, indication
        ``direct``, ``partial`` or ``indirect``.
    """

    species: Level = "direct"
    product: Level = "direct"
    setting: Level = "direct"
    indication: Level = "direct"

    @property
    def levels(self) -> tuple[Level, Level, Level, Level]:
        """The four levels in a fixed order."""
        return (self.species, self.product, self.setting, self.indication)


@final
@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model, with everything known about where it came from.

    Parameters
    ----------
    id
        ``<subject>/<quantity>``, the path of its file.
    title, symbol, unit
        What it is, how equations write it, and the unit of ``used``.
    role
        ``building`` (the model is built on it), ``verification`` (predicted, never fitted),
        ``prior`` (assumed), ``definition`` or ``setting`` (fixed); ``published`` belongs to one
        model of the library and is used nowhere else.
    reported
        What sources say; the first entry is the one the median is derived from.
    used
        The distribution drawn from; None for a number that is only compared with: one kept for
        verification, or a building number that others are fitted to.
    derivation, directness
        How ``used`` follows ``reported``, and how far apart their settings are.
    reason
        Why this number, when no source says so.
    notes
        What a reader should know.
    reading
        How a dispute between two readers was settled.
    calibrated
        Whether the median was moved by a documented fit to building data.
    grade
        Grade of the source of the first reported number; empty when nothing was read.
    state, trust
        Derived by the catalogue, never typed.
    """

    id: str
    title: str
    symbol: str
    unit: str
    role: Role
    reported: tuple[Reported, ...] = ()
    used: Used | None = None
    derivation: Derivation = field(default_factory=Derivation)
    directness: Directness = field(default_factory=Directness)
    reason: str = ""
    notes: str = ""
    reading: str = ""
    calibrated: bool = False
    grade: str = ""
    state: State = "assumed"
    trust: Trust = "D"

    @property
    def leaf(self) -> str:
        """The last part of the id, which is the symbol inside a model."""
        return self.id.rpartition("/")[2]
