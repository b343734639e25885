"""A number read from one arm, or from two arms on the same subjects, over draws and subjects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

from progenitor.study._estimates import Table
from progenitor.study.experiment._amount import amount_in
from progenitor.study.experiment._file import ExperimentFile, Readout
from progenitor.study.experiment._read import column, course_unit, followed_column
from progenitor.study.experiment._readout_kinds import KINDS
from progenitor.study.results import Estimate
from progenitor.trial import (
    TwoLevel,
    binomial_interval,
    estimate,
    estimate_from_draws,
    hazard_ratio,
    kaplan_meier,
    paired_difference,
)
from progenitor.units import convert

__all__ = ["Measured", "Measures", "logarithms", "measure_of"]

_PLAIN: Final = {"1": ""}
"""Units of plain numbers, which are not percentages."""
_FOOT: Final = 0.1
"""What zero counts as in a ratio, relative to the smallest value above zero."""


@final
@dataclass(frozen=True, slots=True)
class Measured:
    """An estimate, and the same number in each draw, (draw,); NaN where a draw has none."""

    estimate: Estimate
    per_draw: Float[np.ndarray, " draw"]

    def share_within(self, low: float, high: float) -> float:
        """Share of the draws that have the number in which it lies between two limits."""
        known = self.per_draw[~np.isnan(self.per_draw)]
        return float(((known >= low) & (known <= high)).mean()) if known.size else float("nan")


def measure_of(readout: Readout, wanted: str | None) -> str:
    """Return how two arms are compared on a readout when the file does not say.

    Examples
    --------
    >>> event = Readout(title="t", kind="chance_event", observable="hazard")
    >>> measure_of(event, None), measure_of(event, "difference")
    ('hazard_ratio', 'difference')
    """
    if wanted is not None:
        return wanted
    return "hazard_ratio" if KINDS[readout.kind].happens else "difference"


def logarithms(
    groups: Sequence[Float[np.ndarray, "draw subject"]],
) -> list[Float[np.ndarray, "draw subject"]]:
    """Return natural logarithms of values of the same subjects in several groups.

    Zero, such as a tumour that is gone, counts as a tenth of the smallest value above zero in any
    of the groups, so that subjects who are cured are not left out of a ratio. Values below zero
    have no logarithm.

    Parameters
    ----------
    groups
        Values by group; NaN for missing.

    Examples
    --------
    >>> found = logarithms([np.array([[0.0, 1.0]]), np.array([[10.0, 10.0]])])
    >>> np.exp(found[0] - found[1]).round(3).tolist()
    [[0.01, 0.1]]
    """
    every = np.concatenate([np.ravel(values) for values in groups])
    above = every[every > 0.0]
    foot = _FOOT * float(above.min()) if above.size else 1.0
    with np.errstate(invalid="ignore"):
        shown = [np.where(values == 0.0, foot, values) for values in groups]
        return [np.log(np.where(values > 0.0, values, np.nan)) for values in shown]


@final
@dataclass(frozen=True, slots=True)
class Measures:
    """Reads the numbers of an experiment from tables of its arms.

    Parameters
    ----------
    file
        The experiment.
    units
        Observable → unit, over all bodies.
    """

    file: ExperimentFile
    units: Mapping[str, str]

    def unit(self, name: str) -> str:
        """Return the unit in which a readout is printed."""
        readout = self.file.readouts[name]
        kind = KINDS[readout.kind]
        if kind.share or kind.happens:
            return "1" if kind.share else "day"
        own = kind.unit(course_unit(readout, self.units))
        return readout.unit or _PLAIN.get(own, own)

    def values(self, table: Table, name: str) -> Float[np.ndarray, "draw subject"]:
        """Return a readout of every subject in the unit in which it is printed."""
        readout = self.file.readouts[name]
        values = table.column(column(name))
        if readout.unit is None:
            return values
        own = KINDS[readout.kind].unit(course_unit(readout, self.units))
        return values * float(convert(1.0, own, readout.unit))

    def events(
        self, table: Table, name: str
    ) -> tuple[Float[np.ndarray, "draw subject"], Float[np.ndarray, "draw subject"]]:
        """Return times from the beginning of the window, and whether the event ended them."""
        since = self.file.readouts[name].since or 0.0
        day, last = table.column(column(name)), table.column(followed_column(name))
        event = (~np.isnan(day)).astype(float)
        time = np.where(event == 1.0, day, last) - since
        unseen = np.isnan(last) | (time < 0.0)
        return np.where(unseen, np.nan, time), np.where(unseen, np.nan, event)

    def one(self, table: Table, name: str) -> Measured:
        """Read one arm; for an event the share of subjects with it by the end of its window."""
        readout = self.file.readouts[name]
        if KINDS[readout.kind].happens:
            return self._by_end(table, name)
        values = self.values(table, name)
        share = KINDS[readout.kind].share
        found = estimate(values, "proportion" if share else readout.summary)
        each = _each(values, mean=share or readout.summary == "mean")
        return Measured(self._estimate(found, name, self.unit(name), values), each)

    def pair(self, first: Table, second: Table, name: str, measure: str) -> Measured:
        """Hold two arms against each other on the same subjects: first − second, or first ÷ second.

        A hazard ratio is the geometric mean over draws of those of Cox regression, with Firth's
        penalty so that each is finite; a ratio is the middle of the subjects' own, see
        :func:`logarithms`.
        """
        readout = self.file.readouts[name]
        if measure == "hazard_ratio":
            return self._hazard_ratio(first, second, name)
        if KINDS[readout.kind].happens:
            return self._risk_difference(first, second, name)
        one, other = self.values(first, name), self.values(second, name)
        if measure == "ratio":
            one, other = logarithms([one, other])
        mean = KINDS[readout.kind].share or readout.summary == "mean"
        return self.contrast(one, other, name, measure, mean=mean)

    def contrast(
        self,
        one: Float[np.ndarray, "draw subject"],
        other: Float[np.ndarray, "draw subject"],
        name: str,
        measure: str,
        *,
        mean: bool,
    ) -> Measured:
        """Summarise differences of subjects; those of logarithms become ratios."""
        found = paired_difference(one, other, "mean" if mean else "median")
        values = one - other
        each = _each(values, mean=mean)
        if KINDS[self.file.readouts[name].kind].share:
            found = _at_least_chance(found, one, other)
        if measure == "ratio":
            return Measured(self._estimate(_raised(found), name, "ratio", values), np.exp(each))
        unit = "1" if KINDS[self.file.readouts[name].kind].happens else self.unit(name)
        return Measured(self._estimate(found, name, unit, values), each)

    def median_time(self, table: Table, name: str) -> Estimate:
        """Return the median time to an event; infinite where fewer than half have it."""
        time, event = self.events(table, name)
        every = _curve_median(time.ravel(), event.ravel())
        each = np.array([_curve_median(*pair) for pair in zip(time, event, strict=True)])
        known = np.sort(each[~np.isnan(each)])
        low = high = float("nan")
        if known.size > 1:
            low, high = np.quantile(known, [0.05, 0.95], method="inverted_cdf")
        counted = int((~np.isnan(time)).sum())
        return Estimate(every, min(low, every), max(high, every), "day", self.title(name), counted)

    def title(self, name: str) -> str:
        """Return the title of a readout."""
        return self.file.readouts[name].title

    def level(self, text: str, name: str, measure: str) -> float:
        """Return a level in the unit in which a measure of a readout is printed."""
        if measure in ("ratio", "hazard_ratio"):
            return amount_in(text, "1")
        unit = "1" if KINDS[self.file.readouts[name].kind].happens else self.unit(name)
        return amount_in(text, unit or "1")

    def _by_end(self, table: Table, name: str) -> Measured:
        time, event = self.events(table, name)
        pairs = np.array(
            [self._share_by_end(name, *pair) for pair in zip(time, event, strict=True)]
        )
        last = np.nanmax(time, initial=0.0)
        if np.all((event != 0.0) | (time >= last)):  # nobody is lost before the end
            found = estimate(event, "proportion")
        else:
            found = estimate_from_draws(pairs[:, 0], pairs[:, 1])
        return Measured(self._estimate(found, name, "1", time), pairs[:, 0])

    def _share_by_end(
        self,
        name: str,
        time: Float[np.ndarray, " subject"],
        event: Float[np.ndarray, " subject"],
    ) -> tuple[float, float]:
        """Share with the event by the end in one draw, and its variance."""
        known = ~np.isnan(time)
        if not known.any():
            return float("nan"), float("nan")
        readout = self.file.readouts[name]
        end = (readout.until or self.file.looks.until) - (readout.since or 0.0)
        curve = kaplan_meier(time[known], event[known])
        share = 1.0 - float(curve.survival_at(np.array([end]), extend=True)[0])
        error = float(curve.standard_error_at(np.array([end]), extend=True)[0])
        return share, 0.0 if np.isnan(error) else error**2

    def _risk_difference(self, first: Table, second: Table, name: str) -> Measured:
        pairs = [
            np.array(
                [
                    self._share_by_end(name, *one)
                    for one in zip(*self.events(table, name), strict=True)
                ]
            )
            for table in (first, second)
        ]
        each = pairs[0][:, 0] - pairs[1][:, 0]
        found = estimate_from_draws(each, pairs[0][:, 1] + pairs[1][:, 1])
        time, _ = self.events(first, name)
        return Measured(self._estimate(found, name, "1", time), each)

    def _hazard_ratio(self, first: Table, second: Table, name: str) -> Measured:
        sides = [self.events(table, name) for table in (first, second)]
        found = []
        for one, other in zip(
            zip(*sides[0], strict=True), zip(*sides[1], strict=True), strict=True
        ):
            time, event = np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]])
            group = np.repeat([1, 0], [len(one[0]), len(other[0])])
            known = ~np.isnan(time)
            found.append(hazard_ratio(time[known], event[known], group[known], penalised=True))
        values = np.array([one.value for one in found])
        summary = estimate_from_draws(values, np.array([one.variance for one in found]))
        return Measured(
            self._estimate(_raised(summary), name, "ratio", sides[0][0]), np.exp(values)
        )

    def _estimate(
        self, found: TwoLevel, name: str, unit: str, values: Float[np.ndarray, "draw subject"]
    ) -> Estimate:
        return Estimate(
            value=found.value,
            low=found.low,
            high=found.high,
            unit=unit,
            label=self.title(name),
            n=int((~np.isnan(values)).sum()),
            mcse=found.mcse,
        )


def _at_least_chance(
    found: TwoLevel,
    one: Float[np.ndarray, "draw subject"],
    other: Float[np.ndarray, "draw subject"],
) -> TwoLevel:
    """Keep a difference of shares from being surer than so many subjects can make it.

    Subjects who gain and subjects who lose are counted, each with Jeffreys' interval, and their
    distances are combined as Zou and Donner do (MOVER); nobody among 20 is no proof of 0.

    References
    ----------
    Zou, Donner 2008, Stat Med 27:1693–1702, doi:10.1002/sim.3095.
    """
    change = (one - other)[~np.isnan(one - other)]
    if not change.size or np.isnan(found.low):
        return found
    ways = []
    for way in (1.0, -1.0):
        seen, subjects = int((change == way).sum()), int(change.size)
        low, high = binomial_interval(seen, subjects, method="jeffreys", level=0.9)
        ways.append((seen / subjects, float(low), float(high)))
    (gain, gain_low, gain_high), (loss, loss_low, loss_high) = ways
    low = gain - loss - float(np.hypot(gain - gain_low, loss_high - loss))
    high = gain - loss + float(np.hypot(gain_high - gain, loss - loss_low))
    return TwoLevel(found.value, min(found.low, low), max(found.high, high), found.mcse)


def _each(values: Float[np.ndarray, "draw subject"], *, mean: bool) -> Float[np.ndarray, " draw"]:
    """Mean or median of the known values of each draw."""
    known = (row[~np.isnan(row)] for row in values)
    middle = np.mean if mean else np.median
    return np.array([float(middle(row)) if row.size else float("nan") for row in known])


def _raised(found: TwoLevel) -> TwoLevel:
    """Turn a summary of logarithms into one of ratios."""
    value = float(np.exp(found.value))
    return TwoLevel(value, float(np.exp(found.low)), float(np.exp(found.high)), value * found.mcse)


def _curve_median(
    time: Float[np.ndarray, " subject"], event: Float[np.ndarray, " subject"]
) -> float:
    known = ~np.isnan(time)
    if not known.any():
        return float("nan")
    median = kaplan_meier(time[known], event[known]).median.value
    return float("inf") if np.isnan(median) else median
