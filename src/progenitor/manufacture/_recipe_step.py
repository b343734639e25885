"""One step of a recipe with its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import final

from progenitor.manufacture._step import Step

__all__ = ["RecipeStep"]


@final
@dataclass(frozen=True, slots=True)
class RecipeStep:
    """One step of a recipe with its settings.

    Parameters
    ----------
    label
        What this use of the step is called in the recipe.
    step
        The unit operation.
    constants
        Setting → value in the step's unit.
    references
        Setting → catalogue id that holds its value.
    words
        Textual setting → its words.
    """

    label: str
    step: Step
    constants: Mapping[str, float] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Catalogue ids its unit operation needs, with those its words ask for."""
        return (*self.step.parameters, *self.step.parameters_of(self.words))

    @property
    def parameter_ids(self) -> tuple[str, ...]:
        """Catalogue ids this step needs, sorted."""
        return tuple(sorted({*self.parameters, *self.references.values()}))

    def changed(self, settings: Mapping[str, float]) -> "RecipeStep":
        """Return the step with some settings given as numbers in the step's units."""
        if not settings:
            return self
        references = {
            name: value for name, value in self.references.items() if name not in settings
        }
        return replace(self, constants={**self.constants, **settings}, references=references)
