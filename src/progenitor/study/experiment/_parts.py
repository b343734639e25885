"""The parts of a run: the arms, the arms again under other structures, and the points of maps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final, final

from progenitor.evidence import Catalogue
from progenitor.study.experiment._condition import Change, Condition, condition_of
from progenitor.study.experiment._file import Axis, ExperimentFile, Map

__all__ = ["ARMS", "Part", "map_part", "parts_of", "structure_part", "world"]

ARMS: Final = "arms"
"""Name of the part in which every arm is simulated with its curves kept."""


@final
@dataclass(frozen=True, slots=True)
class Part:
    """Conditions simulated on the same subjects and stored together.

    Parameters
    ----------
    name
        Of the part.
    conditions
        What groups live through; their order numbers the rows.
    draws, per_draw
        How many subjects.
    curves
        Whether courses are kept.
    """

    name: str
    conditions: tuple[Condition, ...]
    draws: int
    per_draw: int
    curves: bool = False


def structure_part(name: str) -> str:
    """Return the name of the part of a structure.

    Examples
    --------
    >>> structure_part("integrator")
    'structure-integrator'
    """
    return f"structure-{name}"


def map_part(name: str) -> str:
    """Return the name of the part of a map.

    Examples
    --------
    >>> map_part("dose_by_renewal")
    'map-dose_by_renewal'
    """
    return f"map-{name}"


def parts_of(catalogue: Catalogue, file: ExperimentFile) -> dict[str, Part]:
    """Lay out everything an experiment simulates, the arms first.

    Parameters
    ----------
    catalogue
        Where everything lives.
    file
        A checked experiment.
    """
    draws, per_draw = file.uncertainty.draws, file.subjects.per_draw
    arms = tuple(condition_of(catalogue, file, name) for name in file.arms)
    parts = [Part(ARMS, arms, draws, per_draw, curves=True)]
    for name, structure in file.structures.items():
        conditions = tuple(
            condition_of(catalogue, file, arm, structure=structure.alternatives)
            for arm in file.arms
        )
        parts.append(Part(structure_part(name), conditions, draws, per_draw))
    for name, grid in file.maps.items():
        conditions = tuple(_points(catalogue, file, grid))
        parts.append(
            Part(
                map_part(name),
                conditions,
                min(grid.draws or draws, draws),
                min(grid.per_draw or per_draw, per_draw),
            )
        )
    return {part.name: part for part in parts}


def world(axes: list[Axis], place: tuple[int, ...]) -> tuple[int, ...]:
    """Return where a point stands in what both arms share: the numbers, not what is given or set.

    Examples
    --------
    >>> axes = [Axis(title="d", given="gmp", values=["1", "2"]),
    ...         Axis(title="n", number="a/b", values=["1", "2"])]
    >>> world(axes, (1, 0)), world(axes, (0, 0))
    ((0, 0), (0, 0))
    """
    return tuple(at if axis.number is not None else 0 for axis, at in zip(axes, place, strict=True))


def _points(catalogue: Catalogue, file: ExperimentFile, grid: Map) -> Iterator[Condition]:
    """Yield every point of a map, then the arm it is held against in every world, in order."""
    places = list(product(*(range(len(axis.values)) for axis in grid.axes)))
    for place in places:
        yield condition_of(catalogue, file, grid.arm, change=_change(grid.axes, place))
    if grid.against is None:
        return
    for place in dict.fromkeys(world(grid.axes, place) for place in places):
        shared = Change(numbers=_values(grid.axes, place)["number"])
        yield condition_of(catalogue, file, grid.against, change=shared)


def _change(axes: list[Axis], place: tuple[int, ...]) -> Change:
    found = _values(axes, place)
    return Change(numbers=found["number"], doses=found["given"], inputs=found["set"])


def _values(axes: list[Axis], place: tuple[int, ...]) -> dict[str, Mapping[str, str]]:
    """Sort the values of a point by what they change."""
    return {
        kind: {
            str(getattr(axis, kind)): axis.values[at]
            for axis, at in zip(axes, place, strict=True)
            if getattr(axis, kind) is not None
        }
        for kind in ("number", "given", "set")
    }
