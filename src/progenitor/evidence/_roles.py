"""Keeps the data a model is built on apart from the data it is tested against."""

import re
from collections.abc import Mapping
from typing import Final

from progenitor.documents import Document
from progenitor.errors import Problem
from progenitor.evidence._parameter import Parameter, Reported

__all__ = ["overlap_problems", "rows_of"]

_ROW = re.compile(r"\brow ([A-Z]+-\d+[a-z]?)\b")
_BUILDING: Final = frozenset({"building", "prior"})


def rows_of(entry: Reported) -> frozenset[str]:
    """Return the rows of the evidence table a reported number was entered from.

    Examples
    --------
    >>> sorted(rows_of(Reported("a", "b", 1.0, "1", row="KIN-008", locator="row KIN-009")))
    ['KIN-008', 'KIN-009']
    """
    named = {entry.row} if entry.row else set()
    return frozenset(named | set(_ROW.findall(entry.locator)))


def overlap_problems(
    parameters: Mapping[str, Parameter], documents: Mapping[str, Document]
) -> list[Problem]:
    """Return a problem for every evidence row used for building and for verification.

    A model that is tested on the numbers it was built on passes for the wrong reason.

    Parameters
    ----------
    parameters, documents
        Records and their files by id.
    """
    built: dict[str, str] = {}
    for name, parameter in parameters.items():
        if parameter.role in _BUILDING:
            for entry in parameter.reported:
                built.update(dict.fromkeys(rows_of(entry), name))
    problems = []
    for name, parameter in parameters.items():
        if parameter.role != "verification":
            continue
        for position, entry in enumerate(parameter.reported):
            for row in sorted(rows_of(entry) & built.keys()):
                message = f"row {row} is also used for building by '{built[row]}'"
                fix = "use it for one of the two: a test on building data proves nothing"
                path = ("reported", position, "row")
                problems.append(documents[name].problem(path, message, fix))
    return problems
