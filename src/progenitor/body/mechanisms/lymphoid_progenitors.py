r"""From short-term stem cells through multipotent to common lymphoid progenitors.

.. math::

    X_1' = J - \frac{X_1}{\tau_1}, \qquad
    X_2' = \frac{a X_1}{2\tau_1} - \frac{X_2}{\tau_2} - k X_2, \qquad
    J_{next} = \frac{2 X_2}{\tau_2}, \qquad
    \tau_2 = \frac{\tau}{\log_2 a}, \quad \tau_1 = \tau - \tau_2, \qquad
    C' = k M_2 - d_C C

for short-term stem cells and multipotent progenitors (:math:`M`), amplified :math:`a`-fold over a
stay :math:`\tau`; late multipotent cells turn lymphoid at :math:`k`, the rest leaves for the
myeloid line, which is not followed. Lymphoid progenitors divide about as fast as they turn into B
cells, so what is left is a slow net loss :math:`d_C`. Zheng 2021 (doi:10.1002/psp4.12638) for the
stages, its public extension for the lymphoid branch.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]


def _stays(kind: str) -> tuple[Rule, ...]:
    """Return the stays in the two stages of a kind."""
    return (
        Rule(f"{kind}_late_stay", f"{kind}_stay * log(2) / log({kind}_fold)", "day"),
        Rule(f"{kind}_early_stay", f"{kind}_stay - {kind}_late_stay", "day"),
    )


def _stage(kind: str, heir: dict[str, int]) -> tuple[Reaction, ...]:
    """Return divisions of a kind and its steps, the last one into the heir."""
    early, late = f"{kind}_early", f"{kind}_late"
    return (
        Reaction(
            f"{early}_division",
            f"({kind}_fold / 2 - 1) / {kind}_early_stay * {early}",
            products={early: 1},
        ),
        Reaction(
            f"{early}_step",
            f"{kind}_fold / 2 / {kind}_early_stay * {early}",
            reactants={early: 1},
            products={late: 1},
        ),
        Reaction(f"{late}_division", f"{late} / {kind}_late_stay", products={late: 1}),
        Reaction(f"{late}_exit", f"2 * {late} / {kind}_late_stay", {late: 1}, heir),
    )


MECHANISM: Final = Mechanism(
    name="lymphoid_progenitors",
    parameters=(
        "hsc/short_term_stay",
        "hsc/short_term_fold",
        "hsc/multipotent_stay",
        "hsc/multipotent_fold",
        "hsc/lymphoid_commitment_rate",
        "hsc/lymphoid_loss_rate",
    ),
    species=(
        *(
            Species(f"{kind}_{stage}", "cell")
            for kind in ("short_term", "multipotent")
            for stage in ("early", "late")
        ),
        Species("lymphoid_progenitors", "cell"),
    ),
    rules=(*_stays("short_term"), *_stays("multipotent")),
    reactions=(
        *_stage("short_term", {"multipotent_early": 1}),
        *_stage("multipotent", {}),
        Reaction(
            "lymphoid_commitment",
            "lymphoid_commitment_rate * multipotent_late",
            reactants={"multipotent_late": 1},
            products={"lymphoid_progenitors": 1},
        ),
        Reaction(
            "lymphoid_loss",
            "lymphoid_loss_rate * lymphoid_progenitors",
            reactants={"lymphoid_progenitors": 1},
        ),
    ),
    observables=(
        Observable(
            "engineered_lymphoid_progenitors",
            "lymphoid_progenitors",
            "cell",
            "Engineered lymphoid progenitors",
        ),
    ),
)
