"""Readers and writers of other tools' formats: one format, one file."""

from progenitor.interop._adam import adam_files, read_adam
from progenitor.interop._antimony import read_antimony
from progenitor.interop._antimony_writing import write_antimony
from progenitor.interop._check_data import CheckData, read_check_data
from progenitor.interop._course import Course, output_times, simulate_course, with_values
from progenitor.interop._course_table import course_table
from progenitor.interop._dose_records import write_records
from progenitor.interop._equation_latex import equation_lines, equations_latex
from progenitor.interop._equation_text import equations_text
from progenitor.interop._fcs import read_fcs, read_fcs_keywords, read_fcs_raw
from progenitor.interop._fcs_write import fcs_bytes, write_fcs
from progenitor.interop._gatingml import GateCount, apply_gatingml, composition_of_gates
from progenitor.interop._imported_model import ImportedModel
from progenitor.interop._killing_table import KillingTable, read_killing
from progenitor.interop._lot_provenance import lot_provenance, write_lot_crate
from progenitor.interop._metric_table import metrics_csv
from progenitor.interop._model_files import read_model
from progenitor.interop._nonmem_trial import trial_records
from progenitor.interop._observations import Observations, read_observations
from progenitor.interop._pcr_tables import DropletTable, QpcrTable, read_droplets, read_qpcr
from progenitor.interop._random_runs import RunMoments, run_moments, simulate_runs
from progenitor.interop._record_courses import simulate_records
from progenitor.interop._record_simulation import RecordSimulation
from progenitor.interop._records import RecordTable, read_records
from progenitor.interop._sbml import read_sbml
from progenitor.interop._sbml_writing import write_sbml

__all__ = [
    "CheckData",
    "Course",
    "DropletTable",
    "GateCount",
    "ImportedModel",
    "KillingTable",
    "Observations",
    "QpcrTable",
    "RecordSimulation",
    "RecordTable",
    "RunMoments",
    "adam_files",
    "apply_gatingml",
    "composition_of_gates",
    "course_table",
    "equation_lines",
    "equations_latex",
    "equations_text",
    "fcs_bytes",
    "lot_provenance",
    "metrics_csv",
    "output_times",
    "read_adam",
    "read_antimony",
    "read_check_data",
    "read_droplets",
    "read_fcs",
    "read_fcs_keywords",
    "read_fcs_raw",
    "read_killing",
    "read_model",
    "read_observations",
    "read_qpcr",
    "read_records",
    "read_sbml",
    "run_moments",
    "simulate_course",
    "simulate_records",
    "simulate_runs",
    "trial_records",
    "with_values",
    "write_antimony",
    "write_fcs",
    "write_lot_crate",
    "write_records",
    "write_sbml",
]
