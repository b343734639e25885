"""The simulation of one patient: steps, discontinuities, events and outputs."""

import bisect
import math
import time as clock
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, final

import numpy as np
from jaxtyping import Float

from progenitor.engine._agenda import (
    Agenda,
    Bolus,
    DelayedAction,
    InfusionChange,
    ParameterChange,
    Restart,
    Switch,
    switch_times,
)
from progenitor.engine._compile import CompiledModel, PatientFunctions
from progenitor.engine._events import EventWatch, first_time
from progenitor.engine._population import Population
from progenitor.engine._protocol import SolverOptions
from progenitor.engine._stepper import GivenUp, Stepper
from progenitor.engine._trajectories import Status

__all__ = ["PatientResult", "solve_patient"]

_CLOSE: Final = 1e-12
_UNDERSHOOT: Final = 10.0
_LOOK: Final = 0.5
"""Days between looks at triggers within a long step; a shorter episode may be missed."""
_LOOKS: Final = 16
"""Looks within a step of a model whose time is not in days, whatever the length of the step."""


class PatientResult(NamedTuple):
    """What one patient contributes to trajectories."""

    values: Float[np.ndarray, "time observable"]
    event_times: list[float]
    status: Status
    steps: int
    stopped_at: float
    clipped: int


def solve_patient(
    compiled: CompiledModel,
    parameters: Sequence[float],
    times: Sequence[float],
    agenda: Agenda,
    generator: Callable[[str], np.random.Generator],
    options: SolverOptions,
) -> PatientResult:
    """Simulate one patient.

    Parameters
    ----------
    compiled
        The model.
    parameters
        In the order of the model.
    times
        Output times, increasing.
    agenda
        What is done to the patient.
    generator
        Random stream of a countable species by name.
    options
        Solver options.
    """
    functions = compiled.bind(parameters)
    size = len(compiled.model.species)
    run = _Run(
        compiled=compiled,
        functions=functions,
        parameters=list(parameters),
        times=times,
        agenda=agenda,
        options=options,
        time=min(0.0, times[0], agenda.next_time),
        watch=EventWatch(compiled.model.events, functions, options.max_firings),
        population=Population(
            compiled.countable, functions.flows, size, generator, options.countable_threshold
        ),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the solver's own warnings become a status
        try:
            run.solve()
        except GivenUp as given_up:
            return _failed(run, given_up.status)
    return PatientResult(
        run.reported, run.watch.fired_at, Status.OK, run.steps, run.stopped_at, run.clipped
    )


def _failed(run: "_Run", status: Status) -> PatientResult:
    nothing = [math.nan] * len(run.watch.fired_at)
    values = np.full_like(run.reported, math.nan)
    return PatientResult(values, nothing, status, run.steps, math.nan, run.clipped)


def _looks(
    stepper: Stepper, time_unit: str, outputs: Sequence[float]
) -> list[tuple[float, list[float]]]:
    """List times within the last step at which triggers are looked at, with the values there.

    A model whose time is not in days says by its output times how fine its course is.
    """
    start, end = stepper.before, stepper.time
    in_days = time_unit == "day"
    pieces = math.ceil((end - start) / _LOOK) if in_days else _LOOKS
    times = [start + (end - start) * piece / pieces for piece in range(1, pieces)]
    if not in_days:
        first, last = bisect.bisect_right(outputs, start), bisect.bisect_left(outputs, end)
        times = sorted({*times, *outputs[first:last]})
    looks = list(zip(times, stepper.at_times(times).tolist(), strict=True)) if times else []
    return [*looks, (end, stepper.values)]


@final
@dataclass(slots=True)
class _Run:
    compiled: CompiledModel
    functions: PatientFunctions
    parameters: list[float]
    times: Sequence[float]
    agenda: Agenda
    options: SolverOptions
    time: float
    watch: EventWatch
    population: Population
    values: list[float] = field(init=False)
    peaks: list[float] = field(init=False)
    restored: list[float] = field(init=False)
    tolerances: list[float] = field(init=False)
    reported: Float[np.ndarray, "time observable"] = field(init=False)
    infusions: dict[int, float] = field(default_factory=dict)
    steps: int = 0
    clipped: int = 0
    next_output: int = 0
    stopped_at: float = math.nan
    deadline: float = 0.0

    def __post_init__(self) -> None:
        model = self.compiled.model
        self.values = [float(value) for value in self.functions.initial]
        self.peaks = [abs(value) for value in self.values]
        scale = self.options.atol_scale
        self.tolerances = [scale * tolerance for tolerance in self.compiled.tolerances]
        self.restored = [0.0] * len(model.species)
        self.reported = np.full((len(self.times), len(model.observables)), np.nan)
        self.deadline = clock.perf_counter() + self.options.deadline
        self._note_switches()

    def solve(self) -> None:
        """Alternate between acting and integrating until the last output time."""
        self._judge(self.values)
        self.watch.start(self.time, self.values)
        end = self.times[-1]
        while True:
            self._act()
            self.population.settle(self.values, self.infusions)
            self._report_now()
            if self.time >= end or not math.isnan(self.stopped_at):
                return
            stop = min(end, self.agenda.next_time)
            if self.population.leaping:
                stop = min(stop, self.time + self.options.leap)
            self._integrate(stop)

    # What happens at one moment

    def _act(self) -> None:
        """Do what is due now, and whatever follows from it at once."""
        waiting = self._fired()
        for item in self.agenda.due(self.time):
            if isinstance(item, DelayedAction | Switch):
                waiting += [item] if isinstance(item, DelayedAction) else []
                continue
            self._perform_all(waiting)
            match item:
                case Bolus(species, amount):
                    self.values[species] += amount
                case InfusionChange(species, rate):
                    self._change_infusion(species, rate)
                case ParameterChange(parameter, value):
                    self._change_parameter(parameter, value)
                case Restart():
                    self._restart()
            waiting = self._fired()
        self._perform_all(waiting)

    def _change_infusion(self, species: int, rate: float) -> None:
        total = self.infusions.pop(species, 0.0) + rate
        if total != 0:
            self.infusions[species] = total

    def _change_parameter(self, parameter: int, value: float) -> None:
        self.parameters[parameter] = value
        self.functions = self.compiled.bind(self.parameters)
        self.watch.bind(self.functions)
        self.population.bind(self.functions.flows)
        self._note_switches()

    def _note_switches(self) -> None:
        for moment in switch_times(self.functions.switches) if self.compiled.switched else ():
            if moment > self.time:
                self.agenda.note(moment, Switch())

    def _restart(self) -> None:
        self.values = [float(value) for value in self.functions.initial]
        self.infusions.clear()
        self._judge(self.values)

    def _fired(self) -> list[DelayedAction]:
        """Fire every event whose trigger has become true; return those that act at once."""
        at_once = []
        for event in [] if self.watch.over else self.watch.look(self.time, self.values):
            delay, action = self.watch.fire(event, self.time, self.values)
            if delay == 0:
                at_once.append(action)
            elif delay < math.inf:
                self.agenda.note(self.time + delay, action)
        return at_once

    def _perform_all(self, waiting: list[DelayedAction]) -> None:
        """Perform actions due now and those they set off, looking at triggers after each."""
        while waiting := [action for action in waiting if self.watch.stands(action)]:
            first = self.watch.foremost(waiting, self.time, self.values)
            self._perform(waiting.pop(first))
            waiting += self._fired()

    def _perform(self, action: DelayedAction) -> None:
        event = action.event
        amounts: Sequence[float] | None = action.amounts
        if amounts is None:
            amounts = self.functions.actions[event](self.time, self.values)
        for species, amount in zip(self.compiled.assigned[event], amounts, strict=True):
            self.values[species] = amount
        if self._judge(self.values):
            self.values = self._clip(self.values)
        if self.compiled.model.events[event].stop and math.isnan(self.stopped_at):
            self.stopped_at = self.time

    # What happens between two moments

    def _integrate(self, stop: float) -> None:
        """Integrate up to ``stop`` or to the first thing that happens before it."""
        if stop - self.time <= _CLOSE * max(1.0, abs(self.time)):
            self.time = stop
            return
        stepper = self._stepper(stop)
        while stepper.time < stop:
            self._count()
            stepper.step()
            below = self._judge(stepper.values)
            crossing = self._crossing(stepper)
            reached = stepper.time if crossing is None else crossing
            self._report_before(reached, stepper)
            self.population.remember(stepper.before, reached, stepper.at_times)
            if crossing is not None or below:
                self._arrive(reached, stepper.at(reached))
                return
        self._arrive(stop, stepper.values)

    def _stepper(self, stop: float) -> Stepper:
        start = self.population.extended(self.values)
        tolerances = self.population.tolerances(self.tolerances, len(start))
        slopes = self._derivative(stop)
        return Stepper(slopes, self.time, start, stop, self.options.rtol, tolerances)

    def _arrive(self, time: float, extended: Sequence[float]) -> None:
        self.time = time
        self.values = self.population.finish(extended)
        if min(self.values) < 0:
            limits = self.tolerances
            self.values = [
                0.0 if i in self.compiled.nonnegative and value < -limits[i] else value
                for i, value in enumerate(self.values)
            ]

    def _count(self) -> None:
        self.steps += 1
        if self.steps > self.options.max_steps:
            raise GivenUp(Status.STEP_LIMIT)
        if clock.perf_counter() > self.deadline:
            raise GivenUp(Status.DEADLINE)

    def _derivative(self, stop: float) -> Callable[[float, Any], Sequence[float]]:
        """Make the right-hand side of one stretch: with infusions, on one side of every switch."""
        population = self.population
        slopes_at = self.functions.derivative if population.idle else population.slopes
        still = population.absent if population.idle else ()
        infused = list(self.infusions.items())
        earliest, latest = math.nextafter(self.time, math.inf), math.nextafter(stop, -math.inf)

        def simple(time: float, array: Any) -> Sequence[float]:
            return slopes_at(time, array.tolist())

        def derivative(time: float, array: Any) -> Sequence[float]:
            slopes = slopes_at(min(max(time, earliest), latest), array.tolist())
            for species in still:
                slopes[species] = 0.0
            for species, rate in infused:
                slopes[species] += rate
            return slopes

        return derivative if still or infused or self.compiled.switched else simple

    def _crossing(self, stepper: Stepper) -> float | None:
        """Time within the last step at which something first happens, if it does."""
        if self.watch.over and not self.population.active:
            return None
        low = stepper.before
        for look, extended in _looks(stepper, self.compiled.model.time_unit, self.times):
            due, high = self.population.due(extended), look
            if due:
                high = first_time(lambda time: self.population.due(stepper.at(time)), low, look)
            found = self.watch.first_rise(lambda time: self._plain(stepper.at(time)), low, high)
            if due or found is not None:
                soonest = self.population.soonest(self.time, self.options.leap)
                return high if found is None else min(max(found, soonest), stepper.time)
            low = look
        return None

    # Values

    def _judge(self, extended: Sequence[float]) -> bool:
        """Whether a species is below zero by more than its tolerance and must be set back to zero.

        What is set back adds up; a species that is set back by more than solver error explains is
        really negative.
        """
        values = self._plain(extended)
        if not all(map(math.isfinite, extended)):
            raise GivenUp(Status.NONFINITE)
        self.peaks = list(map(max, self.peaks, values))
        if min(values) >= 0:
            return False
        below = False
        for species in self.compiled.nonnegative:
            tolerance = self.tolerances[species]
            if values[species] < -tolerance:
                below = True
                self.restored[species] -= values[species]
                allowed = _UNDERSHOOT * (tolerance + self.options.rtol * self.peaks[species])
                if self.restored[species] > allowed:
                    raise GivenUp(Status.NEGATIVE)
        self.clipped += below
        return below

    def _plain(self, extended: Sequence[float]) -> list[float]:
        """Values without the auxiliary variables of countable species."""
        return list(extended[: len(self.restored)])

    def _clip(self, values: list[float]) -> list[float]:
        """Values with undershoot of species that cannot be negative read as zero."""
        clipped = list(values)
        for species in self.compiled.nonnegative:
            clipped[species] = max(clipped[species], 0.0)
        return clipped

    # Outputs

    def _report_before(self, limit: float, stepper: Stepper) -> None:
        """Report at every output time before a time of the last step."""
        first = self.next_output
        limit -= _CLOSE * max(1.0, abs(limit))
        last = first
        while last < len(self.times) and self.times[last] < limit:
            last += 1
        if last == first:
            return
        rows = stepper.at_times(self.times[first:last]).tolist()
        for index, extended in enumerate(rows, start=first):
            self._report(index, self._plain(extended))
        self.next_output = last

    def _report_now(self) -> None:
        latest = self.time + _CLOSE * max(1.0, abs(self.time))
        while self.next_output < len(self.times) and self.times[self.next_output] <= latest:
            self._report(self.next_output, self.values)
            self.next_output += 1

    def _report(self, index: int, values: list[float]) -> None:
        if min(values) < 0:
            values = self._clip(values)
        self.reported[index] = self.functions.observables(self.times[index], values)
