"""Assays: from events, cycles, droplets and cell indices to numbers with their doubt."""

from progenitor.assay._cloud_doubt import CloudDoubt
from progenitor.assay._composition import Shares, interval_draws, measured_of
from progenitor.assay._ddpcr import DigitalCount, digital_count
from progenitor.assay._even_scale import even_scale
from progenitor.assay._events import Channel, Events
from progenitor.assay._flow_plain import plain_composition, plain_gating
from progenitor.assay._gate_tree import Population, Scale
from progenitor.assay._killing import (
    KILLING_NUMBERS,
    KillingFit,
    fit_killing,
    killing_course,
)
from progenitor.assay._logicle import Logicle
from progenitor.assay._memory_mixture import MemoryFit, fit_memory
from progenitor.assay._panel import MARKERS, NEEDED, find_markers, fmo_threshold
from progenitor.assay._qpcr import (
    Levels,
    StandardCurve,
    copies_per_volume,
    fit_standard_curve,
)
from progenitor.assay._residuals import ResidualTests, residual_tests
from progenitor.assay._split import Split, split
from progenitor.assay._synthetic_panel import PanelTruth, SyntheticPanel, synthetic_panel
from progenitor.assay._tscm_gate import TscmGating, gate_tscm

__all__ = [
    "KILLING_NUMBERS",
    "MARKERS",
    "NEEDED",
    "Channel",
    "CloudDoubt",
    "DigitalCount",
    "Events",
    "KillingFit",
    "Levels",
    "Logicle",
    "MemoryFit",
    "PanelTruth",
    "Population",
    "ResidualTests",
    "Scale",
    "Shares",
    "Split",
    "StandardCurve",
    "SyntheticPanel",
    "TscmGating",
    "copies_per_volume",
    "digital_count",
    "even_scale",
    "find_markers",
    "fit_killing",
    "fit_memory",
    "fit_standard_curve",
    "fmo_threshold",
    "gate_tscm",
    "interval_draws",
    "killing_course",
    "measured_of",
    "plain_composition",
    "plain_gating",
    "residual_tests",
    "split",
    "synthetic_panel",
]
