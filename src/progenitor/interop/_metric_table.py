"""Kinetic metrics as comma-separated text: one metric of one patient a row."""

import csv
import io

from progenitor.interop._csv_cells import guarded, number_text
from progenitor.kinetics import Kinetics

__all__ = ["metrics_csv"]


def metrics_csv(found: Kinetics) -> str:
    r"""Write every metric of every patient with columns ID, METRIC, VALUE, UNIT, REASON.

    VALUE is NA where REASON says why there is none. Text that a spreadsheet would run as a formula
    gets an apostrophe before it.

    Parameters
    ----------
    found
        An analysis.

    Examples
    --------
    >>> import numpy as np
    >>> from progenitor.kinetics import Profiles, analyse_kinetics
    >>> days, level = np.array([0.0, 7.0]), np.array([[1.0, 4.0]])
    >>> metrics_csv(analyse_kinetics(Profiles.of(days, level, unit="cell/uL"))).split("\n")[1]
    '1,cmax,4,cell/uL,'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["ID", "METRIC", "VALUE", "UNIT", "REASON"])
    for row, name in enumerate(found.profiles.patients):
        for key, metric in found.metrics.items():
            reason = metric.reason(row)
            value = number_text(float(metric.values[row]))
            why = reason.name if reason else ""
            writer.writerow([guarded(name), key, value, metric.unit, why])
    return text.getvalue()
