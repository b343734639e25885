r"""Pneumococci in the lung against macrophages and neutrophils (Smith, McCullers and Adler 2011).

Bacteria :math:`P` grow, infect epithelial cells (:math:`E_U \to E_A`), and are eaten by a constant
number of macrophages :math:`M` until those are full, then by neutrophils :math:`N` that cytokines
:math:`C` call; debris :math:`D` hinders macrophages:

.. math::

    P' = r P (1 - P/K) - \frac{\gamma_M f}{1 + k_D D M} M P - \gamma_N N P, \qquad
    f = \frac{n^x M}{P^x + n^x M}

    E_U' = -\omega P E_U, \qquad E_A' = \omega P E_U - d_E E_A

    C' = \frac{\alpha E_A}{1 + k_N N} + v\frac{\theta P M}{d + \kappa + \theta P (1 + k_N N)}
    - d_C C, \qquad N' = \eta C (1 - N/N_{max}) - d_{NP} N P - d_N N

    D' = \rho_1 d_{NP} N P + \rho_2 d_N N + \rho_3 d_E E_A - d_D D M

Paper versus code: the bracket in the cytokine term is BioModels'; see the table's notes.

References
----------
Smith AM, McCullers JA, Adler FR. Mathematical model of a three-stage innate immune response to a
pneumococcal lung infection. J Theor Biol 2011;276:106-116, doi:10.1016/j.jtbi.2011.01.052;
BioModels BIOMD0000000924.
"""

from typing import Final

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="smith_2011",
    reproduces="growth or clearance by the number of bacteria, and the course of BioModels 924",
    end="end",
    look="look",
    species=(
        Species("pneumococci", "cell/mL", initial="bacteria_at_start", absolute_tolerance=1e-6),
        Species("epithelium", "cell/mL", initial="epithelium_at_start", absolute_tolerance=1e-3),
        Species("infected", "cell/mL", absolute_tolerance=1e-3),
        Species("cytokine", "1", absolute_tolerance=1e-3),
        Species("neutrophils", "cell/mL", absolute_tolerance=1e-3),
        Species("debris", "1", absolute_tolerance=1e-3),
    ),
    rules=(
        Rule(
            "eating",
            "1/(1 + (pneumococci/(phagocytic_load*one_per_ml))**load_power*one_per_ml/macrophages)",
            "1",
        ),
        Rule("hindrance", "1 + debris_effect*debris*macrophages", "1"),
        Rule("inhibition", "1 + neutrophil_inhibition*neutrophils", "1"),
        Rule("activation", "activation_rate*pneumococci", "1/day"),
        Rule("attachment", "attachment_rate*pneumococci*epithelium", "cell/mL/day"),
        Rule("lysis", "neutrophil_lysis*neutrophils*pneumococci", "cell/mL/day"),
    ),
    reactions=(
        Reaction(
            "growth",
            "growth_rate*pneumococci*(1 - pneumococci/capacity)",
            products={"pneumococci": 1},
        ),
        Reaction(
            "eaten_by_macrophages",
            "macrophage_killing*eating/hindrance*macrophages*pneumococci",
            {"pneumococci": 1},
        ),
        Reaction(
            "eaten_by_neutrophils",
            "neutrophil_killing*neutrophils*pneumococci",
            {"pneumococci": 1},
        ),
        Reaction("infection", "attachment", {"epithelium": 1}, {"infected": 1}),
        Reaction("epithelial_death", "epithelial_death_rate*infected", {"infected": 1}),
        Reaction(
            "epithelial_signal",
            "epithelial_cytokine*infected/inhibition",
            products={"cytokine": 1},
        ),
        Reaction(
            "macrophage_signal",
            "macrophage_cytokine*macrophages*activation"
            "/(resting_death_rate + deactivation_rate + activation*inhibition)",
            products={"cytokine": 1},
        ),
        Reaction("cytokine_loss", "cytokine_loss_rate*cytokine", {"cytokine": 1}),
        Reaction(
            "recruitment",
            "recruitment_rate*cytokine*(1 - neutrophils/neutrophil_capacity)",
            products={"neutrophils": 1},
        ),
        Reaction("neutrophil_lysis_by_bacteria", "lysis", {"neutrophils": 1}),
        Reaction("neutrophil_death", "neutrophil_death_rate*neutrophils", {"neutrophils": 1}),
        Reaction(
            "debris_made",
            "debris_of_lysis*lysis + debris_of_apoptosis*neutrophil_death_rate*neutrophils"
            " + debris_of_epithelium*epithelial_death_rate*infected",
            products={"debris": 1},
        ),
        Reaction("debris_cleared", "debris_clearance*macrophages*debris", {"debris": 1}),
    ),
    observables=(
        Observable("bacteria", "pneumococci", "cell/mL", "Pneumococci in the lung"),
        Observable("infected_cells", "infected", "cell/mL", "Epithelial cells with bacteria"),
        Observable("cytokines", "cytokine", "1", "Cytokine that calls neutrophils"),
        Observable("neutrophil_count", "neutrophils", "cell/mL", "Neutrophils in the lung"),
        Observable("debris_level", "debris", "1", "Debris"),
    ),
)

OBSERVED_VARIANTS: Final = {"observed_sign_small": "small_inoculum"}
"""Which variant each reported number belongs to; the rest belong to the default."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number that is reported.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("smith_2011", patients=1, seed=1, typical=True)
    >>> observed(one, one)["observed_sign"]
    1.0
    """
    del population  # one mouse, no spread
    bacteria = typical.of("bacteria")[0]
    sign = float(np.sign(bacteria[-1] - bacteria[0]))
    return {
        "observed_sign": sign,
        "observed_sign_small": sign,
        "observed_bacteria": float(bacteria[-1]),
        "observed_neutrophils": float(typical.of("neutrophil_count")[0].max()),
    }
