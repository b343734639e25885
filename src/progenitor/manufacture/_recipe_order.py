"""What no process can do: settings and words may be right and the order still impossible."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from progenitor.manufacture._recipe_step import RecipeStep

__all__ = ["COLLECTS", "impossible"]

COLLECTS: Final = ("apheresis", "collect", "mobilise")
"""Steps that bring in cells."""

_WAITS: Final = ("queue", "ship")
_ON_FROZEN: Final = ("bank", "certify", "quality_control", "queue", "release", "ship", "thaw")
_AFTER_RELEASE: Final = ("bank", "hold", "queue", "ship", "thaw")
_RELEASES: Final = ("certify", "release")


_MOST_LOOKS: Final = 1_000
"""Times a culture is looked at; more is a unit gone wrong."""

_Value = Callable[[RecipeStep, str], float]


def impossible(
    steps: Sequence[RecipeStep], *, specified: bool, value: _Value
) -> Iterator[tuple[int, str, str]]:
    """Yield position, message and fix of every step that cannot come where it stands.

    Parameters
    ----------
    steps
        In order.
    specified
        Whether the recipe names a specification.
    value
        Value of a setting of a step in a typical lot, NaN where it has none.
    """
    names = [step.step.name for step in steps]
    first = next((name for name in names if name not in _WAITS), "")
    if first and first not in COLLECTS:
        fix = f"begin with one of: {', '.join(COLLECTS)}"
        yield names.index(first), f"'{first}' comes before any cells were collected", fix
    cut: set[str] = set()
    for position, step in enumerate(steps):
        name = step.step.name
        if name in COLLECTS and position > 0 and any(n in COLLECTS for n in names[:position]):
            yield position, f"'{step.label}' collects a second time", "collect once"
        cut.update(step.words.get("edits", ()))
        for locus in step.words.get("locus", ()):
            if locus not in cut:
                fix = f"put 'electroporate' with 'edits: [{locus}]' before it"
                yield position, f"'{step.label}' looks for '{locus}', which nothing cut", fix
        if name == "release" and "quality_control" not in names[:position]:
            yield position, "'release' judges what was not measured", "test before it"
        if name == "certify" and not specified:
            yield position, f"'{step.label}' has nothing to judge by", "add 'specification:'"
        if name == "bank" and "fill" not in names[:position]:
            yield position, f"'{step.label}' keeps doses that were not filled", "fill before it"
        if len(step.words.get("path", ("from", "to"))) != 2:
            yield position, f"'{step.label}' leads from one kind to one", "write 'path: [hsc, gmp]'"
        yield from _state_of_cells(position, names, step.label)
        yield from _durations(position, step, value)


def _state_of_cells(
    position: int, names: Sequence[str], label: str
) -> Iterator[tuple[int, str, str]]:
    """Frozen cells cannot be worked on, nor may a lot change once it was released."""
    name, before = names[position], names[:position]
    frozen = before.count("cryopreserve") > before.count("thaw")
    if name == "thaw" and not frozen:
        yield position, f"'{label}' thaws what was not frozen", "put 'cryopreserve' before it"
    elif frozen and name not in _ON_FROZEN:
        yield position, f"'{label}' works on frozen cells", "put it before 'cryopreserve'"
    elif name not in _AFTER_RELEASE and any(one in _RELEASES for one in before):
        message = f"'{label}' comes after the lot was released"
        yield position, message, "put it before the release"


def _durations(position: int, step: RecipeStep, value: _Value) -> Iterator[tuple[int, str, str]]:
    """Refuse a culture that ends before it may, or is looked at without end."""
    first, last = (value(step, f"{which}_duration") for which in ("minimum", "maximum"))
    if first > last:
        message = f"'{step.label}' lasts {first:g} days at least and {last:g} at most"
        yield position, message, "give a 'maximum_duration' that is not below 'minimum_duration'"
    elif last / value(step, "look_interval") > _MOST_LOOKS:
        message = f"'{step.label}' is looked at more than {_MOST_LOOKS} times"
        yield position, message, "give a longer 'look_interval' or a shorter 'maximum_duration'"
