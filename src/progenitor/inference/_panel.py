"""A panel of virtual patients for each draw: given the product, followed, and read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.cohort import Correlation, Numbers, correlations_of, sample_numbers
from progenitor.engine import Dose, SolverOptions, Trajectories, simulate, uniforms
from progenitor.evidence import Catalogue
from progenitor.inference._fit_file import FitFile
from progenitor.inference._fit_reads import READS, Seen
from progenitor.inference._fit_targets import FitTarget
from progenitor.inference._free_numbers import FreeNumber, free_number, held_catalogue
from progenitor.manufacture import manufacture

__all__ = ["Panel", "Readings"]

_WEIGHT: Final = "host/body_weight"
_HAZARD: Final = "cumulative_hazard"
_TOGETHER: Final = 4_000
"""Patients simulated at a time; nothing but memory depends on it."""

_SOLVER: Final = SolverOptions(engine="fast")
_WEEKLY: Final = 7.0
_Keys = Int[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True)
class Readings:
    """What patients of each draw gave for each target.

    Parameters
    ----------
    values
        Of every patient, NaN where there is none (draw, target, patient).
    """

    values: Float[np.ndarray, "draw target patient"]

    def centre(self, targets: Sequence[FitTarget]) -> Float[np.ndarray, "draw target"]:
        """Return the share of patients, or their median, or another percentile that is asked.

        NaN where nobody has a value.
        """
        found = np.full(self.values.shape[:2], np.nan)
        for index, target in enumerate(targets):
            some = (~np.isnan(self.values[:, index])).any(axis=1)
            known, percentile = self.values[some, index], target.question.percentile
            if target.share:
                found[some, index] = np.nanmean(known, axis=1)
            elif len(known):
                found[some, index] = np.nanpercentile(known, percentile, axis=1)
        return found

    def spread(
        self, targets: Sequence[FitTarget], ranks: Sequence[float]
    ) -> Float[np.ndarray, "rank draw target"]:
        """Return percentiles between patients; NaN for shares and where nobody has a value."""
        found = np.full((len(ranks), *self.values.shape[:2]), np.nan)
        for index, target in enumerate(targets):
            some = (~np.isnan(self.values[:, index])).any(axis=1)
            if not target.share and some.any():
                known = self.values[some, index]
                found[:, some, index] = np.nanquantile(known, ranks, axis=1)
        return found

    def inside(self, targets: Sequence[FitTarget]) -> Float[np.ndarray, "draw target"]:
        """Return the share of patients within the published interval; NaN without one."""
        found = np.full(self.values.shape[:2], np.nan)
        for index, target in enumerate(targets):
            if target.share or not np.isfinite([target.low, target.high]).all():
                continue
            values = self.values[:, index]
            known = (~np.isnan(values)).sum(axis=1)
            within = ((values >= target.low) & (values <= target.high)).sum(axis=1)
            found[:, index] = np.where(known > 0, within / np.maximum(known, 1), np.nan)
        return found


@final
class Panel:
    """Simulates the patients of a fit at any median of its free numbers.

    Parameters
    ----------
    file
        The fit.
    catalogue
        Where the numbers live.
    """

    __slots__ = ("_asked", "_catalogue", "_correlations", "_ids", "days", "file", "free")

    def __init__(self, file: FitFile, catalogue: Catalogue) -> None:
        self.file = file
        self.free: tuple[FreeNumber, ...] = tuple(
            free_number(catalogue.parameter(name)) for name in file.free
        )
        self._asked = (*file.targets, *file.beside)
        self._ids = _sampled(file, catalogue, self._asked)
        known = [name for name in self._ids if name not in file.free] if file.hold_others else []
        self._catalogue = held_catalogue(catalogue, known, file.free)
        self._correlations: tuple[Correlation, ...] = correlations_of(catalogue, file.disease)
        self.days = _looks(file, self._asked)

    def read(
        self, scores: Float[np.ndarray, "draw free"], draw: Int[np.ndarray, " draw"]
    ) -> Readings:
        """Simulate a panel at each draw and read every target, and what stands beside them.

        Parameters
        ----------
        scores
            Of the free numbers (draw, free).
        draw
            Numbers of the draws; they key the patients and whatever else is not known.
        """
        patients = self.file.sampling.patients
        together = max(1, _TOGETHER // patients)
        parts = [
            self._block(scores[first : first + together], draw[first : first + together])
            for first in range(0, len(draw), together)
        ]
        return Readings(np.concatenate(parts))

    def _block(
        self, scores: Float[np.ndarray, "draw free"], draw: Int[np.ndarray, " draw"]
    ) -> Float[np.ndarray, "draw target patient"]:
        patients = self.file.sampling.patients
        keys = {"draw": np.repeat(draw, patients), "patient": np.tile(range(patients), len(draw))}
        numbers = self._numbers(np.repeat(scores, patients, axis=0), **keys)
        seen = self._seen(numbers, **keys)
        rows = [READS[one.question.read].value(seen, one.question) for one in self._asked]
        table = np.stack(rows) if rows else np.zeros((0, len(keys["draw"])))
        return table.reshape(len(rows), len(draw), patients).transpose(1, 0, 2)

    def _numbers(
        self, scores: Float[np.ndarray, "patient free"], *, draw: _Keys, patient: _Keys
    ) -> Numbers:
        numbers = dict(
            sample_numbers(
                self._catalogue,
                self._ids,
                seed=self.file.seed,
                draw=draw,
                patient=patient,
                correlations=self._correlations,
            )
        )
        for column, number in enumerate(self.free):
            name = number.record.id
            numbers[name] = number.moved(numbers[name], scores[:, column])
        return numbers

    def _seen(self, numbers: Numbers, *, draw: _Keys, patient: _Keys) -> Seen:
        file, body = self.file, self.file.body
        given = _given(file, numbers, draw=draw, patient=patient)
        who = np.flatnonzero(given.infused)
        day = given.day[who]
        parameters = {symbol: numbers[name][who] for symbol, name in body.symbols.items()}
        everybody = {**body.switches, **file.given.inputs}
        parameters |= {symbol: np.full(len(who), value) for symbol, value in everybody.items()}
        parameters["bridging_stop_day"] = day + min(file.given.conditioning, default=0.0)
        if given.copies is not None:
            parameters["vector_copies_per_car_cell"] = given.copies[who]
        doses = [
            Dose(body.conditioning_species, day + offset, np.ones(len(who)))
            for offset in file.given.conditioning
            if body.conditioning_species
        ]
        doses += [Dose(name, day, cells[who]) for name, cells in given.cells.items()]
        trajectories = simulate(
            body.model,
            parameters,
            times=day[:, np.newaxis] + self.days,
            doses=tuple(doses),
            seed=file.seed,
            draw=draw[who],
            patient=patient[who],
            options=_SOLVER,
        )
        return self._laid_out(trajectories, given, numbers, draw=draw, patient=patient)

    def _laid_out(
        self,
        trajectories: Trajectories,
        given: "_Given",
        numbers: Numbers,
        *,
        draw: _Keys,
        patient: _Keys,
    ) -> Seen:
        """Lay the simulated over everybody, and end the courses of those who died."""
        who, count = np.flatnonzero(given.infused), len(draw)
        names = {one.question.of for one in self._asked} - {""}
        names |= {name for one in self._asked for name in READS[one.question.read].looks}
        series = {name: _spread(trajectories.observable(name), who, count) for name in names}
        if _HAZARD in trajectories.observables:
            hazard = _spread(trajectories.observable(_HAZARD), who, count)
            fate = -np.log(uniforms(self.file.seed, "death", draw=draw, patient=patient))
            alive = ~(hazard - hazard[:, :1] >= fate[:, np.newaxis])
            series = {name: np.where(alive, course, np.nan) for name, course in series.items()}
        events = {
            name: _spread(trajectories.event_time(name), who, count) - given.day
            for name in trajectories.events
        }
        good = np.zeros(count, dtype=bool)
        good[who] = trajectories.status == 0
        plain = {name: float(values[0]) for name, values in numbers.items() if len(values)}
        closely = self.file.closely_until
        return Seen(self.days, series, events, good, plain, self.file.visits, closely)


@final
@dataclass(frozen=True, slots=True)
class _Given:
    """Who was infused, on which day after enrolment, with which cells into which species."""

    infused: Bool[np.ndarray, " patient"]
    day: Float[np.ndarray, " patient"]
    cells: Mapping[str, Float[np.ndarray, " patient"]]
    copies: Float[np.ndarray, " patient"] | None


def _given(file: FitFile, numbers: Numbers, *, draw: _Keys, patient: _Keys) -> _Given:
    """Make the product of each patient and give it; cells given as they are come at once."""
    given, body, count = file.given, file.body, len(draw)
    if given.recipe is None:
        day = np.full(count, -min(given.conditioning, default=0.0))
        cells = {body.dose_species[name]: np.full(count, n) for name, n in given.cells.items()}
        return _Given(np.ones(count, dtype=bool), day, cells, None)
    batch = manufacture(given.recipe, numbers, seed=file.seed, draw=draw, lot=patient)
    product = batch.product
    weight = numbers[body.numbers.get(_WEIGHT, _WEIGHT)]
    dose = np.minimum(given.per_kilogram * weight, product.total)
    infused = np.asarray(product.released & (dose > 0.0))
    cells = {
        body.dose_species[phenotype]: dose * product.composition[:, column]
        for column, phenotype in enumerate(product.phenotypes)
    }
    return _Given(infused, product.vein_to_vein, cells, product.vcn_per_car_cell)


def _sampled(file: FitFile, catalogue: Catalogue, asked: Sequence[FitTarget]) -> tuple[str, ...]:
    """Catalogue ids of every number that is sampled."""
    ids = set(file.body.parameter_ids)
    if file.given.recipe is not None:
        ids |= {*file.given.recipe.parameter_ids, file.body.numbers.get(_WEIGHT, _WEIGHT)}
    for one in asked:
        ids |= set(READS[one.question.read].uses)
        ids |= {one.question.above} if "/" in one.question.above else set()
    return tuple(sorted(name for name in ids if catalogue.parameter(name).used is not None))


def _looks(file: FitFile, asked: Sequence[FitTarget]) -> Float[np.ndarray, " time"]:
    """Return days since infusion: daily while followed closely, then weekly, and days asked.

    Courses that nobody asks about later than the close follow-up end there.
    """
    days = [one.question.day for one in asked if np.isfinite(one.question.day)]
    responses = [one for one in asked if "response" in READS[one.question.read].needs]
    visits = list(file.visits) if responses else []
    last = max([file.closely_until, *days, *visits])
    daily = np.arange(0.0, file.closely_until + 1.0)
    weekly = np.arange(file.closely_until, last, _WEEKLY)
    return np.unique(np.concatenate([daily, weekly, days, visits]))


def _spread(
    values: Float[np.ndarray, "infused ..."], who: Int[np.ndarray, " infused"], count: int
) -> Float[np.ndarray, "patient ..."]:
    """Put the rows of the simulated where they belong among all, NaN elsewhere."""
    full = np.full((count, *values.shape[1:]), np.nan)
    full[who] = values
    return full
