"""CAR-macrophages: two fates, a critical concentration, and the regimens that suppress.

Xu and Liu, J Theor Biol 2025, doi:10.1016/j.jtbi.2025.112263.
"""

from collections.abc import Callable

import numpy as np
import pytest

from progenitor.library import Population, simulate_population
from progenitor.library.models.xu_2025 import OBSERVED_VARIANTS, observed

NAME = "xu_2025"
BURDENS = (1e6, 3e6, 5e6, 7e6)  # of the authors' scripts
RHO, BETA, KAPPA = 0.9032, 7.3156e6, 5.793
SYMBOLS = (*OBSERVED_VARIANTS, "observed_monthly_suppresses")


def typical(variant: str = "", **changes: float) -> Population:
    one = simulate_population(
        NAME, patients=1, seed=1, typical=True, variant=variant, changes=changes
    )
    assert (one.status == 0).all()
    return one


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_what_the_abstract_says(symbol: str, reported: Callable[[str], dict[str, float]]) -> None:
    one = typical(OBSERVED_VARIANTS.get(symbol, ""))
    assert observed(one, one)[symbol] == reported(NAME)[symbol]


@pytest.mark.parametrize(
    ("variant", "suppressed"),
    [
        ("", (True, True, True, True)),
        ("two_monthly", (True, True, True, True)),
        ("single_dose", (True, False, False, False)),
    ],
)
def test_regimens_by_burden(variant: str, suppressed: tuple[bool, ...]) -> None:
    """'Irrespective of tumour burden' for both regimens; one infusion helps the lowest only."""
    ends = [typical(variant, tumour_at_start=burden).of("tumour")[0, -1] for burden in BURDENS]
    assert tuple(end < 1.0 for end in ends) == suppressed


def roots(macrophage: float, c_t: float = 4.131, c_m: float = 2.02) -> np.ndarray:
    """Sizes at which growth and phagocytosis balance, by hand."""
    c2 = RHO * c_t
    c1 = RHO * (1 + c_m * macrophage - BETA * c_t)
    c0 = BETA * (KAPPA * macrophage - RHO * (1 + c_m * macrophage))
    found = np.roots([c2, c1, c0])
    return np.sort(found[np.isreal(found)].real)


def held(macrophage: float, burden: float) -> float:
    """Tumour after two years of a constant concentration of CAR-macrophages."""
    one = typical(
        "single_dose", first_dose=macrophage * 5e3, death_rate=0.0, tumour_at_start=burden,
        end=730.0, look=730.0,
    )  # fmt: skip
    return float(one.of("tumour")[0, -1])


@pytest.mark.parametrize("macrophage", [3e5, 1e6, 1.3e6])
def test_the_smaller_root_divides_the_fates(macrophage: float) -> None:
    """Bistable: 1 % below it the tumour vanishes, 1 % above it reaches the larger root."""
    unstable, stable = roots(macrophage)
    assert held(macrophage, 0.99 * unstable) < 1.0
    assert held(macrophage, 1.01 * unstable) == pytest.approx(stable, rel=1e-4)


def test_above_a_critical_concentration_every_burden_falls() -> None:
    """The roots meet at 1.41e6 a millilitre, which is 7.05e9 in five litres."""
    low, high = 1e6, 2e6
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if len(roots(middle)) else (low, middle)
    assert high == pytest.approx(1.41e6, rel=0.005)
    assert held(0.98 * high, BETA) > 1e6
    assert held(1.02 * high, BETA) < 1.0


def test_with_saturations_swapped_one_infusion_of_7e9_would_do() -> None:
    """Which the abstract excludes, asking for three; as the scripts compute, one fails."""
    once = {"first_dose": 7e9, "second_dose": 0.0, "third_dose": 0.0}
    assert typical("swapped", **once).of("tumour")[0, -1] < 1.0
    assert typical(**once).of("tumour")[0, -1] > 1e6
