"""What every chunk of a run needs to know, small enough to travel to a worker."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float

from progenitor.body import Body, assemble
from progenitor.cohort import Correlation, correlations_of
from progenitor.engine import SolverOptions
from progenitor.evidence import Catalogue
from progenitor.manufacture import CULTURE_SOLVER, Recipe, load_recipe
from progenitor.product import MeasuredComposition
from progenitor.study._catalogue_at import catalogue_at
from progenitor.study._criteria import CRITERIA
from progenitor.study._facility_section import FacilitySection
from progenitor.study._schema import Product, StudyFile
from progenitor.study._solver import solver_options

__all__ = [
    "READOUT_IDS",
    "ArmSetup",
    "Plan",
    "correlations",
    "level_name",
    "setup_arms",
    "used_ids",
]

READOUT_IDS: Final = (
    "assay/car_t_lower_limit",
    "assay/mrd_cells_sampled",
    "assay/mrd_reference_cells",
    "assay/mrd_sensitivity",
    "assay/transgene_lower_limit",
    "endpoint/b_cell_recovery_level",
    "endpoint/efs_respond_by",
    "host/body_weight",
    "waiting/attrition_hazard",
)
"""Numbers the wiring itself uses: dosing, waiting and reading out."""


@final
@dataclass(frozen=True, slots=True)
class Plan:
    """The study, its seed and the parameter draws it uses.

    Parameters
    ----------
    file
        The validated study.
    seed
        Seed of every random stream.
    draws
        Candidate number of each draw that was kept, in order.
    catalogue_path
        Folder of the catalogue, so that a worker reads the same one.
    threads
        How many the solver uses in this process; no number depends on it.
    """

    file: StudyFile
    seed: int
    draws: tuple[int, ...]
    catalogue_path: Path
    threads: int = 1

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue, read once per process."""
        return catalogue_at(self.catalogue_path)

    @property
    def windows(self) -> tuple[float, ...]:
        """Windows of the trials that look for a dose, days since infusion."""
        return tuple(
            trial.window for trial in self.file.trials.values() if trial.window is not None
        )

    @property
    def criteria(self) -> str:
        """Name of the criteria by which the disease responds."""
        disease = self.catalogue.entry("diseases", self.file.population.disease)
        return str(disease.data["response"])

    @property
    def solver(self) -> SolverOptions:
        """How patients are solved."""
        return solver_options(self.file.solver, threads=self.threads)

    @property
    def culture_solver(self) -> SolverOptions:
        """How the cultures of lots are solved: always in double precision, which costs little."""
        return replace(self.solver, rtol=CULTURE_SOLVER.rtol, precision=CULTURE_SOLVER.precision)

    @property
    def days(self) -> Float[np.ndarray, " time"]:
        """Days since infusion at which patients are looked at.

        Daily while blood levels are followed closely, weekly to three months, every second week to
        one year, then monthly, and on every visit.
        """
        visits = self.file.visits
        last = max(*visits.response, visits.kinetics_until)
        grid = [
            np.arange(0.0, visits.kinetics_until + 1.0),
            np.arange(visits.kinetics_until, min(last, _WEEKLY_UNTIL), 7.0),
            np.arange(_WEEKLY_UNTIL, min(last, _FORTNIGHTLY_UNTIL), 14.0),
            np.arange(_FORTNIGHTLY_UNTIL, last, 30.0),
            np.asarray(visits.response),
            np.asarray(self.windows),
        ]
        days: Float[np.ndarray, " time"] = np.unique(np.concatenate(grid))
        return days


@final
@dataclass(frozen=True, slots=True)
class ArmSetup:
    """One arm at one dose, with everything built that its patients share.

    ``name`` tells dose levels of an arm apart (``arm_2`` is the second); ``arm`` is its name in the
    study file, ``level`` the place of the dose among its levels and ``index`` its place among all.
    """

    name: str
    arm: str
    level: int
    index: int
    target_per_kg: float
    minimum_per_kg: float
    recipe: Recipe
    body: Body
    product: str = ""
    composition: MeasuredComposition | None = None
    facility: FacilitySection | None = None

    def address(self, name: str) -> str:
        """Catalogue id of the number that takes the place of another in this body."""
        return self.body.numbers.get(name, name)


_WEEKLY_UNTIL: Final = 91.0
_FORTNIGHTLY_UNTIL: Final = 365.0


def setup_arms(plan: Plan) -> tuple[ArmSetup, ...]:
    """Build the recipe and body of every arm, once per process.

    Raises
    ------
    CatalogueError
        When a recipe, chassis, disease, host or number is not in the catalogue.
    """
    if not _LATEST or _LATEST[0] is not plan.file or _LATEST[1] != plan.catalogue_path:
        key = f"{plan.catalogue_path} {plan.file.model_dump_json()}"
        _LATEST[:] = [plan.file, plan.catalogue_path, _setup(key, plan)]
    found: tuple[ArmSetup, ...] = _LATEST[2]
    return found


def used_ids(plan: Plan) -> tuple[str, ...]:
    """Catalogue ids of every number the run uses, for the ledger."""
    arms = setup_arms(plan)
    ids = {*READOUT_IDS, *CRITERIA[plan.criteria].ids, *plan.file.comparators}
    for arm in arms:
        ids.update(arm.recipe.parameter_ids, arm.body.parameter_ids)
        ids.update(own for name, own in arm.body.numbers.items() if name in READOUT_IDS)
    return tuple(sorted(ids))


def correlations(plan: Plan) -> tuple[Correlation, ...]:
    """Correlations between the numbers of one patient."""
    return correlations_of(plan.catalogue, plan.file.population.disease)


_SETUPS: dict[str, tuple[ArmSetup, ...]] = {}
_LATEST: list[Any] = []
"""The study asked about last, and its arms: writing a study down takes longer than looking here."""


def _setup(key: str, plan: Plan) -> tuple[ArmSetup, ...]:
    if key not in _SETUPS:
        catalogue, population = plan.catalogue, plan.file.population
        places = [
            (name, level)
            for name, arm in plan.file.arms.items()
            for level in range(len(arm.levels))
        ]
        bodies, recipes = {}, {}
        for name, arm in plan.file.arms.items():
            product = plan.file.products[arm.product]
            recipes[name] = load_recipe(catalogue, product.recipe)
            body = assemble(
                catalogue,
                chassis=product.chassis,
                disease=population.disease,
                host=population.host,
                also=tuple(population.also or ()),
            )
            bodies[name] = replace(body, switches={**body.switches, **(arm.set or {})})
        _SETUPS[key] = tuple(
            ArmSetup(
                name=level_name(name, level, len(plan.file.arms[name].levels)),
                arm=name,
                level=level,
                index=index,
                target_per_kg=plan.file.arms[name].levels[level],
                minimum_per_kg=plan.file.arms[name].minimum_dose,
                recipe=recipes[name],
                body=bodies[name],
                product=plan.file.arms[name].product,
                composition=_measured(plan.file.products[plan.file.arms[name].product]),
                facility=plan.file.facility_of(plan.file.arms[name].product),
            )
            for index, (name, level) in enumerate(places)
        )
    return _SETUPS[key]


def level_name(arm: str, level: int, levels: int) -> str:
    """Name an arm at one of its doses; an arm with one dose keeps its name.

    Examples
    --------
    >>> level_name("tscm", 1, 3), level_name("tscm", 0, 1)
    ('tscm_2', 'tscm')
    """
    return arm if levels == 1 else f"{arm}_{level + 1}"


def _measured(product: Product) -> MeasuredComposition | None:
    """Return the composition a product was measured to have, if it was."""
    return None if product.composition is None else product.composition.measured()
