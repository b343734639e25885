"""Escapes text and turns the DOIs in it into links a reader may follow."""

import re

from markupsafe import Markup, escape

__all__ = ["linked"]

_DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?(10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;)\]])"
)


def linked(text: str) -> Markup:
    """Return ``text`` escaped for HTML, each DOI in it a link to its resolver.

    Examples
    --------
    >>> print(linked("Kimmel <2021>, doi:10.1098/rspb.2021.0229."))
    Kimmel &lt;2021&gt;, <a href="https://doi.org/10.1098/rspb.2021.0229">doi:10.1098/rspb.2021.0229</a>.
    """
    parts: list[str] = []
    end = 0
    for found in _DOI.finditer(text):
        parts.append(str(escape(text[end : found.start()])))
        doi = str(escape(found.group(1)))
        parts.append(f'<a href="https://doi.org/{doi}">doi:{doi}</a>')
        end = found.end()
    parts.append(str(escape(text[end:])))
    return Markup("".join(parts))  # noqa: S704 - every part was escaped above
