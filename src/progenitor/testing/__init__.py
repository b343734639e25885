"""Contracts for plug-in authors: what every mechanism, step, endpoint and design promises."""

from progenitor.testing._promises import promises
from progenitor.testing._reaction_rates import reaction_rates
from progenitor.testing.body_contract import BodyContract
from progenitor.testing.design_contract import DesignContract
from progenitor.testing.endpoint_contract import EndpointContract
from progenitor.testing.mechanism_contract import MechanismContract
from progenitor.testing.step_contract import StepContract

__all__ = [
    "BodyContract",
    "DesignContract",
    "EndpointContract",
    "MechanismContract",
    "StepContract",
    "promises",
    "reaction_rates",
]
