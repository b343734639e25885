"""The continual reassessment method."""

from dataclasses import dataclass
from typing import ClassVar, final

from progenitor.trial._curve_design import AbstractCurveDesign

__all__ = ["Crm"]


@final
@dataclass(frozen=True, slots=True)
class Crm(AbstractCurveDesign):
    r"""Give the dose whose toxicity is nearest to the target by a curve fitted to all patients.

    .. math::

        p_k = s_k^{\exp(\hat\beta)} \quad\text{or}\quad
        \mathrm{logit}\,p_k = a + e^{\hat\beta}(\mathrm{logit}\,s_k - a), \qquad
        \hat\beta = E[\beta \mid data], \quad \beta \sim N(0, \sigma^2)

    Patients without a toxicity whose follow-up is not over are left out.

    Parameters
    ----------
    target
        Target probability of toxicity.
    skeleton
        Prior guess at each dose, rising; see ``indifference_skeleton``.
    model, scale, intercept
        ``"power"`` or ``"logistic"``; prior standard deviation σ of β; a of the logistic curve.
    cohort
        Patients treated between decisions, which coherence looks at.
    coherent
        Whether the dose is not raised after a cohort whose share of toxicities reaches the target.
    restricted
        Whether no untried dose is skipped and only doses given are selected; False: the dose
        nearest by the curve alone, during the trial and at its end.
    safety
        Stop if P(lowest dose above target) exceeds this; None: never.
    enough
        Stop when so many patients were treated at the recommended dose; None: never.

    Raises
    ------
    DesignError
        If the numbers do not describe a design; lists every problem.

    References
    ----------
    O'Quigley, Pepe, Fisher 1990, Biometrics 46:33–48, doi:10.2307/2531628; one dose at a time:
    Goodman, Zahurak, Piantadosi 1995, doi:10.1002/sim.4780141102; coherence: Cheung 2005,
    doi:10.1093/biomet/92.4.863.

    Examples
    --------
    >>> from progenitor.trial._dose_state import DoseState
    >>> design = Crm(target=0.2, skeleton=(0.0491, 0.1105, 0.2, 0.3085, 0.4234))
    >>> state = DoseState.from_counts([4, 5, 1, 0, 0], [0, 2, 0, 0, 0], level=1)
    >>> design.fit(state).p_tox.round(4).tolist()
    [[0.1244, 0.218, 0.3286, 0.4434, 0.552]]
    >>> design.explain(state).label
    'stay'
    """

    name: ClassVar[str] = "crm"
    title: ClassVar[str] = "Continual reassessment method"
    counts: ClassVar[str] = "Every patient with complete follow-up or a toxicity counts."
    timed: ClassVar[bool] = False
