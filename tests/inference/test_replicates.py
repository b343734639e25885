"""Copies of data simulated with published models: courses, doses, covariates and variability."""

import numpy as np
import pytest

from progenitor.engine import Dose
from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.inference import (
    Assumed,
    Layout,
    Scatter,
    check_headline,
    check_model,
    measurements,
    observable_of,
    plain_check,
    simulate_replicates,
)
from progenitor.library import find_model

STEIN = find_model("stein_2019")
DAYS = np.array([2.0, 5.0, 9.0, 14.0, 28.0, 90.0])


def layout(patients: int, **more: object) -> Layout:
    looks = len(DAYS)
    patient = np.repeat(np.arange(patients), looks)
    times = np.tile(DAYS, (patients, 1))
    return Layout(times, patient, np.tile(np.arange(looks), patients), **more)  # type: ignore[arg-type]


def course(day: np.ndarray, peak: float) -> np.ndarray:
    """The equation of Stein 2019 with the numbers of its table 1, written by hand."""
    fold, top, fast, slow, share = 3900.0, 9.3, 0.16, 0.0032, 0.0079
    rise = peak / fold * np.exp(np.log(fold) / top * day)
    late = np.maximum(day - top, 0.0)
    fall = peak * ((1 - share) * np.exp(-fast * late) + share * np.exp(-slow * late))
    return np.where(day < top, rise, fall)


def test_the_prediction_is_the_published_course_with_the_numbers_of_each_patient() -> None:
    peaks = np.array([24000.0, 6000.0, np.nan])
    looks = layout(3, numbers={"peak_level": peaks})
    found = simulate_replicates(STEIN, looks, observable="level", replicates=20, seed=1)
    exact = np.concatenate([course(DAYS, peak) for peak in (24000.0, 6000.0, 24000.0)])
    # The published model stands as differential equations, solved to 1e-6.
    np.testing.assert_allclose(found.prediction, exact, rtol=1e-4, atol=0)
    assert (found.model, found.unit, found.scatters) == ("stein_2019", "copies/ug", True)


def test_a_copy_depends_on_its_seed_and_not_on_how_many_there_are() -> None:
    looks = layout(4)
    few, many, other = (
        simulate_replicates(STEIN, looks, observable="level", replicates=count, seed=seed).simulated
        for count, seed in ((20, 1), (40, 1), (20, 2))
    )
    np.testing.assert_array_equal(few, many[:20])
    assert not np.isclose(few, other, rtol=1e-3, atol=0).any()


def test_assumed_scatter_and_variability_have_the_size_asked_for() -> None:
    """A model without variability: the logarithm scatters with 0.3; a number has a CV of 50 %.

    3000 numbers each, seed 3: standard deviations within four standard errors, 0.052 of them.
    """
    model = find_model("kimmel_2021")
    looks = Layout(np.full((100, 1), 7.0), np.arange(100), np.zeros(100, dtype=int))
    noisy = simulate_replicates(
        model,
        looks,
        observable="car_t",
        replicates=30,
        seed=3,
        assumed=Assumed(Scatter("log", 0.3)),
    )
    spread = np.log(noisy.simulated / noisy.prediction)
    assert abs(spread.std() / 0.3 - 1) < 0.052
    assert noisy.assumed == ("assay error (log, 0.3)",)
    start = Layout(np.zeros((100, 1)), np.arange(100), np.zeros(100, dtype=int))
    varied = simulate_replicates(
        model,
        start,
        observable="car_t",
        replicates=30,
        seed=3,
        assumed=Assumed(between={"car_t_at_start": 0.5}),
    )
    spread = np.log(varied.simulated / varied.prediction)
    assert abs(spread.std() / np.sqrt(np.log(1.25)) - 1) < 0.052
    assert not varied.scatters


@pytest.mark.parametrize(
    ("kind", "exact"), [("log", 10.0 * np.e), ("proportional", 20.0), ("additive", 11.0)]
)
def test_scatter_by_hand(kind: str, exact: float) -> None:
    """10 moved by one standard deviation of 1."""
    found = Scatter(kind, 1.0).applied(np.array([[10.0]]), np.array([[1.0]]))
    assert found[0, 0] == pytest.approx(exact, rel=1e-12)


def test_doses_of_the_data_replace_those_of_the_paper() -> None:
    """Docetaxel is linear: half the dose, half the level; a patient without a dose has none."""
    model = find_model("friberg_2002")
    own = default_catalogue().table("friberg_2002").parameters["dose"].used
    assert own is not None
    looks = Layout(np.full((3, 1), 0.5), np.arange(3), np.zeros(3, dtype=int))
    given = Dose(
        model.regimens[0].species,
        np.array([0.0, 0.0, np.nan]),
        np.array([own.median, own.median / 2.0, 0.0]),
    )
    predictions = []
    for doses in (None, (given,)):
        found = simulate_replicates(
            model,
            Layout(looks.times, looks.patient, looks.look, doses),
            observable="drug",
            replicates=20,
            seed=1,
            assumed=Assumed(Scatter("additive", 0.1)),
        )
        predictions.append(found.prediction)
    assert predictions[0][0] > 0
    ratio = predictions[1] / predictions[0]
    # Doses given in other ways take other steps; both are solved to 1e-6 of what they hold.
    np.testing.assert_allclose(ratio[:2], [1.0, 0.5], rtol=1e-4, atol=0)
    assert abs(ratio[2]) < 1e-6


def test_what_cannot_be_simulated_is_refused() -> None:
    kimmel = find_model("kimmel_2021")
    with pytest.raises(InputError, match=r"same 'car_t': .*\n?.*--scatter log:0.3"):
        simulate_replicates(kimmel, layout(3), observable="car_t", replicates=20, seed=1)
    with pytest.raises(InputError, match=r"(?s)no number 'car_t_at_begin'.*did you mean"):
        simulate_replicates(
            kimmel,
            layout(3),
            observable="car_t",
            replicates=20,
            seed=1,
            assumed=Assumed(between={"car_t_at_begin": 0.4}),
        )
    with pytest.raises(InputError, match="too many to simulate at once"):
        simulate_replicates(STEIN, layout(1000), observable="level", replicates=10_000, seed=1)
    with pytest.raises(InputError, match=r"(?s)unknown scatter 'lognormal'.*the scatter is -1"):
        Scatter("lognormal", -1.0)
    with pytest.raises(InputError, match="no observable 'leval'"):
        observable_of(STEIN, "leval")


def test_a_check_of_the_true_model_passes_and_one_of_another_does_not() -> None:
    """80 patients, a fifth of values below 50: at p = 1e-3 a true model fails once in a thousand.

    Then every level is tripled: half a standard deviation of the population, seed 11.
    """
    looks = layout(80)
    copies = simulate_replicates(STEIN, looks, observable="level", replicates=300, seed=1)
    data = simulate_replicates(STEIN, looks, observable="level", replicates=20, seed=11).simulated
    days = np.tile(DAYS, 80)
    seen = measurements(looks.patient, days, data[0], limit=50.0)
    true = check_model(seen, copies, seed=1)
    assert true.logarithms
    assert true.fit.tests.p_global > 1e-3
    assert (~true.visual.inside).sum() <= 4  # 18 at 95 %, which move together
    assert "do not contradict the model" in check_headline(true)
    wrong = check_model(
        measurements(looks.patient, days, 3.0 * data[0], limit=50.0), copies, seed=1
    )
    assert wrong.fit.tests.p_global < 1e-4
    assert (~wrong.visual.inside).sum() > 6
    assert "observations lie above the model" in check_headline(wrong)


def test_a_check_as_plain_data_holds_what_the_check_holds() -> None:
    looks = layout(30)
    copies = simulate_replicates(STEIN, looks, observable="level", replicates=60, seed=1)
    seen = measurements(looks.patient, np.tile(DAYS, 30), copies.simulated[0], limit=200.0)
    check = check_model(seen, copies, seed=1, corrected=True)
    plain = plain_check(check)
    assert plain["prediction_corrected"]
    assert plain["observations_below_limit"] == int(seen.censored.sum())
    assert [one["count"] for one in plain["bins"]] == [30] * 6
    first = plain["bins"][0]
    assert first["percentiles"][0]["observed"] is None
    assert first["below_limit"]["observed"] == pytest.approx(check.visual.below[0], rel=1e-12)
    assert [one["interval"] for one in plain["prediction_intervals"]] == [0, 50, 80, 90, 95]
    assert plain["errors"]["p_global"] == check.fit.tests.p_global
    assert any("60 replicates" in weakness for weakness in plain["weaknesses"])
