"""Who gets which arm: permuted blocks within strata, in the order of enrolment."""

import numpy as np
from jaxtyping import Float, Int

from progenitor.engine import uniforms

__all__ = ["allocate"]


def allocate(
    entry: Float[np.ndarray, "trial patient"],
    stratum: Int[np.ndarray, "trial patient"],
    *,
    arms: int,
    block: int,
    seed: int,
) -> Int[np.ndarray, "trial patient"]:
    """Allocate the patients of many trials to arms by permuted blocks within strata.

    Every stratum has its own list of blocks, in each of which every arm stands equally often in
    random order; patients take the next place of the list of their stratum as they are enrolled.
    The last block may be left unfinished. A trial's lists do not depend on how many trials there
    are.

    Parameters
    ----------
    entry
        Day of enrolment, which gives the order.
    stratum
        Stratum of each patient, from 0.
    arms, block
        Number of arms, and places in a block: a multiple of it.
    seed
        Seed of the study.

    References
    ----------
    Zelen 1974, Journal of Chronic Diseases 27:365–375, doi:10.1016/0021-9681(74)90015-0.

    Examples
    --------
    >>> days = np.arange(8.0)[np.newaxis]
    >>> arm = allocate(days, np.array([[0, 1] * 4]), arms=2, block=4, seed=3)
    >>> [int(arm[0, start::2].sum()) for start in (0, 1)]
    [2, 2]
    """
    trials, patients = entry.shape
    strata = int(stratum.max()) + 1
    width = -(-patients // block) * block
    place = np.arange(trials * strata * width)
    chance = uniforms(seed, "randomised:block", place // (strata * width), place % (strata * width))
    order = np.argsort(chance.reshape(trials, strata, -1, block), axis=-1)
    lists = (order % arms).reshape(trials, strata, width)
    sorted_places = np.lexsort((entry, stratum), axis=-1)
    ranked = np.take_along_axis(stratum, sorted_places, axis=1)
    number = np.broadcast_to(np.arange(patients), ranked.shape)
    fresh = np.ones(ranked.shape, dtype=bool)
    fresh[:, 1:] = ranked[:, 1:] != ranked[:, :-1]
    within = number - np.maximum.accumulate(np.where(fresh, number, 0), axis=1)
    given = lists[np.arange(trials)[:, np.newaxis], ranked, within]
    arm = np.empty(entry.shape, dtype=np.int64)
    np.put_along_axis(arm, sorted_places, given, axis=1)
    return arm
