"""A planned mouse study conducted many times: randomised, measured with error, ended humanely."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from progenitor.engine import stream
from progenitor.errors import InputError, Problem
from progenitor.trial._blocked_randomisation import randomise_in_blocks
from progenitor.trial._humane_endpoint import remove_at_humane_endpoint
from progenitor.trial._mouse_bank import MouseBank, growth_rates

__all__ = ["MouseDesign", "MouseStudies", "conduct_mouse_studies"]

_PURPOSE: Final = "mouse_study"


@final
@dataclass(frozen=True, slots=True)
class MouseDesign:
    r"""How a mouse study is planned.

    Parameters
    ----------
    control
        Position of the control among the arms.
    donors, per_donor
        Donors of cells in each arm, and mice that receive the cells of one.
    own_donors
        Whether every arm has donors of its own; otherwise one donor's cells go to all arms.
    limit
        Volume of the humane endpoint.
    error
        Standard deviation of the logarithm of a measured volume about the true one.
    floor
        Smallest volume that can be measured; what is smaller is written down as this.
    cage_size
        Mice in a cage; cages are filled before mice are randomised.
    cage_effect
        Standard deviation between cages of the growth rate, 1/day.
    alpha
        Two-sided error rate for all comparisons with control together.

    Raises
    ------
    InputError
        Listing every number that is impossible.

    Examples
    --------
    >>> MouseDesign(control=0, donors=4, per_donor=5, limit=1500.0, error=0.15).mice_per_arm
    20
    """

    control: int
    donors: int
    per_donor: int
    limit: float
    error: float
    floor: float = 1.0
    cage_size: int = 5
    cage_effect: float = 0.0
    alpha: float = 0.05
    own_donors: bool = False

    def __post_init__(self) -> None:
        checks = (
            ("donors", self.donors >= 2, "give 2 or more: donors are the units of the analysis"),
            ("per_donor", self.per_donor >= 1, "give 1 or more"),
            ("limit", 0.0 < self.floor < self.limit, "give a limit above the smallest volume"),
            ("error", self.error >= 0.0, "give 0 or more"),
            ("cage_size", self.cage_size >= 1, "give 1 or more"),
            ("cage_effect", self.cage_effect >= 0.0, "give 0 or more"),
            ("alpha", 0.0 < self.alpha < 1.0, "give a number between 0 and 1"),
        )
        problems = [
            Problem(f"{name} is {getattr(self, name):g}", fix, field=name)
            for name, fine, fix in checks
            if not fine
        ]
        if problems:
            raise InputError(problems)

    @property
    def mice_per_arm(self) -> int:
        """Mice in every arm."""
        return self.donors * self.per_donor


@final
@dataclass(frozen=True, slots=True, eq=False)
class MouseStudies:
    """Many mouse studies of one design; rows of mice are sorted by arm, donor and block.

    Parameters
    ----------
    bank, design
        What they were resampled from, and how they were planned.
    draw
        Parameter draw of each study (study,).
    donor
        Donor of each mouse's cells, as numbered within its study (study, mouse).
    bank_donor, bank_mouse
        Who they are in the bank (study, mouse).
    cage, block
        Cage and block of randomisation (study, mouse).
    volume
        Measured volume until removal, NaN afterwards (study, mouse, day).
    time, event
        Day of the humane endpoint and 1, or last day and 0 (study, mouse).
    growth
        Growth rate of each mouse, 1/day (study, mouse).
    """

    bank: MouseBank
    design: MouseDesign
    draw: Int[np.ndarray, " study"]
    donor: Int[np.ndarray, "study mouse"]
    bank_donor: Int[np.ndarray, "study mouse"]
    bank_mouse: Int[np.ndarray, "study mouse"]
    cage: Int[np.ndarray, "study mouse"]
    block: Int[np.ndarray, "study mouse"]
    volume: Float[np.ndarray, "study mouse day"]
    time: Float[np.ndarray, "study mouse"]
    event: Float[np.ndarray, "study mouse"]
    growth: Float[np.ndarray, "study mouse"]

    @property
    def arm(self) -> Int[np.ndarray, " mouse"]:
        """Arm of each mouse, the same in every study (mouse,)."""
        return np.repeat(np.arange(len(self.bank.arms)), self.design.mice_per_arm)

    @property
    def batch(self) -> Int[np.ndarray, "study mouse"]:
        """Batch of cells: one donor's cells made for one arm."""
        return np.asarray(self.arm * self.design.donors + self.donor)

    @property
    def baseline(self) -> Float[np.ndarray, "study mouse"]:
        """Measured volume by which mice were randomised."""
        return self.volume[:, :, 0]

    def by_draw(self, values: Shaped[np.ndarray, " study"]) -> Shaped[np.ndarray, "draw replicate"]:
        """Return one number of each study by draw; studies are dealt to draws in turn."""
        return np.asarray(values).reshape(-1, self.bank.draws).T


def conduct_mouse_studies(
    bank: MouseBank,
    design: MouseDesign,
    *,
    replicates: int,
    seed: int,
    lived: Sequence[int] | None = None,
) -> MouseStudies:
    r"""Conduct a mouse study again and again on resampled mice and donors.

    Study s belongs to draw s mod D. Its mice and donors are resampled with replacement from the
    draw; each mouse is measured, randomised within blocks of similar burden to an arm and donor,
    and measured until its volume reaches the humane limit:

    .. math::

        \ln V^{seen}_t = \ln V_t + c_{cage}\,t + \sigma\,\varepsilon_t

    Every study has streams of its own, so results do not depend on how many are conducted.

    Parameters
    ----------
    bank, design
        Mice, and the plan.
    replicates
        Studies of each draw.
    seed
        Seed of the study.
    lived
        Position of the arm whose courses the mice of each arm live through, to conduct a study in
        which arms are equal; by default every arm its own.

    Examples
    --------
    >>> volume = 100.0 * np.exp(0.05 * np.arange(5.0) * 7.0) * np.ones((2, 2, 3, 4, 5))
    >>> bank = MouseBank(("control", "cells"), 7.0 * np.arange(5.0), volume)
    >>> design = MouseDesign(control=0, donors=2, per_donor=3, limit=1500.0, error=0.1)
    >>> found = conduct_mouse_studies(bank, design, replicates=50, seed=1)
    >>> found.volume.shape, abs(float(found.growth.mean()) - 0.05) < 0.001
    ((100, 12, 5), True)
    """
    arms, studies = len(bank.arms), replicates * bank.draws
    lives = np.arange(arms) if lived is None else np.asarray(lived)
    mice, days = arms * design.mice_per_arm, bank.days - bank.days[0]
    who = np.empty((5, studies, mice), dtype=np.int64)
    volume = np.empty((studies, mice, days.size))
    for study in range(studies):
        who[:, study], volume[study] = _one_study(bank, design, lives, seed=seed, study=study)
    volume = np.maximum(volume, design.floor)
    removed = remove_at_humane_endpoint(
        bank.days, volume.reshape(-1, days.size), limit=design.limit
    )
    seen = removed.volume.reshape(volume.shape)
    shape = volume.shape[:2]
    return MouseStudies(
        bank,
        design,
        np.arange(studies) % bank.draws,
        donor=who[0],
        bank_donor=who[1],
        bank_mouse=who[2],
        cage=who[3],
        block=who[4],
        volume=seen,
        time=removed.time.reshape(shape),
        event=removed.event.reshape(shape),
        growth=growth_rates(bank.days, seen, _measured(seen)),
    )


def _one_study(
    bank: MouseBank,
    design: MouseDesign,
    lives: Int[np.ndarray, " arm"],
    *,
    seed: int,
    study: int,
) -> tuple[Int[np.ndarray, "five mouse"], Float[np.ndarray, "mouse day"]]:
    """Return who is in a study (donor, donor and mouse of the bank, cage, block), and volumes."""
    arms, days, draw = len(bank.arms), bank.days - bank.days[0], study % bank.draws
    mice = arms * design.mice_per_arm
    arm = np.repeat(np.arange(arms), design.mice_per_arm)
    generator = stream(seed, _PURPOSE, draw=study)
    chosen = generator.integers(bank.donors, size=(arms, design.donors))
    chosen = chosen if design.own_donors else np.broadcast_to(chosen[0], chosen.shape)
    mouse = generator.integers(bank.mice, size=mice)
    cage = generator.permutation(mice) // design.cage_size
    noise = design.error * generator.standard_normal((mice, days.size))
    drift = design.cage_effect * generator.standard_normal(mice)[cage]
    burden = bank.volume[draw, 0, 0, mouse, 0] * np.exp(noise[:, 0])
    went = randomise_in_blocks(burden, arms=arms, donors=design.donors, seed=seed, study=study)
    order = np.lexsort((went.block, went.donor, went.arm))
    donor, mouse = went.donor[order], mouse[order]
    given = chosen[arm, donor]
    true = bank.volume[draw, lives[arm], given, mouse]
    volume = true * np.exp(noise[order] + drift[order, np.newaxis] * days)
    return np.stack([donor, given, mouse, cage[order], went.block[order]]), volume


def _measured(volume: Float[np.ndarray, "study mouse day"]) -> Bool[np.ndarray, "study mouse day"]:
    return np.asarray(np.isfinite(volume))
