"""A study file with one trial, for tests of trials that are conducted on made-up rows."""

import copy
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from progenitor.study import Study, template_path
from progenitor.study._schema import StudyFile

__all__ = ["MADE_UP_DOSES", "MADE_UP_TRIALS", "study_with_trial"]

MADE_UP_DOSES: Final = (1e6, 4e6, 1.6e7)
"""Dose levels of the second arm, CAR+ cells per kilogram."""

MADE_UP_TRIALS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "dose_finding": {
            "design": "boin",
            "arms": ["tscm"],
            "target": "25 %",
            "patients": 20,
            "cohort": 3,
            "window": "28 day",
            "toxicity": ["crs_grade_3", "death"],
            "stagger": "14 day",
            "arrival_every": "14 day",
            "replicates": 800,
        },
        "randomised": {
            "design": "group_sequential",
            "arms": ["conventional", "tscm"],
            "endpoint": "pfs",
            "analysis_set": "itt",
            "patients": 150,
            "alpha": 0.05,
            "power": 0.8,
            "hazard_ratio": 0.6,
            "looks": [40, 70, 95],
            "spending": "ldof",
            "accrual_days": "365 day",
            "follow_up": "730 day",
            "horizon": "365 day",
            "replicates": 800,
        },
    }
)
"""A dose-finding trial and a randomised one, as a study file writes them."""


def study_with_trial(trial: Mapping[str, Any], *, doses: bool) -> StudyFile:
    """Return the shipped study with one trial, its second arm at several doses if asked.

    Parameters
    ----------
    trial
        Keys of the trial, as in a study file.
    doses
        Whether the arm ``tscm`` has the dose levels ``MADE_UP_DOSES``.

    Examples
    --------
    >>> study_with_trial(MADE_UP_TRIALS["dose_finding"], doses=True).arms["tscm"].levels
    (1000000.0, 4000000.0, 16000000.0)
    """
    data = copy.deepcopy(Study.load(template_path("tscm_vs_cart_dlbcl")).document.data)
    data["trials"] = {"trial": dict(trial)}
    if doses:
        del data["arms"]["tscm"]["dose"]
        data["arms"]["tscm"]["doses"] = [f"{dose:g} cell/kg" for dose in MADE_UP_DOSES]
    return Study.parse(json.dumps(data), path="made_up.yaml").file
