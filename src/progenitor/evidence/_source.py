"""A source: where a number was published, and how strong that kind of evidence is."""

from dataclasses import dataclass
from typing import Final, Literal, final, get_args

__all__ = ["GRADES", "Grade", "Source"]

Grade = Literal[
    "human-trial",
    "human-observational",
    "guideline",
    "in-vitro",
    "NHP",
    "mouse",
    "expert",
    "press",
]
GRADES: Final[tuple[str, ...]] = get_args(Grade)
"""Kinds of evidence, from a trial in people down to a press release."""

_NAMED_AUTHORS = 3


@final
@dataclass(frozen=True, slots=True)
class Source:
    """One publication, written once and cited by every number that came from it.

    Parameters
    ----------
    id
        The file's name, such as ``stein_2019``.
    title, authors, year, journal
        As printed; authors as ``Family Initials``.
    doi, url
        Where to find it; a DOI is given without ``https://doi.org/``.
    grade
        The kind of evidence, one of ``GRADES``.
    retracted
        Whether the publication was withdrawn; every number from it becomes ``stale``.
    notes
        What a reader of the source should know.

    Examples
    --------
    >>> authors = ("Able A", "Baker B", "Chu C", "Du D")
    >>> source = Source("able_2019", "On cells", authors, 2019, "J Cell")
    >>> source.citation
    'Able A et al. 2019, J Cell'
    >>> source.reference
    'Able A, Baker B, Chu C, et al. (2019). On cells. J Cell.'
    """

    id: str
    title: str
    authors: tuple[str, ...]
    year: int
    journal: str
    doi: str = ""
    url: str = ""
    grade: Grade = "expert"
    retracted: bool = False
    notes: str = ""

    @property
    def citation(self) -> str:
        """The source in a few words, for a table."""
        first = self.authors[0] if self.authors else self.title
        others = " et al." if len(self.authors) > 1 else ""
        retracted = " [RETRACTED]" if self.retracted else ""
        return f"{first}{others} {self.year}, {self.journal}{retracted}"

    @property
    def reference(self) -> str:
        """The source as a line of a reference list."""
        names = ", ".join(self.authors[:_NAMED_AUTHORS])
        if len(self.authors) > _NAMED_AUTHORS:
            names += ", et al."
        place = f" https://doi.org/{self.doi}" if self.doi else f" {self.url}" if self.url else ""
        retracted = "RETRACTED: " if self.retracted else ""
        title = self.title.rstrip(".")
        return f"{names} ({self.year}). {retracted}{title}. {self.journal.rstrip('.')}.{place}"
