"""Kinetics of living cells without a compartment model: from samples to metrics of each patient."""

from progenitor.kinetics._analysis import Kinetics, analyse_kinetics
from progenitor.kinetics._area import AREA_METHODS, area
from progenitor.kinetics._below_limit import BLQ_RULES, BlqRule, Stand
from progenitor.kinetics._blood_units import LEVEL_UNITS, BloodUnits, LevelUnit
from progenitor.kinetics._definitions import Definition, definitions
from progenitor.kinetics._expansion import doubling_time, fold_expansion, rise_line
from progenitor.kinetics._landmarks import Landmarks, landmarks
from progenitor.kinetics._line import Line, log_line
from progenitor.kinetics._metric import Metric
from progenitor.kinetics._persistence import present_on, time_below_limit
from progenitor.kinetics._phases import CONTRACTIONS, Phases, half_life, phases_of
from progenitor.kinetics._plain import plain_patients, plain_rules, plain_summary
from progenitor.kinetics._profiles import Profiles
from progenitor.kinetics._reason import Reason
from progenitor.kinetics._rules import STARTS, KineticsRules
from progenitor.kinetics._samples import level_on, packed, row_sums
from progenitor.kinetics._summary import MetricSummary, summarise_metric
from progenitor.kinetics._terminal import terminal_line

__all__ = [
    "AREA_METHODS",
    "BLQ_RULES",
    "CONTRACTIONS",
    "LEVEL_UNITS",
    "STARTS",
    "BloodUnits",
    "BlqRule",
    "Definition",
    "Kinetics",
    "KineticsRules",
    "Landmarks",
    "LevelUnit",
    "Line",
    "Metric",
    "MetricSummary",
    "Phases",
    "Profiles",
    "Reason",
    "Stand",
    "analyse_kinetics",
    "area",
    "definitions",
    "doubling_time",
    "fold_expansion",
    "half_life",
    "landmarks",
    "level_on",
    "log_line",
    "packed",
    "phases_of",
    "plain_patients",
    "plain_rules",
    "plain_summary",
    "present_on",
    "rise_line",
    "row_sums",
    "summarise_metric",
    "terminal_line",
    "time_below_limit",
]
