r"""CAR-T cells against B-cell leukaemia and healthy B cells (León-Triana et al. 2020).

CAR-T cells :math:`C` are stimulated by every cell with CD19, leukaemic :math:`L` or healthy
:math:`B`, and kill both; progenitors, whose number is kept at :math:`I_0`, make new B cells and
stimulate too, less so the more CAR-T there are:

.. math::

    \dot C &= \rho_C (L + B) C + \frac{\rho_C \beta I_0}{1 + C/C_{50}} C - C/\tau_C \\
    \dot L &= \rho_L L - \alpha L C \\
    \dot B &= \frac{I_0/\tau_I}{1 + C/C_{50}} - \alpha B C - B/\tau_B

Without progenitors (the default) these are equations 4a-4c, with them 3a-3c. While growth, death
and turnover are slow against killing, :math:`\alpha C + \rho_C (L + B)` is constant, so that CAR-T
expand to :math:`C_0 + (\rho_C/\alpha)(L_0 + B_0)`, whatever the dose.

Paper versus code: BioModels BIOMD0000001012 (equations 3a-3c) leaves out the factor :math:`C` of
the progenitors' stimulus, which is then a constant inflow of 1.1e-5 of the wrong unit; the variant
``biomodels_1012`` does the same.

References
----------
León-Triana O, Sabir S, Calvo GF et al. CAR T cell therapy in B-cell acute lymphoblastic leukaemia:
insights from mathematical models. Commun Nonlinear Sci Numer Simul 2021;94:105570 (online 2020),
doi:10.1016/j.cnsns.2020.105570. Read: its abstract and the authors' SBML files.
"""

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "observed"]

MODEL = PublishedModel(
    name="leon_triana_2020",
    reproduces="the explicit formula of the largest expansion, its independence of the dose, and "
    "the course of the authors' files",
    end="end",
    look="look",
    species=(
        Species("car_t", "cell", initial="dose", title="CAR-T", absolute_tolerance=1e-6),
        Species("leukaemia", "cell", initial="leukaemia_at_start", absolute_tolerance=1e-6),
        Species("b_cells", "cell", initial="b_cells_at_start", absolute_tolerance=1e-6),
    ),
    rules=(
        Rule("expansion_rate", "stimulation_ratio*killing", "1/(cell*day)"),
        Rule("inhibited", "1/(1 + car_t/half_inhibition)", "1"),
        Rule("stimulated", "coupled*car_t + uncoupled", "cell"),
    ),
    reactions=(
        Reaction("expansion", "expansion_rate*(leukaemia + b_cells)*car_t", {}, {"car_t": 1}),
        Reaction(
            "stimulus",
            "expansion_rate*progenitor_stimulus*progenitors*inhibited*stimulated",
            {},
            {"car_t": 1},
        ),
        Reaction("loss", "car_t/car_t_lifespan", {"car_t": 1}),
        Reaction("growth", "growth_rate*leukaemia", {}, {"leukaemia": 1}),
        Reaction("killing_of_leukaemia", "killing*leukaemia*car_t", {"leukaemia": 1}),
        Reaction("killing_of_b_cells", "killing*b_cells*car_t", {"b_cells": 1}),
        Reaction("b_cell_loss", "b_cells/b_cell_lifespan", {"b_cells": 1}),
        Reaction("maturation", "progenitors*inhibited/maturation_time", {}, {"b_cells": 1}),
    ),
    observables=(
        Observable("car_t", "car_t", "cell", "CAR-T"),
        Observable("leukaemia", "leukaemia", "cell", "Leukaemic cells"),
        Observable("b_cells", "b_cells", "cell", "Healthy B cells"),
    ),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number the paper reports.

    The model has no spread between patients, so only the typical one is looked at.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("leon_triana_2020", patients=1, seed=1, typical=True)
    >>> f"{observed(one, one)['observed_largest_expansion']:.3g}"
    '1.64e+10'
    """
    del population
    return {"observed_largest_expansion": float(typical.of("car_t").max())}
