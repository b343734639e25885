"""Readers and writers of other tools' formats: one format, one file."""

from progenitor.interop._antimony import read_antimony
from progenitor.interop._course import Course, output_times, simulate_course, with_values
from progenitor.interop._imported_model import ImportedModel
from progenitor.interop._model_files import read_model
from progenitor.interop._random_runs import RunMoments, run_moments, simulate_runs
from progenitor.interop._record_courses import simulate_records
from progenitor.interop._record_simulation import RecordSimulation
from progenitor.interop._records import RecordTable, read_records
from progenitor.interop._sbml import read_sbml
from progenitor.interop._sbml_writing import write_sbml

__all__ = [
    "Course",
    "ImportedModel",
    "RecordSimulation",
    "RecordTable",
    "RunMoments",
    "output_times",
    "read_antimony",
    "read_model",
    "read_records",
    "read_sbml",
    "run_moments",
    "simulate_course",
    "simulate_records",
    "simulate_runs",
    "with_values",
    "write_sbml",
]
