"""What every assembled body promises: the limits that hold whatever the numbers are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, final

import numpy as np
from jaxtyping import Float

from progenitor.body import Body
from progenitor.cohort import sample_numbers
from progenitor.engine import Dose, Status, Trajectories, simulate, stream
from progenitor.evidence import Catalogue
from progenitor.testing._reaction_rates import reaction_rates, rule_values

__all__ = ["BodyContract"]

DAYS = (0.0, 1.0, 3.0, 7.0, 10.0, 14.0, 28.0, 60.0)
STATES = 64
ROUND_OFF = 1e-12
ANTIGEN_CARRIERS = ("tumour_positive", "tumour_low", "b_cells", "healthy_tissue")
RECOGNITION = ("antigen_signal_blood", "antigen_signal_tumour")


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
            Symbol → value of what the protocol supplies, the same for every patient; what the
            body presets by a switch may be left out.
        patients, seed
            How many patients, and the seed they are sampled with.
        """
        one_each = np.arange(patients)
        ids = body.parameter_ids
        numbers = sample_numbers(catalogue, ids, seed=seed, draw=one_each, patient=one_each)
        parameters = {symbol: numbers[address] for symbol, address in body.symbols.items()}
        given = {**inputs, **body.switches}
        supplied = {symbol: np.full(patients, given[symbol]) for symbol in body.inputs}
        return cls(body, {**parameters, **supplied}, seed=seed)

    def nothing_can_become_negative(self) -> None:
        """Where a species is zero its rate of change is zero or more, in every state sampled."""
        units = {one.name: one.unit for one in self.body.model.species if one.nonnegative}
        for name, rates in self._rates_without_each(units):
            worst = float(self._change(name, rates).min())
            assert worst >= 0.0, f"{name} falls below zero at {worst:.3g} {units[name]}/day"

    def losses_need_something_to_lose(self) -> None:
        """A reaction stops when any of its reactants is used up."""
        reactants = {name for item in self.body.model.reactions for name in item.reactants}
        for name, rates in self._rates_without_each(sorted(reactants)):
            for reaction in self.body.model.reactions:
                if name in reaction.reactants:
                    still = np.all(rates[reaction.name] == 0.0)
                    assert still, f"{reaction.name} goes on without {name}"

    def without_antigen_nothing_is_recognised(self) -> None:
        """Where no cell carries the antigen, T cells of the product get no signal from it."""
        states = self._without(ANTIGEN_CARRIERS)
        signals = rule_values(self.body.model, RECOGNITION, self._spread(states), states)
        for name, found in signals.items():
            assert np.all(found == 0.0), f"{name} is {float(found.max()):.3g} without antigen"

    def cells_without_antigen_are_left_alone(self) -> None:
        """The product itself kills no antigen-negative cell; bystanders are switched off."""
        with_product = self._rates(self._states(), signal=0.0)
        without = self._rates(self._without(self._lineage()), signal=0.0)
        for reaction in self.body.model.reactions:
            if reaction.reactants.keys() == {"tumour_negative"} and not reaction.products:
                same = np.array_equal(with_product[reaction.name], without[reaction.name])
                assert same, f"{reaction.name} depends on cells of the product"

    def product_cells_come_from_product_cells(self) -> None:
        """Where no cell of the product is left, none is made, whatever the host and the tumour do.

        Cells of the product are what is given and whatever cells of the product turn into.
        """
        lineage = self._lineage()
        rates = self._rates(self._without(lineage))
        for reaction in self.body.model.reactions:
            made = [name for name in lineage if reaction.change.get(name, 0.0) > 0.0]
            assert not made or np.all(rates[reaction.name] == 0.0), (
                f"{reaction.name} makes {', '.join(made)} without the product"
            )

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
        for name in self.body.product_observables:
            most = with_dose.observable(name).max(axis=1, keepdims=True)
            found = without.observable(name) > ROUND_OFF * most
            assert not found.any(), f"{name} appears without a dose"

    def a_larger_dose_gives_more_cells_at_first(self) -> None:
        """A day after infusion, ten times the dose leaves more product cells in every patient."""
        species = tuple(self.body.dose_species.values())
        small, large = self._simulate(species), self._simulate(species, times=10.0)
        day = DAYS.index(1.0)
        for name in self.body.product_observables:
            less, more = (run.observable(name)[:, day] for run in (small, large))
            assert np.all(more > less), f"{name} does not rise with the dose"

    def _lineage(self) -> tuple[str, ...]:
        """Species counted in cells that the product is given into or turns into, sorted."""
        cells = {species.name for species in self.body.model.species if species.unit == "cell"}
        lineage = set(self.body.dose_species.values())
        grown = True
        while grown:
            before = len(lineage)
            for reaction in self.body.model.reactions:
                if lineage & reaction.reactants.keys():
                    lineage |= cells & reaction.products.keys()
            grown = len(lineage) > before
        return tuple(sorted(lineage))

    def _states(self) -> dict[str, Float[np.ndarray, " state"]]:
        """Amounts over many orders of magnitude, one generator for all species."""
        uniform = stream(self.seed, "contract states").uniform
        spans = {"cell": (0.0, 12.0), "1": (-3.0, 0.0)}
        return {
            species.name: 10.0 ** uniform(*spans.get(species.unit, (-3.0, 2.0)), STATES)
            for species in self.body.model.species
        }

    def _without(self, names: Iterable[str]) -> dict[str, Float[np.ndarray, " state"]]:
        """States in which none of some species is left."""
        none = dict.fromkeys(names, np.zeros(STATES))
        return {name: none.get(name, amounts) for name, amounts in self._states().items()}

    def _spread(
        self, states: Mapping[str, Float[np.ndarray, " state"]], **inputs: float
    ) -> dict[str, Float[np.ndarray, " state"]]:
        """Return numbers for every state: patients taken in turn, inputs they have as given."""
        patients = len(next(iter(self.parameters.values())))
        rows = np.arange(len(next(iter(states.values())))) % STATES % patients
        numbers = {symbol: values[rows] for symbol, values in self.parameters.items()}
        known = inputs.keys() & numbers.keys()
        return {**numbers, **{name: np.full(len(rows), inputs[name]) for name in known}}

    def _rates(
        self, states: Mapping[str, Float[np.ndarray, " state"]], **inputs: float
    ) -> dict[str, Float[np.ndarray, " state"]]:
        return reaction_rates(self.body.model, self._spread(states, **inputs), states)

    def _rates_without_each(
        self, names: Iterable[str]
    ) -> Iterator[tuple[str, dict[str, Float[np.ndarray, " state"]]]]:
        """Rates where one species is used up, for each in turn; all are read at once."""
        chosen, states = tuple(names), self._states()
        every = {name: np.tile(amounts, len(chosen)) for name, amounts in states.items()}
        parts = [slice(place * STATES, (place + 1) * STATES) for place in range(len(chosen))]
        for name, part in zip(chosen, parts, strict=True):
            every[name][part] = 0.0
        rates = self._rates(every)
        for name, part in zip(chosen, parts, strict=True):
            yield name, {reaction: found[part] for reaction, found in rates.items()}

    def _change(
        self, name: str, rates: Mapping[str, Float[np.ndarray, " state"]]
    ) -> Float[np.ndarray, " state"]:
        """Net rate at which a species changes."""
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
