"""A decision that explains itself, and the many decisions of a design conducted many times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, final, runtime_checkable

import numpy as np
from jaxtyping import Bool, Int

from progenitor.errors import DesignError

__all__ = ["AbstractDesign", "Decision", "Decisions", "enough_patients", "percent", "verdict"]


@final
@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule decided, why, and on which evidence; printing it reads as prose.

    Parameters
    ----------
    value
        The decision itself: True where the trial declares success, else False.
    message
        The reason in words, with every number that was compared.
    label
        Short name to count by, such as ``"stopped early"``.
    evidence
        The numbers behind the message.

    Examples
    --------
    >>> print(Decision(False, "1 of 13 responded; the trial stops.", "stopped early", {"n": 13.0}))
    1 of 13 responded; the trial stops.
    """

    value: bool
    message: str
    label: str
    evidence: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message


@runtime_checkable
class AbstractDesign(Protocol):
    """A single-arm trial that can be conducted on binary responses in order of enrolment."""

    @property
    def name(self) -> str:
        """Catalogue name of the design."""
        ...

    @property
    def patients(self) -> int:
        """Largest number of patients a trial can need."""
        ...

    @property
    def numbers(self) -> Mapping[str, float]:
        """The design's own numbers, for tables."""
        ...

    @property
    def description(self) -> str:
        """The design in one paragraph."""
        ...

    def success_probability(self, rate: float) -> float:
        """Probability of success when every patient responds with probability ``rate``."""
        ...

    def decide(self, responses: Bool[np.ndarray, " patient"]) -> Decision:
        """Conduct one trial and explain how it ended."""
        ...

    def conduct(self, responses: Bool[np.ndarray, "replicate patient"]) -> "Decisions":
        """Conduct many trials at once."""
        ...


@final
@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """How each of many trials of one design ended.

    Parameters
    ----------
    design
        The design that was conducted.
    success
        True where the trial declared success (replicate,).
    stopped_early
        True where the trial ended before its last stage (replicate,).
    patients
        Patients the trial used (replicate,).
    responders
        Responders among those patients (replicate,).
    outcomes
        The responses each trial could draw on, in order of enrolment (replicate, patient).
    """

    design: AbstractDesign
    success: Bool[np.ndarray, " replicate"]
    stopped_early: Bool[np.ndarray, " replicate"]
    patients: Int[np.ndarray, " replicate"]
    responders: Int[np.ndarray, " replicate"]
    outcomes: Bool[np.ndarray, "replicate patient"]

    def explain(self, replicate: int) -> Decision:
        """Tell how one of the trials ended."""
        return self.design.decide(self.outcomes[replicate])


def enough_patients(design: str, needed: int, given: int) -> None:
    """Refuse to conduct a trial on fewer patients than it can need.

    Raises
    ------
    DesignError
        If fewer patients are given than the design can need.

    Examples
    --------
    >>> enough_patients("simon_two_stage", 43, 40)
    Traceback (most recent call last):
    ...
    progenitor.errors.DesignError: simon_two_stage can need 43 patients, got 40. Fix: give ...
    """
    if given < needed:
        raise DesignError(
            f"{design} can need {needed} patients, got {given}. Fix: give at least {needed} "
            "responses per replicate"
        )


def percent(share: float) -> str:
    """Write a share as a percentage without hiding digits a design was given.

    Examples
    --------
    >>> percent(0.2), percent(0.125), percent(0.04829)
    ('20 %', '12.5 %', '4.829 %')
    """
    return f"{100.0 * share:.4g} %"


def verdict(*, responders: int, patients: int, boundary: int, p0: float) -> Decision:
    """Decide whether more than ``boundary`` responders reject the rate ``p0``, and say so.

    Examples
    --------
    >>> print(verdict(responders=12, patients=43, boundary=12, p0=0.2))
    12 of 43 patients responded, not more than 12: a rate of 20 % or less is not rejected.
    """
    success = responders > boundary
    no = "" if success else "not "
    message = (
        f"{responders} of {patients} patients responded, {no}more than {boundary}: "
        f"a rate of {percent(p0)} or less is {no}rejected."
    )
    evidence = {"r": boundary, "n": patients, "responders": responders, "p0": p0}
    return Decision(success, message, "success" if success else "no success", evidence)
