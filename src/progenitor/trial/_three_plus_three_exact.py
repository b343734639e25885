"""Everything a 3+3 trial can do, enumerated: no simulation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError

__all__ = ["ThreePlusThreeOutcomes", "enumerate_three_plus_three"]

COHORT = 3

Polynomial = Float[np.ndarray, " _"]
"""Probabilities by number of cohorts treated: entry k belongs to 3 k patients."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class ThreePlusThreeOutcomes:
    """Exact operating characteristics of a 3+3 trial.

    Parameters
    ----------
    prob_mtd
        Probability that no dose is selected, then of each dose (1 + dose,).
    expected_n, expected_toxicities
        Mean patients, and patients with toxicity.
    treated, toxic
        The same at each dose (dose,).
    sizes, prob_sizes
        Numbers of patients a trial can have, and their probabilities.
    """

    prob_mtd: Float[np.ndarray, " outcome"]
    expected_n: float
    expected_toxicities: float
    treated: Float[np.ndarray, " dose"]
    toxic: Float[np.ndarray, " dose"]
    sizes: tuple[int, ...]
    prob_sizes: Float[np.ndarray, " size"]

    def plain(self) -> dict[str, Any]:
        """Write everything as plain data."""
        chances = self.prob_sizes.tolist()
        return {
            "prob_mtd": self.prob_mtd.tolist(),
            "expected_n": self.expected_n,
            "expected_toxicities": self.expected_toxicities,
            "expected_n_at_dose": self.treated.tolist(),
            "expected_toxicities_at_dose": self.toxic.tolist(),
            "n_distribution": [
                {"n": n, "probability": chance}
                for n, chance in zip(self.sizes, chances, strict=True)
            ],
        }


@final
@dataclass(frozen=True, slots=True)
class _Dose:
    """What happens to the first cohorts at one dose."""

    pass_three: float
    """0 of 3: go up after three patients."""
    pass_six: float
    """1 of 3, then 0 of 3: go up after six."""
    fail_three: float
    """2 or 3 of 3."""
    fail_six: float
    """1 of 3, then 1 or more of 3."""
    holds: float
    """At most 1 of 3 further patients after 0 of 3: the dose is kept on the way down."""


def enumerate_three_plus_three(
    p_tox: Sequence[float] | Float[np.ndarray, " dose"], *, deescalate: bool
) -> ThreePlusThreeOutcomes:
    r"""Enumerate a 3+3 trial that starts at the lowest dose.

    Three patients are treated at a dose; with no toxicity the trial goes up, with one it treats
    three more and goes up if none of them has one; otherwise the dose is too toxic. The highest
    dose passed is selected. With de-escalation the dose below must hold on six patients (at most
    one toxicity): three more are treated where it had three, and the trial goes on down until a
    dose holds.

    Trials are grouped by the dose that failed. Below it every dose was passed with three or with
    six patients, independently, so that sizes follow from products of the polynomials

    .. math::

        U_d(x) = \prod_{i \le d} (a_i x + b_i x^2)

    in the number of cohorts, and :math:`E[Y_d] = p_d E[N_d]`.

    Parameters
    ----------
    p_tox
        True probability of a toxicity at each dose.
    deescalate
        Whether the dose below a failed one is filled up to six patients.

    Raises
    ------
    DesignError
        If there is no dose or a probability is outside 0…1.

    References
    ----------
    Storer 1989, Biometrics 45:925–937, doi:10.2307/2531693; Lin & Shih 2001, Biostatistics
    2:203–215, doi:10.1093/biostatistics/2.2.203.

    Examples
    --------
    >>> found = enumerate_three_plus_three([0.05, 0.1, 0.2], deescalate=False)
    >>> found.prob_mtd.round(4).tolist(), round(found.expected_n, 3)
    ([0.0266, 0.0914, 0.257, 0.6251], 10.698)
    """
    rates = np.asarray(p_tox, dtype=float)
    if rates.ndim != 1 or not rates.size or not np.all((rates >= 0.0) & (rates <= 1.0)):
        raise DesignError(
            f"three_plus_three: probabilities {rates.tolist()} do not fit. Fix: give one from 0 "
            "to 1 for each dose"
        )
    doses = [_dose(float(rate)) for rate in rates]
    reach = [np.ones(1)]  # U_d: all doses below d passed
    for dose in doses:
        reach.append(np.convolve(reach[-1], [0.0, dose.pass_three, dose.pass_six]))
    ends = (_ends_with if deescalate else _ends_without)(doses, reach)
    filled = _filled(doses, reach) if deescalate else np.zeros(len(doses))
    reached = np.array([polynomial.sum() for polynomial in reach[:-1]])
    second = np.array([dose.pass_six + dose.fail_six for dose in doses])
    treated = COHORT * (reached * (1.0 + second) + filled)
    total = np.zeros(2 * len(doses) + 1)
    for polynomial in ends:
        total[: polynomial.size] += polynomial
    cohorts = np.flatnonzero(total > 0.0)
    return ThreePlusThreeOutcomes(
        prob_mtd=np.array([polynomial.sum() for polynomial in ends]),
        expected_n=float(treated.sum()),
        expected_toxicities=float(treated @ rates),
        treated=treated,
        toxic=treated * rates,
        sizes=tuple(int(COHORT * count) for count in cohorts),
        prob_sizes=total[cohorts],
    )


def _dose(rate: float) -> _Dose:
    none, one = (1.0 - rate) ** 3, 3.0 * rate * (1.0 - rate) ** 2
    return _Dose(none, one * none, 1.0 - none - one, one * (1.0 - none), none + one)


def _fails(dose: _Dose) -> Polynomial:
    """Give the chance that a dose is too toxic, by cohorts."""
    return np.array([0.0, dose.fail_three, dose.fail_six])


def _ends_without(doses: Sequence[_Dose], reach: Sequence[Polynomial]) -> list[Polynomial]:
    """Select the dose below the first that failed (none first), by cohorts."""
    failed = [np.convolve(reach[d], _fails(dose)) for d, dose in enumerate(doses)]
    return [*failed, reach[-1]]


def _ends_with(doses: Sequence[_Dose], reach: Sequence[Polynomial]) -> list[Polynomial]:
    """Go on down until a dose holds; ``above`` has the cohorts at and above the dose in turn."""
    ends = [reach[-1]]
    above = np.zeros(1)
    for d in range(len(doses) - 1, 0, -1):
        below = doses[d - 1]
        above = _added(above, _fails(doses[d]))
        kept = np.array([0.0, 0.0, below.pass_six + below.pass_three * below.holds])
        ends.append(np.convolve(np.convolve(above, kept), reach[d - 1]))
        lost = np.array([0.0, 0.0, below.pass_three * (1.0 - below.holds)])
        above = np.convolve(above, lost)
    ends.append(_added(above, _fails(doses[0])))
    return ends[::-1]


def _filled(doses: Sequence[_Dose], reach: Sequence[Polynomial]) -> Float[np.ndarray, " dose"]:
    """Probability that a dose gets three more patients on the way down."""
    filled = np.zeros(len(doses))
    above = 0.0
    for d in range(len(doses) - 1, 0, -1):
        below = doses[d - 1]
        above += doses[d].fail_three + doses[d].fail_six
        filled[d - 1] = above * below.pass_three * reach[d - 1].sum()
        above *= below.pass_three * (1.0 - below.holds)
    return filled


def _added(first: Polynomial, second: Polynomial) -> Polynomial:
    total = np.zeros(max(first.size, second.size))
    total[: first.size] += first
    total[: second.size] += second
    return total
