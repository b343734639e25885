"""Whether residuals of a fitted curve look random: runs of one sign, and correlation in time."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float

__all__ = ["ResidualTests", "residual_tests"]

_LEVEL: Final = 0.005
"""Each test raises a false alarm once in 200 good fits."""


@final
@dataclass(frozen=True, slots=True)
class ResidualTests:
    """Two tests of randomness.

    Parameters
    ----------
    runs
        Runs of one sign.
    expected
        Runs expected of random residuals.
    runs_p
        Probability of so few or fewer.
    correlation
        Correlation of each residual with the one before.
    correlation_p
        Probability of one so large or larger.
    """

    runs: int
    expected: float
    runs_p: float
    correlation: float
    correlation_p: float

    @property
    def faults(self) -> tuple[str, ...]:
        """What speaks against random residuals, in words."""
        found = []
        if self.runs_p < _LEVEL:
            found.append(
                f"residuals keep their sign: {self.runs} runs where {self.expected:.0f} were "
                f"expected (p {self.runs_p:.2g})"
            )
        if self.correlation_p < _LEVEL:
            found.append(
                f"residuals resemble the one before: correlation {self.correlation:.2f} "
                f"(p {self.correlation_p:.2g})"
            )
        return tuple(found)


def residual_tests(residuals: Float[np.ndarray, " time"]) -> ResidualTests:
    """Test residuals, in order of time, for what a wrong model leaves behind.

    The runs test of Wald and Wolfowitz with its normal approximation, and the first
    autocorrelation, normal with variance 1/n where residuals are random; both one-sided.

    Parameters
    ----------
    residuals
        Observed less fitted.

    Examples
    --------
    >>> wave = np.sin(np.linspace(0, 12, 100))
    >>> short = np.array([1.0, -1, 1, 1, -1, -1, 1])
    >>> len(residual_tests(wave).faults), residual_tests(short).faults
    (2, ())
    """
    from scipy.special import ndtr

    signs = residuals > 0
    count, above = signs.size, int(signs.sum())
    below = count - above
    runs = int((signs[1:] != signs[:-1]).sum()) + 1
    expected = 2.0 * above * below / count + 1
    variance = (expected - 1) * (expected - 2) / max(count - 1, 1)
    runs_p = float(ndtr((runs + 0.5 - expected) / np.sqrt(variance))) if variance > 0 else 0.0
    away = residuals - residuals.mean()
    total = float((away**2).sum())
    correlation = float((away[1:] * away[:-1]).sum()) / total if total > 0 else 0.0
    return ResidualTests(
        runs, expected, runs_p, correlation, float(ndtr(-(correlation * np.sqrt(count))))
    )
