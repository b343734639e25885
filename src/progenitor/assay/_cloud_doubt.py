"""How much the shape of clouds is doubted: numbers of the catalogue."""

from dataclasses import dataclass
from typing import final

from progenitor.evidence import shipped_number

__all__ = ["CloudDoubt"]


@final
@dataclass(frozen=True, slots=True)
class CloudDoubt:
    """What standard errors of shares hold beside counting and gates.

    Parameters
    ----------
    scale
        Of the difference between fits on two scales.
    leak
        Of the correction for leaking through gates.
    least
        Of the share itself.
    stray
        Of the events that belong to no cloud.
    doublets
        Doublets left where no pulse height or width was recorded.

    Examples
    --------
    >>> CloudDoubt.shipped().least
    0.04
    """

    scale: float
    leak: float
    least: float
    stray: float
    doublets: float

    @classmethod
    def shipped(cls) -> "CloudDoubt":
        """Return the numbers of the shipped catalogue."""
        return cls(
            shipped_number("assay/gating_scale_doubt"),
            shipped_number("assay/gating_leak_doubt"),
            shipped_number("assay/gating_least_doubt"),
            shipped_number("assay/gating_stray_doubt"),
            shipped_number("assay/unseen_doublets"),
        )
