"""The killing fit: true numbers come back, a right form is rarely flagged, a wrong one always."""

import numpy as np
import pytest

from progenitor.assay import fit_killing, killing_course, residual_tests
from progenitor.engine import SolverOptions, stream
from progenitor.errors import InputError
from progenitor.library import simulate_population

TIMES = np.linspace(0, 72, 97)
TRUE = {"growth": 0.03, "capacity": 3.0, "killing": 0.4, "stimulation": 0.05, "death": 0.01}
RATIO = 0.2
NOISE = 0.01


def series(seed: int, numbers=TRUE) -> tuple[np.ndarray, np.ndarray]:
    """A well and its control with independent errors."""
    random = stream(seed, "test killing")
    given = np.array([list(numbers.values())])
    start, effectors = np.ones(1), np.array([RATIO])
    x, _ = killing_course(given, TIMES, start=start, effectors=effectors)
    alone, _ = killing_course(given * [[1, 1, 0, 0, 0]], TIMES, start=start, effectors=effectors)
    noise = NOISE * random.normal(size=(2, TIMES.size))
    return x[0] + noise[0], alone[0] + noise[1]


def test_true_numbers_come_back_and_good_fits_are_not_flagged():
    """Three fits, each number within 4 standard errors; two tests at 0.5 %: a flag once in 33."""
    flagged = 0
    for seed in range(3):
        well, control = series(seed)
        fit = fit_killing(TIMES, well, ratio=RATIO, control=control)
        flagged += fit.misspecified
        for name, value in TRUE.items():
            assert abs(fit.numbers[name] - value) < 4 * fit.errors[name] + 1e-9, (seed, name)
        assert fit.residual == pytest.approx(NOISE, rel=0.35)
    assert flagged == 0


def test_killing_that_begins_late_is_flagged():
    """Effectors that need a day before they kill are not in the form."""
    well, control = series(1)
    late = np.concatenate([control[:33], well[:-33] * control[32]])
    fit = fit_killing(TIMES, late, ratio=RATIO, control=control)
    assert fit.misspecified
    assert fit.tests.faults


def test_numbers_that_cannot_be_told_are_named():
    """Without killing there is nothing to tell stimulation or death by."""
    _, control = series(2)
    fit = fit_killing(TIMES, control, ratio=RATIO)
    assert any("killing" in fault or "death" in fault for fault in fit.faults)


def test_course_equals_the_library_model():
    """sahoo_2020 in the library, variant in vitro, without infusions."""
    one = simulate_population(
        "sahoo_2020", patients=1, seed=1, typical=True, variant="pbt138_h", changes={},
        options=SolverOptions(rtol=1e-9, atol_scale=1e-6),
    )  # fmt: skip
    numbers = np.array([[0.72 / 24, 2.8, 3.0 / 24, 1.05 / 24, 1.2e-4 / 24]])
    x, y = killing_course(
        numbers, 24 * one.times[0], start=np.array([1.2]), effectors=np.array([0.24])
    )
    assert np.abs(x[0] / one.of("tumour")[0] - 1).max() < 1e-4  # steps of half an hour
    assert np.abs(y[0] / one.of("car_t")[0] - 1).max() < 1e-4


def test_random_residuals_pass_and_waves_do_not():
    """200 white series: each test at 0.5 %, 5 of 200 once in 1,000."""
    random = stream(3, "test residuals")
    alarms = [len(residual_tests(random.normal(size=100)).faults) for _ in range(200)]
    assert sum(alarms) <= 7
    drift = np.cumsum(random.normal(size=100))
    assert len(residual_tests(drift).faults) == 2


def test_what_cannot_be_fitted_is_refused_at_once():
    with pytest.raises(InputError) as caught:
        fit_killing(np.arange(5.0), np.full(5, np.nan), ratio=0.0)
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="do not increase from 0"):
        fit_killing(TIMES + 1, np.ones(97), ratio=1.0)
