"""Quartino 2014: neutropenia after docetaxel with the body's own G-CSF.

Quartino, Karlsson, Lindman, Friberg. Pharm Res 2014;31:3390-3403, title: G-CSF and neutrophils are
inversely correlated. Witnesses: the resting values that a public transcription computes from the
same numbers, the quasi-steady state of G-CSF, and where the transcription's own slip must rest.
"""

import numpy as np

from progenitor.engine import SolverOptions
from progenitor.evidence import default_catalogue
from progenitor.library import Population, simulate_population
from progenitor.library.models.quartino_2014 import observed

TABLE = default_catalogue().table("quartino_2014")


def typical(**changes: float) -> Population:
    return simulate_population(
        "quartino_2014", patients=1, seed=1, typical=True, changes=changes,
        options=SolverOptions(rtol=1e-9),
    )  # fmt: skip


def published(symbol: str) -> float:
    record = TABLE.observed[symbol]
    return record.reported[0].measured.to(record.unit).value


def test_rest_and_the_sign_of_the_correlation_are_as_reported() -> None:
    one = typical()
    for symbol, ours in observed(one, one).items():
        assert abs(ours / published(symbol) - 1.0) < 1e-5, symbol


def test_a_body_without_the_drug_stays_at_its_baseline() -> None:
    """It rests at Circ0 and GCSF0 (the transcription, which loses ke and not ke*G, does not)."""
    found = typical(dose=0.0)
    assert np.allclose(found.of("neutrophils")[0], 3530.0, rtol=1e-7, atol=0)
    assert np.allclose(found.of("cytokine")[0], 24.3, rtol=1e-7, atol=0)


def test_the_transcription_rests_where_its_slip_says() -> None:
    """0 = kin - (ke + kANC*Circ*G0) gives 3.6306e9 per litre, the start its demo was given."""
    numbers = {symbol: record.used for symbol, record in TABLE.parameters.items()}
    ke, kanc, rest = (
        number.median
        for symbol in ("gcsf_elimination_rate", "gcsf_uptake_rate", "gcsf_baseline")
        if (number := numbers[symbol]) is not None
    )
    slipped = (published("observed_gcsf_production") - ke) / (kanc * rest)
    assert abs(slipped / 3630.645 - 1.0) < 1e-6


def test_gcsf_is_nearly_in_balance_with_neutrophils() -> None:
    """It turns over in an hour, blood in half a day: G = kin/(ke + kANC*B) to 2 %."""
    found = typical()
    balanced = 11956.3 / (14.208 + 0.13536 * found.of("neutrophils")[0])
    assert np.allclose(found.of("cytokine")[0], balanced, rtol=0.02, atol=0)
    assert found.of("neutrophils")[0].min() < 1000.0


def test_corticosteroids_raise_gcsf_and_empty_the_marrow_sooner() -> None:
    """More cells in blood on the first day, a lower nadir later: G-CSF speeds transit as well."""
    with_them, without = typical(cortisone_gcsf=1000.0), typical()
    assert with_them.of("cytokine")[0, 10] > without.of("cytokine")[0, 10]
    assert with_them.of("neutrophils")[0, 20] > 1.005 * without.of("neutrophils")[0, 20]
    assert with_them.of("neutrophils")[0].min() < without.of("neutrophils")[0].min()
