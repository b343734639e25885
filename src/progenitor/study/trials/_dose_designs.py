"""From the keys of a study file to a dose-finding design."""

from collections.abc import Sequence
from typing import Final

from progenitor.study._trial_section import Trial, given
from progenitor.trial import (
    AbstractDoseFinding,
    Blrm,
    Boin,
    Boin12,
    Crm,
    Keyboard,
    ThreePlusThree,
    TiteBoin,
    TiteCrm,
)

__all__ = ["COHORT", "TIMED", "dose_design"]

COHORT: Final = 3
"""Patients between decisions where the study file says nothing."""

TIMED: Final = frozenset({"tite_boin", "tite_crm"})
"""Designs that look at follow-up in part, and so need a calendar."""

_NEITHER, _BOTH = 40.0, 60.0
_PRIOR_SD: Final = (2.0, 1.0)


def dose_design(trial: Trial, doses: Sequence[float]) -> AbstractDoseFinding:
    """Return the design of a dose-finding trial.

    Parameters
    ----------
    trial
        Its keys, checked.
    doses
        Assigned doses of the arm.

    Raises
    ------
    DesignError
        If the numbers do not describe a design.

    Examples
    --------
    >>> trial = Trial(design="boin", arms=["a"], replicates=10, target=0.25, patients=20)
    >>> dose_design(trial, [1e6, 3e6]).name
    'boin'
    """
    target = given(trial.target, "target")
    cohort = trial.cohort or COHORT
    match trial.design:
        case "boin":
            return Boin(target=target)
        case "keyboard":
            return Keyboard(target=target)
        case "three_plus_three":
            return ThreePlusThree()
        case "tite_boin":
            return TiteBoin(target=target)
        case "crm" | "tite_crm":
            kind = Crm if trial.design == "crm" else TiteCrm
            skeleton = tuple(given(trial.skeleton, "skeleton"))
            return kind(target=target, skeleton=skeleton, cohort=cohort)
        case "boin12":
            least = given(trial.least_response, "least_response")
            return Boin12(phi_t=target, phi_e=least, utility_neither=_NEITHER, utility_both=_BOTH)
        case _:
            return _logistic(trial, doses, target)


def _logistic(trial: Trial, doses: Sequence[float], target: float) -> Blrm:
    """Centre the prior on the target at the reference dose; the cuts lie around the target."""
    from math import log

    return Blrm(
        doses=tuple(doses),
        reference=given(trial.reference_dose, "reference_dose"),
        mean=(log(target / (1.0 - target)), 0.0),
        sd=_PRIOR_SD,
        cuts=(target * 2.0 / 3.0, target * 4.0 / 3.0),
    )
