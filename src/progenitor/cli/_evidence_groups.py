"""Which numbers a list of evidence is about."""

from typing import Annotated, Final

import typer

__all__ = ["GROUPS", "Of", "group_ids"]

GROUPS: Final = {
    "all": "every number",
    "answer": "numbers that the shipped study leans on",
    "library": "numbers of published models",
    "own": "numbers of Progenitor's own models",
}
"""What ``--of`` may say."""

Of = Annotated[
    str,
    typer.Option("--of", metavar="GROUP", help="all, answer (the shipped study), library or own."),
]


def group_ids(group: str) -> frozenset[str]:
    """Return the ids of a group of numbers.

    Parameters
    ----------
    group
        One of :data:`GROUPS`.

    Raises
    ------
    InputError
        When there is no such group; the message names the nearest.

    Examples
    --------
    >>> "stein_2019/peak_level" in group_ids("library")
    True
    """
    from progenitor.documents import suggestion
    from progenitor.errors import InputError, Problem
    from progenitor.evidence import default_catalogue

    catalogue = default_catalogue()
    published = frozenset(name for table in catalogue.library.values() for name in table.records)
    if group == "answer":
        from progenitor.study import answer_ids

        return answer_ids(catalogue)
    if group not in GROUPS:
        raise InputError([Problem(f"--of is '{group}'", suggestion(group, GROUPS))])
    everything = frozenset(catalogue.parameters)
    return {"all": everything, "library": published, "own": everything - published}[group]
