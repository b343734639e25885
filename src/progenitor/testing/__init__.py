"""Contracts for plug-in authors: what every mechanism, step, endpoint and design promises."""

from progenitor.testing._promises import promises
from progenitor.testing._reaction_rates import reaction_rates
from progenitor.testing._trial_files import MADE_UP_DOSES, MADE_UP_TRIALS, study_with_trial
from progenitor.testing._trial_tables import dose_tables, survival_tables
from progenitor.testing.body_contract import BodyContract
from progenitor.testing.design_contract import DesignContract
from progenitor.testing.dose_finding_contract import DoseFindingContract
from progenitor.testing.dose_state_check import check_dose_state
from progenitor.testing.endpoint_contract import EndpointContract
from progenitor.testing.mechanism_contract import MechanismContract
from progenitor.testing.step_contract import StepContract

__all__ = [
    "MADE_UP_DOSES",
    "MADE_UP_TRIALS",
    "BodyContract",
    "DesignContract",
    "DoseFindingContract",
    "EndpointContract",
    "MechanismContract",
    "StepContract",
    "check_dose_state",
    "dose_tables",
    "promises",
    "reaction_rates",
    "study_with_trial",
    "survival_tables",
]
