"""What every assembled body promises: the limits that hold whatever the numbers are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, final

import numpy as np
from jaxtyping import Float

from progenitor.body import Body
from progenitor.cohort import sample_numbers
from progenitor.engine import Dose, Status, Trajectories, simulate, stream
from progenitor.evidence import Catalogue
from progenitor.testing._reaction_rates import reaction_rates

__all__ = ["BodyContract"]

DAYS = (0.0, 1.0, 3.0, 7.0, 10.0, 14.0, 28.0, 60.0)
STATES = 64
ROUND_OFF = 1e-12


@final
@dataclass(frozen=True, slots=True)
class BodyContract:
    """Checks of an assembled body over sampled patients.

    Parameters
    ----------
    body
        The body.
    parameters
        Symbol → value of every model parameter, inputs included, (patient,).
    cells
        A dose for each phenotype; cell.
    seed
        Of the sampled states and of the simulation.
    """

    body: Body
    parameters: Mapping[str, Float[np.ndarray, " patient"]]
    cells: float = 1e8
    seed: int = 1

    @classmethod
    def of(
        cls,
        body: Body,
        catalogue: Catalogue,
        inputs: Mapping[str, float],
        *,
        patients: int = 4,
        seed: int = 1,
    ) -> Self:
        """Sample patients, each from a parameter draw of its own.

        Parameters
        ----------
        body, catalogue
            The body and the catalogue it was assembled from.
        inputs
            Symbol → value of what the protocol supplies, the same for every patient.
        patients, seed
            How many patients, and the seed they are sampled with.
        """
        one_each = np.arange(patients)
        ids = body.parameter_ids
        numbers = sample_numbers(catalogue, ids, seed=seed, draw=one_each, patient=one_each)
        parameters = {symbol: numbers[address] for symbol, address in body.symbols.items()}
        supplied = {symbol: np.full(patients, inputs[symbol]) for symbol in body.inputs}
        return cls(body, {**parameters, **supplied}, seed=seed)

    def nothing_can_become_negative(self) -> None:
        """Where a species is zero its rate of change is zero or more, in every state sampled."""
        states = self._states()
        for species in self.body.model.species:
            if not species.nonnegative:
                continue
            change = self._change(species.name, {**states, species.name: np.zeros(STATES)})
            worst = float(change.min())
            assert worst >= 0.0, (
                f"{species.name} falls below zero at {worst:.3g} {species.unit}/day"
            )

    def losses_need_something_to_lose(self) -> None:
        """A reaction stops when any of its reactants is used up."""
        states = self._states()
        for name in {name for item in self.body.model.reactions for name in item.reactants}:
            rates = self._rates({**states, name: np.zeros(STATES)})
            for reaction in self.body.model.reactions:
                if name in reaction.reactants:
                    still = np.all(rates[reaction.name] == 0.0)
                    assert still, f"{reaction.name} goes on without {name}"

    def every_patient_is_solved(self) -> None:
        """Sampled patients, dosed, end with status OK and finite observables."""
        result = self._simulate(tuple(self.body.dose_species.values()))
        failed = [Status(code).name for code in result.status if code != Status.OK]
        assert not failed, f"patients failed: {failed}"
        assert np.isfinite(result.values).all()

    def without_a_dose_no_product_appears(self) -> None:
        """An untreated patient carries no product cell beyond the round-off of the solver."""
        species = tuple(self.body.dose_species.values())
        without, with_dose = self._simulate(()), self._simulate(species)
        for name in self._product_observables():
            most = with_dose.observable(name).max(axis=1, keepdims=True)
            found = without.observable(name) > ROUND_OFF * most
            assert not found.any(), f"{name} appears without a dose"

    def a_larger_dose_gives_more_cells_at_first(self) -> None:
        """A day after infusion, ten times the dose leaves more product cells in every patient."""
        species = tuple(self.body.dose_species.values())
        small, large = self._simulate(species), self._simulate(species, times=10.0)
        day = DAYS.index(1.0)
        for name in self._product_observables():
            less, more = (run.observable(name)[:, day] for run in (small, large))
            assert np.all(more > less), f"{name} does not rise with the dose"

    def _product_observables(self) -> tuple[str, ...]:
        """Observables that are zero at the start and fed by the product."""
        return tuple(
            shown.name for shown in self.body.model.observables if shown.name == "car_t_in_blood"
        )

    def _states(self) -> dict[str, Float[np.ndarray, " state"]]:
        """Amounts over many orders of magnitude, one generator for all species."""
        uniform = stream(self.seed, "contract states").uniform
        spans = {"cell": (0.0, 12.0), "1": (-3.0, 0.0)}
        return {
            species.name: 10.0 ** uniform(*spans.get(species.unit, (-3.0, 2.0)), STATES)
            for species in self.body.model.species
        }

    def _rates(
        self, states: Mapping[str, Float[np.ndarray, " state"]]
    ) -> dict[str, Float[np.ndarray, " state"]]:
        patients = len(next(iter(self.parameters.values())))
        rows = np.arange(STATES) % patients
        spread = {symbol: values[rows] for symbol, values in self.parameters.items()}
        return reaction_rates(self.body.model, spread, states)

    def _change(
        self, name: str, states: Mapping[str, Float[np.ndarray, " state"]]
    ) -> Float[np.ndarray, " state"]:
        rates = self._rates(states)
        parts = [
            reaction.change[name] * rates[reaction.name]
            for reaction in self.body.model.reactions
            if name in reaction.change
        ]
        return np.sum(parts, axis=0) if parts else np.zeros(STATES)

    def _simulate(self, species: Sequence[str], times: float = 1.0) -> Trajectories:
        patients = len(next(iter(self.parameters.values())))
        amount = np.full(patients, self.cells * times)
        return simulate(
            self.body.model,
            self.parameters,
            times=np.tile(DAYS, (patients, 1)),
            doses=[Dose(name, np.zeros(patients), amount) for name in species],
            seed=self.seed,
            draw=np.arange(patients),
            patient=np.arange(patients),
        )
