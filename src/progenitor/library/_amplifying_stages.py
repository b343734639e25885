r"""Cells that are amplified while they pass two stages, as in Zheng et al. 2021.

An inflow :math:`J` is amplified :math:`a`-fold over a mean stay :math:`\tau`; the late stage is the
last division:

.. math::

    X_1' = J - \frac{X_1}{\tau_1}, \qquad
    X_2' = \frac{a X_1}{2 \tau_1} - \frac{X_2}{\tau_2} - k X_2, \qquad
    J_{next} = \frac{2 X_2}{\tau_2}, \qquad
    \tau_2 = \frac{\tau}{\log_2 a}, \quad \tau_1 = \tau - \tau_2

where :math:`k` is the rate into a side line.
"""

from progenitor.engine import Reaction, Rule

__all__ = ["stage_reactions", "stage_rules"]


def stage_rules(kind: str, *, inflow: str, side: str = "") -> tuple[Rule, ...]:
    """Return the stays of a kind of cell, and how many there are at rest with an inflow.

    Parameters
    ----------
    kind
        Prefix of the symbols ``<kind>_stay`` and ``<kind>_fold``.
    inflow
        Expression of the cells per day that come in at rest.
    side
        Expression of the rate into a side line, if any.

    Examples
    --------
    >>> [rule.name for rule in stage_rules("gmp", inflow="flow")][:2]
    ['gmp_late_stay', 'gmp_early_stay']
    """
    made = f"{kind}_inflow*{kind}_fold/2"
    late = f"{made}/(1/{kind}_late_stay + {side})" if side else f"{made}*{kind}_late_stay"
    return (
        Rule(f"{kind}_late_stay", f"{kind}_stay/(log({kind}_fold)/log(2))", "day"),
        Rule(f"{kind}_early_stay", f"{kind}_stay - {kind}_late_stay", "day"),
        Rule(f"{kind}_inflow", inflow, "cell/day"),
        Rule(f"{kind}_early_rest", f"{kind}_inflow*{kind}_early_stay", "cell"),
        Rule(f"{kind}_late_rest", late, "cell"),
    )


def stage_reactions(who: str, kind: str, heir: str = "") -> tuple[Reaction, ...]:
    """Return divisions and steps of the cells ``<who>_<kind>_early`` and ``<who>_<kind>_late``.

    Parameters
    ----------
    who, kind
        Prefixes of the two species.
    heir
        Species that late cells become; empty when they leave the model.

    Examples
    --------
    >>> stage_reactions("host", "gmp", "host_granulocytes")[3].products
    {'host_granulocytes': 1}
    """
    early, late = f"{who}_{kind}_early", f"{who}_{kind}_late"
    grow = f"({kind}_fold/2 - 1)/{kind}_early_stay*{early}"
    step = f"{kind}_fold/2/{kind}_early_stay*{early}"
    become = {heir: 1} if heir else {}
    return (
        Reaction(f"{early}_division", grow, products={early: 1}),
        Reaction(f"{early}_step", step, {early: 1}, {late: 1}),
        Reaction(f"{late}_division", f"{late}/{kind}_late_stay", products={late: 1}),
        Reaction(f"{late}_exit", f"2*{late}/{kind}_late_stay", {late: 1}, become),
    )
