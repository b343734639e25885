"""Wilson 2020: blood formation of CD34+ cells in culture.

Wilson, Lu, Corr, Fullerton, Lu. PLoS Comput Biol 2020;16:e1007620. Witnesses: the authors' own
simulation without drug, kept in the project they deposited (day 6), and the line from stem cells to
neutrophils with the printed rates as a matrix exponential.
"""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from progenitor.engine import SolverOptions
from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.wilson_2020 import observed

TABLE = default_catalogue().table("wilson_2020")
LINE = ("stem", "multipotent", "gmp", "granulocyte_progenitors", "granulocytes", "neutrophils")
RATES = (5.2597, 5.4285, 0.27694, 5.7012, 1.1726e-4, 2.6679)
RENEWAL = (0.54755, 0.21625, 0.47546, 0.49822, 0.36766, 1.0)
PASSED_ON = (1.0, 0.30481, 1 - 0.46395, 1.0, 1.0)
STARTS = (275.67, 487.71, 754.32, 34.342, 251.64, 154.07)
DEATH, QUIESCENT, SPLIT = 0.45887, 0.99974, 0.01


def typical(variant: str = "", **changes: float) -> Population:
    return simulate_population(
        "wilson_2020", patients=1, seed=1, typical=True, variant=variant, changes=changes,
        options=SolverOptions(rtol=1e-9),
    )  # fmt: skip


def line() -> tuple[np.ndarray, np.ndarray]:
    """The line to neutrophils, as a matrix, and its counts just after the split."""
    matrix = np.diag([(2 * r - 1) * k for r, k in zip(RENEWAL, RATES, strict=True)])
    matrix[-1, -1] = RATES[-1] - DEATH
    for place, share in enumerate(PASSED_ON):
        matrix[place + 1, place] = 2 * (1 - RENEWAL[place]) * share * RATES[place]
    split = expm(SPLIT * matrix) @ np.array(STARTS)
    split[-1] = (1 - QUIESCENT) * STARTS[-1]
    return matrix, split


def test_the_authors_own_simulation_is_reproduced() -> None:
    """Within 1.2 % but for neutrophils, 4.6 % below theirs, which the next test explains."""
    one = typical()
    ratios = {
        symbol: observed(one, one)[symbol] / record.reported[0].measured.to(record.unit).value
        for symbol, record in TABLE.observed.items()
    }
    neutrophils = ratios.pop("observed_neutrophils")
    assert abs(neutrophils - 0.954) < 5e-4
    assert all(abs(ratio - 1.0) < 0.0125 for ratio in ratios.values())
    slow = ("stem", "gmp", "granulocytes", "b_cells", "megakaryocytes")
    assert all(abs(ratios[f"observed_{cell}"] - 1.0) < 5e-4 for cell in slow)


def test_the_line_to_neutrophils_is_the_matrix_exponential() -> None:
    matrix, split = line()
    last = expm((6.0 - SPLIT) * matrix) @ split
    last[-1] += QUIESCENT * STARTS[-1] * np.exp(-DEATH * (6.0 - SPLIT))
    one = typical()
    ours = [one.of(f"count_{cell}")[0, -1] for cell in LINE]
    assert np.allclose(ours, last, rtol=1e-7, atol=0)


def test_a_solver_with_the_default_tolerance_overshoots_like_theirs() -> None:
    """Backward differences at a relative tolerance of 1e-3 give 3 to 5 % too many neutrophils."""
    matrix, split = line()
    exact = (expm((6.0 - SPLIT) * matrix) @ split)[-1]
    coarse = solve_ivp(
        lambda _, cells: matrix @ cells,
        (SPLIT, 6.0),
        split,
        "BDF",
        jac=matrix,
        rtol=1e-3,
        atol=1e-6,
    )
    assert 1.02 < coarse.y[-1, -1] / exact < 1.06


@pytest.mark.parametrize(("drug", "below"), [("docetaxel", 0.5), ("palbociclib", 0.5)])
def test_cytotoxic_drugs_leave_fewer_progenitors(drug: str, below: float) -> None:
    treated, untreated = typical(drug), typical()
    assert treated.of("count_gmp")[0, -1] < below * untreated.of("count_gmp")[0, -1]


def test_thalidomide_does_next_to_nothing() -> None:
    """The negative control of the paper; only the fastest cells, neutrophils, lose 15 %."""
    treated, untreated = typical("thalidomide"), typical()
    for cell in ("stem", "gmp", "monocytes", "megakaryocytes", "late_erythroid"):
        name = f"count_{cell}"
        assert abs(treated.of(name)[0, -1] / untreated.of(name)[0, -1] - 1.0) < 1e-3
    left = treated.of("count_neutrophils")[0, -1] / untreated.of("count_neutrophils")[0, -1]
    assert abs(left - 0.8475) < 1e-3
