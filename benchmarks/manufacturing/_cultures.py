"""Vessels, vector copies and stemness beside what was published."""

import numpy as np

from benchmarks.manufacturing._witness import Witness
from progenitor.evidence import default_catalogue
from progenitor.manufacture import (
    Batch,
    LogEntry,
    load_recipe,
    manufacture,
    stemness_exchange,
    transduced_share,
)

__all__ = ["culture_witnesses"]

_DOSE = 2e6 * 75


def culture_witnesses() -> list[Witness]:
    """Return the lines."""
    return [*_prodigy(), *_vessels(), *_copies(), *_stemness()]


def _median_lot(name: str) -> Batch:
    catalogue, one = default_catalogue(), np.zeros(1, dtype=int)
    recipe = load_recipe(catalogue, name)
    records = {name: catalogue.parameter(name).used for name in recipe.parameter_ids}
    numbers = {name: np.array([used.median]) for name, used in records.items() if used}
    return manufacture(recipe, numbers, seed=1, draw=one, lot=one)


def _entry(batch: Batch, label: str) -> LogEntry:
    return next(entry for entry in batch.log if entry.label == label)


def _prodigy() -> list[Witness]:
    batch = _median_lot("prodigy_13_day")
    before, after = _entry(batch, "apheresis"), _entry(batch, "enrich")
    kept = after.lost.get("kept in reserve", np.zeros(1))
    recovered = (after.state.viable + kept) * after.state.purity / before.state.t_cells
    grown = _entry(batch, "harvest").state
    fold = _entry(batch, "expand").state.fold[0]
    return [
        Witness("Prodigy, 13 d: expansion", "fold", "30", 30.0, float(fold)),
        Witness("Prodigy: transduced", "%", "37", 37.0, 100 * float(grown.car_fraction[0])),
        Witness("Prodigy: recovery of selection", "%", "55 ± 6", 55.0, 100 * float(recovered[0])),
    ]


def _vessels() -> list[Witness]:
    fibre, tank = _entry(_median_lot("hollow_fibre"), "expand"), _median_lot("perfusion_tank")
    grown, washed = _entry(tank, "expand").state, _entry(tank, "harvest").state
    doses = float(washed.t_cells[0] * washed.car_fraction[0] / _DOSE)
    cells = float(fibre.state.t_cells[0]) / 1e9
    density = float(grown.t_cells[0]) / 2e9
    fold = float(fibre.state.fold[0])
    days = float(fibre.state.process_days[0])
    return [
        Witness("hollow fibre: expansion", "fold", "> 500", 500.0, fold, "calibrated"),
        Witness("hollow fibre: days", "d", "8–9", 8.5, days),
        Witness("hollow fibre: yield", "1e9 cells", "≤ 25", 25.0, cells),
        Witness("2 L perfused tank: density", "1e6/mL", "30", 30.0, density, "predicted"),
        Witness("2 L perfused tank: doses", "1", "113 ± 7", 113.0, doses, "dose of 2e6/kg, ours"),
    ]


def _copies() -> list[Witness]:
    record = default_catalogue().parameter("manufacture/transduction_dispersion")
    found = []
    for place, (batch, share, copies) in enumerate(
        (("01", 0.260, 1.45), ("02", 0.419, 2.32), ("03", 0.397, 2.51))
    ):
        shape = np.array([record.reported[place].value])
        ours = 100 * float(transduced_share(np.array([copies]), shape)[0])
        plain = 100 * (1 - np.exp(-copies))
        note = f"{copies} copies per cell; plain Poisson {plain:.0f} %"
        name = f"ARI-0001/{batch}: cells with a copy"
        found.append(Witness(name, "%", f"{100 * share:.1f}", 100 * share, ours, note))
    return found


def _stemness() -> list[Witness]:
    found = stemness_exchange(default_catalogue())
    note = (
        f"fitted to the other; the other way round {found.other_way:.1f} against {found.fitted:.0f}"
    )
    return [
        Witness("dose ratio of a 3-day product", "fold", "6", 6.0, found.fitted, "fitted"),
        Witness("dose ratio of a 2-day process", "fold", "25", 25.0, found.predicted, note),
    ]
