"""Conduct the dose-finding trials of a study and gather what they show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from progenitor.study._estimates import Table
from progenitor.study._schema import StudyFile
from progenitor.study._trial_section import DESIGNS, Trial, given
from progenitor.study._wording import dose_words
from progenitor.study.results import (
    DoseFindingResult,
    DoseLevel,
    Estimate,
    ExampleTrial,
    PolicyChoice,
)
from progenitor.study.trials._averages import averaged, between_share, rate_of, simple_share
from progenitor.study.trials._dose_calendars import (
    calendar_trials,
    conduct_rules,
    example_trial,
    mean_flow,
    selected_of,
)
from progenitor.study.trials._dose_designs import TIMED, dose_design
from progenitor.study.trials._dose_limiting import dose_limiting
from progenitor.study.trials._dose_patients import DosePatientsOfArm, dose_patients
from progenitor.study.trials._dose_runs import (
    LEAST,
    POLICY,
    TOLERANCE,
    DoseRuns,
    fixed_runs,
    policy_runs,
)
from progenitor.study.trials._dose_truth import TrueByDraw, true_by_draw
from progenitor.study.trials._dose_words import dose_summary
from progenitor.trial import AbstractDoseFinding, CalendarTrial

__all__ = ["calendar_count", "conduct_dose_findings", "dose_finding_designs"]

_ANY_DEATH: Final = "death from any cause"
_CALENDARS: Final = 100
"""Trials conducted day by day; designs that look at part of a window use as many at least."""


def dose_finding_designs(file: StudyFile) -> dict[str, AbstractDoseFinding]:
    """Return the design of every dose-finding trial, before anything is simulated.

    Raises
    ------
    DesignError
        If the numbers of a trial do not describe a design.
    """
    return {
        name: dose_design(trial, file.arms[trial.arms[0]].levels)
        for name, trial in file.trials.items()
        if DESIGNS[trial.design].kind == "dose finding"
    }


def conduct_dose_findings(
    file: StudyFile, seed: int, tables: Mapping[str, Sequence[Table]]
) -> tuple[DoseFindingResult, ...]:
    """Conduct every dose-finding trial on the patients of its arm.

    Parameters
    ----------
    file, seed
        The study and its seed.
    tables
        Rows of each arm of the file, one table for each of its doses.
    """
    return tuple(
        _Finding.of(file, name, design, tables, seed).result()
        for name, design in dose_finding_designs(file).items()
    )


def calendar_count(trial: Trial, draws: int) -> int:
    """Count the trials that are conducted day by day.

    Parameters
    ----------
    trial
        Its keys.
    draws
        Parameter draws of the run.
    """
    replicates = max(trial.replicates, 2 * draws)
    wanted = min(replicates, _CALENDARS if trial.design not in TIMED else 4 * _CALENDARS)
    return max(wanted, min(2 * draws, replicates))


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Finding:
    """One dose-finding trial with everything that was conducted for it."""

    name: str
    title: str
    trial: Trial
    design: AbstractDoseFinding
    patients: DosePatientsOfArm
    truth: TrueByDraw
    runs: Mapping[str, DoseRuns]
    paper: DoseRuns
    calendars: tuple[CalendarTrial, ...]

    @classmethod
    def of(
        cls,
        file: StudyFile,
        name: str,
        design: AbstractDoseFinding,
        tables: Mapping[str, Sequence[Table]],
        seed: int,
    ) -> "_Finding":
        trial, arm = file.trials[name], file.trials[name].arms[0]
        draws = tables[arm][0].draws
        trial = trial.model_copy(update={"replicates": max(trial.replicates, 2 * draws)})
        patients = dose_patients(
            tables[arm],
            file.arms[arm].levels,
            events=given(trial.toxicity, "toxicity"),
            window=given(trial.window, "window"),
            facility=file.facility_of(file.arms[arm].product),
        )
        truth = true_by_draw(
            patients,
            target=given(trial.target, "target"),
            least=trial.least_feasible or LEAST,
            tolerance=trial.tolerance or TOLERANCE,
            seed=seed,
        )
        runs = {
            policy: policy_runs(design, patients, trial, policy, seed=seed)
            for policy in _policies(trial)
        }
        fixed = fixed_runs(design, patients, trial, seed=seed)
        count = calendar_count(trial, draws)
        days = calendar_trials(design, patients, trial, trials=count, seed=seed)
        paper = DoseRuns(fixed.selected, fixed.state.treated, fixed.state.toxic)
        return cls(name, file.arms[arm].title, trial, design, patients, truth, runs, paper, days)

    @property
    def policy(self) -> str:
        return self.trial.feasibility or POLICY

    @property
    def main(self) -> DoseRuns:
        """Trials whose characteristics are reported: on a calendar where the design needs one."""
        if self.trial.design not in TIMED:
            return self.runs[self.policy]
        states = [trial.state for trial in self.calendars]
        return DoseRuns(
            selected_of(self.calendars),
            np.concatenate([state.treated for state in states]),
            np.concatenate([state.toxic for state in states]),
        )

    def mean(self, measure: np.ndarray[tuple[int, ...], np.dtype[np.generic]], label: str,
             unit: str = "1") -> Estimate:  # fmt: skip
        return averaged(measure, self.patients.draws, label=label, unit=unit)

    def result(self) -> DoseFindingResult:
        """Gather what the trials show."""
        main, trial, truth = self.main, self.trial, self.truth
        own = np.arange(main.selected.size) % self.patients.draws
        right = truth.right(main.selected, own)
        paper = self.paper.selected
        everybody = np.arange(paper.size) % self.patients.draws
        agreed = truth.right(paper, everybody)
        rules = conduct_rules(trial, self.patients.doses)
        levels = tuple(self.level(place, main) for place in range(len(self.patients.doses)))
        policies = tuple(self.choice(policy) for policy in self.runs)
        right_share = self.mean(right, "Right dose chosen")
        return DoseFindingResult(
            name=self.name,
            arm=trial.arms[0],
            title=self.title,
            design=trial.design,
            description=self.design.description,
            conduct=rules.description,
            numbers=dict(self.design.numbers),
            target=given(trial.target, "target"),
            window=given(trial.window, "window"),
            events=_events(trial),
            policy=self.policy,
            least_feasible=trial.least_feasible or LEAST,
            tolerance=trial.tolerance or TOLERANCE,
            replicates=int(main.selected.size),
            calendars=len(self.calendars),
            virtual_patients=int(self.patients.evaluated.sum()),
            truth_error=float(np.median(truth.error)),
            levels=levels,
            none=self.mean(main.selected < 0, "No dose chosen"),
            fixed_none=simple_share(float((paper < 0).mean()), paper.size, "No dose chosen"),
            right=right_share,
            fixed_right=simple_share(float(agreed.mean()), paper.size, "Right dose chosen"),
            overdose=self.mean(truth.above(main.selected, own), "Chosen above the MTD"),
            patients=self.mean(main.treated.sum(axis=1), "Patients who count", "patient"),
            toxicities=self.mean(main.toxic.sum(axis=1), "Dose-limiting toxicities", "patient"),
            enrolled=self.mean(self._apheresed(), "Patients apheresed", "patient"),
            duration=self.mean(np.array([one.cut_off for one in self.calendars]), "Days", "day"),
            between_draw_share=between_share(main.selected.astype(float), self.patients.draws),
            policies=policies,
            flow=mean_flow(self.calendars),
            example=self.example(rules.window),
            summary=dose_summary(levels, policies, right_share, self.policy),
        )

    def example(self, window: float) -> ExampleTrial:
        """Tell the first trial that chooses what most trials choose."""
        chosen = selected_of(self.calendars)
        values, counts = np.unique(chosen, return_counts=True)
        place = int(np.argmax(chosen == values[np.argmax(counts)]))
        return example_trial(self.calendars[place], self.patients.doses, window, number=place + 1)

    def _apheresed(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.array([float(one.flow["apheresis"]) for one in self.calendars])

    def level(self, place: int, main: DoseRuns) -> DoseLevel:
        """Say what is true of one dose, and how the trials deal with it."""
        patients, who, truth = self.patients, self.patients.evaluated, self.truth
        able = (
            patients.achieved[..., place]
            >= (1.0 - (self.trial.tolerance or TOLERANCE)) * (patients.doses[place])
        )
        chosen = float((self.paper.selected == place).mean())
        return DoseLevel(
            dose=patients.doses[place],
            label=dose_words(patients.doses[place]),
            toxicity=rate_of(np.isfinite(patients.toxic_day[..., place]), who, "DLT"),
            response=rate_of(patients.response[..., place], who, "Objective response"),
            feasibility=rate_of(able, who, "Gets the dose"),
            best=float(truth.tolerated[:, place + 1].mean()),
            best_feasible=float(truth.feasible[:, place + 1].mean()),
            selected=self.mean(main.selected == place, "Chosen"),
            fixed=simple_share(chosen, self.paper.selected.size, "Chosen on paper"),
            treated=self.mean(main.treated[:, place], "Patients", "patient"),
            toxic=self.mean(main.toxic[:, place], "Toxicities", "patient"),
        )

    def choice(self, policy: str) -> PolicyChoice:
        """Count what trials choose under one policy."""
        chosen, truth = self.runs[policy].selected, self.truth
        own = np.arange(chosen.size) % self.patients.draws
        some = chosen >= 0
        able = truth.feasibility[own, np.maximum(chosen, 0)]
        least = self.trial.least_feasible or LEAST
        return PolicyChoice(
            policy=policy,
            selected=tuple(
                self.mean(chosen == place, f"Dose {place + 1}")
                for place in range(len(self.patients.doses))
            ),
            none=self.mean(~some, "No dose"),
            right=self.mean(truth.right(chosen, own), "Right dose"),
            infeasible=self.mean(some & (able < least), "Dose too few can get"),
            overdose=self.mean(truth.above(chosen, own), "Above the MTD"),
            delivered=self.mean(np.where(some, able, np.nan), "Could get the chosen dose"),
        )


def _events(trial: Trial) -> tuple[str, ...]:
    """Return the dose-limiting toxicities in words."""
    events, window = given(trial.toxicity, "toxicity"), given(trial.window, "window")
    lines = dose_limiting(events, window=window).criteria
    return tuple(_ANY_DEATH if line.event == "death" else line.description for line in lines)


def _policies(trial: Trial) -> tuple[str, ...]:
    """Policies that are compared: with one that looks at responses nobody is replaced."""
    if trial.design == "boin12":
        return (trial.feasibility or POLICY,)
    others = ("ignore", "exclude", "as_treated")
    asked = trial.feasibility or POLICY
    return others if asked in others else (*others, asked)
