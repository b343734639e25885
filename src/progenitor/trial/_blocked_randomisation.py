"""Randomisation of mice in blocks of similar tumour burden."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import stream
from progenitor.errors import InputError, Problem

__all__ = ["BlockedArms", "randomise_in_blocks"]


class BlockedArms(NamedTuple):
    """Where each mouse went: its arm, the donor of its product, and its block (mouse,)."""

    arm: Int[np.ndarray, " mouse"]
    donor: Int[np.ndarray, " mouse"]
    block: Int[np.ndarray, " mouse"]


def randomise_in_blocks(
    burden: Float[np.ndarray, " mouse"],
    *,
    arms: int,
    donors: int = 1,
    seed: int,
    study: int = 0,
) -> BlockedArms:
    """Give mice of similar burden to different arms and donors.

    Mice are ordered by burden at baseline (ties in random order) and cut into blocks of ``arms ×
    donors``; each block is a random permutation of all pairs of arm and donor. A last block that is
    not full holds different pairs, arms as equally often as can be. Arms are therefore balanced in
    number within one, and in burden within a block.

    Parameters
    ----------
    burden
        Volume or signal before treatment, 0 or more (mouse,).
    arms, donors
        Number of arms, and of donors (or batches) whose product each arm receives.
    seed
        Seed of the study.
    study
        Which of many simulated studies, from 0; each has a stream of its own.

    Raises
    ------
    InputError
        If a burden is missing or negative, or there are fewer mice than arms.

    References
    ----------
    Laajala et al. 2016, Scientific Reports 6:30723, doi:10.1038/srep30723 (matched blocks of mice).

    Examples
    --------
    >>> burden = np.array([90.0, 110.0, 50.0, 70.0, 100.0, 60.0])
    >>> found = randomise_in_blocks(burden, arms=3, seed=1)
    >>> found.block.tolist(), sorted(found.arm[found.block == 0].tolist())
    ([1, 1, 0, 0, 1, 0], [0, 1, 2])
    """
    _check(burden, arms, donors)
    generator = stream(seed, "mouse_randomisation", draw=study)
    order = np.lexsort((generator.random(burden.size), burden))
    cells = arms * donors
    pair = np.empty(burden.size, dtype=int)
    block = np.empty(burden.size, dtype=int)
    for number, start in enumerate(range(0, burden.size, cells)):
        members = order[start : start + cells]
        chosen = _pairs(generator, arms, donors)[: members.size]
        pair[members] = generator.permutation(chosen)
        block[members] = number
    return BlockedArms(pair // donors, pair % donors, block)


def _pairs(generator: np.random.Generator, arms: int, donors: int) -> Int[np.ndarray, " pair"]:
    """All pairs of arm and donor in rounds: each round has every arm once, with a random donor."""
    turns = np.stack([generator.permutation(donors) for _ in range(arms)])
    rounds = [generator.permutation(np.arange(arms) * donors + turns[:, k]) for k in range(donors)]
    return np.concatenate(rounds)


def _check(burden: Float[np.ndarray, " mouse"], arms: int, donors: int) -> None:
    problems = []
    if not np.all(np.isfinite(burden)) or np.any(burden < 0.0):
        fix = "measure every mouse before it is randomised"
        problems.append(Problem("a burden is missing or negative", fix, field="burden"))
    if arms < 2:
        problems.append(Problem(f"the number of arms is {arms}", "give 2 or more", field="arms"))
    if donors < 1:
        fix = "give 1 or more"
        problems.append(Problem(f"the number of donors is {donors}", fix, field="donors"))
    if burden.size < arms:
        fix = "give at least one mouse for each arm"
        problems.append(Problem(f"{burden.size} mice in {arms} arms", fix, field="burden"))
    if problems:
        raise InputError(problems)
