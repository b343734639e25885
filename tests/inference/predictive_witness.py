"""The data that other programs were given; see tests/data/predictive_check/README.md."""

from typing import NamedTuple

import numpy as np

from progenitor.engine import standard_normal_table

VISITS = np.array([1.0, 3.0, 7.0, 14.0, 28.0, 60.0])
SUBJECTS, REPLICATES = 40, 300
LIMIT = 12.0


class Witness(NamedTuple):
    """Measurements in order of subject and time, their copies and population predictions."""

    subject: np.ndarray
    visit: np.ndarray
    time: np.ndarray
    prediction: np.ndarray
    value: np.ndarray
    simulated: np.ndarray


def witness() -> Witness:
    """Lognormal patients of two doses; numbers rounded as a table would be, seed 2026."""
    visits = len(VISITS)
    count = SUBJECTS * visits
    subject = np.repeat(np.arange(SUBJECTS), visits)
    visit = np.tile(np.arange(visits), SUBJECTS)
    jitter = _normals("time", 1, count)[0]
    time = np.round(VISITS[visit] * (1.0 + 0.04 * np.clip(jitter, -2.5, 2.5)), 3)
    dose = np.where(subject % 2 == 0, 100.0, 250.0)
    prediction = np.round(dose * np.exp(-0.05 * time), 4)
    patients = _normals("patient", REPLICATES + 1, SUBJECTS)[:, subject]
    slopes = _normals("slope", REPLICATES + 1, SUBJECTS)[:, subject]
    noise = _normals("noise", REPLICATES + 1, count)
    logarithm = 0.5 * patients - 0.012 * slopes * time + 0.25 * noise
    values = np.round(prediction * np.exp(logarithm), 4)
    return Witness(subject, visit, time, prediction, values[0], values[1:])


def _normals(purpose: str, rows: int, columns: int) -> np.ndarray:
    draw, patient = np.divmod(np.arange(rows * columns), columns)
    return standard_normal_table(2026, [purpose], draw, patient)[0].reshape(rows, columns)
