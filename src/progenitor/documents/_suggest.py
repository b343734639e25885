"""The nearest valid name, offered whenever a name is refused."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["suggestion"]

SHOWN = 12
"""How many known names an error message lists before it says how many more there are."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a fix for an unknown name: the nearest known name, and what is known.

    Parameters
    ----------
    word
        The name that was not recognised.
    known
        Every name that would have been.

    Examples
    --------
    >>> suggestion("tscm_cart", ["tscm_car_t", "conventional_car_t"])
    "did you mean 'tscm_car_t'? Known: conventional_car_t, tscm_car_t"
    >>> suggestion("anything", [])
    'nothing is known by that kind of name yet'
    """
    names = sorted(set(known))
    if not names:
        return "nothing is known by that kind of name yet"
    listed = ", ".join(names[:SHOWN])
    if len(names) > SHOWN:
        listed += f" and {len(names) - SHOWN} more"
    near = get_close_matches(word[:200], names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'? Known: {listed}"
    return f"known: {listed}"
