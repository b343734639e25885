"""Hold the simulation against published values."""

from collections.abc import Mapping

import numpy as np

from progenitor.evidence import Catalogue, published
from progenitor.study._comparators import Comparator, comparators
from progenitor.study._estimates import ENDPOINTS, Table
from progenitor.study._schema import StudyFile
from progenitor.study.results import Estimate, PublishedComparison
from progenitor.trial import estimate
from progenitor.units import convert

__all__ = ["compare_with_published"]

_CURVES = {"car_t_in_blood": "cell/uL", "transgene_in_blood": "copy/ug"}


def compare_with_published(
    file: StudyFile,
    catalogue: Catalogue,
    tables: Mapping[str, Table],
    endpoints: Mapping[str, Mapping[str, Estimate]],
) -> tuple[PublishedComparison, ...]:
    """One row per comparator of the study and arm it belongs to; ratio = simulated ÷ published.

    Published values belong to one dose, so arms with several dose levels are left out.
    """
    known = comparators(catalogue)
    rows = []
    for name in file.comparators:
        if name not in known:
            continue
        comparator = known[name]
        for arm, spec in file.arms.items():
            if arm in tables and file.products[spec.product].chassis == comparator.chassis:
                if comparator.day is None and comparator.quantity not in endpoints[arm]:
                    continue  # the body has no observable for it; the report says so
                simulated = _simulated(comparator, tables[arm], endpoints[arm])
                rows.append(_row(catalogue, comparator, arm, simulated))
    return tuple(rows)


def _simulated(comparator: Comparator, table: Table, endpoints: Mapping[str, Estimate]) -> Estimate:
    """Read the simulated quantity from an endpoint or from a curve on one day."""
    if comparator.day is None:
        return endpoints[comparator.quantity]
    column = table.series[comparator.quantity][:, np.searchsorted(table.days, comparator.day)]
    found = estimate(column.reshape(table.draws, -1), "median")
    words = ENDPOINTS["cmax"].note.removeprefix("median, ")
    label = words if comparator.quantity == "car_t_in_blood" else "CAR transgene in blood"
    return Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        unit=_CURVES[comparator.quantity],
        label=f"{label}, day {comparator.day:g}",
        n=int((~np.isnan(column)).sum()),
        mcse=found.mcse,
        note="median of patients alive",
    )


def _row(
    catalogue: Catalogue, comparator: Comparator, arm: str, simulated: Estimate
) -> PublishedComparison:
    record = catalogue.parameter(comparator.parameter_id)
    value = published(record)
    unit = simulated.unit
    centre, low, high = (
        float(convert(number, value.unit, unit)) if number is not None else float("nan")
        for number in (value.value, value.low, value.high)
    )
    reported = record.reported[0]
    return PublishedComparison(
        arm=arm,
        quantity=record.title,
        unit=unit,
        simulated=simulated,
        published=centre,
        published_low=low,
        published_high=high,
        interval=reported.interval,
        parameter_id=record.id,
        citation=catalogue.source(reported.source).citation,
        population=reported.population,
        role=record.role,
        ratio=simulated.value / centre,
        day=comparator.day,
        caveat=record.notes,
    )
