"""Manufacturing alone: many lots of one product of a study."""

import numpy as np
from jaxtyping import Float

from progenitor.cohort import sample_numbers
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.manufacture import Batch, load_recipe, manufacture
from progenitor.product import PHENOTYPES
from progenitor.study._lots import LotSummary, Percentiles
from progenitor.study._study import Study

__all__ = ["make_lots"]

_EXPLAINED = 3


def make_lots(
    study: Study, *, product: str, lots: int, seed: int, catalogue: Catalogue | None = None
) -> LotSummary:
    """Make lots of one product and summarise their yield, quality, time, cost and failures.

    Every lot has its own donor and its own parameter draw, so percentiles hold both how donors
    differ and what is not known.

    Parameters
    ----------
    study
        Names the product's recipe.
    product
        Name of the product in the study.
    lots
        How many to make.
    seed
        Seed of every random stream.
    catalogue
        Where the recipe and its numbers live; by default the one shipped.
    """
    catalogue = default_catalogue() if catalogue is None else catalogue
    recipe = load_recipe(catalogue, study.file.products[product].recipe)
    index = np.arange(lots)
    numbers = sample_numbers(catalogue, recipe.parameter_ids, seed=seed, draw=index, patient=index)
    batch = manufacture(recipe, numbers, seed=seed, draw=index, lot=index)
    made = batch.product
    released = made.released
    return LotSummary(
        product=product,
        lots=lots,
        released_fraction=float(released.mean()),
        percentiles=_percentiles(batch),
        failures={
            made.failure_reasons[code]: float((made.failure == code).mean())
            for code in np.unique(made.failure)
            if code
        },
        explanations=tuple(
            batch.explain(int(lot), draw=int(lot)) for lot in made.lot[~released][:_EXPLAINED]
        ),
    )


def _percentiles(batch: Batch) -> dict[str, Percentiles]:
    """Quality of the released lots; cost and days of all lots begun."""
    lot = batch.product
    keep = lot.released
    found = {
        "car_cells": _of(lot.total[keep], "cell", "Viable CAR+ cells at infusion"),
        "viability": _of(lot.viability[keep], "1", "Viability"),
        "car_fraction": _of(lot.car_fraction[keep], "1", "CAR+ share of T cells"),
        "vcn_per_cell": _of(lot.vcn_per_cell[keep], "copy/cell", "VCN per cell"),
        "vcn_per_car_cell": _of(lot.vcn_per_car_cell[keep], "copy/cell", "VCN per CAR+ cell"),
        "process_days": _of(lot.process_days[keep], "day", "Process time"),
        "vein_to_vein": _of(lot.vein_to_vein[keep], "day", "Vein-to-vein"),
        "cost": _of(lot.cost, "USD", "Cost of goods, all lots"),
    }
    for column, phenotype in enumerate(PHENOTYPES):
        share = lot.composition[keep, column]
        found[f"{phenotype}_fraction"] = _of(share, "1", f"{phenotype} share of CAR+ cells")
    return found


def _of(values: Float[np.ndarray, " lot"], unit: str, label: str) -> Percentiles:
    known = values[~np.isnan(values)]
    low, middle, high = (
        (float(q) for q in np.percentile(known, [5, 50, 95])) if known.size else [float("nan")] * 3
    )
    return Percentiles(low, middle, high, unit, label)
