"""Metrics as plain data, for JSON and for tables of other tools."""

from typing import Any

from progenitor.kinetics._analysis import Kinetics
from progenitor.kinetics._summary import summarise_metric

__all__ = ["plain_patients", "plain_rules", "plain_summary"]


def plain_patients(found: Kinetics) -> list[dict[str, Any]]:
    """Return the metrics of each patient by name, and the reason of each that has none.

    Parameters
    ----------
    found
        An analysis.

    Examples
    --------
    >>> import numpy as np
    >>> from progenitor.kinetics import Profiles, analyse_kinetics
    >>> days, level = np.array([0.0, 7.0]), np.array([[1.0, 4.0]])
    >>> patient = plain_patients(analyse_kinetics(Profiles.of(days, level)))[0]
    >>> patient["metrics"]["cmax"], patient["reasons"]["terminal_half_life"]
    (4.0, 'TOO_FEW_SAMPLES')
    """
    profiles = found.profiles
    taken, below = profiles.taken.sum(axis=1), profiles.below.sum(axis=1)
    return [
        {
            "id": name,
            "samples": int(taken[row]),
            "below_limit": int(below[row]),
            "metrics": {key: float(metric.values[row]) for key, metric in found.metrics.items()},
            "reasons": {
                key: metric.reason(row).name
                for key, metric in found.metrics.items()
                if metric.reasons[row]
            },
        }
        for row, name in enumerate(profiles.patients)
    ]


def plain_summary(found: Kinetics) -> dict[str, dict[str, Any]]:
    """Return the summary of each metric over patients, by name.

    Parameters
    ----------
    found
        An analysis.

    Examples
    --------
    >>> import numpy as np
    >>> from progenitor.kinetics import Profiles, analyse_kinetics
    >>> days, level = np.array([0.0, 7.0]), np.array([[1.0, 4.0], [1.0, 9.0]])
    >>> found = plain_summary(analyse_kinetics(Profiles.of(days, level)))["cmax"]
    >>> found["n"], found["median"], found["unit"]
    (2, 6.5, '1')
    """
    answer = {}
    for name, metric in found.metrics.items():
        summary = summarise_metric(metric)
        answer[name] = {
            "title": metric.title,
            "unit": metric.unit,
            "kind": metric.kind,
            "definition": metric.definition,
            "n": summary.count,
            "not_estimable": {why.name: count for why, count in summary.missing.items()},
            "geometric_mean": summary.geometric_mean,
            "geometric_cv_percent": 100.0 * summary.geometric_cv,
            "mean": summary.mean,
            "p5": summary.p5,
            "p25": summary.p25,
            "median": summary.median,
            "p75": summary.p75,
            "p95": summary.p95,
        }
    return answer


def plain_rules(found: Kinetics) -> dict[str, Any]:
    """Return the choices of an analysis by name.

    Parameters
    ----------
    found
        An analysis.

    Examples
    --------
    >>> import numpy as np
    >>> from progenitor.kinetics import Profiles, analyse_kinetics
    >>> found = analyse_kinetics(Profiles.of(np.array([0.0, 7.0]), np.array([[1.0, 4.0]])))
    >>> plain_rules(found)["blq"], plain_rules(found)["auc_end"]
    ('profile', 28.0)
    """
    rules = found.rules
    return {
        "blq": rules.blq.name,
        "blq_words": rules.blq.words,
        "area": rules.area,
        "auc_end": rules.auc_end,
        "partial": [list(pair) for pair in rules.partial],
        "days": list(rules.days),
        "start": rules.start,
        "contraction": rules.contraction,
    }
