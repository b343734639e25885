"""The courses of a published model's patients as a table."""

import io

import numpy as np

from progenitor.interop._csv_cells import number_text
from progenitor.library import Population

__all__ = ["course_table"]


def course_table(population: Population) -> str:
    """Write the courses of patients as comma-separated text: ID, TIME and every observable.

    Patients are numbered from 1; NA stands where a patient failed.

    Parameters
    ----------
    population
        What was simulated.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> days = np.array([[0.0, 365.0]])
    >>> found = simulate_population("stein_2019", patients=1, seed=1, times=days, typical=True)
    >>> course_table(found).splitlines()[0]
    'ID,TIME,level'
    """
    text = io.StringIO()
    text.write(",".join(("ID", "TIME", *population.observables)) + "\n")
    for patient, (days, rows) in enumerate(zip(population.times, population.values, strict=True)):
        for day, row in zip(days.tolist(), rows.tolist(), strict=True):
            if not np.isnan(day):
                cells = [str(patient + 1), number_text(day), *map(number_text, row)]
                text.write(",".join(cells) + "\n")
    return text.getvalue()
