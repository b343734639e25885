"""Patients of randomised trials drawn from the virtual patients: arm, entry, time and event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import uniforms
from progenitor.errors import DesignError
from progenitor.study._estimates import Table
from progenitor.study._facility_section import FacilitySection

__all__ = ["SurvivalBank", "SurvivalTrials", "draw_trials"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class SurvivalBank:
    """Progression-free survival of everybody in every arm (arm, draw, patient).

    Times are NaN of who is not in the analysis set of the arm. ``facilities`` are those in which
    the lots of the arms queue, None for arms that do not; without any, no arm does.
    """

    arms: tuple[str, ...]
    time: Float[np.ndarray, "arm draw patient"]
    event: Bool[np.ndarray, "arm draw patient"]
    facilities: tuple[FacilitySection | None, ...] = ()

    @classmethod
    def of(
        cls,
        tables: Mapping[str, Table],
        arms: Sequence[str],
        analysis_set: str,
        facilities: Sequence[FacilitySection | None] = (),
    ) -> "SurvivalBank":
        """Take the arms of a trial from the rows of a run.

        Raises
        ------
        DesignError
            If some draw has nobody in the analysis set of an arm.
        """
        name = "pfs_itt" if analysis_set == "itt" else "pfs"
        time = np.stack([tables[arm].column(f"{name}_time") for arm in arms])
        event = np.stack([tables[arm].column(f"{name}_event") for arm in arms])
        if analysis_set == "infused":
            infused = np.stack(
                [tables[arm].outcomes["infused"].reshape(time.shape[1:]) for arm in arms]
            )
            time = np.where(infused, time, np.nan)
        known = np.isfinite(time) & np.isfinite(event)
        if not known.any(axis=2).all():
            raise DesignError(
                f"nobody is in the {analysis_set} set of some arm in some parameter draw. Fix: "
                "give more patients per draw"
            )
        events = np.where(known, event, 0.0) == 1.0
        return cls(tuple(arms), np.where(known, time, np.nan), events, tuple(facilities))

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return int(self.time.shape[1])

    def choose(
        self,
        arm: int,
        draw: Int[np.ndarray, "..."],
        entry: Float[np.ndarray, "..."],
        chance: Float[np.ndarray, "..."],
    ) -> Int[np.ndarray, "..."]:
        """Choose members of an arm; where its lots queue, among those who came as early.

        Parameters
        ----------
        arm, draw
            Place of the arm, and the parameter draw of each patient.
        entry
            Days from the beginning of the trial to entry.
        chance
            Uniform numbers from 0 up to below 1.
        """
        known = np.isfinite(self.time[arm])
        facility = self.facilities[arm] if self.facilities else None
        if facility is not None:
            return facility.strata(known).choose(draw, facility.arrivals_by(entry), chance)
        order = np.argsort(~known, axis=1, kind="stable")
        return np.asarray(order[draw, (chance * known.sum(axis=1)[draw]).astype(np.intp)])


@final
@dataclass(frozen=True, slots=True, eq=False)
class SurvivalTrials:
    """Many trials: arm, day of entry, days to the event or the end of follow-up, and which it is.

    ``arm`` is shared by all trials (patient,), the others are (trial, patient).
    """

    arm: Int[np.ndarray, " patient"]
    entry: Float[np.ndarray, "trial patient"]
    time: Float[np.ndarray, "trial patient"]
    event: Bool[np.ndarray, "trial patient"]

    def cut(
        self, day: Float[np.ndarray, " trial"]
    ) -> tuple[Float[np.ndarray, "trial patient"], Bool[np.ndarray, "trial patient"]]:
        """Return times and events as they are known on a day; NaN for who had not entered."""
        followed = day[:, np.newaxis] - self.entry
        came = self.event & (self.entry + self.time <= day[:, np.newaxis])
        known = np.where(came, self.time, np.minimum(self.time, followed))
        return np.where(followed >= 0.0, known, np.nan), came

    def pair(self, place: int) -> "SurvivalTrials":
        """Return the patients of the control and of one arm."""
        mine = (self.arm == 0) | (self.arm == place)
        return SurvivalTrials(
            (self.arm[mine] == place).astype(np.int64),
            self.entry[:, mine],
            self.time[:, mine],
            self.event[:, mine],
        )


def draw_trials(
    bank: SurvivalBank,
    *,
    patients: int,
    replicates: int,
    accrual: float,
    seed: int,
    mixed: bool = False,
    null: bool = False,
) -> SurvivalTrials:
    """Draw the patients of many trials with replacement; trial k is on parameter draw k mod D.

    Patients enter evenly spread by chance over the accrual; arms take turns, so they are as equal
    as they can be. The patient and the day of entry have their own random numbers.

    Parameters
    ----------
    bank
        Everybody in every arm.
    patients, replicates, accrual
        Patients over all arms, trials, and days of accrual.
    seed
        Seed of the study.
    mixed
        Take each patient from any draw: curves that are known, without doubt about parameters.
    null
        Give every arm the control.
    """
    count = len(bank.arms)
    arm = np.arange(patients) % count
    place = np.arange(replicates * patients)
    keys = place // patients, place % patients
    shape = replicates, patients
    who = uniforms(seed, "randomised:patient", *keys).reshape(shape)
    entry = accrual * uniforms(seed, "randomised:entry", *keys).reshape(shape)
    draw = np.broadcast_to((np.arange(replicates) % bank.draws)[:, np.newaxis], shape)
    if mixed:
        chance = uniforms(seed, "randomised:draw", *keys).reshape(shape)
        draw = (chance * bank.draws).astype(np.intp)
    time, event = np.empty(shape), np.empty(shape, dtype=bool)
    for number in range(count):
        mine = arm == number
        source = 0 if null else number
        from_draw = draw[:, mine]
        index = bank.choose(source, from_draw, entry[:, mine], who[:, mine])
        time[:, mine] = bank.time[source, from_draw, index]
        event[:, mine] = bank.event[source, from_draw, index]
    return SurvivalTrials(arm, entry, time, event)
