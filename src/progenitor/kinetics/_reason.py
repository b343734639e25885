"""Why a metric of a patient has no value."""

import enum
from collections.abc import Mapping
from typing import Final, final

__all__ = ["Reason"]


@final
class Reason(enum.IntEnum):
    """Why a metric is NaN; ``ESTIMATED`` where it is not.

    Examples
    --------
    >>> Reason(4).name, Reason.NOT_DECLINING.words
    ('NO_RISE', 'the levels do not fall')
    """

    ESTIMATED = 0
    NOT_SAMPLED = 1
    NEVER_QUANTIFIABLE = 2
    TOO_FEW_SAMPLES = 3
    NO_RISE = 4
    NOT_DECLINING = 5
    ONE_PHASE = 6
    STARTS_LATE = 7
    ENDS_EARLY = 8
    NO_LIMIT = 9
    NO_DOSE = 10

    @property
    def words(self) -> str:
        """What is missing, to stand in a table."""
        return _WORDS[self]


_WORDS: Final[Mapping[Reason, str]] = {
    Reason.ESTIMATED: "",
    Reason.NOT_SAMPLED: "no sample after the infusion",
    Reason.NEVER_QUANTIFIABLE: "never quantifiable",
    Reason.TOO_FEW_SAMPLES: "too few quantifiable samples",
    Reason.NO_RISE: "no rise to the peak was seen",
    Reason.NOT_DECLINING: "the levels do not fall",
    Reason.ONE_PHASE: "one phase describes the fall",
    Reason.STARTS_LATE: "samples begin too late",
    Reason.ENDS_EARLY: "samples end too early",
    Reason.NO_LIMIT: "the limit of quantification is not known",
    Reason.NO_DOSE: "the dose is not known",
}
