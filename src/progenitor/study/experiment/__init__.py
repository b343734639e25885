"""Experiments: any chassis, disease and host, arm by arm on the same virtual subjects."""

from progenitor.study.experiment._experiment import Experiment
from progenitor.study.experiment._export_mice import export_mice
from progenitor.study.experiment._file import ExperimentFile, experiment_json_schema
from progenitor.study.experiment._run import load_experiment_result, run_experiment

__all__ = [
    "Experiment",
    "ExperimentFile",
    "experiment_json_schema",
    "export_mice",
    "load_experiment_result",
    "run_experiment",
]
