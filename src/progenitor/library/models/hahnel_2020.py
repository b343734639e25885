r"""Chronic myeloid leukaemia, therapy and the immune system of 21 patients (Hähnel et al. 2020).

Quiescent :math:`X` and proliferating :math:`Y` leukaemic cells; immune cells :math:`Z` kill the
latter and are recruited by them, most at :math:`Y = K_Z`; a tyrosine kinase inhibitor kills at the
rate :math:`e_{TKI}` until it is stopped:

.. math::

    \dot X &= -p_{XY} X + p_{YX} Y \\
    \dot Y &= p_{XY} X - p_{YX} Y + p_Y Y (1 - Y/K_Y) - m Y Z - e_{TKI} Y \\
    \dot Z &= r_Z - a Z + p_Z \frac{Y Z}{K_Z^2 + Y^2}

It starts where quiescent cells and, unless recruitment is faster than loss, immune cells stand
still. The default is patient 1; the others are variants. A patient relapses when
:math:`Y/K_Y` exceeds 0.1 % (loss of major molecular response) after the stop.

Three classes: without an immune window, :math:`p_Z < 2 a K_Z`, nobody is controlled (A); of the
others some control leukaemia even from its first cell (B), some only from below the window (C).

References
----------
Hähnel T, Baldow C, Guilhot J et al. Cancer Res 2020;80:2394-2406,
doi:10.1158/0008-5472.CAN-19-2175, table S1 and figure S5.
"""

from typing import Final

import numpy as np

from progenitor.engine import Event, Observable, Reaction, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

_IMMUNE_AT_START = (
    "piecewise(immune_source_rate/(immune_loss_rate"
    " - recruitment*leukaemia_at_start/(half_recruitment**2 + leukaemia_at_start**2)),"
    " immune_loss_rate > recruitment*leukaemia_at_start/(half_recruitment**2"
    " + leukaemia_at_start**2), immune_source_rate/immune_loss_rate)"
)

MODEL = PublishedModel(
    name="hahnel_2020",
    reproduces="who of 21 patients relapses after stopping therapy, and the class of each",
    end="end",
    look="look",
    species=(
        Species(
            "quiescent",
            "cell",
            initial="deactivation_rate*leukaemia_at_start/activation_rate",
            title="Quiescent leukaemic cells",
            absolute_tolerance=1e-3,
        ),
        Species(
            "leukaemia",
            "cell",
            initial="leukaemia_at_start",
            title="Proliferating leukaemic cells",
            absolute_tolerance=1e-6,
        ),
        Species("immune", "cell", initial=_IMMUNE_AT_START, absolute_tolerance=1e-3),
        Species("therapy", "1/day", initial="therapy_kill_rate", title="Kill rate of the therapy"),
    ),
    reactions=(
        Reaction("activation", "activation_rate*quiescent", {"quiescent": 1}, {"leukaemia": 1}),
        Reaction("deactivation", "deactivation_rate*leukaemia", {"leukaemia": 1}, {"quiescent": 1}),
        Reaction("growth", "growth_rate*leukaemia*(1 - leukaemia/capacity)", {}, {"leukaemia": 1}),
        Reaction("immune_kill", "killing*leukaemia*immune", {"leukaemia": 1}),
        Reaction("therapy_kill", "therapy*leukaemia", {"leukaemia": 1}),
        Reaction("immune_source", "immune_source_rate", {}, {"immune": 1}),
        Reaction("immune_loss", "immune_loss_rate*immune", {"immune": 1}),
        Reaction(
            "immune_recruitment",
            "recruitment*leukaemia*immune/(half_recruitment**2 + leukaemia**2)",
            {},
            {"immune": 1},
        ),
    ),
    events=(Event("stop", "time >= day_of_stop", {"therapy": "0"}),),
    observables=(
        Observable("ratio", "leukaemia/capacity", "1", "BCR-ABL1/ABL1"),
        Observable("immune", "immune", "cell", "Immune cells"),
    ),
    inputs=frozenset({"relapse_level"}),
)

_RELAPSED: Final = (1, 2, 3, 4, 7, 9, 10, 17, 18, 19)
_FREE: Final = (5, 6, 8, 11, 12, 13, 14, 15, 16, 20, 21)
OBSERVED_VARIANTS: Final = {
    **{f"observed_relapse_{number}": f"patient_{number}" for number in _RELAPSED},
    **{f"observed_remission_{number}": f"patient_{number}" for number in _FREE},
}
"""Which patient each reported outcome belongs to."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return whether the patient relapses after the stop: 1 where it is as the symbol says.

    Every patient was fitted, so only the typical course is looked at.

    Examples
    --------
    >>> OBSERVED_VARIANTS["observed_relapse_9"]
    'patient_9'
    """
    del population
    stop, level = (float(typical.numbers[s][0]) for s in ("day_of_stop", "relapse_level"))
    later = typical.times[0] >= stop
    relapsed = float(np.max(typical.of("ratio")[0][later]) > level)
    return {
        symbol: relapsed if "relapse" in symbol else 1 - relapsed for symbol in OBSERVED_VARIANTS
    }
