"""Derivations against SciPy's distributions, closed forms and published conversions."""

import inspect
import math

import pytest
from scipy import stats

from progenitor.errors import InputError, UnitError
from progenitor.evidence import DERIVATIONS, Reported, derive
from progenitor.evidence.derivations import CENTRES, arguments_of
from progenitor.units import Quantity


def close(expected):
    """atol 0 throughout: results span 12 orders; 1e-12 is a few roundings."""
    return pytest.approx(expected, rel=1e-12, abs=0.0)


def entry(value, unit, **fields):
    return Reported("a_2019", "Q", float(value), unit, **fields)


def result(name, reported, unit, **arguments):
    reported = reported if isinstance(reported, list) else [reported]
    return derive(name, reported, arguments).to(unit).value


@pytest.mark.parametrize(
    ("name", "value", "unit", "expected"),
    [
        ("rate_from_half_life", 14.0, "day", math.log(2) / 14),
        ("rate_from_half_life", 7.0, "h", math.log(2) * 24 / 7),
        ("rate_from_doubling_time", 0.78, "day", math.log(2) / 0.78),
        ("rate_from_mean_time", 2.0, "week", 1 / 14),
    ],
)
def test_rates(name, value, unit, expected):
    assert result(name, entry(value, unit), "1/day") == close(expected)


def test_times_and_rates_undo_each_other():
    half_life = result("half_life_from_rate", entry(0.05, "1/day"), "day")
    assert result("rate_from_half_life", entry(half_life, "day"), "1/day") == close(0.05)
    assert result("mean_time_from_rate", entry(1 / 24, "1/h"), "day") == close(1.0)


def test_hazards_against_the_exponential_distribution():
    """A hazard reproduces the fraction affected by the time it was read at (scipy.stats.expon)."""
    hazard = result("hazard_from_fraction", entry(35, "%"), "1/day", period=Quantity(90.0, "day"))
    assert stats.expon(scale=1 / hazard).cdf(90.0) == close(0.35)
    back = result("fraction_from_hazard", entry(hazard, "1/day"), "%", period=Quantity(90.0, "day"))
    assert back == close(35.0)


def test_lognormals_against_scipy():
    omega = 0.7
    law = stats.lognorm(s=omega, scale=3.0)
    cv = law.std() / law.mean()
    assert result("cv_from_log_sd", entry(omega, "1"), "1") == close(cv)
    assert result("cv_from_log_variance", entry(omega**2, "1"), "1") == close(cv)
    mean = entry(law.mean(), "day")
    median = result("median_from_mean", mean, "day", cv=Quantity(cv, "1"))
    assert median == close(law.median())


def test_fold_change():
    """30-fold in 13 days is growth at ln(30)/13 per day."""
    rate = result("rate_from_fold_change", entry(30, "fold"), "1/day", period=Quantity(13.0, "day"))
    assert math.exp(13 * rate) == close(30.0)


def test_fractions():
    assert result("percent_to_fraction", entry(17.5, "%"), "1") == 0.175
    assert result("complement", entry(17.5, "%"), "%") == close(82.5)
    pooled = [entry(50, "%", n=10), entry(0.8, "1", n=30)]
    assert result("pooled_fraction", pooled, "%") == close(72.5)


def test_ranges():
    wide = entry(math.nan, "1/day", low=0.01, high=0.5)
    assert result("geometric_centre", wide, "1/day") == close(0.005**0.5)
    assert result("midpoint", wide, "1/day") == close(0.255)


def test_several_numbers():
    pair = [entry(2, "week"), entry(7, "day")]
    assert result("ratio_of_reported", pair, "1") == close(2.0)
    assert result("difference_of_reported", pair, "day") == close(7.0)
    assert result("geometric_mean_of_reported", [entry(1, "day"), entry(4, "day")], "day") == (
        close(2.0)
    )


def test_products_carry_units():
    dose = result("multiplied_by", entry(2e6, "cell/kg"), "cell", factor=Quantity(70.0, "kg"))
    assert dose == close(1.4e8)
    rate = result(
        "divided_by", entry(0.5, "1/day"), "uL/(cell*day)", divisor=Quantity(500.0, "cell/uL")
    )
    assert rate == close(1e-3)
    assert result("divided_by", entry(6.0, ""), "1", divisor=Quantity(3.0, "")) == 2.0


@pytest.mark.parametrize(
    ("exponent", "expected"),
    [
        # from 70 kg to 20 g: 3,500-fold less of an amount, as much of a share, Kleiber's power
        (1.0, 1e9 / 3500),
        (0.0, 1e9),
        (-1.0, 3.5e12),
        (0.75, 1e9 * 3500**-0.75),
    ],
)
def test_allometry_carries_an_amount_by_weight(exponent, expected):
    weights = {"from_weight": Quantity(70.0, "kg"), "to_weight": Quantity(20.0, "g")}
    given = {**weights, "exponent": Quantity(exponent, "1")}
    assert result("allometric", entry(1e9, "cell"), "cell", **given) == close(expected)


def test_allometry_there_and_back():
    mouse = {"from_weight": Quantity(75.0, "kg"), "to_weight": Quantity(25.0, "g")}
    man = {"from_weight": mouse["to_weight"], "to_weight": mouse["from_weight"]}
    power = {"exponent": Quantity(0.75, "1")}
    there = result("allometric", entry(5.0, "day"), "day", **mouse, **power)
    assert result("allometric", entry(there, "day"), "day", **man, **power) == close(5.0)


@pytest.mark.parametrize("weight", [0.0, -1.0])
def test_allometry_refuses_a_body_without_weight(weight):
    given = {"from_weight": Quantity(weight, "kg"), "to_weight": Quantity(1.0, "kg")}
    with pytest.raises(InputError):
        derive("allometric", [entry(1, "cell")], {**given, "exponent": Quantity(1.0, "1")})


@pytest.mark.parametrize("name", sorted(DERIVATIONS))
def test_no_derivation_takes_a_wrong_unit(name):
    """No derivation takes a mass; those that take any unit keep the mass in the result."""
    arguments = {word: Quantity(1.0, "mmHg") for word in arguments_of(name)}
    reported = [entry(0.5, "mg", low=0.4, high=0.6, n=3)]
    if name in {"ratio_of_reported", "difference_of_reported"}:
        reported.append(entry(0.5, "cell"))
    with pytest.raises(UnitError, match="does not convert"):
        derive(name, reported, arguments).to("1")


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("rate_from_half_life", 0.0, "day"),
        ("rate_from_mean_time", -1.0, "day"),
        ("half_life_from_rate", 0.0, "1/day"),
        ("percent_to_fraction", 120.0, "%"),
        ("percent_to_fraction", -1.0, "%"),
        ("complement", 1.2, "1"),
        ("cv_from_log_sd", -0.1, "1"),
        ("geometric_centre", 1.0, "1"),
        ("midpoint", 1.0, "1"),
        ("pooled_fraction", 0.5, "1"),
        ("ratio_of_reported", 0.5, "1"),
    ],
)
def test_values_outside_the_domain_are_refused(name, value, unit):
    with pytest.raises(InputError):
        derive(name, [entry(value, unit)], {})


def test_certainty_has_no_hazard():
    with pytest.raises(InputError, match="less than 100 %"):
        derive("hazard_from_fraction", [entry(100, "%")], {"period": Quantity(1.0, "day")})


def test_a_range_below_zero_has_no_geometric_centre():
    with pytest.raises(InputError, match="midpoint"):
        derive("geometric_centre", [entry(1, "1", low=-1.0, high=1.0)], {})


def test_the_registry_is_complete():
    import progenitor.evidence.derivations as module

    written = {
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and value.__module__ == module.__name__
        and not name.startswith("_")
        and name not in {"derive", "arguments_of"}
    }
    assert written == set(DERIVATIONS)
    assert set(DERIVATIONS) >= CENTRES
    assert all(DERIVATIONS[name].__doc__ for name in DERIVATIONS)
