"""Two rates compared: against scipy, against the definition of the score interval, at the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from progenitor.errors import InputError
from progenitor.trial import compare_proportions

ROUNDING = 1e-9
GROUP = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(deadline=None, max_examples=40)
@given(first=GROUP, second=GROUP)
def test_fisher_is_scipys(first: tuple[int, int], second: tuple[int, int]) -> None:
    (x1, n1), (x2, n2) = first, second
    want = stats.fisher_exact([[x1, n1 - x1], [x2, n2 - x2]])[1]
    assert compare_proportions(*first, *second).fisher_p == pytest.approx(want, rel=1e-7, abs=0)


def likelihood_variance(x1: int, n1: int, x2: int, n2: int, delta: float) -> float:
    """Variance at the most likely rates δ apart, by a search instead of the cubic."""

    def against(second: float) -> float:
        rates, said = np.array([second + delta, second]), np.array([[x1, n1], [x2, n2]])
        rates = np.clip(rates, 1e-15, 1.0 - 1e-15)
        return -float(
            (said[:, 0] * np.log(rates) + (said[:, 1] - said[:, 0]) * np.log1p(-rates)).sum()
        )

    low, high = max(0.0, -delta), min(1.0, 1.0 - delta)
    best = optimize.minimize_scalar(against, bounds=(low, high), method="bounded",
                                    options={"xatol": 1e-12}).x  # fmt: skip
    first = best + delta
    return first * (1.0 - first) / n1 + best * (1.0 - best) / n2


@pytest.mark.parametrize(
    "counts", [(27, 50, 15, 50), (3, 9, 1, 40), (17, 20, 12, 13), (1, 7, 6, 8)]
)
def test_limits_are_where_the_score_is_the_quantile(counts: tuple[int, int, int, int]) -> None:
    found = compare_proportions(*counts, level=0.9)
    x1, n1, x2, n2 = counts
    quantile = stats.norm.ppf(0.95)
    for limit in (found.lower, found.upper):
        z = (x1 / n1 - x2 / n2 - limit) / likelihood_variance(*counts, limit) ** 0.5
        assert abs(z) == pytest.approx(quantile, rel=1e-5, abs=0)  # the search finds 1e-6


@settings(deadline=None, max_examples=30)
@given(first=GROUP, second=GROUP)
def test_swapping_the_groups_turns_everything_round(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    one, other = compare_proportions(*first, *second), compare_proportions(*second, *first)
    assert one.fisher_p == pytest.approx(other.fisher_p, rel=ROUNDING, abs=0)
    assert one.z_pooled == pytest.approx(-other.z_pooled, rel=0, abs=ROUNDING)
    assert one.lower == pytest.approx(-other.upper, rel=0, abs=1e-7)
    assert one.mn_lower <= one.lower + ROUNDING <= one.difference + 2 * ROUNDING
    assert one.difference <= one.upper + ROUNDING <= one.mn_upper + 2 * ROUNDING


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [((0, 10, 0, 10), -1, 1), ((10, 10, 0, 10), 0, 1), ((10, 10, 10, 10), -1, 1)],
)
def test_nobody_and_everybody(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    found = compare_proportions(*counts)
    assert low <= found.lower < found.upper <= high
    if counts[0] == counts[2]:
        assert found.lower == pytest.approx(-found.upper, rel=ROUNDING, abs=0)
        # nobody of n: the score interval of a difference ends at z²/(n + z²)
        z2 = stats.norm.ppf(0.975) ** 2
        assert found.upper == pytest.approx(z2 / (10 + z2), rel=1e-6, abs=0)
        assert found.z_pooled == 0.0


def test_everything_wrong_is_told() -> None:
    with pytest.raises(InputError) as refused:
        compare_proportions(5, 4, -1, 0, level=2.0)
    assert len(refused.value.problems) == 3
