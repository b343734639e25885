"""What stands for a sample below the limit of quantification (BLQ) in areas."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem
from progenitor.kinetics._landmarks import landmarks

__all__ = ["BLQ_RULES", "BlqRule", "Stand"]


@final
class Stand(enum.StrEnum):
    """What stands for one sample below the limit.

    ``first-half`` is half the limit for the first sample of a series after the peak; the others
    are dropped.
    """

    DROP = "drop"
    ZERO = "zero"
    HALF = "half"
    FIRST_HALF = "first-half"


@final
@dataclass(frozen=True, slots=True)
class BlqRule:
    """What stands for samples below the limit, by where in the course they are.

    Peaks, last levels, half-lives, doubling times and fold expansion use quantifiable samples only,
    whatever the rule: it decides about areas.

    Parameters
    ----------
    name
        As a person writes it.
    before
        Before the first quantifiable sample; also when there is none.
    within
        Between the first and the last quantifiable sample.
    after
        After the last quantifiable sample.

    References
    ----------
    Beal 2001, Journal of Pharmacokinetics and Pharmacodynamics 28:481,
    doi:10.1023/A:1012299115260 (methods M1 to M7).

    Examples
    --------
    >>> BlqRule.parse("m5").within, BlqRule.parse("zero/drop/half").after
    (<Stand.HALF: 'half'>, <Stand.HALF: 'half'>)
    >>> BlqRule.parse("m3")
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: BLQ rule 'm3' is the likelihood of a censored sample under a ...
    """

    name: str
    before: Stand
    within: Stand
    after: Stand

    @classmethod
    def parse(cls, text: str) -> "BlqRule":
        """Read a rule: a name of :data:`BLQ_RULES`, or ``before/within/after``.

        Raises
        ------
        InputError
            When there is no such rule; likelihoods of censored samples are refused with the reason.
        """
        word = text.strip().lower()
        if word in BLQ_RULES:
            return BLQ_RULES[word]
        if word in _LIKELIHOODS:
            message = f"BLQ rule '{word}' is {_LIKELIHOODS[word]}; areas and slopes have none"
            fix = "fit a model to the data for that, or write profile, m1, m5, m6 or m7 here"
            raise InputError([Problem(message, fix)])
        parts = word.split("/")
        known = [stand.value for stand in Stand]
        if len(parts) == 3 and all(part in known for part in parts):
            before, within, after = (Stand(part) for part in parts)
            return cls(word, before, within, after)
        fix = f"{suggestion(word, BLQ_RULES)}; or write before/within/after with {', '.join(known)}"
        raise InputError([Problem(f"there is no BLQ rule '{text[:60]}'", fix)])

    @property
    def needs_limit(self) -> bool:
        """Whether the rule needs the limit as a number, not only that a sample was below it."""
        return any(
            stand in {Stand.HALF, Stand.FIRST_HALF}
            for stand in (self.before, self.within, self.after)
        )

    @property
    def words(self) -> str:
        """The rule in a sentence."""
        return (
            f"{_WORDS[self.before]} before the first quantifiable sample, {_WORDS[self.within]} "
            f"between quantifiable samples, {_WORDS[self.after]} after the last"
        )

    def levels(
        self,
        level: Float[np.ndarray, "patient sample"],
        below: Bool[np.ndarray, "patient sample"],
        limit: Float[np.ndarray, "patient sample"],
    ) -> Float[np.ndarray, "patient sample"]:
        """Return the levels with a number for each sample below the limit, NaN for those dropped.

        Parameters
        ----------
        level
            Quantifiable levels (patient, sample).
        below
            Which samples were below the limit (patient, sample).
        limit
            The limit at each sample (patient, sample).

        Examples
        --------
        >>> level = np.array([[np.nan, 3.0, np.nan, 9.0, np.nan, np.nan]])
        >>> below, limit = np.isnan(level), np.full((1, 6), 2.0)
        >>> BlqRule.parse("profile").levels(level, below, limit).tolist()
        [[0.0, 3.0, nan, 9.0, 0.0, 0.0]]
        >>> BlqRule.parse("m6").levels(level, below, limit).tolist()
        [[nan, 3.0, nan, 9.0, 1.0, nan]]
        """
        found = ~np.isnan(level)
        marks, index = landmarks(level, found), np.arange(level.shape[1])
        early = ~marks.any[:, None] | (index < marks.first[:, None])
        late = ~early & (index > marks.last[:, None])
        zones = (early, self.before), (~early & ~late, self.within), (late, self.after)
        leads = np.zeros_like(below)
        leads[:, 1:] = below[:, 1:] & ~below[:, :-1]
        leads &= index > marks.peak[:, None]
        stands = level.copy()
        for zone, stand in zones:
            here = below & zone
            if stand is Stand.ZERO:
                stands[here] = 0.0
            elif stand is Stand.HALF:
                stands[here] = limit[here] / 2.0
            elif stand is Stand.FIRST_HALF:
                stands[here & leads] = limit[here & leads] / 2.0
        return stands


_WORDS: Final[Mapping[Stand, str]] = {
    Stand.DROP: "ignored",
    Stand.ZERO: "zero",
    Stand.HALF: "half the limit",
    Stand.FIRST_HALF: "half the limit for the first of a series after the peak and ignored besides",
}

_LIKELIHOODS: Final[Mapping[str, str]] = {
    "m2": "the likelihood of the other samples, given that they are above the limit",
    "m3": "the likelihood of a censored sample under a model",
    "m4": "the likelihood of a censored sample under a model, given that it is above 0",
}

BLQ_RULES: Final[Mapping[str, BlqRule]] = {
    rule.name: rule
    for rule in (
        BlqRule("profile", Stand.ZERO, Stand.DROP, Stand.ZERO),
        BlqRule("zero-first", Stand.ZERO, Stand.DROP, Stand.DROP),
        BlqRule("m1", Stand.DROP, Stand.DROP, Stand.DROP),
        BlqRule("m5", Stand.HALF, Stand.HALF, Stand.HALF),
        BlqRule("m6", Stand.DROP, Stand.FIRST_HALF, Stand.FIRST_HALF),
        BlqRule("m7", Stand.ZERO, Stand.ZERO, Stand.ZERO),
    )
}
"""Rules by name. ``profile`` is zero before the course begins and after it ends, and ignores what
is within; ``zero-first`` ignores what follows the end too; M1, M5, M6 and M7 are Beal's."""
