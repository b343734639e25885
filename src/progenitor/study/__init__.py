"""The study file, the wiring from donor to readout, and the resumable run store."""

from progenitor.study._campaign import OUTCOMES, Campaign, run_campaign
from progenitor.study._chunk import Chunk, plan_chunks
from progenitor.study._either import load_any_result, load_any_study, load_pipeline
from progenitor.study._executor import ProgressReport, run_chunks
from progenitor.study._export import load_exported_trial
from progenitor.study._exported import (
    ExportedDoses,
    ExportedEvents,
    ExportedLevels,
    ExportedScores,
    ExportedTrial,
)
from progenitor.study._facility_file import (
    FacilityFile,
    load_facility,
    poisson_arrivals,
    run_facility_file,
)
from progenitor.study._facility_loads import FacilityDemand, facility_demands
from progenitor.study._facility_section import FacilityResource, FacilitySection
from progenitor.study._leaning import answer_ids, leaning
from progenitor.study._lot_figures import (
    CultureCourses,
    PowerCurve,
    cost_steps,
    culture_courses,
    power_curves,
)
from progenitor.study._lots import LotSummary, Percentiles
from progenitor.study._make import (
    make_lots,
    sample_lots,
    summarise_lots,
    with_composition,
)
from progenitor.study._measured import Composition
from progenitor.study._optimisation import Candidate, Optimisation
from progenitor.study._optimise import optimise_process, optimise_recipe, process_search
from progenitor.study._optimise_section import OptimiseSection, SettingRange
from progenitor.study._process_objectives import OBJECTIVES, Judged
from progenitor.study._process_settings import ProcessSettings, process_settings
from progenitor.study._recipe_doubt import RecipeDoubt, recipe_doubt
from progenitor.study._release_tests import ReleaseTest, release_tests
from progenitor.study._run import load_result, run_study
from progenitor.study._schema import (
    Arm,
    Lymphodepletion,
    Population,
    Product,
    Regimen,
    StudyFile,
    Trial,
    Visits,
    study_json_schema,
)
from progenitor.study._sections import Outputs, Question, Uncertainty
from progenitor.study._shard import Shard
from progenitor.study._simulated_success import simulated_success
from progenitor.study._store import RunStore
from progenitor.study._study import Study
from progenitor.study._templates import template_names, template_path, write_template
from progenitor.study.experiment import (
    Experiment,
    ExperimentFile,
    experiment_json_schema,
    run_experiment,
)

__all__ = [
    "OBJECTIVES",
    "OUTCOMES",
    "Arm",
    "Campaign",
    "Candidate",
    "Chunk",
    "Composition",
    "CultureCourses",
    "Experiment",
    "ExperimentFile",
    "ExportedDoses",
    "ExportedEvents",
    "ExportedLevels",
    "ExportedScores",
    "ExportedTrial",
    "FacilityDemand",
    "FacilityFile",
    "FacilityResource",
    "FacilitySection",
    "Judged",
    "LotSummary",
    "Lymphodepletion",
    "Optimisation",
    "OptimiseSection",
    "Outputs",
    "Percentiles",
    "Population",
    "PowerCurve",
    "ProcessSettings",
    "Product",
    "ProgressReport",
    "Question",
    "RecipeDoubt",
    "Regimen",
    "ReleaseTest",
    "RunStore",
    "SettingRange",
    "Shard",
    "Study",
    "StudyFile",
    "Trial",
    "Uncertainty",
    "Visits",
    "answer_ids",
    "cost_steps",
    "culture_courses",
    "experiment_json_schema",
    "facility_demands",
    "leaning",
    "load_any_result",
    "load_any_study",
    "load_exported_trial",
    "load_facility",
    "load_pipeline",
    "load_result",
    "make_lots",
    "optimise_process",
    "optimise_recipe",
    "plan_chunks",
    "poisson_arrivals",
    "power_curves",
    "process_search",
    "process_settings",
    "recipe_doubt",
    "release_tests",
    "run_campaign",
    "run_chunks",
    "run_experiment",
    "run_facility_file",
    "run_study",
    "sample_lots",
    "simulated_success",
    "study_json_schema",
    "summarise_lots",
    "template_names",
    "template_path",
    "with_composition",
    "write_template",
]
