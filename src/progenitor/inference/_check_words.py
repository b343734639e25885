"""What a check of a model says first, in words."""

from typing import Final

from progenitor.inference._error_tests import ErrorTests
from progenitor.inference._model_check import ModelCheck

__all__ = ["check_headline"]

_SIGNIFICANT: Final = 0.05


def check_headline(check: ModelCheck) -> str:
    """Return the answer in two sentences.

    Parameters
    ----------
    check
        As :func:`check_model` made it.

    Examples
    --------
    >>> import numpy as np
    >>> from progenitor.inference import Layout, check_model, measurements, simulate_replicates
    >>> from progenitor.library import find_model
    >>> days, patient = np.tile([9.0, 28.0], (6, 1)), np.repeat(np.arange(6), 2)
    >>> layout = Layout(days, patient, np.tile([0, 1], 6))
    >>> model = find_model("stein_2019")
    >>> copies = simulate_replicates(model, layout, observable="level", replicates=30, seed=1)
    >>> seen = measurements(patient, days.ravel(), 9e9 * copies.simulated[0])
    >>> print(check_headline(check_model(seen, copies, seed=1)).partition("errors, ")[2][:32])
    observations lie above the model
    """
    visual = check.visual
    outside, total = int((~visual.inside).sum()), visual.inside.size
    text = (
        f"{outside} of {total} observed percentiles lie outside the {100 * visual.level:g} % "
        f"interval of {visual.replicates} simulated copies of the data, where "
        f"{(1.0 - visual.level) * total:.1f} are expected of a true model."
    )
    return f"{text} {_errors(check.fit.tests)}"


def _errors(tests: ErrorTests) -> str:
    found = []
    if tests.p_mean < _SIGNIFICANT:
        found.append(f"observations lie {'above' if tests.mean > 0 else 'below'} the model")
    if tests.p_variance < _SIGNIFICANT:
        amount = "more" if tests.variance > 1 else "less"
        found.append(f"{'they' if found else 'observations'} scatter {amount} than the model says")
    if not found and tests.p_normality < _SIGNIFICANT:
        found.append("their distribution has another shape than the model says")
    whole = "p < 0.001" if tests.p_global < 1e-3 else f"p = {tests.p_global:.2g}"
    if not found:
        return f"Prediction errors do not contradict the model ({whole}, all tests)."
    return f"By prediction errors, {' and '.join(found)} ({whole}, all tests)."
