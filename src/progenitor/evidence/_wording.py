"""Says in a line what was reported and what is used."""

import math

from progenitor.evidence._parameter import Parameter, Reported, Used
from progenitor.evidence._trust import widened_cv

__all__ = ["reported_text", "used_text"]


def used_text(parameter: Parameter) -> str:
    """Return the distribution a run draws from, in words.

    Examples
    --------
    >>> used = Used("lognormal", 1.15, between_patient_cv=0.3, uncertainty_cv=0.4)
    >>> used_text(Parameter("a/b", "B", "b", "1/day", "prior", used=used))
    'lognormal, median 1.15 1/day, CV 30 % between patients, 40 % uncertain'
    """
    used = parameter.used
    if used is None:
        kept = parameter.role == "verification"
        return "not drawn: kept for verification" if kept else "not drawn: a target of fitting"
    if used.distribution == "fixed":
        return f"fixed at {_with_unit(used.median, parameter.unit)}"
    widened = widened_cv(parameter)
    if used.distribution == "lognormal":
        text = f"lognormal, median {_with_unit(used.median, parameter.unit)}, "
        text += f"CV {_percent(used.between_patient_cv)} between patients, "
        text += _uncertain(_percent(used.uncertainty_cv), _percent(widened))
    elif used.distribution == "logitnormal":
        text = f"logit-normal, median {_with_unit(used.median, parameter.unit)}, "
        text += f"SD {used.between_patient_sd:.3g} between patients, "
        text += _uncertain(f"{used.uncertainty_sd:.3g}", f"{widened:.3g}") + " (logit scale)"
    else:
        text = f"normal, median {_with_unit(used.median, parameter.unit)}, "
        text += f"SD {used.between_patient_sd:.3g} between patients, "
        text += _uncertain(f"{used.uncertainty_sd:.3g}", f"{widened:.3g}")
    return text + _bounds(used, parameter.unit)


def reported_text(parameter: Parameter) -> str:
    """Return what sources report, in words.

    Examples
    --------
    >>> read = Reported("a_2019", "Doubling time", 0.78, "day", n=90, population="B-ALL")
    >>> reported_text(Parameter("a/b", "B", "b", "1/day", "building", (read,)))
    'Doubling time 0.78 day, n = 90, B-ALL'
    """
    if not parameter.reported:
        return "nothing reported"
    return "; ".join(_entry_text(entry) for entry in parameter.reported)


def _entry_text(entry: Reported) -> str:
    low = "" if entry.low is None else f"{entry.low:.4g}"
    high = "" if entry.high is None else f"{entry.high:.4g}"
    if math.isnan(entry.value):
        text = f"{entry.quantity} {low}–{_labelled(high, entry.unit)} ({entry.interval})"
    else:
        text = f"{entry.quantity} {_with_unit(entry.value, entry.unit)}"
        text += f" ({entry.interval} {low}–{high})" if low or high else ""
    if entry.n is not None:
        text += f", n = {entry.n}"
    if entry.population:
        text += f", {entry.population}"
    if entry.remembered:
        text += " [from memory, not read]"
    return text


def _with_unit(value: float, unit: str) -> str:
    return _labelled(f"{value:.4g}", unit)


def _labelled(number: str, unit: str) -> str:
    return number if unit in {"", "1"} else f"{number} {unit}"


def _percent(value: float) -> str:
    return f"{100.0 * value:.3g} %"


def _uncertain(stated: str, widened: str) -> str:
    if stated == widened:
        return f"{stated} uncertain"
    return f"{stated} uncertain, widened to {widened}"


def _bounds(used: Used, unit: str) -> str:
    if used.lower is not None and used.upper is not None:
        return f", kept between {used.lower:.4g} and {_with_unit(used.upper, unit)}"
    if used.lower is not None:
        return f", kept above {_with_unit(used.lower, unit)}"
    if used.upper is not None:
        return f", kept below {_with_unit(used.upper, unit)}"
    return ""
