"""Assurance against quadrature, in its limits, and the power it is mistaken for."""

import pytest
from scipy import integrate, stats

from progenitor.errors import InputError
from progenitor.trial import ExactBinomial, SimonTwoStage, assurance, normal_assurance

EXACT = 1e-9  # Gauss–Jacobi is exact for a polynomial; the reference is adaptive quadrature


@pytest.mark.parametrize(("a", "b"), [(0.3, 0.7), (1, 1), (12, 28), (150, 350), (0.5, 40)])
def test_quadrature_is_exact(a: float, b: float) -> None:
    design = SimonTwoStage(0.2, 0.4, 16, 43, 44, 105)
    # by steps of the beta distribution function, so that poles at 0 and 1 do no harm
    value, _ = integrate.quad(
        lambda u: design.success_probability(float(stats.beta(a, b).ppf(u))), 0, 1,
        epsabs=1e-10, limit=300,
    )  # fmt: skip
    assert assurance(design, a=a, b=b) == pytest.approx(value, rel=0, abs=1e-7)


def test_a_certain_rate_gives_the_power() -> None:
    design = ExactBinomial(0.2, 0.4, 12, 43)
    sure = assurance(design, a=4e6, b=6e6)
    assert sure == pytest.approx(design.success_probability(0.4), rel=0, abs=1e-5)


def test_a_flat_prior_counts_outcomes() -> None:
    """Under Beta(1, 1) every count is equally likely: P(X > r) = (n − r)/(n + 1)."""
    found = assurance(ExactBinomial(0.2, 0.4, 12, 43), a=1.0, b=1.0)
    assert found == pytest.approx(31 / 44, rel=EXACT, abs=0)


def test_normal_limits() -> None:
    point = normal_assurance(n_total=100, sigma=1, prior_mean=0.3, prior_sd=0, alpha=0.025)
    assert point.assurance == pytest.approx(point.power_at_prior_mean, rel=EXACT, abs=0)
    huge = normal_assurance(n_total=10**9, sigma=1, prior_mean=0.3, prior_sd=0.5, alpha=0.025)
    assert huge.assurance == pytest.approx(huge.limit, rel=1e-3, abs=0)


def test_everything_wrong_is_told() -> None:
    with pytest.raises(InputError) as refused:
        normal_assurance(n_total=1, sigma=0, prior_mean=0.3, prior_sd=-1, alpha=1.5)
    assert len(refused.value.problems) == 4
