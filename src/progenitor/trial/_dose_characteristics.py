"""What a dose-finding design would do: averages over many trials, with Monte Carlo errors."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from jaxtyping import Float

from progenitor.trial._dose_trials import DoseTrials

__all__ = ["DoseCharacteristics", "dose_characteristics"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class DoseCharacteristics:
    """How often each dose is selected and how many patients it takes, with Monte Carlo errors.

    Parameters
    ----------
    replicates
        Trials behind the averages.
    selected, selected_error
        Share of trials that select each dose (dose,), and its standard error.
    none, none_error
        Share of trials that select no dose.
    stopped, stopped_error
        Share of trials that a rule ended before their last patient.
    treated, treated_error, toxic, toxic_error
        Mean patients and patients with toxicity at each dose (dose,).
    patients, patients_error, toxicities, toxicities_error
        The same over all doses.
    duration, duration_error
        Mean days; NaN where time is not told.
    """

    replicates: int
    selected: Float[np.ndarray, " dose"]
    selected_error: Float[np.ndarray, " dose"]
    none: float
    none_error: float
    stopped: float
    stopped_error: float
    treated: Float[np.ndarray, " dose"]
    treated_error: Float[np.ndarray, " dose"]
    toxic: Float[np.ndarray, " dose"]
    toxic_error: Float[np.ndarray, " dose"]
    patients: float
    patients_error: float
    toxicities: float
    toxicities_error: float
    duration: float = float("nan")
    duration_error: float = float("nan")

    def plain(self) -> dict[str, Any]:
        """Write everything as plain data, with percentages beside shares of selection."""
        names = (name for name in self.__dataclass_fields__)
        content: dict[str, Any] = {}
        for name in names:
            value = getattr(self, name)
            content[name] = value.tolist() if isinstance(value, np.ndarray) else value
        return content


def dose_characteristics(trials: DoseTrials) -> DoseCharacteristics:
    r"""Average many trials.

    The standard error of a mean over R trials is :math:`s / \sqrt R`. That of a share uses
    :math:`\hat p = (x + 1/2)/(R + 1)`, so that it is not 0 because all trials agreed.

    Examples
    --------
    >>> from progenitor.trial import Boin, conduct_dose_finding, toxicity_outcomes
    >>> outcomes = toxicity_outcomes([0.05, 0.3, 0.6], patients=30, replicates=2000, seed=1)
    >>> found = dose_characteristics(conduct_dose_finding(Boin(target=0.3), outcomes))
    >>> int(np.argmax(found.selected)), bool(found.selected_error[1] < 0.012)
    (1, True)
    """
    state = trials.state
    chosen = trials.selected[:, None] == np.arange(state.doses)
    selected, selected_error = _shares(chosen)
    none, none_error = _shares(trials.selected[:, None] < 0)
    stopped, stopped_error = _shares(trials.stopped[:, None])
    treated, treated_error = _means(state.treated)
    toxic, toxic_error = _means(state.toxic)
    patients, patients_error = _means(trials.patients[:, None])
    toxicities, toxicities_error = _means(state.toxic.sum(axis=1)[:, None])
    days = np.full(1, np.nan), np.full(1, np.nan)
    if trials.duration is not None:
        days = _means(trials.duration[:, None])
    return DoseCharacteristics(
        replicates=state.replicates,
        selected=selected,
        selected_error=selected_error,
        none=float(none[0]),
        none_error=float(none_error[0]),
        stopped=float(stopped[0]),
        stopped_error=float(stopped_error[0]),
        treated=treated,
        treated_error=treated_error,
        toxic=toxic,
        toxic_error=toxic_error,
        patients=float(patients[0]),
        patients_error=float(patients_error[0]),
        toxicities=float(toxicities[0]),
        toxicities_error=float(toxicities_error[0]),
        duration=float(days[0][0]),
        duration_error=float(days[1][0]),
    )


def _shares(
    yes: np.ndarray[Any, Any],
) -> tuple[Float[np.ndarray, " column"], Float[np.ndarray, " column"]]:
    count = yes.shape[0]
    share = yes.mean(axis=0)
    moved = (yes.sum(axis=0) + 0.5) / (count + 1.0)
    return share, np.sqrt(moved * (1.0 - moved) / count)


def _means(
    values: np.ndarray[Any, Any],
) -> tuple[Float[np.ndarray, " column"], Float[np.ndarray, " column"]]:
    count = values.shape[0]
    if count < 2:
        return values.mean(axis=0), np.full(values.shape[1], np.nan)
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(count)
