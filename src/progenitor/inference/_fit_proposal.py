"""What a fit proposes: a change of catalogue files that a person may enter, or not."""

import difflib
import math
import re
from typing import Final

from progenitor.evidence import Catalogue
from progenitor.inference._fit import Fit, FittedNumber

__all__ = ["proposal"]

_MEDIAN: Final = re.compile(r"(\bmedian:\s*)([-+0-9.eE]+)")
_WORTH: Final = 0.1
"""Least shrinkage of a number worth a proposal: with less, the data said nothing about it."""

_CLEAR: Final = 2.0
"""Monte Carlo standard errors by which a number must have moved."""


def proposal(fit: Fit, catalogue: Catalogue) -> str:
    """Return a unified diff of catalogue files with the fitted medians; empty where there is none.

    Numbers about which the data said next to nothing (shrinkage below 0.1), or that moved by no
    more than twice the Monte Carlo error of so few draws, are left out. Nothing is written: a
    person who agrees applies the diff, sets ``calibrated: true`` and says in ``reason`` which fit
    it came from. Spreads are not proposed, because the same data would then count twice when draws
    are sieved by them again.

    Parameters
    ----------
    fit
        A finished fit.
    catalogue
        The one it was made with.
    """
    parts = []
    for number in fit.numbers:
        error = math.sqrt(max(1.0 - number.shrinkage, 0.0) / fit.sample.effective)
        if number.shrinkage >= _WORTH and abs(number.shift) > _CLEAR * error:
            parts += _diff(number, catalogue)
    return "".join(parts)


def _diff(number: FittedNumber, catalogue: Catalogue) -> list[str]:
    """Return the change of one record; its file in the catalogue stays as it is."""
    name = f"parameters/{number.number.record.id}.yaml"
    path = catalogue.path / name
    before = path.read_text(encoding="utf-8")
    place = before.find("\nused:")
    head, used = before[: place + 1], before[place + 1 :]
    after = head + _MEDIAN.sub(rf"\g<1>{_rounded(number.posterior[1])}", used, count=1)
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"catalogue/{name}",
        f"catalogue/{name}",
        n=0,
    )
    return list(lines)


def _rounded(value: float) -> str:
    """Three significant digits, plainly where that can be read."""
    if value == 0.0 or not 1e-3 <= abs(value) < 1e6:
        return f"{value:.3g}"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):.{max(digits, 0)}f}"
