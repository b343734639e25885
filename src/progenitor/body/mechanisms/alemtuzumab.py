r"""An antibody against CD52 deepens lymphodepletion, and takes product cells that still carry CD52.

.. math::

    A' = -k_A A, \quad c = A/V, \quad \kappa = \kappa_A\frac{c}{c + K_A}, \qquad
    N' = -\kappa N, \quad R' = -\kappa R, \quad C' = -(1 - e_{52})\,\kappa\,C

for host T lymphocytes :math:`N`, their alloreactivity :math:`R` and product cells :math:`C`, of
which an edited product (:math:`e_{52} = 1`) has lost CD52. Donor T cells that kept their receptor
are cells that the edits have missed, so they die as host cells do; natural killer cells carry
little CD52 and are spared here. Half-life: 11 days in 13 children (Bhoopalan 2020); lymphocytes
die above 0.1-0.16 ug/mL (Marsh 2016, Blood 127:503) and 100 mg stay above 0.1 ug/mL for about 56
days (Morris 2003, Blood 102:404). A dose is given to ``alemtuzumab``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

UNEDITED: Final = ("lymphocytes", "alloreactivity", "alloreactive_graft")
PRODUCT: Final = (
    *(f"{phenotype}_blood" for phenotype in ("tscm", "tcm", "teff", "tex")),
    *(f"{phenotype}_tumour" for phenotype in ("tscm", "tcm", "teff", "tex")),
)

MECHANISM: Final = Mechanism(
    name="alemtuzumab",
    parameters=(
        "alemtuzumab/alemtuzumab_loss_rate",
        "alemtuzumab/alemtuzumab_volume",
        "alemtuzumab/alemtuzumab_half_effect",
        "alemtuzumab/alemtuzumab_kill_rate",
        "host/lymphocyte_capacity",
        "host/lymphocytes_at_enrolment",
    ),
    inputs={"cd52_edited": "1"},
    species=(
        Species("alemtuzumab", "ug", absolute_tolerance=1e-3),
        Species("lymphocytes", "cell", initial="lymphocytes_at_enrolment"),
        Species(
            "alloreactivity",
            "1",
            initial="lymphocytes_at_enrolment / lymphocyte_capacity",
            absolute_tolerance=1e-9,
        ),
        Species("alloreactive_graft", "cell", countable=True),
        *(Species(cell, "cell") for cell in PRODUCT),
    ),
    rules=(
        Rule("alemtuzumab_in_plasma", "alemtuzumab / alemtuzumab_volume", "ug/mL"),
        Rule(
            "alemtuzumab_kill",
            "alemtuzumab_kill_rate * alemtuzumab_in_plasma"
            " / (alemtuzumab_in_plasma + alemtuzumab_half_effect)",
            "1/day",
        ),
    ),
    reactions=(
        Reaction(
            "alemtuzumab_loss", "alemtuzumab_loss_rate * alemtuzumab", reactants={"alemtuzumab": 1}
        ),
        *(
            Reaction(f"alemtuzumab_on_{name}", f"alemtuzumab_kill * {name}", reactants={name: 1})
            for name in UNEDITED
        ),
        *(
            Reaction(
                f"alemtuzumab_on_{cell}",
                f"(1 - cd52_edited) * alemtuzumab_kill * {cell}",
                reactants={cell: 1},
            )
            for cell in PRODUCT
        ),
    ),
    observables=(
        Observable("alemtuzumab_level", "alemtuzumab_in_plasma", "ug/mL", "Alemtuzumab in plasma"),
    ),
)
