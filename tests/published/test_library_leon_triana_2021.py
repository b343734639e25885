"""León-Triana 2021: two targets against suppression, its threshold, and the curated SBML file.

Cancers 2021;13:703, doi:10.3390/cancers13040703.
"""

from collections.abc import Callable

import numpy as np
import pytest

from progenitor.library import Population, simulate_population
from progenitor.library.models.leon_triana_2021 import OBSERVED_VARIANTS, observed

NAME = "leon_triana_2021"


def typical(variant: str = "", **changes: float) -> Population:
    one = simulate_population(
        NAME, patients=1, seed=1, typical=True, variant=variant, changes=changes
    )
    assert (one.status == 0).all()
    return one


@pytest.mark.parametrize(("symbol", "variant"), OBSERVED_VARIANTS.items())
def test_a_second_target_overcomes_the_suppression(
    symbol: str, variant: str, reported: Callable[[str], dict[str, float]]
) -> None:
    """'The expansion in the blood could lead to the massive production of an army.'"""
    one = typical(variant)
    assert observed(one, one)[symbol] == reported(NAME)[symbol]


def test_b_cells_make_many_car_t() -> None:
    """From 2e8 infused to 3.9e9 off tumour, and 180 times as many at a suppressive tumour."""
    dual, single = typical("suppressive"), typical("suppressive_single_target")
    assert 3.8e9 < dual.of("off_tumour").max() < 4.0e9
    assert dual.of("at_tumour").max() > 100 * single.of("at_tumour").max()


def test_less_suppression_and_lower_burden_help() -> None:
    """'This strategy could benefit from the combination with PD-1 inhibitors and low loads.'"""
    lowest = [
        typical("suppressive", suppression_rate=rate).of("tumour").min() for rate in (0.1, 0.183)
    ]
    assert lowest[0] < 1e-3 * lowest[1]
    shares = [
        typical("suppressive", tumour_at_start=burden).of("tumour").min() / burden
        for burden in (1e10, 3.35e10)
    ]
    assert shares[0] < 1e-2 * shares[1]


@pytest.mark.parametrize(("share", "sign"), [(0.99, -1), (1.01, 1)])
def test_enough_car_t_overcome_the_suppression(share: float, sign: int) -> None:
    """Closed form of the number above which CAR-T at the tumour increase: 8.9e9 for 3.35e10."""
    burden = 3.35e10
    expansion = 0.9 * burden / (1e10 + burden) - 1 / 7
    needed = 0.183 * burden / expansion - 2e9
    one = typical("suppressive_single_target", dose=0.0, dose_at_tumour=share * needed, look=1e-3)
    at_tumour = one.of("at_tumour")[0]
    assert np.sign(at_tumour[1] - at_tumour[0]) == sign


def test_equations_are_those_of_the_curated_sbml(
    departure_from_biomodels: Callable[..., float],
) -> None:
    columns = {
        "at_tumour": "[CAR_T_cells_on_tumour]",
        "off_tumour": "[CAR_T_cells_off_tumour]",
        "tumour": "[Tumour_cells]",
        "b_cells": "[B_cells]",
    }
    assert departure_from_biomodels(NAME, "BIOMD0000001014", columns) < 1e-5
