"""Cohorts with toxicity and response as one writes them, and how desirable doses are."""

import re
from typing import TYPE_CHECKING, Any

from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.trial import Boin12, DoseState

__all__ = ["desirability", "read_cohorts"]

_COHORT = re.compile(r"(\d+)([ENTB]+)")


def read_cohorts(outcomes: str, doses: int, lists: OptionLists) -> "DoseState | None":
    """Read cohorts such as ``1NNN 2ENT``; complain about all that cannot be read."""
    from progenitor.trial import DoseState

    levels: list[int] = []
    letters: list[str] = []
    if doses < 1:
        lists.add("--doses", f"{doses} doses", "give at least 1")
    for word in outcomes.upper().split():
        read = _COHORT.fullmatch(word)
        if read is None or not 1 <= int(read[1]) <= doses:
            fix = f"write a dose from 1 to {doses}, then letters among E, N, T and B, like 2ENT"
            lists.add("--outcomes", f"'{word}' is not a cohort", fix)
            continue
        levels += [int(read[1]) - 1] * len(read[2])
        letters += list(read[2])
    if not levels or not lists.good("--outcomes", "--doses"):
        return None
    toxic = [letter in "TB" for letter in letters]
    responded = [letter in "EB" for letter in letters]
    return DoseState.from_sequence(levels, toxic, doses, responded=responded)


def desirability(design: "Boin12", state: "DoseState") -> dict[str, Any]:
    """How likely each dose exceeds the benchmark utility, and which neighbours are admissible."""
    level = int(state.level[0])
    admissible = design.rule.admissible(state)[0]
    near = [d + 1 for d in range(state.doses) if admissible[d] and abs(d - level) <= 1]
    chances = (100.0 * design.rule.desirability(state)[0]).tolist()
    return {"utility_exceed_prob_pct": chances, "admissible_local": near}
