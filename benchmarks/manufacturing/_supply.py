"""Networks, vein to vein, failure and remake beside what was published."""

import time
from pathlib import Path

import numpy as np

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
    for product, recipe, published, middle in (
        ("axi-cel", "conventional_car_t", "27–38", 32.5),
        ("tisa-cel", "tisacel_supply", "43–54", 48.5),
        ("liso-cel", "lisocel_supply", "36", 36.0),
    ):
        catalogue = default_catalogue()
        batch = sample_lots(catalogue, load_recipe(catalogue, recipe), lots=2_000, seed=6)
        alone = float(np.nanmedian(batch.product.vein_to_vein[batch.product.released]))
        arrivals = poisson_arrivals(per_year=250, patients=2_000, replicates=10, seed=6)
        queue = facility_waits(batch, _PLANT, arrivals, replaced=("slot_wait",))
        inside = float(np.nanmedian(queue.duration))
        waited = queue.wait.mean()
        note = f"wait for a slot from the queue instead: {inside:.1f} d, waiting {waited:.1f}"
        found.append(
            Witness(f"vein to vein, {product}, median", "d", published, middle, alone, note)
        )
    return found


def _failures() -> list[Witness]:
    catalogue = default_catalogue()
    draw, patient = np.repeat(np.arange(100), 120), np.tile(np.arange(120), 100)
    recipe = load_recipe(catalogue, "conventional_car_t")
    made = run_campaign(catalogue, recipe, seed=1, draw=draw, patient=patient)
    by_draw = 100 * (made.outcome != 0).reshape(100, 120).mean(axis=1)
    typical, worst = float(np.median(by_draw)), float(np.quantile(by_draw, 0.9))
    remade = 100 * made.remade / made.remakes
    return [
        Witness("UK failure of first lots", "%", "3.9–4.3", 4.1, typical, "typical draw"),
        Witness(
            "UK failure, mantle cell lymphoma", "%", "14.4", 14.4, worst, "worst tenth of draws"
        ),
        Witness(
            "remakes within specification", "%", "52 (11/21)", 100 * 11 / 21, remade, "calibrated"
        ),
    ]
