"""Hanson 2016: the curated SBML file, inflammation at rest, and burden as a predictor of toxicity.

bioRxiv 2016, doi:10.1101/049908.
"""

from collections.abc import Callable

import numpy as np
import pytest

from progenitor.library import simulate_population
from progenitor.library.models.hanson_2016 import observed

NAME = "hanson_2016"
COLUMNS = {
    "effector": "[C_e]",
    "memory": "[C_m]",
    "helper": "[H_e]",
    "helper_memory": "[H_m]",
    "lymphocytes": "[L]",
    "tumour": "[B]",
    "inflammation": "[Inflam]",
}


def test_peaks_are_those_of_the_curated_file(reported: Callable[[str], dict[str, float]]) -> None:
    """Looks every three hours see the peaks to 1e-4."""
    one = simulate_population(NAME, patients=1, seed=1, typical=True)
    ours, published = observed(one, one), reported(NAME)
    ratios = {symbol: ours[symbol] / published[symbol] for symbol in published}
    assert all(ratio == pytest.approx(1.0, rel=1e-3) for ratio in ratios.values()), ratios


def test_equations_are_those_of_the_curated_sbml(
    departure_from_biomodels: Callable[..., float],
) -> None:
    departure = departure_from_biomodels(NAME, "BIOMD0000000837", COLUMNS, days_per_unit=1.0 / 24.0)
    assert departure < 1e-5


def test_inflammation_rests_where_source_and_loss_balance() -> None:
    """Closed form without tumour: 200/1.5 after exp(-1.5 t) of the 140 at the start, t in hours."""
    hours = np.array([[0.0, 0.5, 1.0, 2.0, 12.0]])
    one = simulate_population(
        NAME, patients=1, seed=1, typical=True, changes={"tumour_at_start": 0.0}, times=hours / 24
    )
    rest = 200 / 1.5
    expected = rest + (140 - rest) * np.exp(-1.5 * hours[0])
    np.testing.assert_allclose(one.of("inflammation")[0], expected, rtol=1e-5, atol=0)


def test_more_tumour_is_more_inflammation() -> None:
    """Burden, the standard predictor of toxicity: tumour 100, 300, 1,000 and 3,000."""
    peaks = []
    for burden in (100.0, 300.0, 1000.0, 3000.0):
        one = simulate_population(
            NAME, patients=1, seed=1, typical=True, changes={"tumour_at_start": burden}
        )
        peaks.append(one.of("inflammation").max())
    assert (np.diff(peaks) > 0).all()
    assert peaks[-1] > 10 * peaks[0]
