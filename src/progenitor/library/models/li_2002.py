r"""Neutrophils against bacteria (Li, Karlin, Loike and Silverstein 2002).

Bacteria grow by themselves and are killed in proportion to the concentration :math:`p` of
neutrophils, not to their ratio:

.. math::

    b' = (g - k p)\,b, \qquad b(t) = b_0 e^{(g - k p) t}

so that they are cleared only above a critical concentration :math:`g/k`.

References
----------
Li Y, Karlin A, Loike JD, Silverstein SC. A critical concentration of neutrophils is required for
effective bacterial killing in suspension. Proc Natl Acad Sci USA 2002;99:8289-8294,
doi:10.1073/pnas.122244799. Tissues: the same authors, J Exp Med 2004;200:613-622. (Pages from
memory.)
"""

from typing import Final

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="li_2002",
    reproduces="the critical concentration of neutrophils, whatever the number of bacteria",
    end="end",
    look="look",
    species=(Species("bacteria", "cell/mL", initial="bacteria_at_start", absolute_tolerance=1e-6),),
    rules=(Rule("critical", "growth_rate/killing_rate", "cell/uL"),),
    reactions=(
        Reaction("growth", "growth_rate*bacteria", {"bacteria": 1}, {"bacteria": 2}),
        Reaction("killing", "killing_rate*neutrophils*bacteria", {"bacteria": 1}),
    ),
    observables=(
        Observable("colony_forming_units", "bacteria", "cell/mL", "Viable bacteria"),
        Observable("critical_neutrophils", "critical", "cell/uL", "Critical concentration"),
    ),
)

OBSERVED_VARIANTS: Final = {"observed_net_sign_too_few": "too_few"}
"""Which variant each reported number belongs to; the rest belong to the default."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number the paper reports.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("li_2002", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_critical"], 6)
    400.0
    """
    del population  # one experiment, no spread
    bacteria = typical.of("colony_forming_units")[0]
    sign = float(np.sign(np.log(bacteria[-1] / bacteria[0])))
    return {
        "observed_critical": float(typical.of("critical_neutrophils")[0, 0]),
        "observed_net_sign": sign,
        "observed_net_sign_too_few": sign,
    }
