"""The study file, the wiring from donor to readout, and the resumable run store."""

from progenitor.study._chunk import Chunk, plan_chunks
from progenitor.study._either import load_any_result, load_any_study, load_pipeline
from progenitor.study._executor import ProgressReport, run_chunks
from progenitor.study._leaning import answer_ids, leaning
from progenitor.study._lots import LotSummary, Percentiles
from progenitor.study._make import make_lots
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
    "Arm",
    "Chunk",
    "Experiment",
    "ExperimentFile",
    "LotSummary",
    "Lymphodepletion",
    "Outputs",
    "Percentiles",
    "Population",
    "Product",
    "ProgressReport",
    "Question",
    "Regimen",
    "RunStore",
    "Shard",
    "Study",
    "StudyFile",
    "Trial",
    "Uncertainty",
    "Visits",
    "answer_ids",
    "experiment_json_schema",
    "leaning",
    "load_any_result",
    "load_any_study",
    "load_pipeline",
    "load_result",
    "make_lots",
    "plan_chunks",
    "run_chunks",
    "run_experiment",
    "run_study",
    "study_json_schema",
    "template_names",
    "template_path",
    "write_template",
]
