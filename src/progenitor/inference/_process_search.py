"""Ask what to try next, tell what came of it: a search for a Pareto front, computer or bench.

The first settings asked for fill the ranges evenly (a Latin hypercube); from then on a
multi-objective tree-structured Parzen estimator proposes (Ozaki 2022, doi:10.1613/jair.1.13188;
the package ``optuna``). What is asked is a function of the seed and of what was told, and of
nothing else, so a search goes on from a file of results as if it had never stopped.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, final

import numpy as np

from progenitor.engine import stream
from progenitor.errors import InputError, MissingExtraError, Problem
from progenitor.inference._pareto import pareto_front
from progenitor.inference._search_space import SearchGoal, SearchRange, range_problems

__all__ = ["ProcessSearch"]

_PURPOSE: Final = "process search"
_SLACK: Final = 1e-3
"""Relative rounding by which a setting read from a file may leave its range."""


@final
@dataclass(frozen=True, slots=True)
class ProcessSearch:
    """A search for the settings that give the best compromises.

    Parameters
    ----------
    ranges
        What may be varied.
    goals
        What is wanted.
    seed
        Of what is proposed.
    settings, results
        What was tried and what came of it, in order; NaN for experiments that failed.

    Raises
    ------
    InputError
        Listing every empty or repeated range and goal.
    MissingExtraError
        When something must be proposed and the package ``optuna`` is not installed.

    Examples
    --------
    >>> search = ProcessSearch(
    ...     ranges=(SearchRange("harvest_day", 4.0, 10.0, "day"),),
    ...     goals=(SearchGoal("cells", "cell"), SearchGoal("stemness")),
    ...     seed=1,
    ... )
    >>> plan = search.ask(4)
    >>> measured = [
    ...     {"cells": 2.0 ** one["harvest_day"], "stemness": 1 / one["harvest_day"]} for one in plan
    ... ]
    >>> search = search.tell(plan, measured)
    >>> len(search.results), search.front
    (4, (0, 1, 2, 3))
    """

    ranges: tuple[SearchRange, ...]
    goals: tuple[SearchGoal, ...]
    seed: int = 0
    settings: tuple[Mapping[str, float], ...] = field(default=())
    results: tuple[Mapping[str, float], ...] = field(default=())

    def __post_init__(self) -> None:
        problems = range_problems(self.ranges, self.goals)
        if problems:
            raise InputError(problems)

    def ready(self) -> None:
        """Make sure that settings can be proposed, before anything costs time.

        Raises
        ------
        MissingExtraError
            When the package ``optuna`` is not installed.
        """
        _optuna()

    @property
    def spread_out(self) -> int:
        """How many settings fill the ranges evenly before anything is learnt from results."""
        return 2 * (len(self.ranges) + 2)

    def ask(self, count: int = 1) -> tuple[Mapping[str, float], ...]:
        """Propose settings to try; the same until something is told.

        Parameters
        ----------
        count
            How many, to be tried side by side.

        Raises
        ------
        InputError
            When fewer than one is asked for.
        """
        if count < 1:
            message = f"{count} settings asked for"
            raise InputError([Problem(message, "ask for at least one", field="count")])
        told = len(self.settings)
        even = max(0, min(count, self.spread_out - told))
        asked = [self._even(told + position) for position in range(even)]
        return (*asked, *self._learnt(asked, count - even))

    def tell(
        self, settings: Sequence[Mapping[str, float]], results: Sequence[Mapping[str, float]]
    ) -> "ProcessSearch":
        """Return the search that also knows what came of some settings, proposed by it or not.

        Parameters
        ----------
        settings
            What was tried: every range by name.
        results
            What came of each: every goal by name; NaN where the experiment failed.

        Raises
        ------
        InputError
            Listing every missing and unknown name and every setting outside its range.
        """
        problems = []
        if len(settings) != len(results):
            message = f"{len(settings)} settings with {len(results)} results"
            problems.append(Problem(message, "give one result for each"))
        for position, tried in enumerate(settings):
            problems += _names(tried, self.ranges, "setting", position)
            problems += [
                Problem(
                    f"experiment {position + 1}: {tried[item.name]:g} {item.unit}",
                    f"stay between {item.low:g} and {item.high:g}, or widen the range",
                    field=item.name,
                )
                for item in self.ranges
                if item.name in tried and not _within(tried[item.name], item)
            ]
        for position, found in enumerate(results):
            problems += _names(found, self.goals, "result", position)
        if problems:
            raise InputError(problems)
        return replace(
            self,
            settings=(*self.settings, *(dict(tried) for tried in settings)),
            results=(*self.results, *(dict(found) for found in results)),
        )

    @property
    def front(self) -> tuple[int, ...]:
        """Positions of the experiments that no other beats in every goal."""
        values = np.array(
            [[found[goal.name] for goal in self.goals] for found in self.results]
        ).reshape(len(self.results), len(self.goals))
        best = pareto_front(values, maximise=[goal.maximise for goal in self.goals])
        return tuple(int(row) for row in np.flatnonzero(best))

    def _even(self, position: int) -> Mapping[str, float]:
        """Point of a Latin hypercube: every range is cut into as many slices as points."""
        point = {}
        for item in self.ranges:
            generator = stream(self.seed, f"{_PURPOSE}/{item.name}")
            slices = generator.permutation(self.spread_out)
            within = generator.random(self.spread_out)
            share = (slices[position] + within[position]) / self.spread_out
            point[item.name] = item.from_share(float(share))
        return point

    def _learnt(
        self, asked: Sequence[Mapping[str, float]], count: int
    ) -> list[Mapping[str, float]]:
        """Proposals of the estimator; ``asked`` are under way, which it takes into account."""
        if count < 1:
            return []
        optuna = _optuna()
        space = {
            item.name: optuna.distributions.FloatDistribution(
                item.low, item.high, log=item.logarithmic
            )
            for item in self.ranges
        }
        generator = stream(self.seed, _PURPOSE, draw=len(self.settings))
        study = optuna.create_study(
            directions=["maximize" if goal.maximise else "minimize" for goal in self.goals],
            sampler=optuna.samplers.TPESampler(
                seed=int(generator.integers(2**31)),
                n_startup_trials=0,
                multivariate=True,
                constant_liar=True,
            ),
        )
        states = optuna.trial.TrialState
        for tried, found in zip(self.settings, self.results, strict=True):
            values = [float(found[goal.name]) for goal in self.goals]
            done = all(math.isfinite(value) for value in values)
            study.add_trial(
                optuna.trial.create_trial(
                    params={item.name: _clipped(tried[item.name], item) for item in self.ranges},
                    distributions=space,
                    values=values if done else None,
                    state=states.COMPLETE if done else states.FAIL,
                )
            )
        for tried in asked:
            study.enqueue_trial(dict(tried))
            study.ask(space)
        return [
            {name: float(value) for name, value in study.ask(space).params.items()}
            for _ in range(count)
        ]


def _optuna() -> Any:
    """Return the optional package, silent."""
    try:
        import optuna
    except ImportError as error:
        message = (
            "searching for better settings needs the package optuna; "
            "type: pip install 'progenitor[optimise]'"
        )
        raise MissingExtraError(message) from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def _names(
    given: Mapping[str, float],
    wanted: Sequence[SearchRange] | Sequence[SearchGoal],
    kind: str,
    position: int,
) -> list[Problem]:
    names = [item.name for item in wanted]
    fix = f"give exactly {', '.join(names)}"
    missing = [name for name in names if name not in given]
    strange = [name for name in given if name not in names]
    return [
        Problem(f"experiment {position + 1} has no {kind} '{name}'", fix) for name in missing
    ] + [
        Problem(f"experiment {position + 1} has an unknown {kind} '{name}'", fix)
        for name in strange
    ]


def _within(value: float, item: SearchRange) -> bool:
    slack = _SLACK * max(abs(item.low), abs(item.high))
    return item.low - slack <= value <= item.high + slack


def _clipped(value: float, item: SearchRange) -> float:
    return min(max(float(value), item.low), item.high)
