"""The killing fit: true numbers come back, a right form is rarely flagged, a wrong one always."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

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


def test_numbers_that_cannot_be_told_are_named_and_are_no_fault():
    """Without killing there is nothing to tell stimulation or death by."""
    _, control = series(2)
    fit = fit_killing(TIMES, control, ratio=RATIO)
    assert any("killing" in word or "death" in word for word in fit.untold)
    assert not fit.tests.faults


def other_form(seed: int, kill, *, noise: float = NOISE) -> tuple[np.ndarray, np.ndarray]:
    """A well in which targets are killed at ``kill(t, x, y)``, and its control."""
    random = stream(seed, "test killing, other forms")
    rho, capacity, _, stimulate, death = TRUE.values()

    def slopes(t, state):
        x, y = state
        return [rho * x * (1 - x / capacity) - kill(t, x, y), stimulate * x * y - death * y]

    solved = solve_ivp(slopes, (0, 72), [1.0, RATIO], t_eval=TIMES, rtol=1e-8, max_step=1.0)
    alone = capacity / (1 + (capacity - 1) * np.exp(-rho * TIMES))
    away = noise * random.normal(size=(2, TIMES.size))
    return solved.y[0] + away[0], alone + away[1]


WRONG = {
    "begins after 18 hours": lambda t, x, y: 0.8 * x * y * (t > 18),
    "spares a third": lambda t, x, y: 0.8 * max(x - 0.35, 0.0) * y,
}


@pytest.mark.parametrize("name", WRONG)
def test_other_forms_of_killing_are_flagged(name):
    """Three wells each with errors of 1 %; the benchmark of this file's slow test counts more."""
    for seed in range(3):
        well, control = other_form(seed, WRONG[name])
        assert fit_killing(TIMES, well, ratio=RATIO, control=control).misspecified


def test_a_death_that_would_have_to_be_negative_is_flagged():
    """Killing that saturates: seen without error, the form needs effectors that rise from none."""
    saturating = lambda t, x, y: 1.6 * x * y / (x + 2 * y + 0.3)  # noqa: E731
    well, control = other_form(1, saturating, noise=0.002)
    fit = fit_killing(TIMES, well, ratio=RATIO, control=control)
    assert any("negative rate" in fault for fault in fit.faults)


@pytest.mark.slow
def test_right_forms_are_rarely_flagged():
    """Sixty wells of the form itself; three tests at 0.5 %: more than 4 flags once in 500 times."""
    flagged = 0
    for seed in range(100, 160):
        factor = np.exp(stream(seed, "test killing numbers").normal(0.0, 0.3, 5))
        numbers = {k: v * f for (k, v), f in zip(TRUE.items(), factor, strict=True)}
        well, control = series(seed, numbers)
        flagged += fit_killing(TIMES, well, ratio=RATIO, control=control).misspecified
    assert flagged <= 4


def test_course_equals_another_solver():
    """Dormand and Prince of order 8 at 1e-11; our steps are half an hour."""
    numbers = np.array([[0.03, 2.8, 0.5, 0.06, 0.02], [0.1, 3.0, 3.0, -0.02, 0.001]])
    start, effectors = np.array([1.0, 1.2]), np.array([0.2, 0.5])
    x, y = killing_course(numbers, TIMES, start=start, effectors=effectors)
    for one, (rho, capacity, kill, stimulate, death) in enumerate(numbers):
        theirs = solve_ivp(
            lambda t, s: [
                rho * s[0] * (1 - s[0] / capacity) - kill * s[0] * s[1],  # noqa: B023
                stimulate * s[0] * s[1] - death * s[1],  # noqa: B023
            ],
            (0, 72), [start[one], effectors[one]], method="DOP853", t_eval=TIMES, rtol=1e-11,
            atol=1e-14,
        ).y  # fmt: skip
        seen = theirs[0] > 1e-4
        assert np.abs(x[one] / theirs[0] - 1)[seen].max() < 1e-5
        assert np.abs(y[one] / theirs[1] - 1).max() < 1e-5


@pytest.mark.slow
def test_course_equals_the_library_model():
    """sahoo_2020 in the library, variant in vitro, without infusions; compiling it takes long."""
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
