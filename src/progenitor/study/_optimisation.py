"""What a search for better settings found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from progenitor.inference import SearchGoal
from progenitor.study._process_objectives import Judged
from progenitor.study._process_settings import ProcessSettings

__all__ = ["Candidate", "Optimisation"]


@final
@dataclass(frozen=True, slots=True)
class Candidate:
    """Settings that were tried, and what came of them.

    Parameters
    ----------
    settings
        Name → value in the unit of its range.
    judged
        Objectives with their error.
    confidence
        Share of resamplings of the parameter draws in which nothing dominates it.
    """

    settings: Mapping[str, float]
    judged: Judged
    confidence: float = float("nan")


@final
@dataclass(frozen=True, slots=True)
class Optimisation:
    """The Pareto front of a process, beside the recipe as shipped.

    Parameters
    ----------
    product
        What is made.
    space
        What was varied.
    goals
        What was wanted.
    front
        Candidates that no other dominates, judged on patients the search had not seen.
    tried
        Every candidate, judged on the patients of the search, in order.
    reference
        The recipe as shipped, judged as the front was.
    lots, lots_to_confirm
        Lots of each candidate while searching, and of the front.
    seed
        Of every random stream.
    notes
        What must be known to read the result.
    """

    product: str
    space: ProcessSettings
    goals: tuple[SearchGoal, ...]
    front: tuple[Candidate, ...]
    tried: tuple[Candidate, ...]
    reference: Candidate
    lots: int
    lots_to_confirm: int
    seed: int
    notes: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return the front, the recipe as shipped and how many were tried, as plain data."""
        return {
            "product": self.product,
            "recipe": self.space.recipe.name,
            "front": [self._plain(one) for one in self.front],
            "reference": self._plain(self.reference, compared=False),
            "evaluated": len(self.tried),
            "ranges": {
                item.name: {"low": item.low, "high": item.high, "unit": item.unit}
                for item in self.space.ranges
            },
            "objectives": {
                goal.name: {"title": goal.title, "unit": goal.unit, "maximise": goal.maximise}
                for goal in self.goals
            },
            "lots": self.lots,
            "lots_to_confirm": self.lots_to_confirm,
            "seed": self.seed,
            "notes": list(self.notes),
        }

    def _plain(self, one: Candidate, *, compared: bool = True) -> dict[str, Any]:
        units = {item.name: item.unit for item in self.space.ranges}
        judged = one.judged
        found: dict[str, Any] = {
            "settings": {
                name: {"value": value, "unit": units[name]} for name, value in one.settings.items()
            },
            "objectives": {
                goal.name: {
                    "value": judged.values[goal.name],
                    "error": judged.errors[goal.name],
                    "unit": goal.unit,
                }
                for goal in self.goals
            },
            "also": dict(judged.also),
        }
        if compared:
            pairs = {
                goal.name: judged.difference(self.reference.judged, goal.name)
                for goal in self.goals
            }
            found["against_reference"] = {
                name: {"difference": difference, "error": error}
                for name, (difference, error) in pairs.items()
            }
            found["confidence"] = one.confidence
        return found
