r"""Neutropenia after chemotherapy (Friberg et al. 2002), here after docetaxel.

Dividing cells :math:`P` pass three transit stages into blood, and blood cells :math:`B` slow
division down; the drug takes some or all of it away:

.. math::

    P' = k P (1 - S\,c) (B_0/B)^\gamma - k P, \qquad
    T_1' = k P - k T_1, \quad T_2' = k T_1 - k T_2, \quad T_3' = k T_2 - k T_3, \quad
    B' = k T_3 - k B, \qquad k = \frac{n + 1}{MTT}

The concentration :math:`c` is that of three linear compartments (Bruno 1996), as in the paper.

References
----------
Friberg LE, Henningsson A, Maas H, Nguyen L, Karlsson MO. Model of chemotherapy-induced
myelosuppression with parameter consistency across drugs. J Clin Oncol 2002;20:4713-4721,
doi:10.1200/JCO.2002.02.140.
"""

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._docetaxel import (
    DRUG_OBSERVABLE,
    DRUG_REACTIONS,
    DRUG_RULE,
    DRUG_SPECIES,
)
from progenitor.library._first_time import first_time
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "observed"]

MODEL = PublishedModel(
    name="friberg_2002",
    reproduces="depth and day of the nadir, recovery and overshoot after 180 mg of docetaxel",
    end="end",
    look="look",
    species=(
        *DRUG_SPECIES,
        Species("dividing", "cell/uL", initial="baseline", absolute_tolerance=1e-3),
        Species("first_stage", "cell/uL", initial="baseline", absolute_tolerance=1e-3),
        Species("second_stage", "cell/uL", initial="baseline", absolute_tolerance=1e-3),
        Species("third_stage", "cell/uL", initial="baseline", absolute_tolerance=1e-3),
        Species("blood", "cell/uL", initial="baseline", absolute_tolerance=1e-3),
    ),
    rules=(
        Rule("transit_rate", "stages/transit_time", "1/day"),
        DRUG_RULE,
        Rule("feedback", "(baseline/blood)**feedback_power", "1"),
    ),
    reactions=(
        *DRUG_REACTIONS,
        Reaction(
            "division",
            "transit_rate*dividing*(1 - drug_slope*concentration)*feedback",
            products={"dividing": 1},
        ),
        Reaction("commitment", "transit_rate*dividing", {"dividing": 1}, {"first_stage": 1}),
        Reaction("first_step", "transit_rate*first_stage", {"first_stage": 1}, {"second_stage": 1}),
        Reaction(
            "second_step", "transit_rate*second_stage", {"second_stage": 1}, {"third_stage": 1}
        ),
        Reaction("release", "transit_rate*third_stage", {"third_stage": 1}, {"blood": 1}),
        Reaction("loss", "transit_rate*blood", {"blood": 1}),
    ),
    observables=(
        Observable("neutrophils", "blood", "cell/uL", "Neutrophils in blood"),
        DRUG_OBSERVABLE,
    ),
    regimens=(Regimen("central", ("dose",)),),
    inputs=frozenset({"recovered_share"}),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number that is reported, all of the typical patient.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("friberg_2002", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_nadir_day"], 1)
    7.6
    """
    del population  # what is reported is of the typical patient
    days, blood = typical.times[0], typical.of("neutrophils")[0]
    lowest = int(blood.argmin())
    recovered = float(typical.numbers["recovered_share"][0] * typical.numbers["baseline"][0])
    return {
        "observed_nadir": float(blood[lowest]),
        "observed_nadir_day": float(days[lowest]),
        "observed_recovery_day": first_time(days, blood, recovered, after=float(days[lowest])),
        "observed_overshoot": float(np.max(blood[lowest:])),
    }
