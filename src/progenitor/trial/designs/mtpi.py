"""Modified toxicity probability interval design (mTPI)."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._key_design import AbstractKeyDesign

__all__ = ["Mtpi"]


@final
@dataclass(frozen=True, slots=True)
class Mtpi(AbstractKeyDesign):
    r"""Compare under-dosing, right and over-dosing by posterior probability per unit of rate.

    With :math:`p \sim Beta(1 + y, 1 + n - y)` and the intervals :math:`(0, \phi - m_L)`,
    :math:`(\phi - m_L, \phi + m_R)` and :math:`(\phi + m_R, 1)`, the one with the greatest unit
    probability mass :math:`P(p \in I) / |I|` says whether to escalate, stay or de-escalate. As
    the outer intervals are long, the design stays where the rate is already too high; ``Keyboard``
    mends that. Safety rule and selection are those of BOIN.

    Parameters
    ----------
    target
        Target rate φ of dose-limiting toxicities.
    margin_left, margin_right
        How far the middle interval reaches below and above the target.
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
    Ji, Liu, Li & Bekele 2010, Clinical Trials 7:653–663, doi:10.1177/1740774510382799.

    Examples
    --------
    >>> [row["deescalate_if_ge"] for row in Mtpi(target=0.3).boundaries(6)]
    [1, 2, 2, 3, 3, 4]
    """

    name: ClassVar[str] = "mtpi"
    title: ClassVar[str] = "mTPI"
    words: ClassVar[str] = (
        "find which of the rates below, in and above it has the greatest posterior probability "
        "per unit of rate."
    )

    def intervals(self) -> tuple[Float[np.ndarray, " edge"], int]:
        """Cut 0 … 1 at both ends of the interval."""
        low, high = self.target - self.margin_left, self.target + self.margin_right
        return np.array([0.0, low, high, 1.0]), 1
