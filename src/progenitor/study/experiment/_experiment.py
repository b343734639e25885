"""An experiment, read and checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self, final

from progenitor.documents import Document
from progenitor.errors import Problem
from progenitor.evidence import Catalogue
from progenitor.study._durable import hash_json
from progenitor.study._loading import Source, sections_of, with_values
from progenitor.study.experiment._checks import experiment_problems
from progenitor.study.experiment._file import ExperimentFile
from progenitor.study.experiment._parts import parts_of

__all__ = ["Experiment"]


@final
@dataclass(frozen=True, slots=True)
class Experiment:
    """Everything an experiment file says; days in days, other amounts as written.

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
    >>> experiment = Experiment.load(template_path("car_t_dose_in_dlbcl"))
    >>> experiment.draws, list(experiment.file.arms)[0]
    (20, 'untreated')
    """

    file: ExperimentFile
    path: Path
    text: str
    document: Document

    @classmethod
    def load(cls, path: Path | str, *, catalogue: Catalogue | None = None) -> Self:
        """Read an experiment file.

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
        """Read an experiment from text, such as the copy in a run folder.

        Parameters
        ----------
        text
            Content of an experiment file.
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
            return experiment_problems(read, catalogue)

        file = sections_of(source.document, source.refused, ExperimentFile, checks)
        return cls(file, source.path, source.text, source.document)

    def check(self, catalogue: Catalogue) -> tuple[Problem, ...]:
        """List what is still wrong when the names are looked up in the catalogue."""
        return tuple(experiment_problems(self.document, catalogue))

    def with_options(
        self, *, seed: int | None = None, draws: int | None = None, patients: int | None = None
    ) -> Self:
        """Return the experiment with another seed, number of draws, or of subjects per draw.

        Maps never have more draws and subjects than the experiment.

        Raises
        ------
        StudyError
            If a number is out of range.
        """
        given = {
            "--seed": (("seed",), seed),
            "--draws": (("uncertainty", "draws"), draws),
            "--patients": (("subjects", "per_draw"), patients),
        }
        source = Source(self.document, (), self.text, self.path)
        return with_values(
            self.document,
            given,
            lambda changed: self._validated(source.changed(changed), None),
        )

    def simulations(self, catalogue: Catalogue) -> int:
        """Count the simulations of a run: arms, structures and points of maps."""
        parts = parts_of(catalogue, self.file).values()
        return sum(part.draws * part.per_draw * len(part.conditions) for part in parts)

    @property
    def content_hash(self) -> str:
        """Hash of everything the file says, whatever its comments and order."""
        return hash_json(self.file.model_dump(mode="json"))

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return self.file.experiment

    @property
    def seed(self) -> int:
        """Seed of all random streams."""
        return self.file.seed

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return self.file.uncertainty.draws
