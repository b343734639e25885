"""Reading a specification of the catalogue, and everything that is wrong with it at once."""

from typing import Any, Final

from progenitor.documents import Document, suggestion
from progenitor.errors import CatalogueError, Problem
from progenitor.evidence import Catalogue
from progenitor.manufacture._product_cells import GIVEABLE
from progenitor.manufacture._specification import (
    CONSEQUENCES,
    GATES,
    REASONS,
    Specification,
    SpecificationLine,
)

__all__ = ["load_specification"]

_TEXTS: Final = ("title", "method", "denominator", "time_point", "unit")
_NUMBERS: Final = ("cells", "variation", "detection", "turnaround")
_LIMITS: Final = ("at_least", "at_most")
_KNOWN: Final = ("quantity", *_TEXTS, *_NUMBERS, *_LIMITS, "gate", "consequence", "of")


def load_specification(catalogue: Catalogue, name: str) -> Specification:
    """Read ``catalogue/specifications/<name>.yaml``.

    Parameters
    ----------
    catalogue
        Where specifications are.
    name
        The specification.

    Raises
    ------
    CatalogueError
        Listing everything that is wrong with it.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> rules = load_specification(default_catalogue(), "ari_0001")
    >>> rules.line("viability").limit, rules.line("viability").denominator
    (0.7, 'all cells')
    """
    document = catalogue.entry("specifications", name)
    data = document.data if isinstance(document.data, dict) else {}
    problems: list[Problem] = [
        document.problem((), f"'{key}' is missing", f"add '{key}:'")
        for key in ("title", "source", "locator", "lines")
        if not data.get(key)
    ]
    if data.get("source") not in {None, "assumed", *catalogue.sources}:
        fix = suggestion(data["source"], catalogue.sources)
        problems.append(document.problem(("source",), f"unknown source '{data['source']}'", fix))
    lines = [
        _line(document, position, entry, problems)
        for position, entry in enumerate(data.get("lines") or [])
    ]
    if problems:
        raise CatalogueError(problems)
    return Specification(
        name=name,
        title=str(data["title"]),
        source=str(data["source"]),
        locator=str(data["locator"]),
        lines=tuple(lines),
        notes=str(data.get("notes", "")),
    )


def _line(
    document: Document, position: int, entry: Any, problems: list[Problem]
) -> SpecificationLine:
    """Read one line; a problem is added for every field that cannot be used."""
    place = ("lines", position)
    given = entry if isinstance(entry, dict) else {}
    for key in sorted(given.keys() - set(_KNOWN)):
        fix = suggestion(key, _KNOWN)
        problems.append(document.problem((*place, key), f"unknown field '{key}'", fix))
    numbers: dict[str, float] = {}
    for key in (*_NUMBERS, *_LIMITS):
        value = given.get(key)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            message = f"{key} is {value!r}"
            problems.append(document.problem((*place, key), message, "give a number from 0 up"))
        else:
            numbers[key] = float(value)
    gate, consequence = given.get("gate", "release"), given.get("consequence", "reject")
    for key, word, known in (
        ("gate", gate, GATES),
        ("consequence", consequence, CONSEQUENCES),
    ):
        if word not in known:
            fix = suggestion(str(word), known)
            problems.append(document.problem((*place, key), f"unknown {key} '{word}'", fix))
    of = given.get("of", [])
    unknown = [word for word in of if word not in GIVEABLE] if isinstance(of, list) else [of]
    for word in unknown:
        fix = suggestion(str(word), GIVEABLE)
        problems.append(document.problem((*place, "of"), f"unknown kind of cell '{word}'", fix))
    limits = [key for key in _LIMITS if key in numbers]
    quantity = str(given.get("quantity", ""))
    if quantity in REASONS and len(limits) != 1:
        message = f"'{quantity}' has {len(limits)} limits"
        problems.append(document.problem(place, message, "give 'at_least:' or 'at_most:'"))
    fields: dict[str, Any] = {key: str(given[key]) for key in _TEXTS if key in given}
    fields |= {key: numbers[key] for key in _NUMBERS if key in numbers}
    return SpecificationLine(
        quantity=quantity,
        **{"title": quantity, **fields},
        limit=numbers[limits[0]] if limits else float("nan"),
        at_least=limits != ["at_most"],
        gate=str(gate),
        consequence=str(consequence),
        of=() if unknown else tuple(of),
    )
