r"""Host, leukaemia and donor after allogeneic transplantation (Precup et al. 2012).

Three lines compete for space, and donor and host kill each other's:

.. math::

    x' = \frac{a}{1 + b \Sigma}\,\frac{x + y + \epsilon}{x + y + \epsilon + g z}\,x - c x, \qquad
    y' = \frac{A}{1 + B \Sigma}\,\frac{x + y + \epsilon}{x + y + \epsilon + G z}\,y - C y, \qquad
    z' = \frac{a}{1 + b \Sigma}\,\frac{z + \epsilon}{z + \epsilon + h (x + y)}\,z - c z

with :math:`\Sigma = x + y + z`. The system is bistable: donor cells alone at
:math:`(a/c - 1)/b`, or leukaemic cells alone at :math:`(A/C - 1)/B`, by the number of donor cells
given.

References
----------
Precup R, Arghirescu S, Cucuianu A, Serban M. Mathematical modeling of cell dynamics after
allogeneic bone marrow transplantation. Int J Biomath 2012;5:1250026,
doi:10.1142/S1793524511001684; BioModels BIOMD0000000800.
"""

from typing import Final

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="precup_2012",
    reproduces="figure 1b: the donor wins; and the leukaemic state after a smaller graft",
    end="end",
    look="look",
    species=(
        Species("host", "cell", initial="host_at_start", absolute_tolerance=1e-3),
        Species("leukaemia", "cell", initial="leukaemia_at_start", absolute_tolerance=1e-3),
        Species("donor", "cell", initial="donor_at_start", absolute_tolerance=1e-3),
    ),
    rules=(
        Rule("total", "host + leukaemia + donor", "cell"),
        Rule("ours", "host + leukaemia + small", "cell"),
        Rule("room", "1/(1 + crowding*total)", "1"),
        Rule("leukaemic_room", "1/(1 + leukaemic_crowding*total)", "1"),
        Rule("host_survival", "ours/(ours + anti_host*donor)", "1"),
        Rule("leukaemia_survival", "ours/(ours + anti_leukaemia*donor)", "1"),
        Rule(
            "donor_survival", "(donor + small)/(donor + small + anti_graft*(host + leukaemia))", "1"
        ),
    ),
    reactions=(
        Reaction("host_growth", "growth_rate*room*host_survival*host", products={"host": 1}),
        Reaction("host_loss", "loss_rate*host", {"host": 1}),
        Reaction(
            "leukaemia_growth",
            "leukaemic_growth_rate*leukaemic_room*leukaemia_survival*leukaemia",
            products={"leukaemia": 1},
        ),
        Reaction("leukaemia_loss", "leukaemic_loss_rate*leukaemia", {"leukaemia": 1}),
        Reaction("donor_growth", "growth_rate*room*donor_survival*donor", products={"donor": 1}),
        Reaction("donor_loss", "loss_rate*donor", {"donor": 1}),
    ),
    observables=(
        Observable("host_cells", "host", "cell", "Normal host cells"),
        Observable("leukaemic_cells", "leukaemia", "cell", "Leukaemic cells"),
        Observable("donor_cells", "donor", "cell", "Donor cells"),
    ),
)

OBSERVED_VARIANTS: Final = {"observed_leukaemia": "small_graft"}
"""Which variant each reported number belongs to; the rest belong to the default."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number the paper reports, on the last day.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("precup_2012", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_donor_share"], 4)
    1.0
    """
    del population  # one recipient, no spread
    host, leukaemia, donor = (float(typical.of(name)[0, -1]) for name in typical.observables)
    return {
        "observed_donor": donor,
        "observed_donor_share": donor / (host + leukaemia + donor),
        "observed_leukaemia": leukaemia,
    }
