"""Mixed models: balanced studies have closed forms, and donors are the units."""

import numpy as np
import pytest
from scipy.stats import ttest_ind

from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.trial import RandomEffect, mixed_model

DONORS, MICE = 4, 5


def study(spread: float, number: int, arms: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log volumes of ``arms`` arms × 4 donors × 5 mice, without a difference of arms."""
    noise = stream(3, "mixed_model_test", draw=number)
    donor = np.repeat(np.arange(arms * DONORS), MICE)
    arm = donor // DONORS
    y = spread * noise.standard_normal(arms * DONORS)[donor] + noise.standard_normal(donor.size)
    return y, arm, donor


def test_a_balanced_comparison_is_the_t_test_of_donor_means() -> None:
    """Arms differ between donors: the exact test has 2·4 − 2 degrees of freedom."""
    y, arm, donor = study(1.5, 1)
    x = np.column_stack([np.ones(y.size), arm])
    found = mixed_model(y, x, [RandomEffect("donor", donor)]).contrast(np.array([0.0, 1.0]))
    means = y.reshape(2, DONORS, MICE).mean(axis=2)
    exact = ttest_ind(means[1], means[0])
    assert found.freedom == pytest.approx(6.0, rel=1e-4)
    assert found.p_value == pytest.approx(float(exact.pvalue), rel=1e-4)
    low, high = found.interval()
    assert (low + high) / 2.0 == pytest.approx(found.value, rel=1e-12)


def test_no_variance_between_donors_is_ordinary_regression() -> None:
    """Where donors differ less than chance would have it, their variance is 0."""
    for number in range(20):
        y, arm, donor = study(0.0, number)
        fit = mixed_model(y, np.column_stack([np.ones(y.size), arm]), [RandomEffect("d", donor)])
        if fit.variances["d"] == 0.0:
            exact = ttest_ind(y[arm == 1], y[arm == 0])
            found = fit.contrast(np.array([0.0, 1.0]))
            assert found.p_value == pytest.approx(float(exact.pvalue), rel=1e-6)
            return
    pytest.fail("in twenty studies without a donor effect one should have a variance of 0")


def test_mice_are_not_taken_for_independent() -> None:
    """80 null studies: with donors 5 % are significant, without far more."""
    with_donor, without = 0, 0
    for number in range(80):
        y, arm, donor = study(1.0, number)
        x = np.column_stack([np.ones(y.size), arm])
        weights = np.array([0.0, 1.0])
        with_donor += (
            mixed_model(y, x, [RandomEffect("donor", donor)]).contrast(weights).p_value < 0.05
        )
        without += mixed_model(y, x, []).contrast(weights).p_value < 0.05
    assert with_donor <= 13  # binomial(80, 0.05) exceeds it less than once in 10,000 times
    assert without > 15


def test_blocks_do_not_matter() -> None:
    """A cage that joins donors makes one block; with its variance at 0 the fit is the same."""
    y, arm, donor = study(1.0, 5)
    x = np.column_stack([np.ones(y.size), arm])
    alone = mixed_model(y, x, [RandomEffect("donor", donor)])
    cage = np.tile(np.arange(MICE), 2 * DONORS)  # crossed with donors
    crossed = mixed_model(y, x, [RandomEffect("donor", donor), RandomEffect("cage", cage)])
    assert crossed.log_likelihood >= alone.log_likelihood - 1e-9
    if crossed.variances["cage"] == 0.0:
        assert crossed.coefficients == pytest.approx(alone.coefficients, rel=1e-6)


def test_all_mistakes_at_once() -> None:
    y = np.array([1.0, np.nan, 2.0])
    twice = [RandomEffect("d", np.array([0, 0, 0])), RandomEffect("d", np.array([0, 1, 2]))]
    with pytest.raises(InputError) as caught:
        mixed_model(y, np.ones((3, 1)), twice)
    words = str(caught.value)
    for piece in ("is missing", "'d' is taken", "has 1 groups", "has 3 groups in 3 rows"):
        assert piece in words
    with pytest.raises(InputError, match="columns repeat"):
        mixed_model(np.arange(4.0), np.ones((4, 2)), [])
    with pytest.raises(InputError, match="2 rows cannot tell 2 columns"):
        mixed_model(np.arange(2.0), np.array([[1.0, 0.0], [1.0, 1.0]]), [])
