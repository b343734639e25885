"""CARRGO: three cases with known ends, two lesions that responded and one that did not.

Sahoo et al. J R Soc Interface 2020;17:20190734, doi:10.1098/rsif.2019.0734. How many CAR-T were
infused is not printed, so peaks of lesions agree only as far as the assumed inflow does.
"""

from collections.abc import Callable

import numpy as np
import pytest

from progenitor.engine import SolverOptions
from progenitor.library import Population, simulate_population
from progenitor.library.models.sahoo_2020 import OBSERVED_VARIANTS, observed

NAME = "sahoo_2020"


def typical(variant: str = "", **changes: float) -> Population:
    one = simulate_population(
        NAME, patients=1, seed=1, typical=True, variant=variant, changes=changes,
        options=SolverOptions(rtol=1e-9, atol_scale=1e-6),
    )  # fmt: skip
    assert (one.status == 0).all()
    return one


BANDS = {
    "observed_t7_peak": (0.76, 0.78),
    "observed_t7_day_of_peak": (0.92, 0.95),
    "observed_t6_peak": (1.20, 1.22),
    "observed_t6_day_of_peak": (0.98, 1.02),
    "observed_success": (0.9999, 1.0001),
    "observed_failure": (0.9999, 1.0001),
    "observed_coexisting_tumour": (0.9999, 1.0001),
    "observed_coexisting_car_t": (0.9999, 1.0001),
    "observed_killed_in_vitro": (0.94, 0.96),  # 'complete killing'; a twentieth is left
}


@pytest.mark.parametrize("symbol", BANDS)
def test_what_the_paper_reports(symbol: str, reported: Callable[[str], dict[str, float]]) -> None:
    one = typical(OBSERVED_VARIANTS.get(symbol, ""))
    low, high = BANDS[symbol]
    assert low <= observed(one, one)[symbol] / reported(NAME)[symbol] <= high


def test_lesions_that_responded_and_the_one_that_did_not() -> None:
    """T6 and T7 are nearly gone on day 120; T9, whose CAR-T are exhausted, reaches its capacity."""
    for variant in ("", "lesion_t6"):
        tumour = typical(variant).of("tumour")[0]
        assert tumour[-1] < 0.02 * tumour.max()
    lesion = typical("lesion_t9").of("tumour")[0]
    assert lesion[-1] > 0.4 * 7e11
    assert lesion[-1] > lesion[0]


def test_a_single_dose_keeps_what_predators_and_prey_keep() -> None:
    """Without a limit to growth kappa_2 X + kappa_1 Y - rho ln Y is constant; rtol is 1e-9."""
    one = typical(capacity=1e30, death_rate=0.0, weekly_dose=0.0, car_t_at_start=1e6, end=60.0)
    tumour, car_t = one.of("tumour")[0], one.of("car_t")[0]
    kept = 0.3e-10 * tumour + 6e-9 * car_t - 0.06 * np.log(car_t)
    np.testing.assert_allclose(kept, kept[0], rtol=1e-6, atol=0)
    assert car_t[-1] > 2 * car_t[0]


@pytest.mark.parametrize(("share", "sign"), [(0.99, 1), (1.01, -1)])
def test_enough_car_t_shrink_the_tumour_at_once(share: float, sign: int) -> None:
    """It shrinks when Y > (rho/kappa_1)(1 - X/K), the dashed line of figure 6."""
    needed = 0.06 / 6e-9 * (1 - 3.3e8 / 6.5e9)
    one = typical(car_t_at_start=share * needed, weekly_dose=0.0, end=0.02, look=0.01)
    tumour = one.of("tumour")[0]
    assert np.sign(tumour[1] - tumour[0]) == sign


def test_cell_lines_answer_as_in_figure_3() -> None:
    """'PBT138-H and PBT030 show successful killing; HT1080-H treatment failure.'"""
    ends = {line: typical(line).of("tumour")[0] for line in ("pbt138_h", "pbt030", "ht1080_h")}
    assert ends["pbt138_h"][-1] < 0.06 * ends["pbt138_h"][0]
    assert ends["pbt030"][-1] < 0.01 * ends["pbt030"][0]
    assert ends["ht1080_h"][-1] > 10 * ends["ht1080_h"][0]
