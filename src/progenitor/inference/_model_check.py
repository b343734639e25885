"""One check of a model against data: visual, numerical, by prediction errors and by fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from progenitor.inference._bins import Binning, ByGaps
from progenitor.inference._goodness_of_fit import GoodnessOfFit, goodness_of_fit
from progenitor.inference._measurements import Measurements
from progenitor.inference._numerical_check import NumericalCheck, numerical_check
from progenitor.inference._prediction_errors import normalised_prediction_errors
from progenitor.inference._predictive_check import PredictiveCheck, predictive_check
from progenitor.inference._replicates import Replicates

__all__ = ["ModelCheck", "check_model"]

_VISITS: Final = ByGaps()
_USUAL: Final = 200


@final
@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What a check of a model against data found; make one with :func:`check_model`.

    Parameters
    ----------
    model, observable, title, unit
        What was compared.
    seed
        Of everything random.
    visual
        Percentiles of the data beside those of simulated copies.
    numerical
        Shares of observations outside their prediction intervals.
    fit
        Prediction errors along time and prediction, and the tests of them.
    logarithms
        Whether correlations within patients were removed from logarithms.
    weaknesses
        What a reader should know before leaning on the check.
    """

    model: str
    observable: str
    title: str
    unit: str
    seed: int
    visual: PredictiveCheck
    numerical: NumericalCheck
    fit: GoodnessOfFit
    logarithms: bool
    weaknesses: tuple[str, ...]


def check_model(
    measured: Measurements,
    replicates: Replicates,
    *,
    seed: int,
    binning: Binning = _VISITS,
    percentiles: Sequence[float] = (5.0, 50.0, 95.0),
    level: float = 0.95,
    corrected: bool = False,
) -> ModelCheck:
    """Check a model against data in every way at once.

    Parameters
    ----------
    measured
        The data.
    replicates
        Copies of them, as :func:`simulate_replicates` made them.
    seed
        Of ranks among equal values, and of values below the limit of quantification.
    binning, percentiles, level
        As for :func:`predictive_check`.
    corrected
        Whether the visual check is prediction-corrected.

    Raises
    ------
    InputError, SimulationError
        As the parts of the check do.

    Examples
    --------
    >>> from progenitor.inference import Layout, measurements, simulate_replicates
    >>> from progenitor.library import find_model
    >>> model, days = find_model("stein_2019"), np.tile([3.0, 9.0, 28.0], (6, 1))
    >>> patient, look = np.repeat(np.arange(6), 3), np.tile([0, 1, 2], 6)
    >>> layout = Layout(days, patient, look)
    >>> copies = simulate_replicates(model, layout, observable="level", replicates=60, seed=1)
    >>> seen = measurements(patient, days.ravel(), copies.simulated[0])
    >>> check = check_model(seen, copies, seed=1)
    >>> check.visual.count.tolist(), check.fit.tests.count, len(check.weaknesses)
    ([6, 6, 6], 18, 2)
    """
    simulated = replicates.simulated
    with np.errstate(invalid="ignore"):
        logarithms = not ((simulated < 0).any() or (measured.value <= 0).any())
    visual = predictive_check(
        measured,
        simulated,
        binning=binning,
        percentiles=percentiles,
        level=level,
        prediction=replicates.prediction if corrected else None,
    )
    errors = normalised_prediction_errors(measured, simulated, seed=seed, logarithms=logarithms)
    return ModelCheck(
        model=replicates.model,
        observable=replicates.observable,
        title=replicates.title,
        unit=replicates.unit,
        seed=seed,
        visual=visual,
        numerical=numerical_check(measured, simulated, errors, seed=seed, level=level),
        fit=goodness_of_fit(measured, errors, replicates.prediction, binning=binning, level=level),
        logarithms=logarithms,
        weaknesses=tuple(_weaknesses(measured, replicates, visual, len(errors.undecided))),
    )


def _weaknesses(
    measured: Measurements, replicates: Replicates, visual: PredictiveCheck, undecided: int
) -> list[str]:
    found = []
    count = len(replicates.simulated)
    if replicates.assumed:
        words = ", ".join(replicates.assumed)
        found.append(f"{words}: assumed for this check, not published with {replicates.model}")
    if not replicates.scatters:
        found.append(
            f"the publication of {replicates.model} gives no residual error of this observable: "
            "simulated intervals are those of patients without assay error, and too narrow"
        )
    if count < _USUAL:
        found.append(f"{count} replicates: the ends of intervals move from seed to seed")
    if visual.failed:
        size = replicates.simulated.size
        found.append(f"{visual.failed} of {size} simulated values failed and were left out")
    small = int((visual.count < 20).sum())
    if small:
        found.append(
            f"{small} of {len(visual.count)} bins hold fewer than 20 observations: their outer "
            "percentiles are little more than the smallest and the largest value"
        )
    if undecided:
        found.append(
            f"{undecided} of {len(measured)} observations have no prediction error: the model "
            "gives them one value only, or they cannot be told from others of the patient"
        )
    return found
