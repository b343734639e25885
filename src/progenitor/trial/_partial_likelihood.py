"""Cox's partial likelihood with its derivatives, for tied events, strata and competing events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

__all__ = ["Moments", "PartialLikelihood", "Ties"]

Ties = Literal["efron", "breslow"]


class Moments(NamedTuple):
    """The log-likelihood at some coefficients, and its derivatives.

    ``information`` is minus the second derivative, ``slope`` the derivative of that; ``residual``
    (term, covariate) and ``spread`` (term, covariate, covariate) are the terms of score and
    information, one for each event.
    """

    value: float
    score: Float[np.ndarray, " covariate"]
    information: Float[np.ndarray, "covariate covariate"]
    slope: Float[np.ndarray, "covariate covariate covariate"]
    residual: Float[np.ndarray, "term covariate"]
    spread: Float[np.ndarray, "term covariate covariate"]


class _Stratum(NamedTuple):
    """Risk sets of one stratum, whose patients stand in order of falling time."""

    patients: Int[np.ndarray, " member"]
    events: Int[np.ndarray, " term"]  # patient of each term
    risk: Int[np.ndarray, " moment"]  # patients at risk at each event time
    which: Int[np.ndarray, " term"]  # event time of each term
    passed: Float[np.ndarray, " term"]  # Efron's share of tied events already counted
    times: Float[np.ndarray, " moment"]
    lingering: Float[np.ndarray, " member"]  # weight of a competing event once it has happened
    scale: Float[np.ndarray, " moment"]  # what those weights are multiplied by


@final
@dataclass(frozen=True, slots=True, eq=False)
class PartialLikelihood:
    r"""The log partial likelihood of right-censored times as a function of coefficients.

    With the events e at time :math:`t_i` numbered l = 0 … d−1 and Efron's
    :math:`\varphi_{il} = \sum_{j \in R_i} e^{\beta x_j} - \tfrac{l}{d_i}\sum_{j \in D_i}
    e^{\beta x_j}` (Breslow: without the second sum),

    .. math::

        \ell(\beta) = \sum_i \Bigl[\sum_{j \in D_i} \beta x_j - \sum_l \ln\varphi_{il}\Bigr]

    Parameters
    ----------
    covariates
        One row for each patient, centred here (patient, covariate).
    strata
        Risk sets.

    Examples
    --------
    >>> likelihood = PartialLikelihood.of(
    ...     np.array([1.0, 2.0]), np.array([True, True]), np.array([[0.0], [1.0]])
    ... )
    >>> round(likelihood.at(np.zeros(1)).value, 6)
    -0.693147
    """

    covariates: Float[np.ndarray, "patient covariate"]
    strata: "tuple[_Stratum, ...]"

    @classmethod
    def of(
        cls,
        time: Float[np.ndarray, " patient"],
        event: Bool[np.ndarray, " patient"],
        covariates: Float[np.ndarray, "patient covariate"],
        *,
        stratum: Shaped[np.ndarray, " patient"] | None = None,
        ties: Ties = "efron",
        lingering: Float[np.ndarray, " patient"] | None = None,
        scale: Sequence[tuple[float, float]] = (),
    ) -> "PartialLikelihood":
        """Find the risk sets.

        ``lingering`` gives patients with a competing event their weight after it, to be multiplied
        by ``scale`` (pairs of event time and factor).
        """
        labels = np.zeros(time.size) if stratum is None else stratum
        weights = np.zeros(time.size) if lingering is None else lingering
        factors = dict(scale)
        pieces = []
        for label in np.unique(labels):
            members = np.flatnonzero(labels == label)
            order = members[np.argsort(-time[members], kind="stable")]
            happened = order[event[order]]
            times, which, counts = np.unique(
                time[happened], return_inverse=True, return_counts=True
            )
            by_time = np.argsort(which, kind="stable")
            begin = np.cumsum(counts) - counts
            which = which[by_time]
            passed = (np.arange(which.size) - begin[which]) / counts[which]
            risk = np.searchsorted(-time[order], -times, side="right")
            factor = np.array([factors.get(float(moment), 0.0) for moment in times])
            share = passed if ties == "efron" else np.zeros(which.size)
            events = happened[by_time]
            pieces.append(
                _Stratum(order, events, risk, which, share, times, weights[order], factor)
            )
        return cls(covariates - covariates.mean(axis=0), tuple(pieces))

    @property
    def event_times(self) -> Float[np.ndarray, " term"]:
        """Time of each term."""
        return np.concatenate([piece.times[piece.which] for piece in self.strata])

    def at(self, beta: Float[np.ndarray, " covariate"]) -> Moments:
        """Evaluate at some coefficients."""
        count = beta.size
        linear = self.covariates @ beta
        value, residuals, spreads = 0.0, [np.zeros((0, count))], [np.zeros((0, count, count))]
        slope = np.zeros((count, count, count))
        for piece in self.strata:
            total, first, second, third = self._moments(piece, linear)
            mean = first / total[:, None]
            pairs = second / total[:, None, None]
            spread = pairs - mean[:, :, None] * mean[:, None, :]
            product = np.einsum("ta,tbc->abc", mean, pairs)
            cubes = (third / total[:, None, None, None]).sum(axis=0)
            cubes -= product + product.transpose(1, 0, 2) + product.transpose(1, 2, 0)
            slope += cubes + 2.0 * np.einsum("ta,tb,tc->abc", mean, mean, mean)
            # the exponents were lowered by the largest of the stratum, which goes back here
            top = linear[piece.patients].max(initial=-np.inf) if piece.events.size else 0.0
            value += float((linear[piece.events] - top - np.log(total)).sum())
            residuals.append(self.covariates[piece.events] - mean)
            spreads.append(spread)
        residual, spread = np.concatenate(residuals), np.concatenate(spreads)
        return Moments(value, residual.sum(axis=0), spread.sum(axis=0), slope, residual, spread)

    def _moments(
        self, piece: _Stratum, linear: Float[np.ndarray, " patient"]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Weighted sums of 1, x, xx and xxx over the risk set of each term."""
        top = linear[piece.patients].max(initial=-np.inf)
        weight = np.exp(linear[piece.patients] - top)
        own = np.exp(linear[piece.events] - top)
        everyone = _powers(weight, self.covariates[piece.patients])
        tied = _powers(own, self.covariates[piece.events])
        lingering = _powers(weight * piece.lingering, self.covariates[piece.patients])
        found = []
        for power in range(4):
            cumulative = np.cumsum(everyone[power], axis=0)
            at_risk = cumulative[piece.risk - 1]
            if piece.scale.any():
                # competing events before this time: everyone with a shorter time, so from the end
                later = np.cumsum(lingering[power][::-1], axis=0)[::-1]
                later = np.concatenate([later, np.zeros((1, *later.shape[1:]))])
                shape = (-1,) + (1,) * (later.ndim - 1)
                at_risk = at_risk + piece.scale.reshape(shape) * later[piece.risk]
            among = np.zeros((piece.times.size, *tied[power].shape[1:]))
            np.add.at(among, piece.which, tied[power])
            share = piece.passed.reshape((-1,) + (1,) * (among.ndim - 1))
            found.append(at_risk[piece.which] - share * among[piece.which])
        return found[0], found[1], found[2], found[3]


def _powers(
    weight: Float[np.ndarray, " row"], x: Float[np.ndarray, "row covariate"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    one = weight[:, None] * x
    two = one[:, :, None] * x[:, None, :]
    return weight, one, two, two[:, :, :, None] * x[:, None, None, :]
