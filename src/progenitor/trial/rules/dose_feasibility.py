"""Doses that too few patients can get are closed, with all above them."""

from dataclasses import dataclass
from typing import final

from progenitor.errors import DesignError

__all__ = ["DoseFeasibility"]


@final
@dataclass(frozen=True, slots=True)
class DoseFeasibility:
    r"""Close a dose when the share of patients who can get it is probably too small.

    .. math::

        P(f < f_{least} \mid b \text{ of } a \text{ got it}) > c, \qquad f \sim Beta(1+b, 1+a-b)

    Parameters
    ----------
    least
        Least share of patients who must be able to get a dose.
    confidence
        Probability c above which it is closed.

    Raises
    ------
    DesignError
        If a number is not inside (0, 1).

    References
    ----------
    Thall, Sung, Choudhury 2001, Biometrics 57:914–921, doi:10.1111/j.0006-341X.2001.00914.x.

    Examples
    --------
    >>> rule = DoseFeasibility(least=0.5, confidence=0.9)
    >>> rule.closes(assigned=3, delivered=0), rule.closes(assigned=3, delivered=1)
    (True, False)
    """

    least: float = 0.5
    confidence: float = 0.9

    def __post_init__(self) -> None:
        if not (0.0 < self.least < 1.0 and 0.0 < self.confidence < 1.0):
            raise DesignError(
                f"least feasible share {self.least:g} with confidence {self.confidence:g}. Fix: "
                "give both inside (0, 1)"
            )

    @property
    def description(self) -> str:
        """The rule as a protocol would say it."""
        return (
            f"A dose, with all above, is closed when it is likely (probability above "
            f"{self.confidence:g}) that fewer than {100 * self.least:g} % of patients can get it."
        )

    def closes(self, *, assigned: int, delivered: int) -> bool:
        """Whether a dose that ``delivered`` of ``assigned`` patients got is closed."""
        from scipy.special import betainc

        doubt = betainc(1.0 + delivered, 1.0 + assigned - delivered, self.least)
        return bool(doubt > self.confidence)
