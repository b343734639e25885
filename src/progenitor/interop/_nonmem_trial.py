"""A simulated trial as one table of doses and observations in the shape that NONMEM made common."""

from typing import Final

import numpy as np

from progenitor.interop._csv_cells import number_text
from progenitor.study import ExportedTrial

__all__ = ["trial_records"]

_HEAD: Final = (
    "ID",
    "TIME",
    "AMT",
    "DV",
    "EVID",
    "MDV",
    "CMT",
    "DVID",
    "BLQ",
    "LLOQ",
    "ARM",
    "DRAW",
    "DONOR",
)
_LAST: Final = 2


def trial_records(trial: ExportedTrial) -> str:
    """Write a trial as comma-separated records, which `read_records` and rxode2 read.

    Subjects are numbered from 1 in the order of ADSL. Doses have EVID 1, MDV 1 and an amount;
    observations EVID 0 and DV. A sample below the limit has BLQ 1, DV at the limit (as likelihoods
    of censored data take it) and MDV 0. CMT and DVID number substances and then what is observed,
    in the order of the define file; ``.`` is missing. Doses at the time of an observation come
    after it, so that what is measured on day 0 is the baseline. A subject without dose and sample
    has one record with MDV 1.

    Parameters
    ----------
    trial
        What was simulated.

    References
    ----------
    Wang, Hallow, James 2016, CPT Pharmacometrics Syst Pharmacol 5:3–10, doi:10.1002/psp4.12052
    (RxODE's event table).
    """
    codes = list(dict.fromkeys(dose.code for dose in trial.doses))
    lines = [",".join(_HEAD)]
    for place in range(len(trial.subjects)):
        rows: list[tuple[float, int, tuple[str, ...]]] = []
        for dose in trial.doses:
            amount = float(dose.amount[place])
            if not np.isnan(amount):
                cells = (number_text(amount), ".", "1", "1", str(codes.index(dose.code) + 1), ".")
                rows.append((dose.day, 1, (*cells, "0", ".")))
        for number, kind in enumerate(trial.levels):
            known = np.isfinite(kind.values[place])
            for day, value in zip(kind.days[known], kind.values[place, known], strict=True):
                rows.append(_look(float(day), float(value), kind.limit, number, len(codes)))
        if not rows:
            rows.append((0.0, 0, (".", ".", "0", "1", ".", ".", "0", ".")))
        facts = [str(int(trial.arm[place]) + 1)]
        facts += [
            str(int(trial.facts[name][place])) if name in trial.facts else "."
            for name in _HEAD[-_LAST:]
        ]
        for day, _, written in sorted(rows, key=lambda row: row[:2]):
            lines.append(",".join((str(place + 1), number_text(day), *written, *facts)))
    return "\n".join(lines) + "\n"


def _look(
    day: float, value: float, limit: float, number: int, doses: int
) -> tuple[float, int, tuple[str, ...]]:
    below = value < limit
    shown = number_text(limit if below else value)
    lloq = "." if np.isnan(limit) else number_text(limit)
    place = str(doses + number + 1)
    return day, 0, (".", shown, "0", "0", place, str(number + 1), str(int(below)), lloq)
