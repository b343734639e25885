"""What figures and tables ask of an arm: a title, and percentiles over time."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from progenitor.study.results import Band, FlowStep

__all__ = ["Flowing", "Followed", "Titled"]


@runtime_checkable
class Titled(Protocol):
    """Something with a title, such as an arm of a study or of an experiment."""

    @property
    def title(self) -> str:
        """Name in tables and figures."""
        ...


@runtime_checkable
class Followed(Titled, Protocol):
    """An arm whose subjects were followed over time."""

    @property
    def bands(self) -> Mapping[str, Band]:
        """Percentiles over subjects by quantity."""
        ...


@runtime_checkable
class Flowing(Titled, Protocol):
    """An arm or a trial whose patients are counted from step to step."""

    @property
    def flow(self) -> tuple[FlowStep, ...]:
        """Steps from enrolment to analysis."""
        ...
