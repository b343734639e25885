"""Park 2025: CAR-T cells, B cells and host cells are inside the ranges of the paper's figures.

Park et al. Clin Transl Sci 2025;18:e70146, doi:10.1111/cts.70146. The figures show five patients on
logarithmic axes; their ranges were digitised. Closed forms come from table 1 by hand.
"""

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.park_2025 import observed

NAME = "park_2025"
TABLE = default_catalogue().table(NAME)
MISSED = {"observed_neutrophil_nadir": (0.7, 0.75), "observed_time_of_neutrophil_nadir": (1.2, 1.3)}
"""Ours over the nearest end of the range: chemotherapy is given at infusion, not days before."""


def run(variant: str = "", /, **changes: float) -> Population:
    return simulate_population(
        NAME, patients=1, seed=1, typical=True, variant=variant, changes=changes
    )


@pytest.fixture(scope="module")
def typical() -> Population:
    return run()


def test_the_typical_patient_is_inside_the_ranges(typical: Population) -> None:
    ours = observed(typical, typical)
    assert set(ours) == set(TABLE.observed)
    for symbol, value in ours.items():
        published = TABLE.observed[symbol].reported[0]
        assert published.low is not None
        assert published.high is not None
        if symbol in MISSED:
            near = published.low if value < published.low else published.high
            assert MISSED[symbol][0] < value / near < MISSED[symbol][1], symbol
        else:
            assert published.low < value < published.high, symbol


def test_all_of_many_patients_are_solved() -> None:
    """The median of 200 (seed 3) has as many B cells after two years as figure 3 shows."""
    many = simulate_population(NAME, patients=200, seed=3)
    assert (many.status == 0).all()
    assert 200 < np.median(many.of("b_cells")[:, -1]) < 900


def test_without_treatment_host_cells_rest_and_b_cells_grow() -> None:
    """K0/Kout and Circ0 hold; B cells grow by 0.0193 a day; 1e-5 is ten solver tolerances."""
    found = run(dose_per_kg=0.0, chemotherapy_dose=0.0, return_rate=0.0)
    for name, level in (
        ("host_cd4", 210.18 / 1.02),
        ("host_cd8", 525.59 / 1.49),
        ("neutrophils", 5617.22),
        ("b_cells", 143 * np.exp(0.0193 * found.times[0])),
    ):
        np.testing.assert_allclose(found.of(name)[0], level, rtol=1e-5, atol=0)


def test_b_cells_return_when_car_t_cells_are_few(typical: Population) -> None:
    """Below 2.38 CAR-T cells per uL B approaches 449 at the rate 1.58/449; 1e-5 as above.

    They begin with the few that came in the first days, when CAR-T cells had left for marrow.
    """
    car_t, day, cells = typical.of("car_t")[0], typical.times[0], typical.of("b_cells")[0]
    first = np.flatnonzero((day > day[car_t.argmax()]) & (car_t < 2.38))[0]
    rest = np.exp(-1.58 / 449 * (day[first:] - day[first]))
    np.testing.assert_allclose(cells[first:], 449 - (449 - cells[first]) * rest, rtol=1e-5, atol=0)
    assert 20 < day[first] < 120
    assert 0 < cells[first] < 10


def test_a_hundredth_of_the_dose_expands_to_much_more_than_a_hundredth(
    typical: Population,
) -> None:
    """Figure 6: less than proportional peaks, later, with slower depletion and the same return."""
    small = run("dose_1_percent")
    peaks = [found.of("car_t")[0].max() for found in (small, typical)]
    assert peaks[1] / peaks[0] < 50
    days = [found.times[0, found.of("car_t")[0].argmax()] for found in (small, typical)]
    assert days[0] > days[1]
    halved = [
        found.times[0, (found.of("b_cells")[0] < 143 / 2).argmax()] for found in (small, typical)
    ]
    assert halved[0] > halved[1]
    back = [found.of("b_cells")[0, 800] for found in (small, typical)]
    assert 0.5 < back[0] / back[1] < 2


def test_killing_follows_the_binding_equilibrium() -> None:
    """CAR-T cells that neither grow, move nor die bind C = (S - sqrt(S^2 - 4 R A))/2.

    S = R + A + koff/kon with R receptors and A antigens. Where killing is slow and far from its
    limit, B cells fall with its rate times C/B over the half; 1 %.
    """
    still = dict.fromkeys(
        ("cd8_expansion_rate", "naive_rate", "central_rate", "memory_rate", "effector_loss_rate",
         "memory_loss_rate", "leaving_rate", "returning_rate", "b_cell_growth_rate"), 0.0,
    )  # fmt: skip
    rate, most = 0.1, 1e6
    found = run(**still, killing_rate=rate, half_killing=most, return_rate=0.0)
    cells = 1e6 * 70 / 5e6 * (0.759 + 0.230) * (0.0729 + 0.221 + 0.609 + 0.0977)
    receptors, antigens = 15_000 * cells, 14_000 * 143
    scale = 6.81e-5 / 2.1e5 * 6.023e23 / 1e6
    total = receptors + antigens + scale
    bound = (total - np.sqrt(total**2 - 4 * receptors * antigens)) / 2
    per_cell = bound / 143
    late = found.times[0] > 5
    slope = -np.polyfit(found.times[0, late][:20], np.log(found.of("b_cells")[0, late][:20]), 1)[0]
    assert abs(slope / (rate * per_cell / (most + per_cell)) - 1) < 1e-2
