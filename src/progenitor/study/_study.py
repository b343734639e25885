"""A study, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self, final

from progenitor.documents import Document
from progenitor.errors import Problem
from progenitor.evidence import Catalogue
from progenitor.study._checks import study_problems
from progenitor.study._durable import hash_json
from progenitor.study._loading import Source, sections_of, with_values
from progenitor.study._measured import with_compositions
from progenitor.study._schema import (
    Arm,
    Population,
    Product,
    Regimen,
    StudyFile,
    Trial,
    Visits,
)
from progenitor.study._sections import Question

__all__ = ["Study"]


@final
@dataclass(frozen=True, slots=True)
class Study:
    """Everything a study file says, in canonical units (day, cell/kg, probabilities 0–1).

    Parameters
    ----------
    file
        The sections of the file, validated.
    path
        Where it was read from.
    text
        The file as it was read.
    document
        Its data and the line of every field.

    Examples
    --------
    >>> from progenitor.study import template_path
    >>> study = Study.load(template_path("tscm_vs_cart_dlbcl"))
    >>> study.arms["tscm"].dose, study.visits.response[0]
    (2000000.0, 28.0)
    """

    file: StudyFile
    path: Path
    text: str
    document: Document

    @classmethod
    def load(cls, path: Path | str, *, catalogue: Catalogue | None = None) -> Self:
        """Read a study file.

        Parameters
        ----------
        path
            The file.
        catalogue
            Where names are looked up; without it, :meth:`check` does that later.

        Raises
        ------
        StudyError
            Listing every problem with its file, line, field, value and fix.
        """
        return cls._validated(Source.of_file(path), catalogue)

    @classmethod
    def parse(cls, text: str, *, path: Path | str, catalogue: Catalogue | None = None) -> Self:
        """Read a study from text, such as the copy in a run folder.

        Parameters
        ----------
        text
            Content of a study file.
        path
            Where the text came from, for messages.
        catalogue
            Where names are looked up.

        Raises
        ------
        StudyError
            As :meth:`load`.
        """
        return cls._validated(Source.of_text(text, path), catalogue)

    @classmethod
    def _validated(cls, source: Source, catalogue: Catalogue | None) -> Self:
        def checks(read: Document) -> list[Problem]:
            return study_problems(read, catalogue)

        document, text, wrong = with_compositions(source.document, source.text, source.path.parent)
        file = sections_of(document, (*source.refused, *wrong), StudyFile, checks)
        return cls(file, source.path, text, document)

    def check(self, catalogue: Catalogue) -> tuple[Problem, ...]:
        """List what is still wrong when the names are looked up in the catalogue."""
        return tuple(study_problems(self.document, catalogue))

    def with_options(
        self, *, seed: int | None = None, draws: int | None = None, patients: int | None = None
    ) -> Self:
        """Return the study with another seed, number of draws, or number of patients per draw.

        Raises
        ------
        StudyError
            If a number is out of range.

        Examples
        --------
        >>> from progenitor.study import template_path
        >>> study = Study.load(template_path("tscm_vs_cart_dlbcl"))
        >>> study.with_options(draws=2, patients=5).draws
        2
        """
        given = {
            "--seed": (("seed",), seed),
            "--draws": (("uncertainty", "draws"), draws),
            "--patients": (("population", "patients_per_draw"), patients),
        }
        source = Source(self.document, (), self.text, self.path)
        return with_values(
            self.document,
            given,
            lambda changed: self._validated(source.changed(changed), None),
        )

    @property
    def content_hash(self) -> str:
        """Hash of everything the file says, whatever its comments, order and units."""
        return hash_json(self.file.model_dump())

    @property
    def name(self) -> str:
        """Name of the study."""
        return self.file.study

    @property
    def title(self) -> str:
        """Title of the study."""
        return self.file.title

    @property
    def question(self) -> Question:
        """What is asked, and what for."""
        return self.file.question

    @property
    def seed(self) -> int:
        """Seed of all random streams."""
        return self.file.seed

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return self.file.uncertainty.draws

    @property
    def population(self) -> Population:
        """Who is treated."""
        return self.file.population

    @property
    def products(self) -> Mapping[str, Product]:
        """Products by name."""
        return self.file.products

    @property
    def arms(self) -> Mapping[str, Arm]:
        """Arms by name, in the order of the file."""
        return self.file.arms

    @property
    def regimen(self) -> Regimen:
        """What patients receive besides the product."""
        return self.file.regimen

    @property
    def visits(self) -> Visits:
        """When patients are looked at, in days since infusion."""
        return self.file.visits

    @property
    def trials(self) -> Mapping[str, Trial]:
        """Trial designs by name."""
        return self.file.trials

    @property
    def comparators(self) -> tuple[str, ...]:
        """Parameter ids of the published values shown beside the simulation."""
        return tuple(self.file.comparators)
