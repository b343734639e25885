"""What no process can do: settings and words may be right and the order still impossible."""

from collections.abc import Iterator, Sequence
from typing import Final

from progenitor.manufacture._recipe_step import RecipeStep

__all__ = ["COLLECTS", "impossible"]

COLLECTS: Final = ("apheresis", "collect", "mobilise")
"""Steps that bring in cells."""

_WAITS: Final = ("queue", "ship")


def impossible(steps: Sequence[RecipeStep], *, specified: bool) -> Iterator[tuple[int, str, str]]:
    """Yield position, message and fix of every step that cannot come where it stands.

    Parameters
    ----------
    steps
        In order.
    specified
        Whether the recipe names a specification.
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
