"""Hold readouts against published values."""

from collections.abc import Mapping

from progenitor.evidence import Catalogue, published
from progenitor.study._estimates import Table
from progenitor.study.experiment._file import ExperimentFile
from progenitor.study.experiment._measure import Measures, measure_of
from progenitor.study.experiment._words import small_start
from progenitor.study.results import PublishedComparison
from progenitor.units import convert

__all__ = ["published_rows"]


def published_rows(
    catalogue: Catalogue,
    file: ExperimentFile,
    tables: Mapping[str, Table],
    measures: Measures,
) -> tuple[PublishedComparison, ...]:
    """One row per comparator; ratio = simulated ÷ published.

    Parameters
    ----------
    catalogue, file
        Where the values are, and which are asked for.
    tables, measures
        Arms by name, and what reads them.
    """
    rows = []
    for asked in file.comparators:
        record = catalogue.parameter(asked.observed)
        value, reported = published(record), record.reported[0]
        readout = file.readouts[asked.readout]
        if asked.against is None:
            simulated = measures.one(tables[asked.arm], asked.readout).estimate
        else:
            measure = measure_of(readout, asked.measure)
            pair = (tables[asked.arm], tables[asked.against])
            simulated = measures.pair(*pair, asked.readout, measure).estimate
        unit = {"ratio": "1", "": "1"}.get(simulated.unit, simulated.unit)
        centre, low, high = (
            float(convert(number, value.unit, unit))
            for number in (value.value, value.low, value.high)
        )
        rows.append(
            PublishedComparison(
                arm=asked.arm,
                quantity=f"{readout.title} ({small_start(record.title)})",
                unit=simulated.unit,
                simulated=simulated,
                published=centre,
                published_low=low,
                published_high=high,
                interval=reported.interval,
                parameter_id=record.id,
                citation=catalogue.source(reported.source).citation,
                population=reported.population,
                role=record.role,
                ratio=simulated.value / centre if centre else float("nan"),
                day=readout.at,
                caveat=record.notes,
            )
        )
    return tuple(rows)
