"""How far a number can be trusted, and how much its uncertainty is widened for that."""

import math
from typing import Final

from progenitor.evidence._parameter import Parameter, State, Trust

__all__ = ["trust_grade", "widened_cv"]

_GRADE_POINTS: Final = {
    "human-trial": 0.0,
    "guideline": 0.0,
    "human-observational": 0.5,
    "in-vitro": 2.0,
    "NHP": 2.0,
    "mouse": 2.5,
    "expert": 2.5,
    "press": 3.5,
}
_LEVEL_POINTS: Final = {"direct": 0.0, "partial": 0.5, "indirect": 1.0}
_READING_POINTS: Final = {"confirmed": 0.5, "different": 1.0, "not read": 1.0, "not found": 1.5}
_CALIBRATED_POINTS: Final = 1.0
_LETTERS: Final[tuple[tuple[float, Trust], ...]] = ((0.5, "A"), (2.5, "B"), (4.5, "C"))

_GRADE_SPREAD: Final = {
    "human-trial": 0.0,
    "guideline": 0.0,
    "human-observational": 0.05,
    "in-vitro": 0.30,
    "NHP": 0.30,
    "mouse": 0.40,
    "expert": 0.30,
    "press": 0.50,
}
_LEVEL_SPREAD: Final = {"direct": 0.0, "partial": 0.10, "indirect": 0.25}
_LEAST_ASSUMED: Final = math.sqrt(math.log1p(0.30**2))


def trust_grade(parameter: Parameter, state: State) -> Trust:
    """Return a letter from A (people, direct, read twice) to D (assumed, disputed or retracted).

    Points are added for the grade of the source (human trial or guideline 0, observational ½,
    in vitro or primate 2, mouse or expert 2½, press 3½), and for each respect in which the
    evidence is partly (½) or wholly (1) indirect. Until a blind extraction agrees (``checked``),
    the second reading adds ½ when it confirmed the number, 1½ when it did not find it and 1
    otherwise, as does a dispute settled in writing; a calibrated number adds 1, because what is
    used is not what was reported. Up to ½ point is A, up to 2½ B, up to 4½ C, beyond that D.
    Assumed, stale and unsettled disputed numbers are D. A definition or a setting is a choice, and
    a number of a published model is whatever was published, so only its support counts: A when
    checked, B when provisional, C when no source is named for it.

    Parameters
    ----------
    parameter
        The record, with the grade of its source filled in.
    state
        Its derived review state.

    Examples
    --------
    >>> from progenitor.evidence import Reported
    >>> read = Reported("stein_2019", "B", 1.0, "1", second_reading="confirmed")
    >>> number = Parameter("a/b", "B", "b", "1", "building", (read,), grade="human-trial")
    >>> trust_grade(number, "provisional"), trust_grade(number, "disputed")
    ('A', 'D')
    """
    settled = state == "disputed" and bool(parameter.reading)
    if state == "stale" or (state == "disputed" and not settled):
        return "D"
    if parameter.role in {"definition", "setting", "published"}:
        return "A" if state == "checked" else "B" if state == "provisional" else "C"
    if state == "assumed":
        return "D"
    points = _GRADE_POINTS[parameter.grade]
    if settled:
        points += _READING_POINTS["different"]
    if state == "provisional":
        points += _READING_POINTS[parameter.reported[0].second_reading]
    points += _CALIBRATED_POINTS if parameter.calibrated else 0.0
    points += sum(_LEVEL_POINTS[level] for level in parameter.directness.levels)
    return next((letter for most, letter in _LETTERS if points <= most), "D")


def widened_cv(parameter: Parameter) -> float:
    r"""Return the spread of our knowledge of the median, widened for indirect or weak evidence.

    .. math:: \sigma = \sqrt{\sigma_0^2 + \tau_{grade}^2 + \sum_{i=1}^{4} \tau_{level_i}^2}

    on the log (lognormal), logit (logitnormal) or relative natural (normal) scale, where
    :math:`\sigma_0` is the spread stated in the record, :math:`\tau_{level}` is 0, 0.10 or 0.25
    for direct, partial or indirect evidence in each of species, product, setting and indication,
    and :math:`\tau_{grade}` is 0 (human trial, guideline), 0.05 (observational), 0.30 (in vitro,
    primate, expert), 0.40 (mouse) or 0.50 (press). An assumed number states its own doubt, but
    never less than a CV of 30 %; a published model is taken as its authors published it. The
    additions are judgement: nobody has measured them; they are
    one place to change, and are listed in every ledger as the widened number.

    Parameters
    ----------
    parameter
        The record, with grade and state filled in.

    Returns
    -------
    float
        A coefficient of variation for a lognormal, a standard deviation on the logit scale for a
        logitnormal, one in the parameter's unit for a normal, and 0 for a fixed number.

    Examples
    --------
    >>> from progenitor.evidence import Directness, Used
    >>> used = Used("lognormal", 1.15, 0.3, 0.15)
    >>> far = Directness(product="partial", indication="indirect")
    >>> number = Parameter("a/b", "B", "b", "1/day", "building", used=used, directness=far,
    ...                    grade="human-trial", state="provisional")
    >>> round(widened_cv(number), 3)
    0.315
    """
    used = parameter.used
    if used is None or used.distribution == "fixed":
        return 0.0
    if parameter.role == "published":
        return used.uncertainty_cv  # the model is what its authors published
    if used.distribution == "lognormal":
        stated = math.sqrt(math.log1p(used.uncertainty_cv**2))
        return math.sqrt(math.expm1(_widened(parameter, stated) ** 2))
    if used.distribution == "logitnormal":
        return _widened(parameter, used.uncertainty_sd)
    size = abs(used.median)
    if size == 0.0:
        return used.uncertainty_sd
    return size * _widened(parameter, used.uncertainty_sd / size)


def _widened(parameter: Parameter, stated: float) -> float:
    if parameter.state == "assumed":
        return max(stated, _LEAST_ASSUMED)
    extra = [_LEVEL_SPREAD[level] for level in parameter.directness.levels]
    extra.append(_GRADE_SPREAD[parameter.grade] if parameter.grade else 0.0)
    return math.hypot(stated, *extra)
