"""Stein 2019: simulated patients have the published peaks, times and half-lives, and their spread.

Stein et al. CPT Pharmacometrics Syst Pharmacol 2019;8:285-295, doi:10.1002/psp4.12388, table 1.
The bands are what the published variances imply. With 4,000 patients (seed 7) the quantile of the
widest band has a standard error of 3 %, and looks every quarter of a day miss some of the peak
(3 %): a correct model leaves the 20 % band with probability below 1e-4.
"""

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.stein_2019 import observed

PATIENTS, SEED = 4_000, 7
TABLE = default_catalogue().table("stein_2019")


@pytest.fixture(scope="module")
def population() -> Population:
    return simulate_population("stein_2019", patients=PATIENTS, seed=SEED)


@pytest.fixture(scope="module")
def typical() -> Population:
    return simulate_population("stein_2019", patients=1, seed=SEED, typical=True)


def test_geometric_means_and_bands_are_within_a_fifth(
    population: Population, typical: Population
) -> None:
    assert (population.status == 0).all()
    ours = observed(population, typical)
    assert set(ours) == set(TABLE.observed)
    published = {symbol: record.reported[0].value for symbol, record in TABLE.observed.items()}
    ratios = {symbol: ours[symbol] / value for symbol, value in published.items()}
    assert all(0.8 < ratio < 1.2 for ratio in ratios.values()), ratios


def test_the_typical_patient_follows_the_closed_form(typical: Population) -> None:
    """Equations by hand with the printed numbers; 1e-5 is ten times the solver's tolerance."""
    day = typical.times[0]
    growth = np.log(3900) / 9.3
    after = day - 9.3
    fall = (1 - 0.0079) * np.exp(-0.16 * after) + 0.0079 * np.exp(-0.0032 * after)
    level = np.where(day < 9.3, 24_000 / 3900 * np.exp(growth * day), 24_000 * fall)
    np.testing.assert_allclose(typical.of("level")[0], level, rtol=1e-5, atol=0)


@pytest.mark.parametrize(("variant", "factor"), [("tocilizumab", 1.2), ("steroids", 1.0)])
def test_comedication_multiplies_the_growth_rate(
    typical: Population, variant: str, factor: float
) -> None:
    """From the median day of tocilizumab, 5.7, growth is 1.2 times as fast until the peak."""
    treated = simulate_population("stein_2019", patients=1, seed=1, typical=True, variant=variant)
    start = {"tocilizumab": 5.7, "steroids": 7.5}[variant]
    gain = np.exp((factor - 1) * np.log(3900) / 9.3 * (9.3 - start))
    before, after = treated.times[0] < start, treated.times[0] > 9.3
    ratio = treated.of("level")[0] / typical.of("level")[0]
    np.testing.assert_allclose(ratio[before], 1.0, rtol=1e-5, atol=0)
    np.testing.assert_allclose(ratio[after], gain, rtol=1e-5, atol=0)


def test_observations_scatter_as_published() -> None:
    """Residual 0.56 of the logarithm: 4,000 looks give its SD to 1 % (seed 7, 5 SE of 1.1 %)."""
    days = np.tile(np.arange(1.0, 5.0), (1_000, 1))
    looked = {
        residual: simulate_population(
            "stein_2019", patients=1_000, seed=SEED, times=days, residual=residual
        ).of("level")
        for residual in (True, False)
    }
    scatter = np.log(looked[True] / looked[False])
    assert abs(scatter.std() / 0.56 - 1) < 0.055
