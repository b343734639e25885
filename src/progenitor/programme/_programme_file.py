"""The programme file: who develops what, through which phases, and by when it is asked."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from progenitor.documents import load_document, suggestion
from progenitor.errors import InputError, Problem
from progenitor.evidence import Catalogue
from progenitor.programme._validated import validated

__all__ = [
    "BaseRate",
    "Candidate",
    "PhaseSpecification",
    "ProgrammeFile",
    "RunSuccess",
    "TrialSuccess",
    "load_programme",
]

Probability = Annotated[float, Field(gt=0.0, lt=1.0)]
Name = Annotated[str, Field(min_length=1)]


class _Section(BaseModel):
    """A part of the file that knows its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TrialSuccess(_Section):
    """Success of a phase as the assurance of its trial: power averaged over what is believed.

    ``response`` names a record with a share and its n, whose Jeffreys posterior is the belief about
    patients who are infused; ``infused`` a record of the share of enrolled patients who are, where
    the trial counts everybody enrolled; ``and_then`` a record of what else must go well.
    """

    design: Literal["simon_two_stage", "exact_binomial"] = "simon_two_stage"
    p0: Probability
    p1: Probability
    alpha: Probability = 0.05
    beta: Probability = 0.2
    response: Name
    infused: Name | None = None
    and_then: Name | None = None


class RunSuccess(_Section):
    """Success of a phase as the assurance of a trial that a finished run of a study conducted.

    ``run`` is the folder of the run, ``trial`` the name of the trial in its study file and ``arm``
    the arm that must succeed, where there are several; ``and_then`` a record of what else must go
    well. Every parameter draw of the run is a belief about the success of the trial.
    """

    run: Name
    trial: Name | None = None
    arm: Name | None = None
    and_then: Name | None = None


class PhaseSpecification(_Section):
    """A phase: how likely it succeeds (a record, trial or run) and how long it takes (a record).

    Without ``duration`` it takes no time: a condition, such as that an approval counts.
    """

    success: Name | TrialSuccess | RunSuccess
    duration: Name | None = None


class Candidate(_Section):
    """One programme, or a number of unnamed ones, at the first phase of its route.

    ``count`` is a whole number or a record of a mean number. ``started`` is the day the first phase
    began; without it the programme is somewhere in that phase, at an even chance anywhere.
    """

    name: Name
    route: Annotated[tuple[Name, ...], Field(min_length=1)]
    count: Annotated[int, Field(ge=1, le=100)] | Name = 1
    started: date | None = None
    note: str = ""


class BaseRate(_Section):
    """What happened to programmes of the same kind: no model, one programme.

    ``success`` names the reference classes, shown separately and averaged; ``time`` a record of the
    time to approval of those that were approved, from ``clock_starts`` on.
    """

    success: Annotated[tuple[Name, ...], Field(min_length=1)]
    time: Name
    clock_starts: date
    note: str = ""


class ProgrammeFile(_Section):
    """A programme file as it was written, checked against the catalogue."""

    programme: Name
    title: Name
    question: Name
    as_of: date
    deadline: date
    also_by: tuple[date, ...] = ()
    seed: Annotated[int, Field(ge=0)] = 1
    draws: Annotated[int, Field(ge=20, le=100_000)] = 400
    replicates: Annotated[int, Field(ge=20, le=100_000)] = 500
    phases: Annotated[dict[str, PhaseSpecification], Field(min_length=1)]
    candidates: Annotated[tuple[Candidate, ...], Field(min_length=1)]
    shared_luck: Name
    base_rate: BaseRate
    weight_of_model: Annotated[float, Field(ge=0.0, le=1.0)] = 0.5

    @model_validator(mode="after")
    def _fits(self) -> "ProgrammeFile":
        wrong = []
        if self.deadline <= self.as_of:
            wrong.append(f"deadline {self.deadline} is not after as_of {self.as_of}")
        for candidate in self.candidates:
            for phase in candidate.route:
                if phase not in self.phases:
                    known = suggestion(phase, sorted(self.phases))
                    wrong.append(f"{candidate.name}: unknown phase '{phase}'; {known}")
            if candidate.started is not None and candidate.started > self.as_of:
                wrong.append(f"{candidate.name} started on {candidate.started}, after as_of")
        if self.base_rate.clock_starts > self.as_of:
            wrong.append(f"clock_starts {self.base_rate.clock_starts} is after as_of {self.as_of}")
        for phase, specification in self.phases.items():
            success = specification.success
            if isinstance(success, TrialSuccess) and success.p0 >= success.p1:
                wrong.append(f"{phase}: p0 is {success.p0:g}, not below p1 {success.p1:g}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def sampled(self) -> tuple[str, ...]:
        """Ids of the records whose distributions are drawn from, without repeats."""
        found = [self.shared_luck, self.base_rate.time, *self.base_rate.success]
        found += [c.count for c in self.candidates if isinstance(c.count, str)]
        for specification in self.phases.values():
            success = specification.success
            if isinstance(success, TrialSuccess):
                found += [name for name in (success.infused, success.and_then) if name is not None]
            elif isinstance(success, RunSuccess):
                found += [success.and_then] if success.and_then is not None else []
            else:
                found.append(success)
            if specification.duration is not None:
                found.append(specification.duration)
        return tuple(dict.fromkeys(found))

    def from_runs(self) -> dict[str, RunSuccess]:
        """Phases whose success comes from a run of a study."""
        phases = {name: phase.success for name, phase in self.phases.items()}
        return {name: one for name, one in phases.items() if isinstance(one, RunSuccess)}

    def observed(self) -> tuple[str, ...]:
        """Ids of the records whose reported share and n are used as data."""
        trials = (phase.success for phase in self.phases.values())
        return tuple(dict.fromkeys(t.response for t in trials if isinstance(t, TrialSuccess)))


def load_programme(
    source: Path | str, catalogue: Catalogue, *, name: str | None = None
) -> ProgrammeFile:
    """Read a programme file and check that every record it names exists and can play its part.

    Parameters
    ----------
    source
        A path, or the text itself.
    catalogue
        What its names refer to.
    name
        What errors call the text.

    Raises
    ------
    InputError
        Listing every problem with its line.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> load_programme("programme: a", default_catalogue(), name="a.yaml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: a.yaml:1: title: field required. Fix: add it...
    """
    document = load_document(source, name=name)
    file = validated(ProgrammeFile, document)
    problems = list(_record_problems(file, catalogue, document.name))
    if problems:
        raise InputError(problems)
    return file


def _record_problems(file: ProgrammeFile, catalogue: Catalogue, name: str) -> Iterator[Problem]:
    known = catalogue.parameters
    for record in (*file.sampled(), *file.observed()):
        if record not in known:
            near = suggestion(record, [key for key in known if key.startswith("programme/")])
            yield Problem(f"unknown record '{record}'", near, name)
    for record in file.sampled():
        if record in known and known[record].used is None:
            yield Problem(f"'{record}' has no distribution to draw from", "name another", name)
    for record in file.observed():
        entries = known[record].reported if record in known else ()
        if record in known and not (entries and entries[0].n):
            yield Problem(f"'{record}' reports no share with its n", "name another", name)
