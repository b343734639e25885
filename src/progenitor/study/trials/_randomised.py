"""Conduct the randomised trials of a study and gather what they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from progenitor.study._estimates import Table
from progenitor.study._schema import StudyFile
from progenitor.study._trial_section import DESIGNS, Trial, given
from progenitor.study.results import (
    FlowStep,
    RandomisedExample,
    RandomisedPair,
    RandomisedResult,
)
from progenitor.study.trials._averages import averaged, between_share, simple_share
from progenitor.study.trials._survival_conduct import Conducted, LookPlan, conduct_pair, look_plan
from progenitor.study.trials._survival_effects import seen_effects, true_effects
from progenitor.study.trials._survival_patients import SurvivalBank, SurvivalTrials, draw_trials
from progenitor.study.trials._survival_tests import other_tests, planned_power
from progenitor.study.trials._survival_words import randomised_summary, story

__all__ = ["conduct_randomised", "randomised_plans"]


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
    file: StudyFile,
    seed: int,
    tables: Mapping[str, Table],
    flows: Mapping[str, tuple[FlowStep, ...]],
) -> tuple[RandomisedResult, ...]:
    """Conduct every randomised trial on the patients of its arms.

    Parameters
    ----------
    file, seed
        The study and its seed.
    tables, flows
        Rows of each arm, and its patients from step to step.
    """
    titles = {name: arm.title for name, arm in file.arms.items()}
    return tuple(
        _Randomised.of(file, name, plan, tables, seed).result(titles, flows)
        for name, plan in randomised_plans(file).items()
    )


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Randomised:
    """One randomised trial with everything that was conducted for it."""

    name: str
    trial: Trial
    plan: LookPlan
    bank: SurvivalBank
    mechanistic: SurvivalTrials
    mixed: SurvivalTrials
    null: SurvivalTrials

    @classmethod
    def of(
        cls, file: StudyFile, name: str, plan: LookPlan, tables: Mapping[str, Table], seed: int
    ) -> "_Randomised":
        trial = file.trials[name]
        facilities = [file.facility_of(file.arms[arm].product) for arm in trial.arms]
        who = given(trial.analysis_set, "analysis_set")
        bank = SurvivalBank.of(tables, trial.arms, who, facilities)

        def drawn(*, mixed: bool = False, null: bool = False) -> SurvivalTrials:
            return draw_trials(
                bank,
                patients=given(trial.patients, "patients"),
                replicates=max(trial.replicates, 2 * bank.draws),
                accrual=given(trial.accrual_days, "accrual_days"),
                seed=seed,
                mixed=mixed,
                null=null,
            )

        return cls(
            name, trial, plan, bank, drawn(), drawn(mixed=True), drawn(mixed=True, null=True)
        )

    def result(
        self, titles: Mapping[str, str], flows: Mapping[str, tuple[FlowStep, ...]]
    ) -> RandomisedResult:
        """Gather what the trials show."""
        trial, plan = self.trial, self.plan
        conducted = [
            conduct_pair(self.mechanistic.pair(place), plan) for place in range(1, len(trial.arms))
        ]
        pairs = tuple(
            self.pair(place, found, titles) for place, found in enumerate(conducted, start=1)
        )
        days = np.max([found.at_end(found.day) for found in conducted], axis=0)
        control = titles[trial.arms[0]]
        events = plan.events or (float("nan"),)
        return RandomisedResult(
            name=self.name,
            title=f"{' and '.join(titles[arm] for arm in trial.arms[1:])} against {control}",
            design=trial.design,
            description=plan.description,
            analysis_set=given(trial.analysis_set, "analysis_set"),
            patients=given(trial.patients, "patients"),
            arms={arm: titles[arm] for arm in trial.arms},
            replicates=len(days),
            hazard_ratio=given(trial.hazard_ratio, "hazard_ratio"),
            horizon=given(trial.horizon, "horizon"),
            looks=tuple(zip(events, plan.bounds, strict=True)),
            duration=averaged(days, self.bank.draws, label="Days", unit="day"),
            pairs=pairs,
            flow={arm: flows[arm] for arm in trial.arms},
            example=self.example(conducted[0], titles),
            summary=randomised_summary(pairs, control),
        )

    def pair(self, place: int, found: Conducted, titles: Mapping[str, str]) -> RandomisedPair:
        """Compare one arm with the control."""
        trial, draws, arm = self.trial, self.bank.draws, self.trial.arms[place]
        mixed = conduct_pair(self.mixed.pair(place), self.plan).success
        null = conduct_pair(self.null.pair(place), self.plan).success
        horizon = given(trial.horizon, "horizon")
        alpha = given(trial.alpha, "alpha") / (len(trial.arms) - 1)
        events = averaged(found.at_end(found.events), draws, label="Events", unit="event")
        last = self.mechanistic.pair(place)
        time, event = last.cut(np.full(len(last.time), self.plan.last_day))
        tests = {
            name: averaged(won, draws, label=name)
            for name, won in other_tests(time, event, last.arm, horizon, alpha).items()
        }
        first = self.mechanistic.pair(place)
        cut = first.cut(found.at_end(found.day))
        return RandomisedPair(
            arm=arm,
            title=titles[arm],
            success=averaged(found.success, draws, label="P(success)"),
            fixed=simple_share(float(mixed.mean()), mixed.size, "P(success), curves known"),
            null=simple_share(float(null.mean()), null.size, "P(success), no difference"),
            planned=planned_power(
                given(trial.hazard_ratio, "hazard_ratio"),
                float(self.plan.events[-1]) if self.plan.events else events.value,
                alpha=alpha,
            ),
            events=events,
            stopped=tuple(
                averaged(found.won == look, draws, label=f"Look {look + 1}")
                for look in range(len(self.plan.bounds))
            ),
            tests=tests,
            truth=true_effects(self.bank, place, horizon=horizon),
            seen=seen_effects(cut[0][0], cut[1][0], first.arm, horizon=horizon),
            between_draw_share=between_share(found.success, draws),
        )

    def example(self, found: Conducted, titles: Mapping[str, str]) -> RandomisedExample:
        """Tell the first trial: curves at its end, and the statistic at every look."""
        day = found.at_end(found.day)
        time, event = self.mechanistic.cut(day)
        arms = self.trial.arms
        followed = {
            titles[arm]: (
                time[0, self.mechanistic.arm == place],
                event[0, self.mechanistic.arm == place].astype(float),
            )
            for place, arm in enumerate(arms)
        }
        known = {
            title: (times[np.isfinite(times)], events[np.isfinite(times)])
            for title, (times, events) in followed.items()
        }
        looked = np.flatnonzero(np.isfinite(found.z[0]))
        path = tuple(
            (float(found.events[0, k]), float(found.z[0, k]), float(self.plan.bounds[k]))
            for k in looked
        )
        return RandomisedExample(known, path, story(found, self.plan, titles[arms[1]]))
