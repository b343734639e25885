"""What a setting may be: amounts below zero, shares above one and endless days are refused."""

from typing import Final

import numpy as np

from progenitor.manufacture._step import Setting

__all__ = ["out_of_bounds"]

_LONGEST: Final = 36_525.0
"""No step lasts longer than a century; day."""

_CULTURES: Final = ("minimum_duration", "maximum_duration")
_LONGEST_CULTURE: Final = 365.0
"""No culture that is looked at lasts longer than a year; day."""


def out_of_bounds(setting: Setting, value: float) -> tuple[str, str] | None:
    """Say what is wrong with the value of a setting and how to mend it; None where nothing is.

    Parameters
    ----------
    setting
        As its step declares it.
    value
        In the step's unit.

    Examples
    --------
    >>> out_of_bounds(Setting("recovery", "1", most=1.0, above_zero=True), 1.5)
    ('is above 1', 'give a number above 0 and up to 1')
    >>> out_of_bounds(Setting("recovery", "1", most=1.0), 0.5) is None
    True
    """
    longest = _LONGEST_CULTURE if setting.name in _CULTURES else _LONGEST
    most = min(setting.most, longest) if setting.unit == "day" else setting.most
    unit = "" if setting.unit == "1" else f" {setting.unit}"
    fix = "give a number above 0" if setting.above_zero else "give a number from 0 up"
    if np.isfinite(most):
        fix = (
            f"{fix.removesuffix(' up')} {'and up ' if setting.above_zero else ''}to {most:g}{unit}"
        )
    if not np.isfinite(value):
        return "is not finite", fix
    if value < 0:
        return "is below zero", fix
    if setting.above_zero and value == 0:
        return "is zero", fix
    if value > most:
        return f"is above {most:g}{unit}", fix
    return None
