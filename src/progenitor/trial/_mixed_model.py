"""Linear mixed models by restricted likelihood: donors, cages and mice as random effects."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int, Shaped

from progenitor.errors import InputError, Problem

__all__ = ["Estimate", "MixedModel", "RandomEffect", "mixed_model"]

_STEP: Final = 1e-3
_NOTHING: Final = 1e-4
_STARTS: Final = (1.0, 0.1)
_LARGEST: Final = 1e4


@final
@dataclass(frozen=True, slots=True, eq=False)
class RandomEffect:
    """Something shared by the rows of a group, such as a donor's product or a mouse's growth.

    Parameters
    ----------
    name
        What it is called in results.
    group
        Label of each row's group; nested labels must differ, as in ``"a:1"`` (row,).
    slope
        What the group's own number is multiplied by in each row; by default 1 (row,).

    Examples
    --------
    >>> RandomEffect("donor", np.array(["a", "a", "b"])).design.tolist()
    [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    """

    name: str
    group: Shaped[np.ndarray, " row"]
    slope: Float[np.ndarray, " row"] | None = None

    @property
    def design(self) -> Float[np.ndarray, "row group"]:
        """One column for each group."""
        labels, which = np.unique(self.group, return_inverse=True)
        columns = np.zeros((self.group.size, labels.size))
        columns[np.arange(self.group.size), which] = 1.0 if self.slope is None else self.slope
        return columns


@final
@dataclass(frozen=True, slots=True)
class Estimate:
    """A contrast of fixed effects with Satterthwaite's degrees of freedom."""

    value: float
    standard_error: float
    freedom: float
    p_value: float

    def interval(self, *, level: float = 0.95) -> tuple[float, float]:
        """Two-sided confidence limits."""
        from scipy.special import stdtrit

        half = float(stdtrit(self.freedom, 0.5 + level / 2.0)) * self.standard_error
        return self.value - half, self.value + half


@final
@dataclass(frozen=True, slots=True, eq=False)
class MixedModel:
    r"""A fitted model :math:`y = X\beta + \sum_k Z_k u_k + e`.

    Parameters
    ----------
    coefficients, covariance
        Fixed effects, and their covariance (column,) and (column, column).
    variances
        Variance of each random effect, and of the ``residual``.
    log_likelihood
        Restricted log-likelihood at the maximum.
    """

    coefficients: Float[np.ndarray, " column"]
    covariance: Float[np.ndarray, "column column"]
    variances: Mapping[str, float]
    log_likelihood: float
    _sums: "_Sums"

    @property
    def standard_errors(self) -> Float[np.ndarray, " column"]:
        """Standard errors of the fixed effects."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance)))

    def contrast(self, weights: Float[np.ndarray, " column"]) -> Estimate:
        r"""Estimate a combination of fixed effects, with Satterthwaite's degrees of freedom.

        :math:`\nu = 2 f^2/(g^T A g)` with :math:`f = c^T C c`, g its gradient by the variances and
        A their covariance; a variance at 0 counts as known. In a balanced study ν is that of the
        stratum in which the effect is compared, such as donors less arms.
        """
        from scipy.special import stdtr

        value = float(weights @ self.coefficients)
        spread = float(np.sqrt(weights @ self.covariance @ weights))
        freedom = self._sums.freedom(np.array(list(self.variances.values())), weights)
        p = 2.0 * float(stdtr(freedom, -abs(value / spread)))
        return Estimate(value, spread, freedom, p)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Cross-products from which the restricted likelihood is found, whatever the rows.

    Random effects that share no row (such as those of two donors) form blocks of their own; blocks
    are filled up to one width with effects that nothing has.
    """

    rows: int
    sizes: tuple[int, ...]
    places: Int[np.ndarray, "block effect"]
    zz: Float[np.ndarray, "block effect effect"]
    zx: Float[np.ndarray, "block effect column"]
    xx: Float[np.ndarray, "column column"]

    @classmethod
    def of(
        cls,
        response: Float[np.ndarray, " row"],
        fixed: Float[np.ndarray, "row column"],
        random: Sequence[RandomEffect],
    ) -> "_Sums":
        """Form the cross-products; the response is the last column of ``xx``."""
        designs = [effect.design for effect in random]
        z = np.concatenate([*designs, np.zeros((response.size, 1))], axis=1)
        x = np.column_stack([fixed, response])
        sizes = tuple(design.shape[1] for design in designs)
        zz, zx = z.T @ z, z.T @ x
        blocks = _blocks(zz[:-1, :-1])
        width = max((block.size for block in blocks), default=1)
        places = np.full((max(len(blocks), 1), width), z.shape[1] - 1)
        for row, block in enumerate(blocks):
            places[row, : block.size] = block
        pairs = zz[places[:, :, None], places[:, None, :]]
        return cls(response.size, sizes, places, pairs, zx[places], x.T @ x)

    def profile(self, ratio: Float[np.ndarray, " effect"]) -> tuple[float, np.ndarray, float]:
        """Return −2 log L at relative standard deviations, the products X'V⁻¹X, and σ²."""
        log_v, product = self._weighted(np.repeat(ratio, self.sizes))
        columns = product.shape[0] - 1
        inner = product[:-1, :-1]
        left = float(product[-1, -1] - product[-1, :-1] @ np.linalg.solve(inner, product[:-1, -1]))
        free = self.rows - columns
        variance = max(left, 1e-300) / free
        log_x = float(np.linalg.slogdet(inner)[1])
        deviance = free * float(np.log(2.0 * np.pi * variance)) + free + log_v + log_x
        return deviance, product, variance

    def deviance(self, variances: Float[np.ndarray, " component"]) -> float:
        """Return −2 log L at variances, the residual's the last."""
        ratio = np.sqrt(np.maximum(variances[:-1], 0.0) / variances[-1])
        log_v, product = self._weighted(np.repeat(ratio, self.sizes))
        inner = product[:-1, :-1]
        left = float(product[-1, -1] - product[-1, :-1] @ np.linalg.solve(inner, product[:-1, -1]))
        free = self.rows - inner.shape[0]
        log_x = float(np.linalg.slogdet(inner)[1])
        constant = free * float(np.log(2.0 * np.pi * variances[-1]))
        return float(constant + left / float(variances[-1]) + log_v + log_x)

    def covariance(
        self, variances: Float[np.ndarray, " component"]
    ) -> Float[np.ndarray, "column column"]:
        """Covariance of the fixed effects at variances."""
        ratio = np.sqrt(np.maximum(variances[:-1], 0.0) / variances[-1])
        product = self._weighted(np.repeat(ratio, self.sizes))[1]
        return np.asarray(variances[-1] * np.linalg.inv(product[:-1, :-1]))

    def freedom(
        self, variances: Float[np.ndarray, " component"], weights: Float[np.ndarray, " column"]
    ) -> float:
        """Satterthwaite's degrees of freedom of a contrast."""
        moving = np.flatnonzero(variances > 1e-8 * variances[-1])
        width = _STEP * variances[moving]
        steps = np.zeros((moving.size, variances.size))
        steps[np.arange(moving.size), moving] = width

        def variance(at: Float[np.ndarray, " component"]) -> float:
            return float(weights @ self.covariance(at) @ weights)

        slope = np.array(
            [(variance(variances + s) - variance(variances - s)) / (2.0 * s.sum()) for s in steps]
        )
        spread = 2.0 * np.linalg.inv(_curvature(self.deviance, variances, moving, width))
        return float(2.0 * variance(variances) ** 2 / (slope @ spread @ slope))

    def _weighted(
        self, ratio: Float[np.ndarray, " effect"]
    ) -> tuple[float, Float[np.ndarray, "column column"]]:
        """Return ln|V| and X'V⁻¹X for V relative to the residual variance."""
        scale = np.append(ratio, 0.0)[self.places]
        inner = np.eye(scale.shape[1]) + scale[:, :, None] * self.zz * scale[:, None, :]
        root = np.linalg.cholesky(inner)
        half = np.linalg.solve(root, scale[:, :, None] * self.zx)
        log_v = 2.0 * float(np.log(np.diagonal(root, axis1=1, axis2=2)).sum())
        return log_v, self.xx - np.einsum("bei,bej->ij", half, half)


def _curvature(
    function: Callable[[Float[np.ndarray, " value"]], float],
    at: Float[np.ndarray, " value"],
    moving: Int[np.ndarray, " moving"],
    width: Float[np.ndarray, " moving"],
) -> Float[np.ndarray, "moving moving"]:
    """Second differences of a function in some of its arguments."""
    steps = np.zeros((moving.size, at.size))
    steps[np.arange(moving.size), moving] = width
    curve = np.zeros((moving.size, moving.size))
    for i, first in enumerate(steps):
        for j, second in enumerate(steps[: i + 1]):
            corners = (
                function(at + first + second) - function(at + first - second),
                function(at - first - second) - function(at - first + second),
            )
            curve[i, j] = curve[j, i] = sum(corners) / (4.0 * width[i] * width[j])
    return curve


def _polish(
    loss: Callable[[Float[np.ndarray, " effect"]], float], ratio: Float[np.ndarray, " effect"]
) -> Float[np.ndarray, " effect"]:
    """Newton's last steps in the relative standard deviations that are not at 0."""
    moving = np.flatnonzero(ratio)
    for _ in range(3 if moving.size else 0):
        width = _STEP * ratio[moving]
        steps = np.zeros((moving.size, ratio.size))
        steps[np.arange(moving.size), moving] = width
        push = np.array([loss(ratio + s) - loss(ratio - s) for s in steps]) / (2.0 * width)
        curve = _curvature(loss, ratio, moving, width)
        if np.linalg.eigvalsh(curve).min() <= 0.0:
            break
        tried = ratio.copy()
        tried[moving] -= np.linalg.solve(curve, push)
        if not (np.all(tried >= 0.0) and loss(tried) <= loss(ratio) + 1e-9):
            break
        ratio = tried
    return ratio


def _blocks(pairs: Float[np.ndarray, "effect effect"]) -> list[Int[np.ndarray, " member"]]:
    """Find groups of random effects that share rows with each other and with no other."""
    if not pairs.size:
        return []
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    count, labels = connected_components(csr_array(pairs != 0.0), directed=False)
    return [np.flatnonzero(labels == label) for label in range(count)]


def mixed_model(
    response: Float[np.ndarray, " row"],
    fixed: Float[np.ndarray, "row column"],
    random: Sequence[RandomEffect],
) -> MixedModel:
    r"""Fit a linear mixed model by restricted maximum likelihood (REML).

    With :math:`V = \sigma^2(I + \sum_k \gamma_k Z_k Z_k^T)`, n rows and p columns,

    .. math::

        -2\ell_R = (n-p)\ln(2\pi\hat\sigma^2) + (n-p) + \ln|V_0| + \ln|X^T V_0^{-1} X|, \quad
        \hat\sigma^2 = \frac{(y - X\hat\beta)^T V_0^{-1} (y - X\hat\beta)}{n-p}

    minimised over :math:`\sqrt{\gamma_k} \ge 0`. Rows are measurements of log volume; arms and days
    are columns; the donor (batch) and the cage are groups, so that mice of one donor are not taken
    for independent. Random effects may be nested or crossed and are independent of each other.

    Parameters
    ----------
    response
        Such as the natural logarithm of tumour volume (row,).
    fixed
        Design matrix with its own column of ones (row, column).
    random
        Random effects, each with a name of its own.

    Raises
    ------
    InputError
        If a number is missing, columns repeat each other, a random effect has one group or as many
        as rows, or its name is taken.

    References
    ----------
    Patterson, Thompson 1971, Biometrika 58:545–554, doi:10.1093/biomet/58.3.545; Laird, Ware 1982,
    Biometrics 38:963–974, doi:10.2307/2529876; Satterthwaite 1946, Biometrics Bulletin 2:110–114.

    Examples
    --------
    >>> rail = np.repeat(np.arange(6), 3)
    >>> travel = np.array([55, 53, 54, 26, 37, 32, 78, 91, 85, 92, 100, 96, 49, 51, 50, 80, 85, 83])
    >>> fit = mixed_model(travel.astype(float), np.ones((18, 1)), [RandomEffect("rail", rail)])
    >>> fit.coefficients.round(4).tolist(), round(fit.variances["rail"] ** 0.5, 4)
    ([66.5], 24.8055)
    """
    from scipy.optimize import minimize

    _check(response, fixed, random)
    sums = _Sums.of(response, fixed, random)

    def loss(ratio: Float[np.ndarray, " effect"]) -> float:
        return sums.profile(ratio)[0]

    ratio = np.zeros(0)
    if random:
        limits = [(0.0, _LARGEST)] * len(random)
        found = [
            minimize(loss, np.full(len(random), start), method="L-BFGS-B", bounds=limits)
            for start in _STARTS
        ]
        ratio = min(found, key=lambda one: float(one.fun)).x
        ratio = _polish(loss, np.where(ratio < _NOTHING, 0.0, ratio))
    deviance, product, variance = sums.profile(ratio)
    beta = np.linalg.solve(product[:-1, :-1], product[:-1, -1])
    covariance = variance * np.linalg.inv(product[:-1, :-1])
    names = [*(effect.name for effect in random), "residual"]
    values = (variance * np.append(ratio**2, 1.0)).tolist()
    parts = (dict(zip(names, values, strict=True)), -0.5 * deviance)
    return MixedModel(beta, covariance, *parts, sums)


def _check(
    response: Float[np.ndarray, " row"],
    fixed: Float[np.ndarray, "row column"],
    random: Sequence[RandomEffect],
) -> None:
    problems = []
    if not (np.all(np.isfinite(response)) and np.all(np.isfinite(fixed))):
        fix = "leave such rows out: after removal there is no measurement"
        problems.append(Problem("a response or column is missing or infinite", fix, field="rows"))
    elif np.linalg.matrix_rank(fixed) < fixed.shape[1]:
        fix = "leave out columns that are combinations of others, such as one arm with the ones"
        problems.append(Problem("columns repeat each other", fix, field="fixed"))
    if response.size <= fixed.shape[1]:
        words = f"{response.size} rows cannot tell {fixed.shape[1]} columns"
        problems.append(Problem(words, "measure more or ask less", field="rows"))
    names = [effect.name for effect in random]
    for effect in random:
        if effect.name == "residual" or names.count(effect.name) > 1:
            fix = "give each random effect a name of its own"
            problems.append(Problem(f"the name '{effect.name}' is taken", fix, field="random"))
        groups = np.unique(effect.group).size
        if groups < 2 or (groups >= response.size and effect.slope is None):
            words = f"'{effect.name}' has {groups} groups in {response.size} rows"
            problems.append(Problem(words, "give groups of several rows", field="random"))
    if problems:
        raise InputError(problems)
