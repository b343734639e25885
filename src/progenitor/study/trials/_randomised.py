"""Conduct the randomised trials of a study and gather what they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.study._estimates import Table
from progenitor.study._schema import StudyFile
from progenitor.study._trial_section import DESIGNS, Trial, given
from progenitor.study.results import Estimate, RandomisedExample, RandomisedPair, RandomisedResult
from progenitor.study.trials._averages import averaged, between_share, simple_share
from progenitor.study.trials._look_plan import LookPlan, look_plan
from progenitor.study.trials._survival_conduct import Conducted, Looked, look_at
from progenitor.study.trials._survival_effects import believed_effect, seen_effects, true_effects
from progenitor.study.trials._survival_estimand import estimand_of
from progenitor.study.trials._survival_flow import trial_flow
from progenitor.study.trials._survival_looks import look_outcomes
from progenitor.study.trials._survival_paper import control_rate, on_paper
from progenitor.study.trials._survival_patients import SurvivalBank, SurvivalTrials, draw_trials
from progenitor.study.trials._survival_tests import other_tests
from progenitor.study.trials._survival_words import allocation_words, randomised_summary, story

__all__ = [
    "RandomisedRuns",
    "conduct_randomised",
    "randomised_plans",
    "randomised_runs",
    "randomised_success",
]


def randomised_plans(file: StudyFile) -> dict[str, LookPlan]:
    """Plan the looks of every randomised trial, before anything is simulated.

    Raises
    ------
    DesignError
        If no bounds spend the error as asked.
    """
    return {
        name: look_plan(trial)
        for name, trial in file.trials.items()
        if DESIGNS[trial.design].kind == "randomised"
    }


def conduct_randomised(
    file: StudyFile, seed: int, tables: Mapping[str, Table], *, disease: str
) -> tuple[RandomisedResult, ...]:
    """Conduct every randomised trial on the patients of its arms.

    Parameters
    ----------
    file, seed
        The study and its seed.
    tables
        Rows of each arm.
    disease
        Its title, for the estimand.
    """
    titles = {name: arm.title for name, arm in file.arms.items()}
    return tuple(
        randomised_runs(file, name, tables, seed).result(titles, tables, disease)
        for name in randomised_plans(file)
    )


def randomised_runs(
    file: StudyFile, name: str, tables: Mapping[str, Table], seed: int
) -> "RandomisedRuns":
    """Draw the patients of one randomised trial of a study, many times.

    Parameters
    ----------
    file, seed
        The study and its seed.
    name
        Name of the trial.
    tables
        Rows of each arm.
    """
    trial = file.trials[name]
    factors = tuple(trial.stratify_by or ())
    queues = [file.facility_of(file.arms[arm].product) for arm in trial.arms]
    who = given(trial.analysis_set, "analysis_set")
    bank = SurvivalBank.of(tables, trial.arms, who, factors, queues)
    return RandomisedRuns(name, trial, look_plan(trial), bank, seed, _drawn(trial, bank, seed))


def randomised_success(
    file: StudyFile, name: str, tables: Mapping[str, Table], seed: int, *, arm: str
) -> Bool[np.ndarray, " trial"]:
    """Return whether each trial succeeds for one arm; trial k is on parameter draw k mod D.

    Parameters
    ----------
    file, name, tables, seed
        As for :func:`randomised_runs`.
    arm
        One that is compared with the control.
    """
    runs = randomised_runs(file, name, tables, seed)
    return runs.pairs()[runs.trial.arms.index(arm) - 1][1].success


def _drawn(
    trial: Trial, bank: SurvivalBank, seed: int, *, mixed: bool = False, null: bool = False
) -> SurvivalTrials:
    return draw_trials(
        bank,
        patients=given(trial.patients, "patients"),
        replicates=max(trial.replicates, 2 * bank.draws),
        accrual=given(trial.accrual_days, "accrual_days"),
        block=trial.block or 2 * len(trial.arms),
        seed=seed,
        mixed=mixed,
        null=null,
    )


@final
@dataclass(frozen=True, slots=True, eq=False)
class RandomisedRuns:
    """One randomised trial of a study, and its patients drawn many times.

    Parameters
    ----------
    name, trial, plan
        Its name, keys and looks.
    bank, seed
        Where its patients come from.
    patients
        Of every trial.
    """

    name: str
    trial: Trial
    plan: LookPlan
    bank: SurvivalBank
    seed: int
    patients: SurvivalTrials

    def pairs(self) -> tuple[tuple[Looked, Conducted], ...]:
        """Conduct the comparison of every arm with the control."""
        looked = [look_at(self.patients.pair(k), self.plan) for k in range(1, len(self.trial.arms))]
        return tuple((one, one.conducted(self.plan)) for one in looked)

    def cut_off(self, pairs: tuple[tuple[Looked, Conducted], ...]) -> Float[np.ndarray, " trial"]:
        """Day on which each trial ends: when its last comparison does (trial,)."""
        return np.asarray(np.max([found.at_end(found.day) for _, found in pairs], axis=0))

    def result(
        self, titles: Mapping[str, str], tables: Mapping[str, Table], disease: str
    ) -> RandomisedResult:
        """Gather what the trials show."""
        trial, plan = self.trial, self.plan
        conducted = self.pairs()
        days = self.cut_off(conducted)
        pairs = self.compared(conducted, titles)
        named = [titles[arm] for arm in trial.arms]
        events = plan.events or (float("nan"),)
        horizon = given(trial.horizon, "horizon")
        analysis_set = given(trial.analysis_set, "analysis_set")
        return RandomisedResult(
            name=self.name,
            title=f"{' and '.join(named[1:])} against {named[0]}",
            design=trial.design,
            description=plan.description,
            analysis_set=analysis_set,
            patients=given(trial.patients, "patients"),
            arms={arm: titles[arm] for arm in trial.arms},
            replicates=len(days),
            hazard_ratio=given(trial.hazard_ratio, "hazard_ratio"),
            horizon=horizon,
            looks=tuple(zip(events, plan.bounds, plan.futility, strict=True)),
            binding=plan.binding,
            estimand=estimand_of(
                analysis_set, disease=disease, arms=named, stratified=bool(trial.stratify_by)
            ),
            allocation=allocation_words(trial, self.bank.strata.description),
            control_share=control_rate(self.bank, horizon),
            duration=averaged(days, self.bank.draws, label="Days", unit="day"),
            pairs=pairs,
            flow=trial_flow(self.patients, tables, tuple(trial.arms), day=float(days[0])),
            example=self.example(conducted[0][1], pairs[0], float(days[0]), titles),
            summary=randomised_summary(pairs, named[0]),
        )

    def compared(
        self, conducted: tuple[tuple[Looked, Conducted], ...], titles: Mapping[str, str]
    ) -> tuple[RandomisedPair, ...]:
        """Compare every arm with the control, on its patients and on others."""
        mixed = _drawn(self.trial, self.bank, self.seed, mixed=True)
        null = _drawn(self.trial, self.bank, self.seed, mixed=True, null=True)
        horizon = given(self.trial.horizon, "horizon")
        paper = on_paper(
            self.patients,
            share=control_rate(self.bank, horizon),
            horizon=horizon,
            hazard_ratio=given(self.trial.hazard_ratio, "hazard_ratio"),
            seed=self.seed,
        )
        others = {"paper": paper, "fixed": mixed, "null": null}
        return tuple(
            self.pair(place, *found, titles[self.trial.arms[place]], others)
            for place, found in enumerate(conducted, start=1)
        )

    def pair(
        self,
        place: int,
        looked: Looked,
        found: Conducted,
        title: str,
        others: Mapping[str, SurvivalTrials],
    ) -> RandomisedPair:
        """Compare one arm with the control."""
        trial, draws, plan = self.trial, self.bank.draws, self.plan
        horizon, own = given(trial.horizon, "horizon"), self.patients.pair(place)
        planned = float(np.log(given(trial.hazard_ratio, "hazard_ratio")))
        elsewhere = {name: look_at(one.pair(place), plan) for name, one in others.items()}
        events = averaged(found.at_end(found.events), draws, label="Events", unit="event")
        count = float(plan.events[-1]) if plan.events else events.value
        last = own.cut(np.full(len(own.time), plan.last_day))
        tests = other_tests(
            *last,
            own.arm,
            own.stratum,
            horizon,
            given(trial.alpha, "alpha") / (len(trial.arms) - 1),
        )
        shares = {
            name: _share(one.conducted(plan).success, name) for name, one in elsewhere.items()
        }
        unheeded = looked.conducted(plan, heed_futility=False).success
        null = elsewhere["null"].conducted(plan, heed_futility=False).success
        return RandomisedPair(
            arm=trial.arms[place],
            title=title,
            success=averaged(found.success, draws, label="P(success)"),
            **shares,
            planned=plan.power(plan.drift(planned, count)),
            unstopped=averaged(unheeded, draws, label="P(success), nobody stops for futility"),
            null_unstopped=_share(null, "null"),
            futile=averaged(found.futile >= 0, draws, label="Stops for futility"),
            events=events,
            looks=look_outcomes(
                looked,
                found,
                plan,
                planned=planned,
                believed=believed_effect(self.bank, place),
                draws=draws,
            ),
            tests={name: averaged(won, draws, label=name) for name, won in tests.items()},
            truth=true_effects(self.bank, place, horizon=horizon),
            seen=self.seen(own, found),
            between_draw_share=between_share(found.success, draws),
        )

    def seen(self, own: SurvivalTrials, found: Conducted) -> Mapping[str, Estimate]:
        """Return the effects that the first trial shows at its end."""
        time, event = own.cut(found.at_end(found.day))
        horizon = given(self.trial.horizon, "horizon")
        return seen_effects(time[0], event[0], own.arm[0], own.stratum[0], horizon=horizon)

    def example(
        self, found: Conducted, pair: RandomisedPair, day: float, titles: Mapping[str, str]
    ) -> RandomisedExample:
        """Tell the first trial: curves at its end, and the statistic at every look."""
        time, event = self.patients.cut(np.full(len(self.patients.entry), day))
        followed = {}
        for place, arm in enumerate(self.trial.arms):
            mine = (self.patients.arm[0] == place) & np.isfinite(time[0])
            followed[titles[arm]] = (time[0, mine], event[0, mine].astype(float))
        looked = np.flatnonzero(np.isfinite(found.z[0]))
        path = tuple(
            (float(found.events[0, k]), float(found.z[0, k]), float(self.plan.bounds[k]))
            for k in looked
        )
        planned = float(np.log(given(self.trial.hazard_ratio, "hazard_ratio")))
        told = story(
            found, self.plan, pair.title, planned=planned, believed=believed_effect(self.bank, 1)
        )
        return RandomisedExample(followed, path, told)


_CASES = {
    "paper": "P(success), as planned",
    "fixed": "P(success), curves known",
    "null": "P(success), no difference",
}


def _share(success: Bool[np.ndarray, " trial"], name: str) -> Estimate:
    return simple_share(float(success.mean()), success.size, _CASES[name])
