"""Manufacturing alone: many lots of one product of a study, or of a recipe."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from progenitor.cohort import sample_numbers
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.manufacture import (
    PRECURSORS,
    Batch,
    Recipe,
    dose_cost,
    doses_of,
    load_recipe,
    manufacture,
    split_cost,
)
from progenitor.product import MeasuredComposition
from progenitor.study._dose_bill import dose_bill
from progenitor.study._lots import LotSummary, Percentiles
from progenitor.study._measured import as_measured
from progenitor.study._release_tests import release_tests
from progenitor.study._study import Study

__all__ = ["make_lots", "sample_lots", "summarise_lots", "with_composition"]

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
    given = study.file.products[product]
    recipe = load_recipe(catalogue, given.recipe)
    batch = sample_lots(catalogue, recipe, lots=lots, seed=seed)
    if given.composition is not None:
        batch = with_composition(batch, given.composition.measured(), seed=seed, product=product)
    return summarise_lots(batch, product=product)


def with_composition(
    batch: Batch, composition: MeasuredComposition, *, seed: int, product: str
) -> Batch:
    """Return lots with the composition that was measured of their product.

    Everything else, the number of cells too, is as the recipe made it.

    Parameters
    ----------
    batch
        From :func:`sample_lots`.
    composition
        What was measured; its doubt is drawn once for each parameter draw.
    seed, product
        Key of the random streams, as in a run of the study.

    Raises
    ------
    InputError
        When the product is not of T cells.
    """
    lots = as_measured(batch.product, composition, seed=seed, product=product, draw=batch.draw)
    return replace(batch, product=lots)


def sample_lots(catalogue: Catalogue, recipe: Recipe, *, lots: int, seed: int) -> Batch:
    """Make lots 0, 1, 2, … of a recipe, each of its own donor and its own parameter draw.

    Parameters
    ----------
    catalogue
        Where its numbers live.
    recipe
        From :func:`progenitor.manufacture.load_recipe`.
    lots
        How many.
    seed
        Seed of every random stream.

    Examples
    --------
    >>> catalogue = default_catalogue()
    >>> batch = sample_lots(catalogue, load_recipe(catalogue, "car_gmp"), lots=20, seed=1)
    >>> batch.product.phenotypes, batch.product.cells.shape
    (('gmp',), (20, 1))
    """
    index = np.arange(lots)
    numbers = sample_numbers(catalogue, recipe.parameter_ids, seed=seed, draw=index, patient=index)
    return manufacture(recipe, numbers, seed=seed, draw=index, lot=index)


def summarise_lots(batch: Batch, *, product: str) -> LotSummary:
    """Summarise lots: how many were released, how good they are, why others failed.

    Parameters
    ----------
    batch
        From :func:`sample_lots`.
    product
        What they are called.
    """
    made = batch.product
    released = made.released
    return LotSummary(
        product=product,
        lots=len(made.lot),
        released_fraction=float(released.mean()),
        percentiles=_percentiles(batch),
        failures={
            made.failure_reasons[code]: float((made.failure == code).mean())
            for code in np.unique(made.failure)
            if code
        },
        explanations=tuple(
            batch.explain(int(lot), draw=int(draw))
            for lot, draw in list(zip(made.lot[~released], batch.draw[~released], strict=True))[
                :_EXPLAINED
            ]
        ),
        cost_lines={
            line: _of(amount, "USD", line.capitalize()) for line, amount in batch.cost_lines.items()
        },
        dose_lines=dose_bill(split_cost(batch), doses=doses_of(batch), released=released),
        release_tests=release_tests(batch),
    )


def _percentiles(batch: Batch) -> dict[str, Percentiles]:
    """Quality of the released lots; cost of all lots begun."""
    lot = batch.product
    keep = lot.released
    cells = "cells" if set(lot.phenotypes) <= set(PRECURSORS) else "T cells"
    found = {
        "car_cells": _of(lot.total[keep], "cell", "Viable CAR+ cells at infusion"),
        "viability": _of(lot.viability[keep], "1", "Viability"),
        "car_fraction": _of(lot.car_fraction[keep], "1", f"CAR+ share of {cells}"),
        "vcn_per_cell": _of(lot.vcn_per_cell[keep], "copy/cell", "VCN per cell"),
        "vcn_per_car_cell": _of(lot.vcn_per_car_cell[keep], "copy/cell", "VCN per CAR+ cell"),
        "process_days": _of(lot.process_days[keep], "day", "Process time"),
        "vein_to_vein": _of(lot.vein_to_vein[keep], "day", "Vein-to-vein"),
        "cost": _of(lot.cost, "USD", "Cost of goods, all lots"),
    }
    for column, phenotype in enumerate(lot.phenotypes):
        share = lot.composition[keep, column]
        found[f"{phenotype}_fraction"] = _of(share, "1", f"{phenotype} share of CAR+ cells")
    return found | _of_the_process(batch)


def _of_the_process(batch: Batch) -> dict[str, Percentiles]:
    """Summarise what the lots went through: growth, edits, doses, and the cost of a dose."""
    keep, state = batch.product.released, batch.log[-1].state
    per_dose = sum(dose_cost(batch).values(), np.zeros(len(keep)))
    found = {
        "population_doublings": _of(state.divisions[keep], "1", "Population doublings"),
        "cost_per_dose": _of(per_dose[keep], "USD", "Cost of a released dose"),
    }
    if (state.doses > 0).any():
        found["doses"] = _of(state.doses[keep], "1", "Doses in a lot")
    for locus in state.loci:
        share = state.edited(locus)[keep]
        found[f"{locus}_edited"] = _of(share, "1", f"{locus.upper()} edited cells")
    if state.loci:
        found["translocated"] = _of(state.translocated[keep], "1", "Cells with a translocation")
        found["chromosome_loss"] = _of(
            state.chromosome_loss[keep], "1", "Cells that lost a chromosome arm"
        )
    if np.isfinite(state.off_target_load[keep]).any():
        load = state.off_target_load[keep]
        found["off_target_load"] = _of(load, "per cell", "Off-target edits")
    return found


def _of(values: Float[np.ndarray, " lot"], unit: str, label: str) -> Percentiles:
    known = values[~np.isnan(values)]
    low, middle, high = (
        (float(q) for q in np.percentile(known, [5, 50, 95])) if known.size else [float("nan")] * 3
    )
    return Percentiles(low, middle, high, unit, label)
