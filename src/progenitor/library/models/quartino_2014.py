r"""Neutropenia after docetaxel with the body's own G-CSF (Quartino et al. 2014).

G-CSF :math:`G` drives division (power :math:`\gamma`) and transit (power :math:`\beta`) of marrow
cells, and neutrophils in blood :math:`B` take it up:

.. math::

    P' = k P (1 - S\,c) (G/G_0)^\gamma - k P (G/G_0)^\beta, \qquad
    T_1' = k (G/G_0)^\beta (P - T_1), \;\ldots\; T_4' = k (G/G_0)^\beta (T_3 - T_4)

    B' = k (G/G_0)^\beta T_4 - k_B B, \qquad
    G' = (k_e + k_{ANC} B_0) G_0 - (k_e + k_{ANC} B) G + k_C C, \qquad C' = -k_C C

with :math:`k = (n + 1)/MTT` and :math:`C` what corticosteroids given with the drug add. The drug
concentration :math:`c` is that of three linear compartments.

Paper versus code: the public transcription loses :math:`k_e` rather than :math:`k_e G`, so that its
body does not rest at :math:`B_0`; see the table's notes.

References
----------
Quartino AL, Karlsson MO, Lindman H, Friberg LE. Characterization of endogenous G-CSF and the
inverse correlation to chemotherapy-induced neutropenia in patients with breast cancer using
population modeling. Pharm Res 2014;31:3390-3403, doi:10.1007/s11095-014-1429-9.
"""

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._docetaxel import (
    DRUG_OBSERVABLE,
    DRUG_REACTIONS,
    DRUG_RULE,
    DRUG_SPECIES,
)
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "observed"]

_STAGES = ("dividing", "first_stage", "second_stage", "third_stage", "fourth_stage")

MODEL = PublishedModel(
    name="quartino_2014",
    reproduces="resting G-CSF and marrow, and G-CSF rising as neutrophils fall after docetaxel",
    end="end",
    look="look",
    species=(
        *DRUG_SPECIES,
        *(Species(s, "cell/uL", initial="stage_at_rest", absolute_tolerance=1e-3) for s in _STAGES),
        Species("blood", "cell/uL", initial="baseline", absolute_tolerance=1e-3),
        Species("gcsf", "pg/mL", initial="gcsf_baseline", absolute_tolerance=1e-5),
        Species("cortisone", "pg/mL", initial="cortisone_gcsf", absolute_tolerance=1e-5),
    ),
    rules=(
        DRUG_RULE,
        Rule("transit_rate", "stages/transit_time", "1/day"),
        Rule("blood_loss_rate", "log(2)/blood_half_life", "1/day"),
        Rule("stage_at_rest", "blood_loss_rate*baseline/transit_rate", "cell/uL"),
        Rule(
            "gcsf_production",
            "(gcsf_elimination_rate + gcsf_uptake_rate*baseline)*gcsf_baseline",
            "pg/mL/day",
        ),
        Rule("step_rate", "transit_rate*(gcsf/gcsf_baseline)**transit_power", "1/day"),
        Rule("division_rate", "transit_rate*(gcsf/gcsf_baseline)**division_power", "1/day"),
    ),
    reactions=(
        *DRUG_REACTIONS,
        Reaction(
            "division",
            "division_rate*dividing*(1 - drug_slope*concentration)",
            products={"dividing": 1},
        ),
        *(
            Reaction(f"step_from_{first}", f"step_rate*{first}", {first: 1}, {second: 1})
            for first, second in zip(_STAGES, (*_STAGES[1:], "blood"), strict=True)
        ),
        Reaction("loss", "blood_loss_rate*blood", {"blood": 1}),
        Reaction("production", "gcsf_production", products={"gcsf": 1}),
        Reaction("gcsf_elimination", "gcsf_elimination_rate*gcsf", {"gcsf": 1}),
        Reaction("gcsf_uptake", "gcsf_uptake_rate*blood*gcsf", {"gcsf": 1}),
        Reaction("release", "log(2)/cortisone_half_life*cortisone", {"cortisone": 1}, {"gcsf": 1}),
    ),
    observables=(
        Observable("neutrophils", "blood", "cell/uL", "Neutrophils in blood"),
        Observable("cytokine", "gcsf", "pg/mL", "G-CSF in blood"),
        Observable("marrow", "fourth_stage", "cell/uL", "Cells of the last marrow stage"),
        Observable("made", "gcsf_production", "pg/mL/day", "Production of G-CSF"),
        DRUG_OBSERVABLE,
    ),
    regimens=(Regimen("central", ("dose",)),),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number that is reported, all of the typical patient.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("quartino_2014", patients=1, seed=1, typical=True)
    >>> observed(one, one)["observed_correlation_sign"]
    -1.0
    """
    del population  # no spread between patients was found
    levels = np.log([typical.of("cytokine")[0], typical.of("neutrophils")[0]])
    return {
        "observed_gcsf_production": float(typical.of("made")[0, 0]),
        "observed_stage_at_rest": float(typical.of("marrow")[0, 0]),
        "observed_correlation_sign": float(np.sign(np.corrcoef(levels)[0, 1])),
    }
