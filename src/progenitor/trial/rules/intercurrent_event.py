"""What happens to a patient on the way to the endpoint, and how a trial deals with it."""

from dataclasses import dataclass
from typing import Final, Literal, final

from progenitor.errors import DesignError

__all__ = ["STRATEGIES", "EstimandStrategy", "IntercurrentEvent"]

EstimandStrategy = Literal[
    "treatment policy", "composite", "while on treatment", "hypothetical", "principal stratum"
]
"""The strategies of ICH E9(R1) for intercurrent events."""

STRATEGIES: Final[dict[EstimandStrategy, str]] = {
    "treatment policy": "the outcome counts whether or not it occurs",
    "composite": "it is itself an unfavourable outcome",
    "while on treatment": "the outcome counts up to it and not beyond",
    "hypothetical": "the outcome is the one that would have been without it",
    "principal stratum": "only patients count in whom it would occur under no arm",
}
"""Each strategy in words."""


@final
@dataclass(frozen=True, slots=True)
class IntercurrentEvent:
    """An event after time zero that changes or ends what the endpoint means.

    Parameters
    ----------
    name
        Such as ``"new therapy"``, ``"transplantation"`` or ``"not infused"``.
    strategy
        One of :data:`STRATEGIES`.

    Raises
    ------
    DesignError
        If it has no name or the strategy is not one of the five.

    References
    ----------
    ICH E9(R1) 2019, Addendum on estimands and sensitivity analysis in clinical trials, A.3.2.

    Examples
    --------
    >>> print(IntercurrentEvent("new therapy", "composite").description)
    new therapy: composite (it is itself an unfavourable outcome)
    """

    name: str
    strategy: EstimandStrategy

    def __post_init__(self) -> None:
        problems = [] if self.name else ["it has no name"]
        if self.strategy not in STRATEGIES:
            problems.append(f"there is no strategy '{self.strategy}'")
        if problems:
            raise DesignError(
                f"intercurrent event '{self.name}': {'; '.join(problems)}. "
                f"Fix: name it and choose one of {', '.join(STRATEGIES)}"
            )

    @property
    def description(self) -> str:
        """The event and its strategy in words."""
        return f"{self.name}: {self.strategy} ({STRATEGIES[self.strategy]})"
