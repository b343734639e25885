"""Figures and tables of the trials that a study conducts beyond one arm at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, final

from progenitor.report import figures, tables
from progenitor.report._page import Drawing, drawings
from progenitor.report.figures._style import Chart
from progenitor.study.results import (
    DoseFindingResult,
    Estimate,
    FlowStep,
    RandomisedPair,
    RandomisedResult,
)

__all__ = ["TrialParts", "dose_parts", "randomised_parts"]


@final
@dataclass(frozen=True, slots=True)
class TrialParts:
    """What the page shows of one trial, by the names under which the template calls it."""

    figures: Mapping[str, Drawing]
    tables: Mapping[str, tables.Table]


@final
@dataclass(frozen=True, slots=True)
class _Flow:
    """One arm of a trial, for its CONSORT diagram."""

    title: str
    flow: tuple[FlowStep, ...]


def dose_parts(found: DoseFindingResult) -> TrialParts:
    """Draw and tabulate a dose-finding trial."""
    return TrialParts(
        _drawn(
            found.name,
            lambda: {
                "truth": figures.dose_truth(found),
                "choice": figures.dose_choice(found),
                "path": figures.dose_path(found),
                "flow": figures.flow({found.name: found}),
            },
        ),
        {
            "levels": tables.dose_level_table(found),
            "trial": tables.dose_trial_table(found),
            "policies": tables.dose_policy_table(found),
        },
    )


def randomised_parts(found: RandomisedResult) -> TrialParts:
    """Draw and tabulate a randomised trial."""
    return TrialParts(
        _drawn(
            found.name,
            lambda: {
                "truth": figures.paired_forest(_forest(found, "truth"), lines=2),
                "seen": figures.paired_forest(_forest(found, "seen"), lines=2),
                "bounds": figures.stopping_bounds(found),
                "survival": figures.trial_survival(found),
                "flow": figures.flow(
                    {arm: _Flow(found.arms[arm], steps) for arm, steps in found.flow.items()}
                ),
            },
        ),
        {
            "trial": tables.randomised_table(found),
            **{f"looks {pair.arm}": tables.randomised_looks_table(pair) for pair in found.pairs},
        },
    )


def _forest(found: RandomisedResult, which: Literal["truth", "seen"]) -> dict[str, Estimate]:
    """Return the effects of every pair under labels of two lines."""

    def of(pair: RandomisedPair) -> Mapping[str, Estimate]:
        effects = pair.truth if which == "truth" else pair.seen
        return {name: effect for name, effect in effects.items() if name != "proportional"}

    return {
        f"{pair.arm} {key}": replace(effect, label=f"{effect.label}\n{pair.title}")
        for pair in found.pairs
        for key, effect in of(pair).items()
    }


def _drawn(name: str, charts: Callable[[], Mapping[str, Chart]]) -> dict[str, Drawing]:
    """Draw charts under names that are unique on the page."""
    made = drawings(lambda: {f"{name}-{key}": chart for key, chart in charts().items()})
    return {key.removeprefix(f"{name}-"): drawing for key, drawing in made.items()}
