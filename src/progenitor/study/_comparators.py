"""Published values held against the simulation: which quantity, on which day, in which chassis."""

from dataclasses import dataclass
from typing import Final, Literal, final

from progenitor.evidence import Catalogue, Parameter, published
from progenitor.units import convert

__all__ = ["Comparator", "Target", "comparators", "conditioned_disease", "targets"]

_CONDITION: Final = "dlbcl_comparators"


@final
@dataclass(frozen=True, slots=True)
class Comparator:
    """One published value and the simulated quantity it belongs to.

    Parameters
    ----------
    parameter_id
        Catalogue id of the published value.
    quantity
        Endpoint, or curve when ``day`` is given.
    chassis
        Chassis of the arms it is held against.
    day
        Days since infusion at which a curve is read.
    disease
        Disease of the studies it is held against.
    """

    parameter_id: str
    quantity: str
    chassis: str
    day: float | None
    disease: str = "dlbcl"


@final
@dataclass(frozen=True, slots=True)
class Target:
    """A published building value that chooses among parameter draws.

    ``day`` is NaN for a share of patients; ``value`` is in the parameter's unit, a share in 0-1.
    """

    parameter_id: str
    quantity: str
    chassis: str
    day: float
    value: float


def comparators(catalogue: Catalogue) -> dict[str, Comparator]:
    """Every comparator the catalogue knows, by catalogue id.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> comparators(default_catalogue())["observed/axicel_blood_day_7"].day
    7.0
    """
    known = (catalogue.entry("studies", name).data for name in catalogue.names("studies"))
    return {
        name: Comparator(
            name,
            entry["quantity"],
            entry["chassis"],
            float(entry["day"]) if "day" in entry else None,
            group["disease"],
        )
        for group in known
        for name, entry in group.get("compare", {}).items()
    }


def conditioned_disease(catalogue: Catalogue) -> str:
    """Return the disease whose building values choose among parameter draws.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> conditioned_disease(default_catalogue())
    'dlbcl'
    """
    return str(catalogue.entry("studies", _CONDITION).data["disease"])


def targets(catalogue: Catalogue, kind: Literal["levels", "rates"]) -> tuple[Target, ...]:
    """Read the building values on which parameter draws are conditioned.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> [target.value for target in targets(default_catalogue(), "levels")]
    [27.5, 9.1, 2.1, 0.1]
    """
    known = comparators(catalogue)
    found = []
    for name in catalogue.entry("studies", _CONDITION).data["condition"][kind]:
        comparator, record = known[name], catalogue.parameter(name)
        unit = "1" if kind == "rates" else record.unit
        found.append(
            Target(
                parameter_id=name,
                quantity=comparator.quantity,
                chassis=comparator.chassis,
                day=float("nan") if comparator.day is None else comparator.day,
                value=published(record).value if unit == record.unit else _share(record),
            )
        )
    return tuple(found)


def _share(record: Parameter) -> float:
    value = published(record)
    return float(convert(value.value, value.unit, "1"))
