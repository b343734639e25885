r"""CAR-T with two targets, one on B cells, against a solid tumour (León-Triana et al. 2021).

CAR-T in blood and lymph :math:`C_{off}` expand on B cells :math:`B` and go to the tumour, where
CAR-T :math:`C` expand on tumour cells :math:`T`, which inactivate them:

.. math::

    \dot C &= k C_{off} + \rho_C \frac{T}{g_T + T} C - \alpha_1 \frac{T}{g_C + C} C - C/\tau_C \\
    \dot C_{off} &= \bar\rho_C \frac{B}{g_B + B} C_{off} - (k + 1/\tau_C) C_{off} \\
    \dot T &= \rho_T T - \alpha_2 C T \\
    \dot B &= -\alpha_B B C_{off} - B/\tau_B

Without B cells CAR-T at the tumour increase from the start only when there are more than
:math:`\alpha_1 T / (\rho_C T/(g_T + T) - 1/\tau_C) - g_C` of them: enough of them overcome the
suppression, and B cells can make enough.

Paper versus code: the curators of BioModels BIOMD0000001014 reproduced figure 5b with
:math:`\alpha_1 = 0.183`, not with 0.2 as the article says; their file holds 0.02.

References
----------
León-Triana O, Pérez-Martínez A, Ramírez-Orellana M, Pérez-García VM. Cancers 2021;13:703,
doi:10.3390/cancers13040703, equations 3-6. Read: its abstract and the SBML file.
"""

from typing import Final

from progenitor.engine import Observable, Reaction, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="leon_triana_2021",
    reproduces="a second target on B cells overcomes a suppression that one target does not, and "
    "the course of the curated file",
    end="end",
    look="look",
    species=(
        Species("at_tumour", "cell", initial="dose_at_tumour", title="CAR-T at the tumour"),
        Species("off_tumour", "cell", initial="dose", title="CAR-T in blood and lymph"),
        Species("tumour", "cell", initial="tumour_at_start", absolute_tolerance=1e-6),
        Species("b_cells", "cell", initial="b_cells_at_start", absolute_tolerance=1e-6),
    ),
    reactions=(
        Reaction("homing", "homing_rate*off_tumour", {"off_tumour": 1}, {"at_tumour": 1}),
        Reaction(
            "expansion_at_tumour",
            "expansion_rate*at_tumour*tumour/(half_expansion + tumour)",
            {"at_tumour": 1},
            {"at_tumour": 2},
        ),
        Reaction(
            "inactivation",
            "suppression_rate*at_tumour*tumour/(half_suppression + at_tumour)",
            {"at_tumour": 1},
        ),
        Reaction("loss_at_tumour", "at_tumour/car_t_lifespan", {"at_tumour": 1}),
        Reaction(
            "expansion_off_tumour",
            "off_expansion_rate*off_tumour*b_cells/(half_off_expansion + b_cells)",
            {"off_tumour": 1},
            {"off_tumour": 2},
        ),
        Reaction("loss_off_tumour", "off_tumour/car_t_lifespan", {"off_tumour": 1}),
        Reaction("growth", "growth_rate*tumour", {"tumour": 1}, {"tumour": 2}),
        Reaction("killing_of_tumour", "killing*at_tumour*tumour", {"tumour": 1}),
        Reaction("killing_of_b_cells", "b_cell_killing*b_cells*off_tumour", {"b_cells": 1}),
        Reaction("b_cell_loss", "b_cells/b_cell_lifespan", {"b_cells": 1}),
    ),
    observables=(
        Observable("at_tumour", "at_tumour", "cell", "CAR-T at the tumour"),
        Observable("off_tumour", "off_tumour", "cell", "CAR-T in blood and lymph"),
        Observable("tumour", "tumour", "cell", "Tumour cells"),
        Observable("b_cells", "b_cells", "cell", "B cells"),
    ),
)

OBSERVED_VARIANTS: Final = {
    "observed_dual_target_shrinks": "suppressive",
    "observed_single_target_fails": "suppressive_single_target",
}
"""Which variant each reported number belongs to."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of what the paper reports: 1 where it is so.

    The model has no spread between patients, so only the typical one is looked at.

    Examples
    --------
    >>> sorted(OBSERVED_VARIANTS.values())
    ['suppressive', 'suppressive_single_target']
    """
    del population
    tumour = typical.of("tumour")[0]
    # One cell in two must go: a course that only lags behind growth does not count.
    shrinks = float(tumour.min() < tumour[0] / 2)
    return {"observed_dual_target_shrinks": shrinks, "observed_single_target_fails": 1 - shrinks}
