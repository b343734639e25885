"""The same donors and patients for every candidate: recipes differ by nothing else."""

from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from jaxtyping import Int

from progenitor.cohort import Numbers, sample_numbers
from progenitor.evidence import Catalogue
from progenitor.manufacture import CULTURE_SOLVER, Recipe, manufacture
from progenitor.study._plan import ArmSetup, Plan
from progenitor.study._process_objectives import Judged, judge, judged_columns
from progenitor.study._process_prices import MEDIUM_PRICES, priced
from progenitor.study._readout import follow_up, read_out
from progenitor.study._simulate import patient_numbers
from progenitor.study._treat import infusions, protocol, treat

__all__ = ["ProcessCohort"]

_GROUPS: Final = 20


@final
@dataclass(frozen=True, slots=True)
class ProcessCohort:
    """Donors, and patients where there is a body, on whom every candidate is judged.

    Parameters
    ----------
    shipped
        The recipe that is varied.
    seed, draw, patient
        What random streams are keyed by, (lot,).
    numbers
        Every number of lots and patients, (lot,).
    prices
        Of medium, (lot,).
    wanted
        Names of the objectives.
    least_released
        Share of lots that must be released, else nothing is said of the recipe.
    plan, arm
        Of the study; without them nobody is treated.
    """

    shipped: Recipe
    seed: int
    draw: Int[np.ndarray, " lot"]
    patient: Int[np.ndarray, " lot"]
    numbers: Numbers
    prices: Numbers
    wanted: tuple[str, ...]
    least_released: float = 0.0
    plan: Plan | None = None
    arm: ArmSetup | None = None

    @classmethod
    def of_recipe(
        cls,
        catalogue: Catalogue,
        recipe: Recipe,
        *,
        seed: int,
        lots: int,
        first: int,
        wanted: tuple[str, ...],
        least_released: float = 0.0,
    ) -> "ProcessCohort":
        """Return lots ``first``, ``first + 1``, …, each of its own donor and parameter draw."""
        index = np.arange(first, first + lots)
        numbers, prices = (
            sample_numbers(catalogue, names, seed=seed, draw=index, patient=index)
            for names in (recipe.parameter_ids, MEDIUM_PRICES)
        )
        return cls(recipe, seed, index, index, numbers, prices, wanted, least_released)

    @classmethod
    def of_arm(
        cls,
        plan: Plan,
        arm: ArmSetup,
        *,
        patients: int,
        first: int,
        wanted: tuple[str, ...],
        least_released: float = 0.0,
    ) -> "ProcessCohort":
        """Return patients ``first``, ``first + 1``, … of every draw of the plan."""
        draw = np.repeat(np.array(plan.draws), patients)
        patient = np.tile(np.arange(first, first + patients), len(plan.draws))
        numbers = patient_numbers(plan, draw=draw, patient=patient)
        prices = sample_numbers(
            plan.catalogue, MEDIUM_PRICES, seed=plan.seed, draw=draw, patient=patient
        )
        return cls(
            arm.recipe,
            plan.seed,
            draw,
            patient,
            numbers,
            prices,
            wanted,
            least_released,
            plan,
            arm if "pfs_12_months" in wanted else None,
        )

    def judge(self, recipe: Recipe) -> Judged:
        """Make a lot by a recipe for everybody, treat them, and read the objectives.

        Parameters
        ----------
        recipe
            The shipped one with settings changed.
        """
        keys = {"draw": self.draw, "patient": self.patient}
        solver = CULTURE_SOLVER if self.plan is None else self.plan.culture_solver
        batch = manufacture(
            recipe,
            priced(self.shipped, recipe, self.numbers, self.prices),
            seed=self.seed,
            draw=self.draw,
            lot=self.patient,
            solver=solver,
        )
        outcomes = None
        if self.plan is not None and self.arm is not None:
            arm = replace(self.arm, recipe=recipe)
            given = infusions(self.plan, arm, self.numbers, batch, **keys)
            asked = protocol(self.plan, arm, self.numbers, batch, given)
            seen = follow_up(self.plan, treat(self.plan, arm, asked, **keys), given, **keys)
            found = read_out(self.plan, self.numbers, given, seen, **keys)
            outcomes = {name: found[name] for name in ("pfs_12_months", "pfs_itt_12_months")} | {
                "infused": given.infused
            }
        _, place = np.unique(self.draw, return_inverse=True)
        columns = judged_columns(batch, outcomes)
        wanted = self.wanted
        return judge(columns, wanted, place % _GROUPS, least_released=self.least_released)
