"""Vessels, vector copies and stemness beside what was published."""

import numpy as np

from benchmarks.manufacturing._published import published
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
_PER_MILLILITRE = 1e9  # cell/L in 1e6 cell/mL


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
    expansion = published("maximum_division_rate", row="MFG-007").value
    days = published("maximum_division_rate", row="MFG-006").value
    share = published("vector_hits_per_particle", row="MFG-008").value
    kept_share = published("enrichment_recovery", row="MFG-009a")
    assert kept_share.high is not None
    spread = f"{kept_share.value:g} ± {kept_share.high - kept_share.value:g}"
    found = 100 * float(recovered[0])
    transduced = 100 * float(grown.car_fraction[0])
    return [
        Witness(
            f"Prodigy, {days:g} d: expansion", "fold", f"{expansion:g}", expansion, float(fold)
        ),
        Witness("Prodigy: transduced", "%", f"{share:g}", share, transduced),
        Witness("Prodigy: recovery of selection", "%", spread, kept_share.value, found),
    ]


def _vessels() -> list[Witness]:
    fibre, tank = _entry(_median_lot("hollow_fibre"), "expand"), _median_lot("perfusion_tank")
    grown, washed = _entry(tank, "expand").state, _entry(tank, "harvest").state
    doses = float(washed.t_cells[0] * washed.car_fraction[0] / _DOSE)
    cells = float(fibre.state.t_cells[0]) / 1e9
    litres = _setting(tank, "expand", "culture_volume")
    density = float(grown.t_cells[0]) / litres / _PER_MILLILITRE
    fold = float(fibre.state.fold[0])
    days = float(fibre.state.process_days[0])
    least, while_, most = (published("perfused_maximum_division_rate", place=n) for n in range(3))
    dense, filled = published("observed_perfusion_density"), published("observed_perfusion_doses")
    assert filled.high is not None
    in_days = f"{while_.low:g}–{while_.high:g}"
    count = f"{filled.value:g} ± {filled.high - filled.value:g}"
    thick = dense.value / _PER_MILLILITRE
    top = most.value / 1e9
    return [
        Witness(
            "hollow fibre: expansion", "fold", f"> {least.value:g}", least.value, fold, "calibrated"
        ),
        Witness("hollow fibre: days", "d", in_days, while_.value, days),
        Witness("hollow fibre: yield", "1e9 cells", f"≤ {top:g}", top, cells),
        Witness("2 L perfused tank: density", "1e6/mL", f"{thick:g}", thick, density, "predicted"),
        Witness(
            "2 L perfused tank: doses", "1", count, filled.value, doses, "dose of 2e6/kg, ours"
        ),
    ]


def _setting(batch: Batch, label: str, setting: str) -> float:
    """Constant setting of a step."""
    return next(step.constants[setting] for step in batch.recipe.steps if step.label == label)


def _copies() -> list[Witness]:
    record = default_catalogue().parameter("manufacture/transduction_dispersion")
    found = []
    for place in range(len(record.reported)):
        share = published("observed_ari_0001_receptor", place=place).value
        copies = published("observed_ari_0001_copies", place=place).value
        shape = np.array([record.reported[place].value])
        ours = 100 * float(transduced_share(np.array([copies]), shape)[0])
        plain = 100 * (1 - np.exp(-copies))
        note = f"{copies} copies per cell; plain Poisson {plain:.0f} %"
        name = f"ARI-0001/{place + 1:02d}: cells with a copy"
        found.append(Witness(name, "%", f"{share:.1f}", share, ours, note))
    return found


def _stemness() -> list[Witness]:
    found = stemness_exchange(default_catalogue())
    note = (
        f"fitted to the other; the other way round {found.other_way:.1f} against {found.fitted:.0f}"
    )
    three, two = (published(f"observed_dose_ratio_{name}").value for name in ("day3", "two_day"))
    return [
        Witness(
            "dose ratio of a 3-day product", "fold", f"{three:g}", three, found.fitted, "fitted"
        ),
        Witness("dose ratio of a 2-day process", "fold", f"{two:g}", two, found.predicted, note),
    ]
