"""Doses of an arm: one, or rising levels; none below the smallest that is infused."""

import difflib
from itertools import pairwise
from typing import Any, Final

from progenitor.study._probe import Probe
from progenitor.study._quantities import read_quantity

__all__ = ["check_doses", "misspelt"]

_OTHERS: Final = ("title", "product", "minimum_dose")


def check_doses(probe: Probe, arm: str) -> None:
    """Check that an arm has one dose or rising levels, and a smallest dose below them."""
    path = ("arms", arm)
    if not isinstance(probe.value(*path), dict):
        return
    has = {key: key in probe.value(*path) for key in ("dose", "doses")}
    if has["dose"] and has["doses"]:
        probe.report(
            (*path, "doses"), "the arm has 'dose' and 'doses'", "keep one: a dose, or its levels"
        )
    elif not any(has.values()) and not misspelt(probe, path, "dose", _OTHERS):
        fix = 'add \'dose: "2e6 cell/kg"\', or \'doses: ["1e6 cell/kg", "3e6 cell/kg"]\''
        probe.report((*path, "dose"), "'dose' is missing", fix)
    for key in (key for key in has if has[key] and probe.value(*path, key) is None):
        probe.report((*path, key), "nothing is written here", "give a dose, such as '2e6 cell/kg'")
    _check_levels(probe, path)


def misspelt(probe: Probe, path: tuple[str | int, ...], key: str, known: tuple[str, ...]) -> bool:
    """Whether a key that does not exist is clearly meant to be ``key``."""
    found = probe.value(*path)
    others = [name for name in found if isinstance(name, str) and name not in known]
    return bool(difflib.get_close_matches(key, [name for name in others if name != key], n=1))


def _check_levels(probe: Probe, path: tuple[str, str]) -> None:
    least = probe.number(_dose, *path, "minimum_dose")
    places: list[tuple[str | int, ...]] = [(*path, "dose")]
    places += [(*path, "doses", place) for place in range(probe.length(*path, "doses"))]
    aimed = [(place, dose) for place in places if (dose := probe.number(_dose, *place)) is not None]
    if aimed and least is not None and least > aimed[0][1]:
        probe.report(
            (*path, "minimum_dose"),
            f"the minimum dose {least:g} cell/kg is above the dose {aimed[0][1]:g} cell/kg",
            f"write at most '{aimed[0][1]:g} cell/kg', or raise the dose",
        )
    for (_, lower), (place, dose) in pairwise(one for one in aimed if one[0] != places[0]):
        if dose <= lower:
            probe.report(
                place,
                f"the dose {dose:g} cell/kg does not come after {lower:g} cell/kg",
                "list the dose levels from the lowest to the highest, each once",
            )


def _dose(value: Any) -> float:
    return read_quantity(value, "cell/kg")
