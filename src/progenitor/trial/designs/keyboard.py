"""Keyboard design, which is the modified toxicity probability interval design 2 (mTPI-2)."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._key_design import AbstractKeyDesign
from progenitor.trial._toxicity_keys import keys_around

__all__ = ["Keyboard"]


@final
@dataclass(frozen=True, slots=True)
class Keyboard(AbstractKeyDesign):
    r"""Go towards the target from where the rate of toxicities at the current dose most likely is.

    The target key :math:`(\phi - m_L, \phi + m_R)` is repeated to both sides until the keys cover
    0 … 1; the outermost may be shorter. With :math:`p \sim Beta(1 + y, 1 + n - y)` the strongest
    key has the greatest :math:`P(p \in key) / |key|`: escalate if it lies left of the target key,
    de-escalate if right of it. Of keys equally strong the highest counts. Safety rule and selection
    are those of BOIN.

    Parameters
    ----------
    target
        Target rate φ of dose-limiting toxicities.
    margin_left, margin_right
        How far the target key reaches below and above the target.
    cutoff
        Posterior probability of being above the target that closes a dose.
    early_stop
        Stop when this many patients were treated at a dose that would be kept; None: never.

    Raises
    ------
    DesignError
        If the numbers do not describe a design.

    References
    ----------
    Yan, Mandrekar & Yuan 2017, Clinical Cancer Research 23:3994–4003,
    doi:10.1158/1078-0432.CCR-17-0220; Guo et al. 2017, Contemporary Clinical Trials 58:23–33,
    doi:10.1016/j.cct.2017.04.006 (mTPI-2).

    Examples
    --------
    >>> [row["deescalate_if_ge"] for row in Keyboard(target=0.3).boundaries(6)]
    [1, 1, 2, 2, 2, 3]
    """

    name: ClassVar[str] = "keyboard"
    title: ClassVar[str] = "Keyboard (mTPI-2)"
    words: ClassVar[str] = (
        "find the key, of that width, in which the rate at the current dose most likely lies."
    )

    def intervals(self) -> tuple[Float[np.ndarray, " edge"], int]:
        """Repeat the target key to both sides until the keys cover 0 … 1."""
        return keys_around(self.target, self.margin_left, self.margin_right)
