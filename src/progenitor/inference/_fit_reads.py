"""How a published number is read from simulated patients: one function for each kind of number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.kinetics import Profiles, analyse_kinetics
from progenitor.trial import (
    CytokineReleaseSyndrome,
    LuganoResponse,
    ResponseAssessment,
    bidimensional_size,
)

__all__ = ["READS", "Question", "Read", "Seen"]

_SUPPORT: Final = (
    "one_vasopressor",
    "several_vasopressors",
    "low_flow_oxygen",
    "high_flow_oxygen",
    "positive_pressure",
)
_SEVERE: Final = 3
_Values = Float[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a simulated patient.

    Parameters
    ----------
    read
        One of :data:`READS`.
    of
        Observable of the body; empty where the read knows what to look at.
    day
        Days since infusion; NaN where the read needs none.
    above
        Level above which something counts as present or reached, or lower limit of quantification:
        a catalogue id, or a plain number as text; empty for none.
    percentile
        Which patient stands for all of them, in per cent: 50 for the median. Shares know none.
    """

    read: str
    of: str = ""
    day: float = float("nan")
    above: str = ""
    percentile: float = 50.0


@final
@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in patients after infusion; NaN where not simulated, or dead.

    Parameters
    ----------
    days
        Days since infusion, increasing (time,).
    series
        Observable → (patient, time).
    events
        Event → days since infusion, NaN for never (patient,).
    evaluable
        Infused and simulated to the end (patient,).
    numbers
        Catalogue id → value; limits and rules of endpoints.
    visits
        Days of response assessment.
    closely_until
        Last day on which the peak is looked for.
    """

    days: Float[np.ndarray, " time"]
    series: Mapping[str, Float[np.ndarray, "patient time"]]
    events: Mapping[str, _Values]
    evaluable: Bool[np.ndarray, " patient"]
    numbers: Mapping[str, float]
    visits: tuple[float, ...]
    closely_until: float

    def bound(self, asked: Question) -> float:
        """Return the level of ``above``."""
        return self.numbers[asked.above] if "/" in asked.above else float(asked.above)

    def level(self, name: str, day: float) -> _Values:
        """Return an observable on one of the days looked at."""
        return np.asarray(self.series[name][:, int(np.searchsorted(self.days, day))])


@final
@dataclass(frozen=True, slots=True)
class Read:
    """One way to read a number from each patient.

    Parameters
    ----------
    title
        In words.
    kind
        ``level`` in the unit of the observable, ``time`` in days, or ``share`` of patients.
    needs
        Which of ``of``, ``day``, ``above`` and ``response`` the file must say.
    uses
        Catalogue ids it needs.
    looks
        Observables it looks at besides ``of``.
    value
        Returns a value for each patient, NaN where it has none; 0 or 1 for a share.
    """

    title: str
    kind: Literal["level", "time", "share"]
    needs: tuple[str, ...]
    value: Callable[[Seen, Question], _Values]
    uses: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


def _level(seen: Seen, asked: Question) -> _Values:
    return seen.level(asked.of, asked.day)


def _closely(
    seen: Seen, asked: Question
) -> tuple[Float[np.ndarray, " time"], Float[np.ndarray, "patient time"]]:
    close = seen.days <= seen.closely_until
    return seen.days[close], seen.series[asked.of][:, close]


def _cmax(seen: Seen, asked: Question) -> _Values:
    _, level = _closely(seen, asked)
    highest = np.where(np.isnan(level), -np.inf, level).max(axis=1)
    return np.where(np.isfinite(highest), highest, np.nan)


def _tmax(seen: Seen, asked: Question) -> _Values:
    days, level = _closely(seen, asked)
    first = np.where(np.isnan(level), -np.inf, level).argmax(axis=1)
    return np.where(np.isnan(level).all(axis=1), np.nan, days[first])


def _metric(name: str) -> Callable[[Seen, Question], _Values]:
    """Return a metric of :func:`progenitor.kinetics.analyse_kinetics`."""

    def read(seen: Seen, asked: Question) -> _Values:
        until = seen.days <= asked.day
        level = seen.series[asked.of][:, until]
        profiles = Profiles.of(seen.days[until], level, lower_limit=seen.bound(asked))
        return analyse_kinetics(profiles).metrics[name].values

    return read


def _present(seen: Seen, asked: Question) -> _Values:
    level = seen.level(asked.of, asked.day)
    return np.where(np.isnan(level), np.nan, level >= seen.bound(asked))


def _absent(seen: Seen, asked: Question) -> _Values:
    present = _present(seen, asked)
    return np.where(np.isnan(present), np.where(seen.evaluable, 0.0, np.nan), 1.0 - present)


def _reached(seen: Seen, asked: Question) -> _Values:
    level = seen.series[asked.of][:, seen.days <= asked.day]
    return np.where(seen.evaluable, (level >= seen.bound(asked)).any(axis=1), np.nan)


def _response(seen: Seen) -> ResponseAssessment:
    """Lugano response at the visits; infusion is the baseline."""
    limit, density = (
        seen.numbers[f"endpoint/{name}"] for name in ("pet_detection_cells", "tumour_cell_density")
    )
    lugano = LuganoResponse(
        partial_decrease=seen.numbers["endpoint/partial_response_decrease"],
        progression_increase=seen.numbers["endpoint/progression_increase"],
        complete_cells=limit,
        measurable_size=seen.numbers["endpoint/measurable_size"],
        metabolic_relapse=False,
    )
    visits = np.asarray(seen.visits)
    tumour = seen.series["tumour_cells_total"]
    cells = tumour[:, np.searchsorted(seen.days, visits)]
    return lugano.evaluate(
        visits,
        bidimensional_size(cells, cells_per_cm3=density),
        cells < limit,
        bidimensional_size(tumour[:, 0], cells_per_cm3=density),
    )


def _objective(seen: Seen, _: Question) -> _Values:
    return np.where(seen.evaluable, _response(seen).objective, np.nan)


def _complete(seen: Seen, _: Question) -> _Values:
    return np.where(seen.evaluable, _response(seen).complete, np.nan)


def _reaction(least: int) -> Callable[[Seen, Question], _Values]:
    """Cytokine release syndrome of a grade or more."""

    def read(seen: Seen, _: Question) -> _Values:
        grade = CytokineReleaseSyndrome().evaluate(
            fever=seen.events["fever"],
            hypotension=seen.events["fluids"],
            evaluable=seen.evaluable,
            **{name: seen.events[name] for name in _SUPPORT},
        )
        return np.where(seen.evaluable, grade.grade >= least, np.nan)

    return read


_ENDPOINTS: Final = tuple(
    f"endpoint/{name}"
    for name in (
        "measurable_size",
        "partial_response_decrease",
        "pet_detection_cells",
        "progression_increase",
        "tumour_cell_density",
    )
)
_TUMOUR: Final = ("tumour_cells_total",)
_SIGNS: Final = ("fever", "fluids", *_SUPPORT)
_KINETIC: Final = ("of", "day", "above")

READS: Final[Mapping[str, Read]] = {
    "level": Read("median level on a day", "level", ("of", "day"), _level),
    "cmax": Read("median highest level", "level", ("of",), _cmax),
    "tmax": Read("median day of the highest level", "time", ("of",), _tmax),
    "doubling_time": Read(
        "median doubling time up to the peak", "time", _KINETIC, _metric("doubling_time")
    ),
    "contraction_half_life": Read(
        "median half-life of the first fall", "time", _KINETIC, _metric("contraction_half_life")
    ),
    "persistence_half_life": Read(
        "median half-life of the second fall", "time", _KINETIC, _metric("persistence_half_life")
    ),
    "present": Read("share above a level on a day", "share", ("of", "day", "above"), _present),
    "absent": Read(
        "share alive and below a level on a day", "share", ("of", "day", "above"), _absent
    ),
    "reached": Read("share that reached a level by a day", "share", _KINETIC, _reached),
    "objective_response": Read(
        "share with CR or PR", "share", ("response",), _objective, _ENDPOINTS, _TUMOUR
    ),
    "complete_response": Read(
        "share with CR", "share", ("response",), _complete, _ENDPOINTS, _TUMOUR
    ),
    "crs_any_grade": Read("share with CRS of any grade", "share", (), _reaction(1), events=_SIGNS),
    "crs_grade_3": Read(
        "share with CRS of grade 3 or more", "share", (), _reaction(_SEVERE), events=_SIGNS
    ),
}
"""Every way to read a number, by the name a fit file uses; metrics of
:func:`~progenitor.kinetics.analyse_kinetics` are read up to ``day`` with the limit ``above``."""
