"""What a unit operation is: what it needs, what it does to the lots, and how it may fail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import Model, SolverOptions, standard_normals, uniforms
from progenitor.errors import SimulationError
from progenitor.manufacture._cell_state import CellState
from progenitor.manufacture._specification import Specification
from progenitor.product import PHENOTYPES

__all__ = [
    "CULTURE_SOLVER",
    "Check",
    "Curve",
    "Inputs",
    "Outcome",
    "Setting",
    "Step",
    "address",
]

SUBJECT: Final = "manufacture"

CULTURE_SOLVER: Final = SolverOptions(rtol=1e-5)
"""How the culture model is solved unless somebody asks for something else."""


def address(quantity: str) -> str:
    """Return the catalogue id of a manufacturing quantity.

    Examples
    --------
    >>> address("harvest_recovery")
    'manufacture/harvest_recovery'
    """
    return f"{SUBJECT}/{quantity}"


@final
@dataclass(frozen=True, slots=True)
class Setting:
    """A number that the recipe gives to a step.

    Parameters
    ----------
    name, unit
        What it is called in the recipe, and the unit in which the step uses it.
    fixed
        Whether it must be the same for every lot of a batch.
    default
        Its value where a recipe gives none; without one a recipe must.
    above_zero, most
        Whether zero is refused, and the largest value, such as 1 for a share.
    """

    name: str
    unit: str
    fixed: bool = False
    default: float | None = None
    above_zero: bool = False
    most: float = float("inf")


@final
@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a step may look at besides the lots themselves.

    Parameters
    ----------
    label
        Name of this step in its recipe.
    settings
        Setting → value, (lot,).
    numbers
        Quantity (without its subject) → value, (lot,); only what the step declared.
    culture
        The culture model of the recipe.
    seed, draw, lot
        What random streams are keyed by.
    solver
        How the culture model is solved.
    words
        Textual settings: name → words.
    specification
        What the lots must meet, if the recipe names one.
    gives
        Phenotypes of the product.
    """

    label: str
    settings: Mapping[str, Float[np.ndarray, " lot"]]
    numbers: Mapping[str, Float[np.ndarray, " lot"]]
    culture: Model
    seed: int
    draw: Int[np.ndarray, " lot"]
    lot: Int[np.ndarray, " lot"]
    solver: SolverOptions = CULTURE_SOLVER
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    specification: Specification | None = None
    gives: tuple[str, ...] = PHENOTYPES

    def fixed(self, setting: str) -> float:
        """Return a setting that is one number for the whole batch.

        Raises
        ------
        SimulationError
            If lots were given different values.
        """
        values = np.unique(self.settings[setting])
        if len(values) != 1:
            message = (
                f"step {self.label!r}: setting {setting!r} differs between lots "
                f"({values[0]:g} to {values[-1]:g}). Give one value to all lots of the batch."
            )
            raise SimulationError(message)
        return float(values[0])

    def normals(self, purpose: str) -> Float[np.ndarray, " lot"]:
        """Draw a standard normal deviate for each lot, keyed by what it is for."""
        return standard_normals(self.seed, self._stream(purpose), self.draw, self.lot)

    def uniforms(self, purpose: str) -> Float[np.ndarray, " lot"]:
        """Draw a uniform deviate between 0 and 1 for each lot."""
        return uniforms(self.seed, self._stream(purpose), self.draw, self.lot)

    def _stream(self, purpose: str) -> str:
        return f"{SUBJECT}/{self.label}/{purpose}"


@final
@dataclass(frozen=True, slots=True)
class Check:
    """One line of a specification, judged for every lot.

    Parameters
    ----------
    reason
        The failure this check finds.
    quantity
        What was measured, in words.
    unit
        Unit in which it is reported; ``%`` for shares.
    measured, limit
        (lot,).
    at_least
        Whether the limit is a minimum.

    Examples
    --------
    >>> measured, limit = np.array([0.64]), np.array([0.7])
    >>> check = Check("low viability", "viability", "%", measured, limit, at_least=True)
    >>> check.passed, check.sentence(0)
    (array([False]), 'viability 64 % < 70 %')
    """

    reason: str
    quantity: str
    unit: str
    measured: Float[np.ndarray, " lot"]
    limit: Float[np.ndarray, " lot"]
    at_least: bool

    @property
    def passed(self) -> Bool[np.ndarray, " lot"]:
        """Whether each lot meets the limit; a lot that was not measured does not."""
        if self.at_least:
            return self.measured >= self.limit
        return self.measured <= self.limit

    def sentence(self, index: int) -> str:
        """Put the check of one lot into words."""
        passed = bool(self.passed[index])
        sign = (">=" if passed else "<") if self.at_least else ("<=" if passed else ">")
        measured, limit = (
            self._shown(float(array[index])) for array in (self.measured, self.limit)
        )
        return f"{self.quantity} {measured} {sign} {limit}"

    def _shown(self, value: float) -> str:
        if self.unit == "%":
            return f"{value:.1%}".replace(".0%", "%").replace("%", " %")
        return f"{value:.3g} {self.unit}".strip()


@final
@dataclass(frozen=True, slots=True)
class Curve:
    """A culture over time; days are counted from the start of this step, lots with lots first.

    Parameters
    ----------
    days
        (lot, time); day.
    cells
        Viable T cells by stage, (lot, time, stage); cell.
    other, dead
        Viable cells of other kinds, and dead cells, (lot, time); cell.
    born, died
        Cells made and lost since the start, (lot, time); cell.
    stimulation, activation
        (lot, time), 0 to 1.
    glucose, lactate
        (lot, time); mmol/L.
    solved
        Whether the solver reached the end, (lot,); the rest is NaN where it did not.
    harvested
        Index on the time axis at which the step ended, (lot,).
    """

    days: Float[np.ndarray, "lot time"]
    cells: Float[np.ndarray, "lot time stage"]
    other: Float[np.ndarray, "lot time"]
    dead: Float[np.ndarray, "lot time"]
    born: Float[np.ndarray, "lot time"]
    died: Float[np.ndarray, "lot time"]
    stimulation: Float[np.ndarray, "lot time"]
    activation: Float[np.ndarray, "lot time"]
    glucose: Float[np.ndarray, "lot time"]
    lactate: Float[np.ndarray, "lot time"]
    solved: Bool[np.ndarray, " lot"]
    harvested: Int[np.ndarray, " lot"]

    @property
    def viability(self) -> Float[np.ndarray, "lot time"]:
        """Share of all cells that are alive, (lot, time)."""
        alive = self.cells.sum(axis=2) + self.other
        viability: Float[np.ndarray, "lot time"] = alive / (alive + self.dead)
        return viability


@final
@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did.

    Parameters
    ----------
    state
        The lots afterwards.
    gained
        Viable cells that came in or were born, (lot,); cell.
    lost
        Where viable cells went → how many, (lot,); cell.
    failures
        Reason → which lots it stops, (lot,).
    checks
        Specifications judged in this step.
    curve
        The culture over time, if the step grew cells.

    Viable cells before + ``gained`` = viable cells after + all of ``lost``.
    """

    state: CellState
    gained: Float[np.ndarray, " lot"]
    lost: Mapping[str, Float[np.ndarray, " lot"]] = field(default_factory=dict)
    failures: Mapping[str, Bool[np.ndarray, " lot"]] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    curve: Curve | None = None


def _nothing(_words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Name no catalogue ids beyond those a step always needs."""
    return ()


@final
@dataclass(frozen=True, slots=True)
class Step:
    """A unit operation.

    Parameters
    ----------
    name, title
        Its name in recipes, and in words.
    settings
        What a recipe must give it.
    parameters
        Catalogue ids it always needs.
    cost_lines
        Lines it may add to the bill.
    failure_modes
        Reasons for which it may stop a lot.
    run
        ``(state, inputs) -> outcome``; pure.
    words
        Names of textual settings a recipe must give, such as the loci an editor cuts.
    choices
        Textual setting → the words it may hold; without an entry any word.
    parameters_of
        Catalogue ids that its words ask for besides ``parameters``.
    resources
        What is occupied for as long as the step lasts.
    consumables
        What is used up.
    measurements
        What is measured while the step runs.
    evidence
        Rows of the evidence table, or sources of the catalogue, that its form rests on.
    """

    name: str
    title: str
    run: Callable[[CellState, Inputs], Outcome]
    settings: tuple[Setting, ...] = ()
    parameters: tuple[str, ...] = ()
    cost_lines: tuple[str, ...] = ()
    failure_modes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parameters_of: Callable[[Mapping[str, tuple[str, ...]]], tuple[str, ...]] = _nothing
    resources: tuple[str, ...] = ()
    consumables: tuple[str, ...] = ()
    measurements: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
