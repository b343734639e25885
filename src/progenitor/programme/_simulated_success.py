"""Success of a phase as a finished run of a study simulated it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Float

from progenitor.errors import InputError, Problem

__all__ = ["SimulatedSuccess", "require_simulated"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSuccess:
    """Probability of success of a trial in every parameter draw of a run.

    Parameters
    ----------
    label
        What the number is called where numbers are listed.
    words
        Where it comes from, with the digest of the run.
    probabilities
        One for each draw, chance among its trials taken out (draw,).
    error
        Monte Carlo standard error of their mean.

    Examples
    --------
    >>> found = SimulatedSuccess("a", "", np.array([0.2, 0.4]), 0.01)
    >>> found.believed(np.array([0.1, 0.9])).tolist()
    [0.2, 0.4]
    """

    label: str
    words: str
    probabilities: Float[np.ndarray, " draw"]
    error: float

    def believed(self, chance: Float[np.ndarray, " sample"]) -> Float[np.ndarray, " sample"]:
        """Pick the probability of a draw of the run for each number between 0 and 1.

        A probability of 0 or 1 is kept within one in a thousand of certainty: no run has enough
        trials to show it.
        """
        place = np.minimum((chance * self.probabilities.size).astype(np.intp),
                           self.probabilities.size - 1)  # fmt: skip
        return np.asarray(np.clip(self.probabilities[place], 1e-3, 1.0 - 1e-3))


def require_simulated(phase: str, simulated: Mapping[str, SimulatedSuccess]) -> SimulatedSuccess:
    """Return what a run says of a phase.

    Raises
    ------
    InputError
        If no run was read for it.

    Examples
    --------
    >>> require_simulated("pivotal", {})
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: phase 'pivotal' comes from a run. Fix: give its simulated success
    """
    if phase not in simulated:
        text = f"phase '{phase}' comes from a run"
        raise InputError([Problem(text, "give its simulated success")])
    return simulated[phase]
