"""Search a recipe's settings for the best compromises between cells, quality, cost, time and PFS.

A candidate is judged on simulated lots, each given to the virtual patient it was made for; every
candidate meets the same donors and patients, so candidates differ by their settings alone. Those
that nothing dominates in the search are judged anew on other patients, since the best of many
looks better than it is, and what is dominated then leaves the front.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, final

import numpy as np

from progenitor.documents import suggestion
from progenitor.engine import stream
from progenitor.errors import InputError, Problem, StudyError
from progenitor.evidence import Catalogue
from progenitor.inference import ProcessSearch, pareto_front
from progenitor.manufacture import Recipe
from progenitor.study._condition import condition_draws
from progenitor.study._optimisation import Candidate, Optimisation
from progenitor.study._optimise_section import OptimiseSection
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._process_cohort import ProcessCohort
from progenitor.study._process_objectives import OBJECTIVES
from progenitor.study._process_settings import ProcessSettings, process_settings
from progenitor.study._study import Study

__all__ = ["optimise_process", "optimise_recipe", "process_search"]

_TOGETHER: Final = 8
"""Candidates proposed at a time: a number of the method, not of the machine."""

_RESAMPLED: Final = 200
_TREATED: Final = "pfs_12_months"
_NO_STEM: Final = "stemness"
_PRICE_NOTE: Final = (
    "Medium is priced by vessel, exchange and additives, half of the dearer medium for cytokines "
    "and half for inhibitors (assumed); other costs follow the recipe."
)
_Progress = Callable[[int, int], None] | None


def process_search(
    space: ProcessSettings, objectives: Sequence[str], *, seed: int
) -> ProcessSearch:
    """Return the search of a recipe's settings, for asking and telling by hand.

    Parameters
    ----------
    space
        What may be varied.
    objectives
        Names of what is wanted.
    seed
        Of what is proposed.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.manufacture import load_recipe
    >>> catalogue = default_catalogue()
    >>> space = process_settings(catalogue, load_recipe(catalogue, "tscm_car_t"))
    >>> search = process_search(space, ["yield", "stemness"], seed=1)
    >>> sorted(search.ask(2)[0]) == sorted(item.name for item in space.ranges)
    True
    """
    goals = tuple(OBJECTIVES[name] for name in objectives)
    return ProcessSearch(space.ranges, goals, seed)


def optimise_process(
    study: Study,
    *,
    catalogue: Catalogue,
    product: str | None = None,
    candidates: int | None = None,
    seed: int | None = None,
    jobs: int = 1,
    progress: _Progress = None,
) -> Optimisation:
    """Find the Pareto front of a product of a study, up to the 12-month PFS of its patients.

    Parameters
    ----------
    study
        Says what may be varied in its section ``optimise:``; without one the usual settings are.
    catalogue
        Where every number lives.
    product
        Which product; by default the section's, or the first.
    candidates
        How many settings are tried, instead of what the study says.
    seed
        Of every random stream, instead of the study's.
    jobs
        Processors to use; the numbers are the same for any.
    progress
        Called with candidates judged and in all.

    Raises
    ------
    InputError
        When the product is unknown or not given in any arm, or a setting cannot be varied.
    StudyError
        When the composition of the product was measured: it holds for the recipe as it was run.
    MissingExtraError
        When the package ``optuna`` is not installed.
    """
    section = study.file.optimise or OptimiseSection()
    name = product or section.product or next(iter(study.products))
    arm_name = _arm_of(study, name)
    _unmeasured(study, name)
    number = study.seed if seed is None else seed
    plan = Plan(study.file, number, (), catalogue.path, threads=max(1, jobs))
    arm = next(arm for arm in setup_arms(plan) if arm.name == arm_name)
    space = process_settings(catalogue, arm.recipe, section.settings)
    wanted, notes = _wanted(arm.recipe, section.objectives, body=True)
    search = process_search(space, wanted, seed=number)
    search.ready()
    plan, record, _ = condition_draws(plan, section.draws, jobs=jobs)
    if not record["conditioned"]:
        notes += ("Parameter draws come from the priors alone: no arm the data belong to.",)
    sizes = (section.patients_per_draw, section.patients_to_confirm)
    asked: dict[str, Any] = {"wanted": wanted, "least_released": section.least_released}
    cohorts = [
        ProcessCohort.of_arm(plan, arm, patients=size, first=first, **asked)
        for size, first in ((sizes[0], 0), (sizes[1], sizes[0]))
    ]
    work = _Work(space, search, cohorts[0], cohorts[1], progress)
    return work.run(name, candidates or section.candidates, notes)


def optimise_recipe(
    catalogue: Catalogue,
    recipe: Recipe,
    *,
    section: OptimiseSection | None = None,
    candidates: int | None = None,
    seed: int,
    progress: _Progress = None,
) -> Optimisation:
    """Find the Pareto front of a recipe without a study: cells, stemness, cost and time.

    Parameters
    ----------
    catalogue
        Where every number lives.
    recipe
        From :func:`progenitor.manufacture.load_recipe`.
    section
        What may be varied and what is wanted; by default the usual.
    candidates, seed, progress
        As :func:`optimise_process` takes them.

    Raises
    ------
    InputError
        When a setting cannot be varied.
    MissingExtraError
        When the package ``optuna`` is not installed.
    """
    section = section or OptimiseSection()
    space = process_settings(catalogue, recipe, section.settings)
    wanted, notes = _wanted(recipe, section.objectives, body=False)
    search = process_search(space, wanted, seed=seed)
    search.ready()
    sizes = [section.draws * n for n in (section.patients_per_draw, section.patients_to_confirm)]
    asked: dict[str, Any] = {"wanted": wanted, "least_released": section.least_released}
    cohorts = [
        ProcessCohort.of_recipe(catalogue, recipe, seed=seed, lots=size, first=first, **asked)
        for size, first in ((sizes[0], 0), (sizes[1], sizes[0]))
    ]
    work = _Work(space, search, cohorts[0], cohorts[1], progress)
    return work.run(recipe.name, candidates or section.candidates, notes)


@final
@dataclass(frozen=True, slots=True)
class _Work:
    """A search with the cohorts on which candidates are judged and confirmed."""

    space: ProcessSettings
    search: ProcessSearch
    cohort: ProcessCohort
    others: ProcessCohort
    progress: _Progress

    def run(self, product: str, candidates: int, notes: tuple[str, ...]) -> Optimisation:
        search, tried = self.search, list[Candidate]()
        while len(tried) < candidates:
            asked = search.ask(min(_TOGETHER, candidates - len(tried)))
            for settings in asked:
                tried.append(self.judged(self.cohort, settings))
                self.say(len(tried), candidates)
            search = search.tell(asked, [one.judged.values for one in tried[-len(asked) :]])
        again = [self.judged(self.others, tried[place].settings) for place in search.front]
        judged = replace(self.others, least_released=0.0).judge(self.space.recipe)
        shipped = Candidate(self.space.shipped, judged)
        goal = search.goals[0].name
        failed = sum(np.isnan(one.judged.values[goal]) for one in tried)
        if failed:
            least = self.cohort.least_released
            notes += (f"{failed} candidates left out: under {least:.0%} of their lots released.",)
        return Optimisation(
            product=product,
            space=self.space,
            goals=search.goals,
            front=self.confirmed(again),
            tried=tuple(tried),
            reference=shipped,
            lots=len(self.cohort.patient),
            lots_to_confirm=len(self.others.patient),
            seed=search.seed,
            notes=notes,
        )

    def judged(self, cohort: ProcessCohort, settings: Mapping[str, float]) -> Candidate:
        return Candidate(settings, cohort.judge(self.space.applied(settings)))

    def say(self, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(done, total)

    def confirmed(self, again: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Candidates still on the front, by the first objective, with how sure that is."""
        if not again:
            return ()
        goals = self.search.goals
        maximise = [goal.maximise for goal in goals]
        values = np.array([[one.judged.values[goal.name] for goal in goals] for one in again])
        without = np.array([[one.judged.without[goal.name] for goal in goals] for one in again])
        groups = without.shape[2]
        pseudo = groups * values[..., np.newaxis] - (groups - 1) * without
        generator = stream(self.search.seed, "process search/confidence")
        stays = np.zeros(len(again))
        for _ in range(_RESAMPLED):
            rows = generator.integers(groups, size=groups)
            stays += pareto_front(pseudo[..., rows].mean(axis=2), maximise=maximise)
        kept = np.flatnonzero(pareto_front(values, maximise=maximise))
        order = kept[np.argsort(values[kept, 0] * (-1 if maximise[0] else 1), kind="stable")]
        return tuple(
            replace(again[row], confidence=float(stays[row] / _RESAMPLED)) for row in order
        )


def _arm_of(study: Study, product: str) -> str:
    """Name of the first arm that is given a product."""
    if product not in study.products:
        fix = suggestion(product, study.products)
        raise InputError([Problem(f"unknown product '{product}'", fix, field="--product")])
    arms = [name for name, arm in study.arms.items() if arm.product == product]
    if not arms:
        fix = "choose a product that an arm is given"
        raise InputError([Problem(f"no arm is given '{product}'", fix, field="--product")])
    return arms[0]


def _unmeasured(study: Study, product: str) -> None:
    """Refuse to vary the recipe of a product whose composition is what was measured."""
    if study.products[product].composition is None:
        return
    message = f"the composition of '{product}' was measured, and another recipe makes another"
    fix = "take 'composition:' out of this product to search with the predicted one"
    path = ("products", product, "composition")
    raise StudyError([study.document.problem(path, message, fix)])


def _wanted(
    recipe: Recipe, objectives: Sequence[str], *, body: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Objectives that this recipe can be judged by, and words on those it cannot."""
    wanted, notes = list(dict.fromkeys(objectives)), [_PRICE_NOTE]
    if not body and _TREATED in wanted:
        wanted.remove(_TREATED)
        notes.append("12-month PFS needs patients: give a study instead of a recipe.")
    if "tscm" not in recipe.gives and _NO_STEM in wanted:
        wanted.remove(_NO_STEM)
        notes.append("The product holds no stem memory cells, so stemness is not sought.")
    if not wanted:
        fix = "ask for yield, cost or vein_to_vein"
        message = f"recipe '{recipe.name}' can be judged by none of the objectives"
        raise InputError([Problem(message, fix, field="optimise.objectives")])
    return tuple(wanted), tuple(notes)
