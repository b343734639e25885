"""Singh 2021: the clinical model as its code has it, against rxode2 and the paper's claims.

Singh et al. CPT Pharmacometrics Syst Pharmacol 2021;10:362-376, doi:10.1002/psp4.12598, draws its
courses and prints no peak. nlmixr2lib solves the authors' deposited equations with rxode2 and
prints peaks to five digits and falls to three. What the table of the paper contradicts is in the
notes of ours.
"""

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.singh_2021 import OBSERVED_VARIANTS, observed

NAME = "singh_2021"
TABLE = default_catalogue().table(NAME)


def run(variant: str = "", /, **changes: float) -> Population:
    return simulate_population(
        NAME, patients=1, seed=1, typical=True, variant=variant, changes=changes
    )


def expansion(found: Population) -> float:
    return float(found.of("level")[0, found.times[0] > 1].max())


@pytest.mark.parametrize("symbol", TABLE.observed)
def test_rxode2_finds_the_same(symbol: str) -> None:
    """Half of the last printed digit: 1.4e-5 of a peak, 5.4e-4 of a fall."""
    one = run(OBSERVED_VARIANTS[symbol])
    ratio = observed(one, one)[symbol] / TABLE.observed[symbol].reported[0].value
    assert abs(ratio - 1) < (2e-5 if symbol.startswith("peak") else 6e-4)


def test_burden_moves_the_peak_and_dose_does_not() -> None:
    """Figure 4, the paper's finding: 16 times the dose against 25 times the burden."""
    by_dose = [expansion(run(name)) for name in ("dose_50", "dose_800")]
    by_burden = [expansion(run(name)) for name in ("small_burden", "large_burden")]
    assert max(by_dose) / min(by_dose) < 1.1
    assert by_burden[1] / by_burden[0] > 1_000


def test_without_cells_myeloma_grows_and_markers_follow() -> None:
    """exp(0.008 t), and M-protein as the closed form of its turnover; 1e-5, ten tolerances."""
    found = run(dose=0.0, expansion_rate=0.0)
    day, gain = found.times[0], 0.008 * 0.215
    grown = 2500 * np.exp(0.008 * day)
    np.testing.assert_allclose(found.of("tumour")[0], grown, rtol=1e-5, atol=0)
    risen = (0.117 * np.exp(gain * day) + gain * np.exp(-0.117 * day)) / (0.117 + gain)
    np.testing.assert_allclose(1 + found.of("m_protein_change")[0], risen, rtol=1e-5, atol=0)


def test_the_seed_expands_without_any_dose() -> None:
    """An artefact of the published code that the table states: 69,000 copies on day 40."""
    found = run(dose=0.0)
    level = found.of("level")[0]
    assert 6.5e4 < level.max() < 7.5e4
    assert abs(found.times[0, level.argmax()] - 40) < 2
    assert "without any dose" in TABLE.notes


def test_the_contradictions_are_said() -> None:
    for words in ("INCONSISTENT", "equation 18", "2.39e-2", "K12 20,304"):
        assert words in TABLE.notes, words


def test_the_other_printed_dissociation_rate_is_another_model() -> None:
    """Ten times the rate: the peak changes, so which number is meant matters."""
    ratio = expansion(run("printed_dissociation")) / expansion(run())
    assert abs(ratio - 1) > 0.1
