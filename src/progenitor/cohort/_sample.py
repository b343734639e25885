"""Sample the numbers of virtual patients and donors from the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, Int

from progenitor.cohort._correlation import Correlation, cholesky
from progenitor.engine import standard_normal_table
from progenitor.errors import CatalogueError, Problem
from progenitor.evidence import Catalogue, Parameter, Used, widened_cv

__all__ = ["Numbers", "sample_numbers"]

Numbers: TypeAlias = Mapping[str, Float[np.ndarray, " patient"]]
"""Catalogue id → one value per patient (or lot), in the parameter's unit."""


def sample_numbers(
    catalogue: Catalogue,
    ids: Iterable[str],
    *,
    seed: int,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
    correlations: Sequence[Correlation] = (),
    typical: bool = False,
) -> Numbers:
    r"""Sample every parameter for every patient of every draw.

    .. math::

        x = g^{-1}\bigl(g(m) + \sigma_u u_d + \sigma_b z_{d,i}\bigr)

    with :math:`g` the logarithm, the logit or the identity, :math:`m` the median used,
    :math:`u_d` one standard normal per draw (what we do not know) and :math:`z_{d,i}` one per
    patient (how patients differ). For lognormal parameters
    :math:`\sigma = \sqrt{\ln(1 + cv^2)}`; :math:`\sigma_u` is widened from the directness of the
    evidence. Every score is keyed by (seed, parameter, draw, patient): adding a parameter, a
    patient or an arm changes no other number. Draw 0 is no exception.

    Parameters
    ----------
    catalogue
        Where the distributions live.
    ids
        Catalogue ids to sample.
    seed
        The study's seed.
    draw, patient
        Which parameter draw and which patient each element is.
    correlations
        Correlations between the patients' scores :math:`z`.
    typical
        Whether every patient is the typical one of the draw, with :math:`z = 0`.

    Raises
    ------
    CatalogueError
        When an id is unknown, is for verification only, or the correlations contradict.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> numbers = sample_numbers(
    ...     default_catalogue(), ["host/body_weight"], seed=1,
    ...     draw=np.zeros(3, int), patient=np.arange(3),
    ... )
    >>> numbers["host/body_weight"].shape
    (3,)
    """
    wanted = sorted(set(ids))
    each, member = np.unique(draw, return_inverse=True)
    purposes = [f"draw:{name}" for name in wanted]
    known = standard_normal_table(seed, purposes, each, np.zeros_like(each))
    if typical:
        scores = {name: np.zeros(len(draw)) for name in wanted}
    else:
        scores = _scores(wanted, seed, draw, patient, correlations)
    return {
        name: _value(catalogue.parameter(name), known=known[row][member], patient=scores[name])
        for row, name in enumerate(wanted)
    }


def _scores(
    wanted: Sequence[str],
    seed: int,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
    correlations: Sequence[Correlation],
) -> dict[str, Float[np.ndarray, " patient"]]:
    """Return the patients' normal scores, correlated where asked."""
    linked = sorted({name for pair in correlations for name in (pair.first, pair.second)})
    factor = cholesky(linked, correlations)
    names = sorted({*wanted, *linked})
    purposes = [f"patient:{name}" for name in names]
    table = standard_normal_table(seed, purposes, draw, patient)
    raw = dict(zip(names, table, strict=True))
    joint = {
        name: sum(
            (weight * raw[other] for weight, other in zip(row, linked, strict=True)),
            start=np.zeros(len(draw)),
        )
        for name, row in zip(linked, factor, strict=True)
    }
    return {name: joint.get(name, raw[name]) for name in wanted}


def _value(
    parameter: Parameter,
    *,
    known: Float[np.ndarray, " patient"],
    patient: Float[np.ndarray, " patient"],
) -> Float[np.ndarray, " patient"]:
    """Turn the two scores into a value in the parameter's unit."""
    used = parameter.used
    if used is None:
        problem = Problem(
            f"'{parameter.id}' is for verification and has no distribution to sample",
            "name a building, prior, setting or definition record",
        )
        raise CatalogueError([problem])
    value = _transformed(used, widened_cv(parameter), known, patient)
    lower = -np.inf if used.lower is None else used.lower
    upper = np.inf if used.upper is None else used.upper
    bounded: Float[np.ndarray, " patient"] = np.clip(value, lower, upper)
    return bounded


def _transformed(
    used: Used,
    uncertainty: float,
    known: Float[np.ndarray, " patient"],
    patient: Float[np.ndarray, " patient"],
) -> Float[np.ndarray, " patient"]:
    if used.distribution == "fixed":
        return np.full(len(patient), used.median)
    if used.distribution == "lognormal":
        scores = _log_sd(uncertainty) * known + _log_sd(used.between_patient_cv) * patient
        return used.median * np.exp(scores)
    scores = uncertainty * known + used.between_patient_sd * patient
    if used.distribution == "normal":
        return used.median + scores
    logit = np.log(used.median / (1 - used.median)) + scores
    return np.asarray(1 / (1 + np.exp(-logit)))


def _log_sd(cv: float) -> float:
    return float(np.sqrt(np.log1p(cv**2)))
