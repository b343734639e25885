"""Copies of a data set, simulated with a published model."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.documents import suggestion
from progenitor.engine import Change, Dose, Reset
from progenitor.errors import InputError, Problem
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.inference._scatter import Assumed
from progenitor.library import PublishedModel, simulate_population

__all__ = ["Layout", "Replicates", "observable_of", "simulate_replicates"]

_MOST: Final = 5_000_000
_ALIKE: Final = 1e-5
"""Relative difference below which values are the same but for the solver."""

_NOTHING: Final = Assumed()


@final
@dataclass(frozen=True, slots=True)
class Layout:
    """Who is looked at when, after which doses.

    Parameters
    ----------
    times
        Days at which each patient is looked at, increasing; rows end in NaN.
    patient, look
        Row and column of ``times`` at which each observation was taken.
    doses
        What patients are given; None for what the model gives by itself.
    numbers
        Symbol → value of each patient that the data know, such as a covariate.
    """

    times: Float[np.ndarray, "patient look"]
    patient: Int[np.ndarray, " observation"]
    look: Int[np.ndarray, " observation"]
    doses: tuple[Dose | Change | Reset, ...] | None = None
    numbers: Mapping[str, Float[np.ndarray, " patient"]] = field(default_factory=dict)

    def repeated(self, count: int) -> "Layout":
        """Return the layout of so many copies of the patients, one copy after the other."""
        doses = self.doses
        return replace(
            self,
            times=np.tile(self.times, (count, 1)),
            doses=doses if doses is None else tuple(_tiled(item, count) for item in doses),
            numbers={name: np.tile(values, count) for name, values in self.numbers.items()},
        )


@final
@dataclass(frozen=True, slots=True)
class Replicates:
    """Simulated copies of a data set; make them with :func:`simulate_replicates`.

    Parameters
    ----------
    model, observable, title, unit
        What was simulated.
    simulated
        With between-patient variability and residual error; NaN where a patient failed.
    prediction
        The typical patient, with the doses and covariates of each.
    scatters
        Whether observations scatter around the course of a patient.
    assumed
        Variability that is not published.
    """

    model: str
    observable: str
    title: str
    unit: str
    simulated: Float[np.ndarray, "replicate observation"]
    prediction: Float[np.ndarray, " observation"]
    scatters: bool
    assumed: tuple[str, ...] = ()


def observable_of(model: PublishedModel, name: str = "") -> str:
    """Return the observable of that name; without one, the first whose scatter the model knows.

    Raises
    ------
    InputError
        When there is no such observable; names the nearest.

    Examples
    --------
    >>> from progenitor.library import find_model
    >>> observable_of(find_model("stein_2019"))
    'level'
    """
    known = [observable.name for observable in model.observables]
    if not name:
        return model.residuals[0].observable if model.residuals else known[0]
    if name not in known:
        message = f"{model.name} has no observable '{name}'"
        raise InputError([Problem(message, suggestion(name, known))])
    return name


def simulate_replicates(
    model: PublishedModel,
    layout: Layout,
    *,
    observable: str,
    replicates: int,
    seed: int,
    variant: str = "",
    changes: Mapping[str, float] | None = None,
    assumed: Assumed = _NOTHING,
    catalogue: Catalogue | None = None,
) -> Replicates:
    """Simulate copies of a data set: other patients, looked at on the same days.

    Parameters
    ----------
    model
        As :func:`progenitor.library.find_model` finds it.
    layout
        Days, doses and covariates of the patients of the data.
    observable
        What was measured.
    replicates, seed
        How many copies, and the seed of everything random.
    variant, changes
        As for :func:`progenitor.library.simulate_population`.
    assumed
        Variability that the publication does not give; assay error replaces that of the model.
    catalogue
        Where the numbers are; by default the one that ships.

    Raises
    ------
    InputError
        When the copies would be too many, or all alike because the model knows no variability.

    Examples
    --------
    >>> from progenitor.library import find_model
    >>> looks = Layout(np.array([[3.0, 9.0]]), np.array([0, 0]), np.array([0, 1]))
    >>> found = simulate_replicates(
    ...     find_model("stein_2019"), looks, observable="level", replicates=30, seed=1
    ... )
    >>> found.simulated.shape, found.prediction.shape, found.unit
    ((30, 2), (2,), 'copies/ug')
    """
    known = default_catalogue() if catalogue is None else catalogue
    patients = len(layout.times)
    _refuse_too_many(replicates, layout)
    medians = {**model.typical(known, variant), **(changes or {})}

    def simulated(copies: int, *, typical: bool) -> Float[np.ndarray, "copy observation"]:
        wide = layout.repeated(copies)
        spread = {} if typical else assumed.numbers(medians, copies * patients, seed)
        found = simulate_population(
            model,
            patients=copies * patients,
            seed=seed,
            times=wide.times,
            variant=variant,
            changes=changes,
            given=_merged(wide.numbers, spread),
            doses=wide.doses,
            typical=typical,
            residual=not typical and assumed.scatter is None,
            catalogue=known,
        )
        levels = found.of(observable).reshape(copies, patients, -1)
        return levels[:, layout.patient, layout.look]

    copies = assumed.scattered(simulated(replicates, typical=False), seed)
    _refuse_constant(model, copies, observable)
    shown = next(one for one in model.observables if one.name == observable)
    published = any(residual.observable == observable for residual in model.residuals)
    return Replicates(
        model=model.name,
        observable=observable,
        title=shown.title or observable.replace("_", " "),
        unit=shown.unit,
        simulated=copies,
        prediction=simulated(1, typical=True)[0],
        scatters=published or assumed.scatter is not None,
        assumed=assumed.words,
    )


def _refuse_too_many(replicates: int, layout: Layout) -> None:
    patients, looks = layout.times.shape
    if replicates * patients * looks > _MOST:
        message = f"{replicates} replicates of {patients} patients are too many to simulate at once"
        raise InputError([Problem(message, f"ask for at most {_MOST // (patients * looks)}")])


def _merged(
    known: Mapping[str, Float[np.ndarray, " patient"]],
    spread: Mapping[str, Float[np.ndarray, " patient"]],
) -> dict[str, Float[np.ndarray, " patient"]]:
    """Return the numbers of each patient: those that the data know come before assumed ones."""
    merged = dict(spread)
    for symbol, values in known.items():
        rest = spread.get(symbol, np.full(values.shape, np.nan))
        merged[symbol] = np.where(np.isnan(values), rest, values)
    return merged


def _tiled(item: Dose | Change | Reset, count: int) -> Dose | Change | Reset:
    """Return something done to the patients of every copy."""
    time = np.tile(item.time, count)
    if isinstance(item, Dose):
        lasting = None if item.duration is None else np.tile(item.duration, count)
        return replace(item, time=time, amount=np.tile(item.amount, count), duration=lasting)
    if isinstance(item, Change):
        return replace(item, time=time, value=np.tile(item.value, count))
    return replace(item, time=time)


def _refuse_constant(
    model: PublishedModel,
    copies: Float[np.ndarray, "replicate observation"],
    observable: str,
) -> None:
    highest, lowest = np.nanmax(copies, axis=0), np.nanmin(copies, axis=0)
    if not (highest - lowest > _ALIKE * np.maximum(np.abs(highest), np.abs(lowest))).any():
        message = f"{model.name} gives every patient the same '{observable}': it knows neither "
        message += "variability between patients nor residual error"
        fix = "say how observations scatter (--scatter log:0.3) or how much a number of the model "
        fix += "varies between patients (--between NAME=0.4)"
        raise InputError([Problem(message, fix)])
