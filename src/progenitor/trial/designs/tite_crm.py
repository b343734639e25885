"""The continual reassessment method with patients whose follow-up is not over."""

from dataclasses import dataclass
from typing import ClassVar, final

from progenitor.trial._curve_design import AbstractCurveDesign

__all__ = ["TiteCrm"]


@final
@dataclass(frozen=True, slots=True)
class TiteCrm(AbstractCurveDesign):
    r"""Fit the curve to all patients, each counting by the share of the window followed.

    .. math::

        L(\beta) = \prod_j (w_j p_{k(j)})^{y_j} (1 - w_j p_{k(j)})^{1 - y_j}, \qquad
        w_j = \min(t_j / T, 1), \quad w_j = 1 \text{ with a toxicity}

    so that accrual need not stop while patients are followed for a toxicity within T. Everything
    else is the continual reassessment method with :math:`p_k` at :math:`E[\beta \mid data]`.

    Parameters
    ----------
    target
        Target probability of toxicity within the window.
    skeleton
        Prior guess at each dose, rising; see ``indifference_skeleton``.
    model, scale, intercept
        ``"power"`` or ``"logistic"``; prior standard deviation of β; intercept of the logistic.
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
    Cheung, Chappell 2000, Biometrics 56:1177–1182, doi:10.1111/j.0006-341X.2000.01177.x.

    Examples
    --------
    >>> from progenitor.trial._dose_state import DoseState
    >>> design = TiteCrm(target=0.33, skeleton=(0.214, 0.33, 0.4505), model="logistic", scale=0.75)
    >>> days = [6, 14, 26, 2, 18, 2, 27, 27, 24]
    >>> state = DoseState.from_sequence([0] * 7 + [1, 0], [False] * 7 + [True, False], doses=3,
    ...                                 followed=[day / 28 for day in days[:7]] + [1.0, 24 / 28])
    >>> design.fit(state).p_tox.round(4).tolist()
    [[0.1821, 0.2929, 0.4138]]
    """

    name: ClassVar[str] = "tite_crm"
    title: ClassVar[str] = "Time-to-event continual reassessment method"
    counts: ClassVar[str] = (
        "A patient still followed without a toxicity counts by the share of the window seen."
    )
    timed: ClassVar[bool] = True
