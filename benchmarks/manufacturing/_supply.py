"""Networks, vein to vein, failure and remake beside what was published."""

import time
from pathlib import Path

import numpy as np

from benchmarks.manufacturing._published import published
from benchmarks.manufacturing._witness import Witness
from progenitor.evidence import default_catalogue
from progenitor.manufacture import (
    Facility,
    Resource,
    Shift,
    design_network,
    facility_waits,
    load_network,
    load_recipe,
)
from progenitor.study import poisson_arrivals, run_campaign, sample_lots

__all__ = ["supply_witnesses"]

_FILES = Path(__file__).parents[2] / "studies" / "supply"
_PLANT = Facility(
    (
        Resource("clean room", 12),
        Resource("culture device", 12),
        Resource("operator", 6, kept=False, shift=Shift()),
        Resource("QC laboratory", 40, kept=False),
        Resource("qualified person", 6, kept=False, shift=Shift()),
    )
)


def supply_witnesses() -> list[Witness]:
    """Return the lines."""
    return [*_networks(), *_vein_to_vein(), *_failures()]


def _networks() -> list[Witness]:
    five = load_network(_FILES / "five_patients.yaml")
    best = design_network(five.network, five.orders, horizon=five.horizon)
    many = load_network(_FILES / "two_thousand.yaml")
    clock, work = time.perf_counter(), time.process_time()
    design = design_network(many.network, many.orders, horizon=many.horizon)
    seconds = time.perf_counter() - clock
    note = f"{time.process_time() - work:.2f} s of processor; gap {design.gap:g}"
    return [
        Witness(
            "network of five patients (Triantafyllou 2022)",
            "USD per therapy",
            "623,821.38",
            623_821.38,
            best.cost_per_therapy,
        ),
        Witness("network of 2,000 patients a year", "s", "≤ 3", 3.0, seconds, note),
    ]


def _vein_to_vein() -> list[Witness]:
    found = []
    for product, recipe in (
        ("axi-cel", "conventional_car_t"),
        ("tisa-cel", "tisacel_supply"),
        ("liso-cel", "lisocel_supply"),
    ):
        reported = published(f"observed_vein_to_vein_{product.replace('-', '')}")
        middle, said = reported.value, f"{reported.value:g}"
        if reported.low is not None:
            said += f" ({reported.low:g}–{reported.high:g})"
        catalogue = default_catalogue()
        batch = sample_lots(catalogue, load_recipe(catalogue, recipe), lots=2_000, seed=6)
        alone = float(np.nanmedian(batch.product.vein_to_vein[batch.product.released]))
        arrivals = poisson_arrivals(per_year=250, patients=2_000, replicates=10, seed=6)
        queue = facility_waits(batch, _PLANT, arrivals, replaced=("slot_wait",))
        inside = float(np.nanmedian(queue.duration))
        waited = queue.wait.mean()
        note = f"wait for a slot from the queue instead: {inside:.1f} d, waiting {waited:.1f}"
        found.append(Witness(f"vein to vein, {product}, median", "d", said, middle, alone, note))
    return found


def _failures() -> list[Witness]:
    catalogue = default_catalogue()
    draw, patient = np.repeat(np.arange(100), 120), np.tile(np.arange(120), 100)
    recipe = load_recipe(catalogue, "conventional_car_t")
    made = run_campaign(catalogue, recipe, seed=1, draw=draw, patient=patient)
    by_draw = 100 * (made.outcome != 0).reshape(100, 120).mean(axis=1)
    typical, worst = float(np.median(by_draw)), float(np.quantile(by_draw, 0.9))
    remade = 100 * made.remade / made.remakes
    lymphoma = (
        published("maximum_division_rate", row="LOG-016").value,
        published("post_thaw_recovery", row="LOG-017a").value,
    )
    rates = sorted((*lymphoma, published("observed_uk_failure_b_all").value))
    mantle = published("observed_uk_failure_mantle").value
    again = published("donor_share_of_variation", row="LOG-018a")
    said = f"{rates[0]:.1f}–{rates[-1]:.1f}"
    middle = (rates[0] + rates[-1]) / 2
    kept = f"{again.value:.0f} ({again.n} attempts)"
    return [
        Witness("UK failure of first lots", "%", said, middle, typical, "typical draw"),
        Witness(
            "UK failure, mantle cell lymphoma",
            "%",
            f"{mantle:.1f}",
            mantle,
            worst,
            "worst tenth of draws",
        ),
        Witness("remakes within specification", "%", kept, again.value, remade, "calibrated"),
    ]
