"""What every manufacturing step promises, whatever it does to the cells."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.cohort import sample_numbers
from progenitor.engine import Model
from progenitor.evidence import Catalogue
from progenitor.manufacture import CellState, Inputs, Outcome, Specification, Step
from progenitor.product import PHENOTYPES

__all__ = ["StepContract"]

BALANCE = 1e-6
"""Births and deaths are integrated beside the cells: their sum holds up to the solver."""


@final
@dataclass(frozen=True, slots=True)
class StepContract:
    """Checks of one unit operation on example lots.

    Parameters
    ----------
    step
        The unit operation.
    before
        The lots that come in.
    inputs
        What the step may look at besides.
    catalogue
        Where its numbers are.
    """

    step: Step
    before: CellState
    inputs: Inputs
    catalogue: Catalogue

    @classmethod
    def of(
        cls,
        step: Step,
        catalogue: Catalogue,
        settings: Mapping[str, float | str],
        *,
        before: CellState,
        culture: Model,
        seed: int = 1,
        words: Mapping[str, tuple[str, ...]] | None = None,
        specification: Specification | None = None,
        gives: tuple[str, ...] = PHENOTYPES,
    ) -> Self:
        """Prepare the checks from settings as a recipe gives them.

        Parameters
        ----------
        step, catalogue
            The unit operation and where its numbers are.
        settings
            Setting → value in the step's unit, or the catalogue id that holds it.
        before
            The lots that come in.
        culture
            The culture model of a recipe.
        seed
            Of the sampled numbers, each lot from a draw of its own.
        words, specification, gives
            Textual settings, what lots must meet, and the phenotypes of the product.
        """
        lots = np.arange(len(before.day))
        needed = (*step.parameters, *step.parameters_of(words or {}))
        ids = {*needed, *(value for value in settings.values() if isinstance(value, str))}
        sampled = sample_numbers(catalogue, sorted(ids), seed=seed, draw=lots, patient=lots)
        given = {
            name: sampled[value] if isinstance(value, str) else np.full(len(lots), float(value))
            for name, value in settings.items()
        }
        own = {name.rpartition("/")[2]: sampled[name] for name in needed}
        inputs = Inputs(
            step.name,
            given,
            own,
            culture=culture,
            seed=seed,
            draw=np.zeros_like(lots),
            lot=lots,
            words=words or {},
            specification=specification,
            gives=gives,
        )
        return cls(step, before, inputs, catalogue)

    def names_sourced_numbers(self) -> None:
        """Every parameter is a record of the catalogue with a distribution to draw from."""
        known = self.catalogue.parameters
        missing = [name for name in self.step.parameters if name not in known]
        assert not missing, f"{self.step.name}: add these records: {missing}"
        unusable = [name for name in self.step.parameters if known[name].used is None]
        assert not unusable, f"{self.step.name}: only for verification: {unusable}"

    def accounts_for_every_cell(self) -> None:
        """Viable cells before and gained are the viable cells after and lost."""
        outcome = self._run()
        lost = sum(outcome.lost.values(), np.zeros_like(outcome.gained))
        before, after = self.before.viable + outcome.gained, outcome.state.viable + lost
        wrong = np.abs(after - before) > BALANCE * before
        assert not wrong.any(), f"{self.step.name}: {before} in, {after} out"

    def has_no_negative_cells(self) -> None:
        """No kind of cell, gain or loss is negative, and shares stay between 0 and 1."""
        outcome = self._run()
        state = outcome.state
        for amounts in (
            state.cells,
            state.precursors,
            state.other,
            state.dead,
            outcome.gained,
            *outcome.lost.values(),
        ):
            assert not (amounts < 0).any(), f"{self.step.name}: {amounts}"
        for share in (state.car_fraction, state.stimulation, state.activation):
            assert not ((share < 0) | (share > 1)).any(), f"{self.step.name}: {share}"

    def never_turns_back_the_clock_or_the_bill(self) -> None:
        """Days and every cost line stay or grow; a new line is one that the step declares."""
        after = self._run().state
        assert not (after.day < self.before.day).any()
        for line, amount in after.cost.items():
            earlier = self.before.cost.get(line, 0.0)
            assert not (amount < earlier).any(), f"{self.step.name} gives money back: {line}"
            if np.any(amount != earlier):
                assert line in self.step.cost_lines, f"{self.step.name} does not declare {line}"

    def declares_its_failures(self) -> None:
        """A lot is only stopped for a reason the step declares."""
        strange = set(self._run().failures) - set(self.step.failure_modes)
        assert not strange, f"{self.step.name} does not declare {strange}"

    def treats_each_lot_alone(self) -> None:
        """Listing the lots backwards lists the results backwards, bit for bit."""
        order = np.arange(len(self.before.day))[::-1]
        together, backwards = self._run(), self._run(order)
        for name, values in _arrays(together.state).items():
            found = _arrays(backwards.state)[name]
            assert np.array_equal(found, values[order], equal_nan=True), f"{self.step.name}: {name}"

    def leaves_its_input_alone(self) -> None:
        """The lots that came in are the same afterwards."""
        copied = {name: values.copy() for name, values in _arrays(self.before).items()}
        self._run()
        for name, values in _arrays(self.before).items():
            assert np.array_equal(values, copied[name], equal_nan=True), f"{self.step.name}: {name}"

    def _run(self, order: Int[np.ndarray, " lot"] | None = None) -> Outcome:
        rows = np.arange(len(self.before.day)) if order is None else order
        given = self.inputs
        inputs = Inputs(
            given.label,
            {name: values[rows] for name, values in given.settings.items()},
            {name: values[rows] for name, values in given.numbers.items()},
            culture=given.culture,
            seed=given.seed,
            draw=given.draw[rows],
            lot=given.lot[rows],
            words=given.words,
            specification=given.specification,
            gives=given.gives,
        )
        state: dict[str, Any] = {}
        for item in fields(CellState):
            value = getattr(self.before, item.name)
            if isinstance(value, Mapping):
                state[item.name] = {name: part[rows] for name, part in value.items()}
            else:
                state[item.name] = value[rows] if isinstance(value, np.ndarray) else value
        return self.step.run(CellState(**state), inputs)


def _arrays(state: CellState) -> dict[str, Float[np.ndarray, "lot *more"]]:
    """Every array of a state, by name."""
    found: dict[str, Any] = {}
    for item in fields(CellState):
        value = getattr(state, item.name)
        if isinstance(value, Mapping):
            found |= {f"{item.name} {name}": part for name, part in value.items()}
        elif isinstance(value, np.ndarray):
            found[item.name] = value
    return found
