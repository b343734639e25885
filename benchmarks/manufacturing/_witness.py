"""One line of the benchmark: published, ours, and their ratio."""

import math
from dataclasses import dataclass
from typing import final

__all__ = ["Witness", "markdown"]


@final
@dataclass(frozen=True, slots=True)
class Witness:
    """A published number or range beside ours.

    Parameters
    ----------
    what, unit
        The quantity.
    published
        As printed, in words.
    middle
        The published number, or the middle of its range; NaN where there is none to divide by.
    ours
        Ours.
    note
        What to know about the comparison.
    """

    what: str
    unit: str
    published: str
    middle: float
    ours: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours over published."""
        return self.ours / self.middle if self.middle else math.nan


def markdown(lines: list[Witness]) -> str:
    """Return the lines as a table."""
    rows = ["| witness | unit | published | ours | ratio | note |", "|---|---|--:|--:|--:|---|"]
    for one in lines:
        ours = f"{one.ours:,.2f}" if abs(one.ours) >= 1000 else f"{one.ours:.4g}"
        ratio = f"{one.ratio:.3f}" if math.isfinite(one.ratio) else "–"
        rows.append(
            f"| {one.what} | {one.unit} | {one.published} | {ours} | {ratio} | {one.note} |"
        )
    return "\n".join(rows)
