"""One patient of a published model: what another tool needs to repeat a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from progenitor.engine import Dose, Model
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.library._population import checked_changes, doses_of
from progenitor.library._published_model import PublishedModel
from progenitor.library._registry import find_model

__all__ = ["Patient", "typical_patient"]


@final
@dataclass(frozen=True, slots=True)
class Patient:
    """A model with the numbers and doses of one patient.

    Parameters
    ----------
    model
        The equations.
    parameters
        Value of each of their parameters.
    doses
        What the patient is given; one patient's arrays.
    numbers
        Every number of the table, those that only doses and looks use among them.
    """

    model: Model
    parameters: Mapping[str, float]
    doses: tuple[Dose, ...]
    numbers: Mapping[str, float]


def typical_patient(
    model: str | PublishedModel,
    *,
    variant: str = "",
    changes: Mapping[str, float] | None = None,
    catalogue: Catalogue | None = None,
) -> Patient:
    """Return the patient in whom every number is as printed.

    Parameters
    ----------
    model
        Its name, such as ``"library:stein_2019"``, or the model.
    variant, changes
        A named set of numbers of the table; and symbols set by hand.
    catalogue
        Where the numbers are; by default the one that ships.

    Raises
    ------
    CatalogueError
        When the model or the variant is unknown; the message names the nearest.
    InputError
        When a change names no number of the model, or is none.

    Examples
    --------
    >>> typical_patient("stein_2019", changes={"peak_level": 1e4}).parameters["peak_level"]
    10000.0
    """
    chosen = find_model(model) if isinstance(model, str) else model
    known = default_catalogue() if catalogue is None else catalogue
    numbers = dict(chosen.typical(known, variant))
    numbers |= checked_changes(known.table(chosen.name), changes or {})
    built = chosen.model(known)
    one = {symbol: np.array([value]) for symbol, value in numbers.items()}
    inside = {parameter.name: numbers[parameter.name] for parameter in built.parameters}
    return Patient(built, inside, tuple(doses_of(chosen, one)), numbers)
