"""Which events are dose-limiting toxicities, and on which day the first of them was proven."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from progenitor.study._estimates import Table
from progenitor.study._toxicity_lines import TOXICITIES
from progenitor.trial import DoseLimitingToxicity

__all__ = ["dose_limiting", "toxicity_day"]


def dose_limiting(events: Sequence[str], *, window: float) -> DoseLimitingToxicity:
    """Return the definition of a dose-limiting toxicity as the study file lists it.

    Examples
    --------
    >>> print(dose_limiting(["crs_grade_3"], window=28.0).description)
    Within 28 days of infusion: cytokine release syndrome of grade 3 or higher.
    """
    return DoseLimitingToxicity(tuple(TOXICITIES[event].criterion for event in events), window)


def toxicity_day(
    table: Table, events: Sequence[str], *, window: float
) -> Float[np.ndarray, "draw patient"]:
    """Return the day on which the first dose-limiting toxicity was proven; infinite without one.

    An event begins at the look that finds it, daily in the first weeks. One that counts only if it
    lasts is proven when its time is over, and counts at the end of the window at the latest. Who
    dies of something that is not listed counts as without toxicity.

    Parameters
    ----------
    table
        Rows of an arm at one dose, with the grades of toxicity as curves.
    events
        Names among ``TOXICITIES``.
    window
        Last day on which an event may begin.
    """
    toxicity = dose_limiting(events, window=window)
    dead = table.days >= table.outcomes["death_day"].astype(float)[:, np.newaxis]
    grades = {
        line.criterion.event: table.series[line.curve] if line.curve else np.where(dead, 5.0, 0.0)
        for line in (TOXICITIES[event] for event in events)
    }
    found = toxicity.evaluate(table.days, grades, np.full(len(dead), np.inf))
    day = np.where(found.toxic == 1.0, np.minimum(found.proof_day, window), np.inf)
    return day.reshape(table.draws, -1)
