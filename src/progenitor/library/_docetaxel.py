r"""Docetaxel in three linear compartments (Bruno et al. 1996), shared by models of neutropenia.

.. math::

    A_1' = -(k_{10} + k_{12} + k_{13}) A_1 + k_{21} A_2 + k_{31} A_3, \qquad
    A_2' = k_{12} A_1 - k_{21} A_2, \qquad A_3' = k_{13} A_1 - k_{31} A_3, \qquad
    c = \frac{A_1}{V_1 M}

References
----------
Bruno R et al. A population pharmacokinetic model for docetaxel (Taxotere): model building and
validation. J Pharmacokinet Biopharm 1996;24:153-172, doi:10.1007/BF02353487.
"""

from typing import Final

from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["DRUG_OBSERVABLE", "DRUG_REACTIONS", "DRUG_RULE", "DRUG_SPECIES"]

DRUG_SPECIES: Final = tuple(
    Species(name, "mg", absolute_tolerance=1e-9) for name in ("central", "shallow", "deep")
)
DRUG_RULE: Final = Rule("concentration", "central/central_volume/molar_mass", "umol/L")
DRUG_REACTIONS: Final = (
    Reaction("elimination", "elimination_rate*central", {"central": 1}),
    Reaction("into_shallow", "shallow_uptake_rate*central", {"central": 1}, {"shallow": 1}),
    Reaction("out_of_shallow", "shallow_return_rate*shallow", {"shallow": 1}, {"central": 1}),
    Reaction("into_deep", "deep_uptake_rate*central", {"central": 1}, {"deep": 1}),
    Reaction("out_of_deep", "deep_return_rate*deep", {"deep": 1}, {"central": 1}),
)
DRUG_OBSERVABLE: Final = Observable("drug", "concentration", "umol/L", "Docetaxel in plasma")
