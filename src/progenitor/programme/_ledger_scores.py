"""Scores of the resolved predictions of a ledger, by author and basis."""

from dataclasses import dataclass
from typing import final

import numpy as np

from progenitor.programme._binary_scores import BinaryScores, score_probabilities
from progenitor.programme._continuous_scores import crps_quantiles
from progenitor.programme._prediction_ledger import PredictionLedger

__all__ = ["AuthorScores", "score_ledger"]


@final
@dataclass(frozen=True, slots=True)
class AuthorScores:
    """How good one author's predictions on one basis were.

    Parameters
    ----------
    author, basis
        Who, and on what.
    events
        Scores of probabilities; None without a resolved event.
    numbers
        Resolved numbers.
    crps
        Mean score of their quantiles, in their units; NaN without one.
    """

    author: str
    basis: str
    events: BinaryScores | None
    numbers: int
    crps: float


def score_ledger(ledger: PredictionLedger, *, every: bool = False) -> tuple[AuthorScores, ...]:
    """Score what was said about resolved questions, by author and basis.

    Parameters
    ----------
    ledger
        From ``open_ledger``.
    every
        Whether predictions count that the same author replaced later.

    Examples
    --------
    >>> from pathlib import Path
    >>> from progenitor.programme import open_ledger
    >>> score_ledger(open_ledger(Path("nowhere")))
    ()
    """
    groups: dict[tuple[str, str], list[tuple[object, object, float]]] = {}
    for question, prediction in ledger.resolved(every=every):
        end = question.resolution
        outcome = end.outcome if end is not None else np.nan
        said = (prediction.probability, prediction.quantiles, outcome)
        groups.setdefault((prediction.author, prediction.basis), []).append(said)
    return tuple(_scores(*who, said) for who, said in sorted(groups.items()))


def _scores(author: str, basis: str, said: list[tuple[object, object, float]]) -> AuthorScores:
    events = [(p, y) for p, _, y in said if isinstance(p, float)]
    numbers = [
        crps_quantiles(np.array(list(q)), np.array(list(q.values())), y)
        for _, q, y in said
        if isinstance(q, dict)
    ]
    scores = None
    if events:
        p, y = np.array(events).T
        scores = score_probabilities(p, y)
    mean = float(np.mean(numbers)) if numbers else np.nan
    return AuthorScores(author, basis, scores, len(numbers), mean)
