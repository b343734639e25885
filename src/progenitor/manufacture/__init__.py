"""Unit operations, recipes and release: from a donor to a lot that may be given."""

from progenitor.manufacture._batch import Batch, CultureLog, LogEntry
from progenitor.manufacture._cell_state import PRECURSORS, STAGES, CellState
from progenitor.manufacture._copies import transduced_share
from progenitor.manufacture._cost_sensitivity import (
    CostFactor,
    CostShare,
    CostSwing,
    cost_factors,
    cost_shares,
    cost_tornado,
)
from progenitor.manufacture._dose_cost import (
    BATCH_LINES,
    DOSE_LINES,
    charged_lines,
    dose_cost,
    doses_of,
    split_cost,
)
from progenitor.manufacture._erlang_wait import erlang_wait
from progenitor.manufacture._facility import Facility, FacilityRun, Stage, run_facility
from progenitor.manufacture._facility_lots import (
    LotRoute,
    facility_problems,
    facility_resources,
    facility_waits,
    lot_route,
    slot_days,
)
from progenitor.manufacture._genealogy import (
    Event,
    Genealogy,
    append_genealogy,
    load_genealogy,
)
from progenitor.manufacture._lot_events import lot_events, parameter_hash
from progenitor.manufacture._manufacture import manufacture
from progenitor.manufacture._network import Centre, Network, Orders, Plant
from progenitor.manufacture._network_design import NetworkDesign, design_network
from progenitor.manufacture._network_failures import Failures, design_for_failures
from progenitor.manufacture._network_reader import NetworkFile, load_network
from progenitor.manufacture._off_targets import OffTargets, OffTargetSite, load_off_targets
from progenitor.manufacture._product_cells import GIVEABLE, product_cells
from progenitor.manufacture._quality import true_quality
from progenitor.manufacture._recipe import Recipe, load_recipe, with_settings
from progenitor.manufacture._recipe_step import RecipeStep
from progenitor.manufacture._registry import registered_steps
from progenitor.manufacture._resource import WEEKDAYS, Resource, Shift
from progenitor.manufacture._specification import Specification, SpecificationLine
from progenitor.manufacture._specification_reader import load_specification
from progenitor.manufacture._specified import with_specification
from progenitor.manufacture._stemness import StemnessExchange, stemness_exchange, worth_per_cell
from progenitor.manufacture._step import (
    CULTURE_SOLVER,
    Check,
    Curve,
    Inputs,
    Outcome,
    Setting,
    Step,
)

__all__ = [
    "BATCH_LINES",
    "CULTURE_SOLVER",
    "DOSE_LINES",
    "GIVEABLE",
    "PRECURSORS",
    "STAGES",
    "WEEKDAYS",
    "Batch",
    "CellState",
    "Centre",
    "Check",
    "CostFactor",
    "CostShare",
    "CostSwing",
    "CultureLog",
    "Curve",
    "Event",
    "Facility",
    "FacilityRun",
    "Failures",
    "Genealogy",
    "Inputs",
    "LogEntry",
    "LotRoute",
    "Network",
    "NetworkDesign",
    "NetworkFile",
    "OffTargetSite",
    "OffTargets",
    "Orders",
    "Outcome",
    "Plant",
    "Recipe",
    "RecipeStep",
    "Resource",
    "Setting",
    "Shift",
    "Specification",
    "SpecificationLine",
    "Stage",
    "StemnessExchange",
    "Step",
    "append_genealogy",
    "charged_lines",
    "cost_factors",
    "cost_shares",
    "cost_tornado",
    "design_for_failures",
    "design_network",
    "dose_cost",
    "doses_of",
    "erlang_wait",
    "facility_problems",
    "facility_resources",
    "facility_waits",
    "load_genealogy",
    "load_network",
    "load_off_targets",
    "load_recipe",
    "load_specification",
    "lot_events",
    "lot_route",
    "manufacture",
    "parameter_hash",
    "product_cells",
    "registered_steps",
    "run_facility",
    "slot_days",
    "split_cost",
    "stemness_exchange",
    "transduced_share",
    "true_quality",
    "with_settings",
    "with_specification",
    "worth_per_cell",
]
