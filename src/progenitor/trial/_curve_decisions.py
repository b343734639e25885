"""Decisions of designs that fit a one-parameter curve: the dose nearest to the target."""

from typing import NamedTuple, Protocol, final, get_args

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import DesignError
from progenitor.trial._curve_posterior import CurvePosterior, PendingPatients, curve_posterior
from progenitor.trial._decision import percent
from progenitor.trial._dose_finding import DoseDecision, DoseDecisions, DoseMove
from progenitor.trial._dose_state import DoseState
from progenitor.trial._dose_toxicity_models import CurveModel, check_skeleton, curve

__all__ = [
    "CurveDesign",
    "CurveFit",
    "check_curve_design",
    "decide_by_curve",
    "describe_curve_design",
    "explain_by_curve",
    "fit_curve",
    "nearest_dose",
    "select_by_curve",
]


class CurveDesign(Protocol):
    """The numbers that every design on a one-parameter curve has."""

    @property
    def target(self) -> float: ...
    @property
    def skeleton(self) -> tuple[float, ...]: ...
    @property
    def model(self) -> CurveModel: ...
    @property
    def scale(self) -> float: ...
    @property
    def intercept(self) -> float: ...
    @property
    def cohort(self) -> int: ...
    @property
    def coherent(self) -> bool: ...
    @property
    def restricted(self) -> bool: ...
    @property
    def safety(self) -> float | None: ...
    @property
    def enough(self) -> int | None: ...


@final
class CurveFit(NamedTuple):
    """What the data say about the curve.

    Parameters
    ----------
    estimate, variance
        Posterior mean and variance of β (replicate,).
    p_tox
        Curve at the posterior mean (replicate, dose).
    too_toxic
        Posterior probability that the lowest dose is above the target; NaN if not asked.
    """

    estimate: Float[np.ndarray, " replicate"]
    variance: Float[np.ndarray, " replicate"]
    p_tox: Float[np.ndarray, "replicate dose"]
    too_toxic: Float[np.ndarray, " replicate"]


def fit_curve(design: CurveDesign, state: DoseState, *, timed: bool) -> CurveFit:
    """Fit the curve of every trial; each distinct table of counts is fitted once.

    Parameters
    ----------
    design
        Numbers of the design.
    state
        Data of the trials.
    timed
        Whether pending patients count by the share of the window they have been followed.

    Raises
    ------
    DesignError
        If the trials have another number of doses than the skeleton.
    """
    skeleton = np.array(design.skeleton)
    if state.doses != skeleton.size:
        raise DesignError(
            f"the skeleton has {skeleton.size} doses, the trial {state.doses}. Fix: give one prior "
            "probability for each dose"
        )
    waiting = np.zeros_like(state.treated) if state.pending is None else state.pending
    counts = np.hstack([state.treated - waiting, state.toxic])
    pending = _pending(state) if timed else None
    if pending is None or not pending.trial.size:
        pending = None
        counts, back = np.unique(counts, axis=0, return_inverse=True)
    else:
        back = np.arange(state.replicates)
    complete, toxic = np.split(counts.astype(float), 2, axis=1)
    found = _posterior(design, skeleton, complete, toxic, pending)
    p_tox = curve(skeleton, found.mean, design.model, design.intercept)
    parts = (found.mean, found.variance, p_tox, found.below)
    return CurveFit(*(part[back.reshape(-1)] for part in parts))


def decide_by_curve(design: CurveDesign, state: DoseState, fit: CurveFit) -> DoseDecisions:
    """Recommend the open dose nearest to the target, at most one above the current and opened dose.

    A coherent design does not escalate when the share of toxicities in the last cohort reaches the
    target (Cheung 2005, Biometrika 92:863–873, doi:10.1093/biomet/92.4.863). A design that is not
    restricted goes to any open dose, as the curve says.
    """
    level, closed = state.level, state.eliminated
    started = state.treated.sum(axis=1) > 0
    restrained = design.coherent and design.restricted
    held = ~started | (_incoherent(design, state) if restrained else False)
    highest = np.minimum(level, state.opened) + 1 if design.restricted else state.doses - 1
    cap = np.where(held, level, highest)
    allowed = ~closed & (np.arange(state.doses) <= cap[:, None])
    best = _nearest(fit.p_tox, design.target, allowed)
    best = np.where(~started & allowed[np.arange(best.size), level], level, best)
    move = np.select(
        [best > level, best == level], [DoseMove.ESCALATE, DoseMove.STAY], DoseMove.DE_ESCALATE
    )
    if design.enough is not None:
        there = state.treated[np.arange(best.size), best]
        move = np.where((best == level) & (there >= design.enough), DoseMove.STOP_ENOUGH, move)
    if design.safety is not None:
        move = np.where(started & (fit.too_toxic > design.safety), DoseMove.STOP_TOXIC, move)
    move = np.where(best < 0, DoseMove.STOP_NONE_ADMISSIBLE, move)
    closed = closed | (move == DoseMove.STOP_TOXIC)[:, None]
    return DoseDecisions(np.where(move >= DoseMove.STOP_TOXIC, -1, best), move, closed)


def select_by_curve(
    design: CurveDesign, state: DoseState, fit: CurveFit
) -> Int[np.ndarray, " replicate"]:
    """Select the opened dose nearest to the target; none where the lowest is too toxic.

    A design that is not restricted may select a dose that nobody was given. Nothing is selected
    before anybody was treated.
    """
    allowed = ~state.eliminated & (state.treated.sum(axis=1, keepdims=True) > 0)
    if design.restricted:
        allowed = allowed & (np.arange(state.doses) <= state.opened[:, None])
    best = _nearest(fit.p_tox, design.target, allowed)
    if design.safety is not None:
        best = np.where(fit.too_toxic > design.safety, -1, best)
    return best


def nearest_dose(design: CurveDesign, fit: CurveFit) -> Int[np.ndarray, " replicate"]:
    """Find the dose nearest to the target by the curve alone, whether it was ever given or not.

    This is the ``MTD`` that published operating characteristics of the method count.
    """
    return _nearest(fit.p_tox, design.target, np.ones(fit.p_tox.shape, dtype=bool))


def explain_by_curve(
    design: CurveDesign, state: DoseState, fit: CurveFit, replicate: int
) -> DoseDecision:
    """Tell one trial's decision in words, with the estimates that were compared."""
    found = decide_by_curve(design, state, fit)
    level, current = int(found.level[replicate]), int(state.level[replicate])
    treated, toxic = int(state.treated[replicate].sum()), int(state.toxic[replicate].sum())
    curve_now = fit.p_tox[replicate]
    nearest = int(nearest_dose(design, fit)[replicate])
    words = ", ".join(percent(float(p)) for p in curve_now)
    message = (
        f"{toxic} of {treated} patients had a dose-limiting toxicity. The estimated probabilities "
        f"are {words}; nearest to the target {percent(design.target)} is dose {nearest + 1}."
    )
    if design.safety is not None:
        message += (
            f" The lowest dose exceeds the target with probability "
            f"{percent(float(fit.too_toxic[replicate]))} (limit {percent(design.safety)})."
        )
    message += f" Decision: {found.label(replicate)}"
    message += "." if level < 0 else f", dose {level + 1}."
    if 0 <= level < nearest:
        why = "the last cohort had toxicities" if level == current else "no dose is skipped"
        why = "the trial starts here" if treated == 0 else why
        message += f" Dose {nearest + 1} is not given yet: {why}."
    evidence = {
        "treated": float(treated),
        "toxic": float(toxic),
        "target": design.target,
        "estimate": float(fit.estimate[replicate]),
        **{f"p_tox_{dose + 1}": float(p) for dose, p in enumerate(curve_now)},
    }
    return DoseDecision(level, message, found.label(replicate), evidence)


def describe_curve_design(design: CurveDesign, title: str, likelihood: str) -> str:
    """Write the paragraph of the protocol."""
    guesses = ", ".join(percent(value) for value in design.skeleton)
    form = (
        "skeleton^exp(β)"
        if design.model == "power"
        else f"a logistic curve with intercept {design.intercept:g} and slope exp(β)"
    )
    text = (
        f"{title}: the next patients receive the dose whose estimated probability of a "
        f"dose-limiting toxicity is nearest to {percent(design.target)}. The probability follows "
        f"{form} with prior guesses {guesses} and β ~ N(0, {design.scale:.4g}²), taken at the "
        f"posterior mean of β. {likelihood}"
    )
    text += " No untried dose is skipped." if design.restricted else " Doses may be skipped."
    if design.coherent and design.restricted:
        text += (
            f" After a cohort of {design.cohort} in which the share of toxicities reaches the "
            "target, the dose is not raised."
        )
    if design.safety is not None:
        text += (
            f" The trial stops if the lowest dose exceeds the target with posterior probability "
            f"above {percent(design.safety)}."
        )
    if design.enough is not None:
        text += f" It stops when {design.enough} patients were treated at the recommended dose."
    return text


def check_curve_design(design: CurveDesign, name: str) -> None:
    """Refuse impossible numbers, all problems at once.

    Raises
    ------
    DesignError
        If any number cannot be.
    """
    problems = check_skeleton(design.skeleton)
    if not 0.0 < design.target < 1.0:
        problems.append(f"target {design.target:g} is not inside (0, 1). Fix: give 0.3 for 30 %")
    if design.model not in get_args(CurveModel):
        problems.append(f"model '{design.model}' is not known. Fix: choose power or logistic")
    if not 0.0 < design.scale <= 10.0:
        problems.append(f"scale {design.scale:g} is not in (0, 10]. Fix: 1.1576 is usual")
    if not np.isfinite(design.intercept):
        problems.append(f"intercept {design.intercept:g} is not finite. Fix: 3 is usual")
    if design.cohort < 1:
        problems.append(f"a cohort of {design.cohort}. Fix: give at least 1")
    if design.safety is not None and not 0.0 < design.safety < 1.0:
        problems.append(f"safety limit {design.safety:g} is not inside (0, 1). Fix: give 0.95")
    if design.enough is not None and design.enough < 1:
        problems.append(f"enough at {design.enough} patients. Fix: give at least 1")
    if not problems and design.model == "logistic":
        highest = max(design.skeleton)
        if np.log(highest / (1.0 - highest)) >= design.intercept:
            problems.append(
                f"the skeleton reaches {highest:g}, where the logistic curve with intercept "
                f"{design.intercept:g} falls with β. Fix: raise the intercept"
            )
    if problems:
        raise DesignError(f"{name} cannot be: {'; '.join(problems)}")


def _posterior(
    design: CurveDesign,
    skeleton: Float[np.ndarray, " dose"],
    complete: Float[np.ndarray, "trial dose"],
    toxic: Float[np.ndarray, "trial dose"],
    pending: PendingPatients | None,
) -> CurvePosterior:
    """Posterior with, where a safety limit asks for it, P(p₁ > target) = P(β < limit)."""
    limit = None
    if design.safety is not None:
        first, target = skeleton[0], design.target
        if design.model == "power":
            ratio = np.log(target) / np.log(first)
        else:
            logits = np.log([target / (1.0 - target), first / (1.0 - first)]) - design.intercept
            ratio = logits[0] / logits[1]
        limit = float(np.log(ratio)) if ratio > 0.0 else -np.inf
    return curve_posterior(
        skeleton,
        complete,
        toxic,
        model=design.model,
        scale=design.scale,
        intercept=design.intercept,
        pending=pending,
        limit=limit,
    )


def _pending(state: DoseState) -> PendingPatients | None:
    """Every patient who is still followed and has had no toxicity."""
    patients = state.patients
    if patients is None:
        if state.pending is None or state.followed is None:
            return None
        trial, level = np.nonzero(state.pending > 0)
        number = state.pending[trial, level]
        share = state.followed[trial, level] / number
        return PendingPatients(*(np.repeat(part, number) for part in (trial, level, share)))
    waits = patients.enrolled & ~patients.toxic & (patients.followed < 1.0)
    trial, place = np.nonzero(waits)
    return PendingPatients(trial, patients.level[trial, place], patients.followed[trial, place])


def _incoherent(design: CurveDesign, state: DoseState) -> Bool[np.ndarray, " replicate"]:
    """Where the share of toxicities in the last cohort reaches the target."""
    patients = state.patients
    if patients is None:
        return np.zeros(state.replicates, dtype=bool)
    enrolled = patients.enrolled
    size = enrolled.sum(axis=1)
    rank = np.cumsum(enrolled, axis=1)
    last = enrolled & (rank > (size - design.cohort)[:, None])
    seen = (last & patients.toxic).sum(axis=1)
    reached: Bool[np.ndarray, " replicate"] = (seen > 0) & (
        seen >= design.target * last.sum(axis=1) - 1e-12
    )
    return reached


def _nearest(
    p_tox: Float[np.ndarray, "replicate dose"],
    target: float,
    allowed: Bool[np.ndarray, "replicate dose"],
) -> Int[np.ndarray, " replicate"]:
    """Find the allowed dose nearest to the target, the lower of two as near; -1 for none.

    Where all allowed doses are at or below the target it is the highest of them, although doses
    that are hardly ever toxic are equally far from the target in floating point.
    """
    doses = p_tox.shape[1]
    distance = np.where(allowed, np.abs(p_tox - target), np.inf)
    highest = doses - 1 - np.argmax(allowed[:, ::-1], axis=1)
    below = np.take_along_axis(p_tox, highest[:, None], axis=1)[:, 0] <= target
    nearest = np.where(below, highest, np.argmin(distance, axis=1))
    return np.where(allowed.any(axis=1), nearest, -1)
