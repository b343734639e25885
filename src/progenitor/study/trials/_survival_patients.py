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
from progenitor.study.trials._allocation import allocate
from progenitor.study.trials._strata import Strata, strata_of

__all__ = ["SurvivalBank", "SurvivalTrials", "draw_trials"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class SurvivalBank:
    """Progression-free survival of everybody in every arm.

    Parameters
    ----------
    arms
        Names, the control first.
    time, event
        Days and whether they end with the event; NaN outside the analysis set of an arm (arm, draw,
        patient).
    solved
        Who can be enrolled: simulated in every arm (draw, patient).
    strata
        Stratum of everybody.
    queue
        Facility in which lots queue: patients who come early in a trial are those who came early
        to it. Of several, that of the first arm that has one.
    """

    arms: tuple[str, ...]
    time: Float[np.ndarray, "arm draw patient"]
    event: Bool[np.ndarray, "arm draw patient"]
    solved: Bool[np.ndarray, "draw patient"]
    strata: Strata
    queue: FacilitySection | None = None

    @classmethod
    def of(
        cls,
        tables: Mapping[str, Table],
        arms: Sequence[str],
        analysis_set: str,
        stratify_by: Sequence[str] = (),
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
        shape = time.shape[1:]
        failed = np.stack([tables[arm].outcomes["failed"].reshape(shape) for arm in arms])
        if analysis_set == "infused":
            infused = np.stack([tables[arm].outcomes["infused"].reshape(shape) for arm in arms])
            time = np.where(infused, time, np.nan)
        known = np.isfinite(time) & np.isfinite(event)
        solved = np.asarray(~failed.astype(bool).any(axis=0))
        if analysis_set == "itt":
            solved &= known.all(axis=0)
        if not (known & solved).any(axis=2).all():
            raise DesignError(
                f"nobody is in the {analysis_set} set of some arm in some parameter draw. Fix: "
                "give more patients per draw"
            )
        return cls(
            tuple(arms),
            np.where(known, time, np.nan),
            np.where(known, event, 0.0) == 1.0,
            solved,
            strata_of(tables[arms[0]], stratify_by),
            next((one for one in facilities if one is not None), None),
        )

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return int(self.time.shape[1])

    def choose(
        self,
        draw: Int[np.ndarray, "..."],
        entry: Float[np.ndarray, "..."],
        chance: Float[np.ndarray, "..."],
    ) -> Int[np.ndarray, "..."]:
        """Choose who can be enrolled; where lots queue, among those who came as early.

        Parameters
        ----------
        draw
            Parameter draw of each patient.
        entry
            Days from the beginning of the trial to entry.
        chance
            Uniform numbers from 0 up to below 1.
        """
        if self.queue is not None:
            strata = self.queue.strata(self.solved)
            return strata.choose(draw, self.queue.arrivals_by(entry), chance)
        order = np.argsort(~self.solved, axis=1, kind="stable")
        sizes = self.solved.sum(axis=1)
        return np.asarray(order[draw, (chance * sizes[draw]).astype(np.intp)])


@final
@dataclass(frozen=True, slots=True, eq=False)
class SurvivalTrials:
    """Many trials (trial, patient).

    Parameters
    ----------
    arm, stratum
        Arm and stratum of each patient.
    entry
        Day of enrolment, on which patients are randomised.
    time, event
        Days to the event or the end of follow-up, and which it is; NaN outside the analysis set.
    draw, patient
        Which virtual patient it is.
    """

    arm: Int[np.ndarray, "trial patient"]
    stratum: Int[np.ndarray, "trial patient"]
    entry: Float[np.ndarray, "trial patient"]
    time: Float[np.ndarray, "trial patient"]
    event: Bool[np.ndarray, "trial patient"]
    draw: Int[np.ndarray, "trial patient"]
    patient: Int[np.ndarray, "trial patient"]

    def cut(
        self, day: Float[np.ndarray, " trial"]
    ) -> tuple[Float[np.ndarray, "trial patient"], Bool[np.ndarray, "trial patient"]]:
        """Return times and events as they are known on a day; NaN for who had not entered."""
        followed = day[:, np.newaxis] - self.entry
        came = self.event & (self.entry + self.time <= day[:, np.newaxis])
        known = np.where(came, self.time, np.minimum(self.time, followed))
        return np.where(followed >= 0.0, known, np.nan), came

    def pair(self, place: int) -> "SurvivalTrials":
        """Return the comparison of one arm (1) with the control (0); others are left out as NaN."""
        mine = (self.arm == 0) | (self.arm == place)
        return SurvivalTrials(
            (self.arm == place).astype(np.int64),
            self.stratum,
            self.entry,
            np.where(mine, self.time, np.nan),
            self.event & mine,
            self.draw,
            self.patient,
        )


def draw_trials(
    bank: SurvivalBank,
    *,
    patients: int,
    replicates: int,
    accrual: float,
    block: int,
    seed: int,
    mixed: bool = False,
    null: bool = False,
) -> SurvivalTrials:
    """Draw the patients of many trials with replacement; trial k is on parameter draw k mod D.

    Patients enter evenly spread by chance over the accrual and are allocated by permuted blocks
    within strata. The patient, the day of entry and the blocks have their own random numbers.

    Parameters
    ----------
    bank
        Everybody in every arm.
    patients, replicates, accrual
        Patients over all arms, trials, and days of accrual.
    block
        Places in a block.
    seed
        Seed of the study.
    mixed
        Take each patient from any draw: curves that are known, without doubt about parameters.
    null
        Give every arm the control.
    """
    place = np.arange(replicates * patients)
    keys = place // patients, place % patients
    shape = replicates, patients
    who = uniforms(seed, "randomised:patient", *keys).reshape(shape)
    entry = accrual * uniforms(seed, "randomised:entry", *keys).reshape(shape)
    draw = np.broadcast_to((np.arange(replicates) % bank.draws)[:, np.newaxis], shape)
    if mixed:
        chance = uniforms(seed, "randomised:draw", *keys).reshape(shape)
        draw = (chance * bank.draws).astype(np.intp)
    patient = bank.choose(draw, entry, who)
    stratum = bank.strata.label[draw, patient]
    arm = allocate(entry, stratum, arms=len(bank.arms), block=block, seed=seed)
    source = np.zeros_like(arm) if null else arm
    time, event = bank.time[source, draw, patient], bank.event[source, draw, patient]
    return SurvivalTrials(arm, stratum, entry, time, event, draw, patient)
