"""Simulated mice under every arm and donor: what planned mouse studies are resampled from."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import InputError, Problem

__all__ = ["MouseBank", "growth_rates"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class MouseBank:
    """Tumour volume of the same mice in every arm with the product of every donor.

    Parameters
    ----------
    arms
        Names of the arms; the products of one donor are of the same donor in every arm.
    days
        Days of measurement, the first the baseline (day,).
    volume
        True volume, 0 or more (draw, arm, donor, mouse, day).

    Raises
    ------
    InputError
        If shapes do not fit, there is one day or one arm, or a volume is missing or negative.

    Examples
    --------
    >>> days = np.array([0.0, 7.0])
    >>> volume = np.full((1, 2, 1, 3, 2), 100.0); volume[:, 0, ..., 1] = 200.0
    >>> bank = MouseBank(("control", "cells"), days, volume)
    >>> bank.mice, bank.true_growth(1500.0)[0, :, 0, 0].round(3).tolist()
    (3, [0.099, 0.0])
    """

    arms: tuple[str, ...]
    days: Float[np.ndarray, " day"]
    volume: Float[np.ndarray, "draw arm donor mouse day"]

    def __post_init__(self) -> None:
        problems = []
        if self.days.size < 2 or not np.all(np.diff(self.days) > 0.0):
            fix = "give two or more increasing days, the first the baseline"
            problems.append(Problem("the days of measurement do not increase", fix, field="days"))
        shape = self.volume.shape
        if len(self.arms) < 2 or shape[1:2] != (len(self.arms),) or shape[4:] != self.days.shape:
            fix = "give (draw, arm, donor, mouse, day) with two or more arms"
            problems.append(Problem(f"volume has shape {shape}", fix, field="volume"))
        elif not np.all(np.isfinite(self.volume)) or np.any(self.volume < 0.0):
            fix = "leave mice out whose simulation failed, in all arms"
            problems.append(Problem("a volume is missing or negative", fix, field="volume"))
        if problems:
            raise InputError(problems)

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return int(self.volume.shape[0])

    @property
    def donors(self) -> int:
        """Number of donors of cells in each draw."""
        return int(self.volume.shape[2])

    @property
    def mice(self) -> int:
        """Number of mice in each draw."""
        return int(self.volume.shape[3])

    def true_growth(
        self, limit: float, *, floor: float = 1.0
    ) -> Float[np.ndarray, "draw arm donor mouse"]:
        """Growth rate of every mouse measured without error until its humane endpoint.

        Parameters
        ----------
        limit
            Volume of the humane endpoint.
        floor
            Smallest volume that can be measured.
        """
        seen = np.maximum(self.volume, floor)
        over = np.cumsum(seen >= limit, axis=-1) - (seen >= limit) > 0
        return growth_rates(self.days, np.where(over, np.nan, seen), ~over)


def growth_rates(
    days: Float[np.ndarray, " day"],
    volume: Float[np.ndarray, "*mouse day"],
    measured: Bool[np.ndarray, "*mouse day"],
) -> Float[np.ndarray, "*mouse"]:
    r"""Return the slope of the logarithm of volume by day, by least squares in every mouse.

    .. math::

        g = \frac{\sum_t (t - \bar t)(\ln V_t - \overline{\ln V})}{\sum_t (t - \bar t)^2}

    over the days on which a mouse was measured. A mouse that is removed early keeps the rate that
    it had, so that removal does not make its arm look better; NaN with fewer than two days.

    Parameters
    ----------
    days
        Days of measurement (day,).
    volume
        Measured volume, above 0 (mouse, day).
    measured
        Where there is a measurement (mouse, day).

    References
    ----------
    Hather et al. 2014, Cancer Informatics 13(S4):65–72, doi:10.4137/CIN.S13974.

    Examples
    --------
    >>> volume = np.exp(0.1 * np.array([[0.0, 10.0, 20.0]]))
    >>> seen = np.array([[True, True, False]])
    >>> growth_rates(np.array([0.0, 10.0, 20.0]), volume, seen).round(6).tolist()
    [0.1]
    """
    count = measured.sum(axis=-1)
    weight = measured.astype(float)
    logs = np.log(np.where(measured, volume, 1.0))
    safe = np.maximum(count, 1)[..., np.newaxis]
    day = days - (weight * days).sum(axis=-1, keepdims=True) / safe
    middle = logs - (weight * logs).sum(axis=-1, keepdims=True) / safe
    spread = (weight * day**2).sum(axis=-1)
    product = (weight * day * middle).sum(axis=-1)
    return np.asarray(product / np.where(count > 1, spread, np.nan))
