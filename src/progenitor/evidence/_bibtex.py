"""Sources as BibTeX entries, for the reference list of a manuscript."""

import re
from typing import Final

from progenitor.evidence._source import Source

__all__ = ["bibtex"]

_SPECIAL: Final = re.compile(r"[&%$#_{}]")
_INITIALS: Final = re.compile(r"(?P<family>.+) (?P<initials>[A-Z]{1,4})\Z")
_PLACE: Final = re.compile(
    r"(?P<journal>\D.*?),? (?P<volume>\d+)(?:\(\d+\))?:(?P<pages>[\w.-]+(?:[-–]\w+)?)\Z"
)


def bibtex(source: Source) -> str:
    """Write one source as a BibTeX entry whose key is its id.

    Parameters
    ----------
    source
        Authors are ``Family Initials``; a journal that ends with ``8:285-295`` gives volume and
        pages.

    Examples
    --------
    >>> print(bibtex(Source("a_2019", "On cells", ("Able AB",), 2019, "J Cell 8:1-9", "10.1/x")))
    @article{a_2019,
      author = {Able, A. B.},
      title = {{On cells}},
      year = {2019},
      journal = {J Cell},
      volume = {8},
      pages = {1--9},
      doi = {10.1/x},
    }
    """
    found = _PLACE.match(source.journal)
    fields = {
        "author": " and ".join(_author(name) for name in source.authors),
        "title": f"{{{_escaped(source.title.rstrip('.'))}}}",
        "year": str(source.year),
        "journal": _escaped(found["journal"] if found else source.journal),
        "volume": found["volume"] if found else "",
        "pages": re.sub("[-–]", "--", found["pages"]) if found else "",
        "doi": source.doi,
        "url": "" if source.doi else source.url,
        "note": "Retracted" if source.retracted else "",
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@article{{{source.id},", *lines, "}"])


def _author(name: str) -> str:
    found = _INITIALS.match(name)
    if found is None:
        return f"{{{_escaped(name)}}}"
    return f"{_escaped(found['family'])}, {' '.join(f'{one}.' for one in found['initials'])}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda sign: rf"\{sign[0]}", text)
