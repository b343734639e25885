r"""What a lot must be to be released: each line with its method, error, gate and consequence.

A share counted on ``n`` cells is seen with standard error :math:`\sqrt{p(1-p)/n}`, a quantity read
with coefficient of variation ``cv`` with a lognormal error around the truth, and a contaminated lot
is found with probability ``detection``. The chance that a lot of true value :math:`\theta` passes,
which is the power of the test seen from the other side, follows in closed form:

.. math:: P(pass \mid p) = \Phi\left(\frac{p - L}{\sqrt{p(1-p)/n}}\right), \qquad
   P(pass \mid x) = \Phi\left(\frac{\ln x - \ln L}{\sqrt{\ln(1 + cv^2)}}\right)

for a minimum ``L``, and one minus that for a maximum.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import InputError, Problem

__all__ = [
    "CONSEQUENCES",
    "GATES",
    "REASONS",
    "Specification",
    "SpecificationLine",
]

GATES: Final = ("in-process", "release", "post-release")
"""When a line is judged; a post-release line lets the lot go before its result is known."""

CONSEQUENCES: Final = ("out-of-specification use", "remake", "reject")
"""What a failed line asks for: offer the lot to the physician, make it again, or discard it."""

REASONS: Final = {
    "contamination": "contamination",
    "viability": "low viability",
    "purity": "low purity",
    "car_fraction": "low receptor expression",
    "vcn_per_cell": "too many vector copies",
    "vcn_per_car_cell": "too many vector copies",
    "residual_tcr": "residual T-cell receptor",
    "car_cells": "below minimum dose",
}
"""Quantities that are simulated, and how a lot that misses their limit is said to fail."""


@final
@dataclass(frozen=True, slots=True)
class SpecificationLine:
    """One line of a specification.

    Parameters
    ----------
    quantity, title
        What is measured: a key of ``REASONS`` or, where it is only listed, any word.
    method, denominator, time_point
        How, of what, and when.
    unit
        Of the limit.
    limit
        The bound; NaN where the line is listed but not simulated.
    at_least
        Whether it is a minimum.
    cells
        Cells counted, for shares; 0 for other methods.
    variation
        Coefficient of variation of the method, for amounts.
    detection
        Chance that a contaminated lot is found, for sterility.
    turnaround
        Days until the result; day.
    gate, consequence
        From ``GATES`` and ``CONSEQUENCES``.
    of
        Kinds of cell that a test of purity counts, where they are not the product's alone: its
        marker may not tell a cell from what it will become.

    Examples
    --------
    >>> line = SpecificationLine("viability", "Viability", limit=0.7, cells=500)
    >>> line.pass_chance(np.array([0.66, 0.70, 0.74])).round(3)
    array([0.03 , 0.5  , 0.979])
    """

    quantity: str
    title: str
    method: str = ""
    denominator: str = ""
    time_point: str = ""
    unit: str = "1"
    limit: float = float("nan")
    at_least: bool = True
    cells: float = 0.0
    variation: float = 0.0
    detection: float = 1.0
    turnaround: float = 0.0
    gate: str = "release"
    consequence: str = "reject"
    of: tuple[str, ...] = ()

    @property
    def simulated(self) -> bool:
        """Whether lots are judged by this line; others are listed in the certificate only."""
        return self.quantity in REASONS

    @property
    def reason(self) -> str:
        """How a lot that misses it is said to fail."""
        return REASONS.get(self.quantity, self.title)

    def seen(
        self,
        truth: Float[np.ndarray, " lot"],
        normal: Float[np.ndarray, " lot"],
        uniform: Float[np.ndarray, " lot"],
    ) -> Float[np.ndarray, " lot"]:
        """Read the true value by the method, (lot,), with one deviate of each kind per lot."""
        read: Float[np.ndarray, " lot"]
        if self.quantity == "contamination":
            read = np.where((truth > 0) & (uniform < self.detection), 1.0, 0.0)
            return read
        if self.cells > 0:
            error = np.sqrt(np.maximum(truth * (1 - truth), 0) / self.cells) * normal
            read = np.clip(truth + error, 0, 1)
            return read
        read = truth * np.exp(np.sqrt(np.log1p(self.variation**2)) * normal)
        return read

    def passes(self, seen: Float[np.ndarray, " lot"]) -> Bool[np.ndarray, " lot"]:
        """Whether what was read meets the limit, (lot,); a lot that was not measured does not."""
        if self.quantity == "contamination":
            return np.asarray(seen == 0)
        return np.asarray(seen >= self.limit if self.at_least else seen <= self.limit)

    def pass_chance(self, truth: Float[np.ndarray, " lot"]) -> Float[np.ndarray, " lot"]:
        """Probability that a lot of this true value passes, (lot,)."""
        from scipy.special import ndtr

        if self.quantity == "contamination":
            return np.where(truth > 0, 1 - self.detection, 1.0)
        if self.cells > 0:
            distance = truth - self.limit
            error = np.sqrt(np.maximum(truth * (1 - truth), 0) / self.cells)
        else:
            with np.errstate(divide="ignore"):
                distance = np.log(truth) - np.log(self.limit)
            error = np.full_like(truth, np.sqrt(np.log1p(self.variation**2)))
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(error > 0, distance / error, np.where(distance >= 0, np.inf, -np.inf))
        on_limit = (error == 0) & (distance == 0)
        chance = ndtr(score) if self.at_least else ndtr(-score)
        passed: Float[np.ndarray, " lot"] = np.where(on_limit, 1.0, chance)
        return passed


@final
@dataclass(frozen=True, slots=True)
class Specification:
    """All lines a product must meet.

    Parameters
    ----------
    name, title
        Its name in recipes, and in words.
    source, locator
        Where it was published: a source of the catalogue, and the table.
    lines
        In the order in which reasons for failure are named.
    notes
        What had to be added to what was printed.
    """

    name: str
    title: str
    source: str
    locator: str
    lines: tuple[SpecificationLine, ...]
    notes: str = ""

    @property
    def judged(self) -> tuple[SpecificationLine, ...]:
        """The lines lots are judged by."""
        return tuple(line for line in self.lines if line.simulated)

    @property
    def turnaround(self) -> float:
        """Days from sampling until the lot may go: the slowest line that is not post-release."""
        days = [line.turnaround for line in self.lines if line.gate != "post-release"]
        return max(days, default=0.0)

    def line(self, quantity: str) -> SpecificationLine:
        """Return the line of a quantity.

        Raises
        ------
        InputError
            When there is none; the message lists those there are.
        """
        for line in self.lines:
            if line.quantity == quantity:
                return line
        known = ", ".join(line.quantity for line in self.lines)
        message = f"specification '{self.name}' has no line for '{quantity}'"
        raise InputError([Problem(message, f"use one of: {known}", field="quantity")])

    def power(self, quantity: str, truth: Float[np.ndarray, " lot"]) -> Float[np.ndarray, " lot"]:
        """Probability that a lot of this true value is stopped, (lot,): the power of the test."""
        return 1 - self.line(quantity).pass_chance(truth)

    def pass_chance(
        self, truth: Mapping[str, Float[np.ndarray, " lot"]]
    ) -> Float[np.ndarray, " lot"]:
        """Probability that lots pass every line, (lot,), reading errors being independent."""
        chance = np.ones_like(next(iter(truth.values())))
        for line in self.judged:
            chance = chance * line.pass_chance(truth[line.quantity])
        return chance
