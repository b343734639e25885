"""By which observable the cells of a product are counted in blood."""

from collections.abc import Collection
from typing import Final

from progenitor.body import Body

__all__ = ["LEVELS", "PRODUCT_SERIES", "kinetic_labels", "level_in_blood"]

PRODUCT_SERIES: Final = {
    "product_monocytes_in_blood": "Product monocytes in blood",
    "product_neutrophils_in_blood": "Product neutrophils in blood",
    "product_macrophages_in_tumour": "Product macrophages in tumour",
    "product_macrophages_in_liver": "Product macrophages in liver",
    "product_macrophages_in_lung": "Product macrophages in lung",
    "product_macrophages_in_spleen": "Product macrophages in spleen",
}
"""Observables of myeloid products kept as curves, and their words."""

_T_CELLS: Final = "car_t_in_blood"

LEVELS: Final = {
    _T_CELLS: "CAR-T cells in blood",
    "product_monocytes_in_blood": PRODUCT_SERIES["product_monocytes_in_blood"],
}
"""Observables by which kinetics and persistence are read, the first that a body has."""


def level_in_blood(observables: Collection[str]) -> str:
    """Return the observable by which a product is counted in blood, empty where there is none.

    Cells that settle in tissue without a time in blood, such as mature macrophages, have none:
    their Cmax, Tlast and persistence are unknown, never zero.

    Examples
    --------
    >>> level_in_blood(["product_monocytes_in_blood", "tumour_cells_total"])
    'product_monocytes_in_blood'
    >>> level_in_blood(["product_macrophages_in_liver"])
    ''
    """
    return next((name for name in LEVELS if name in observables), "")


def kinetic_labels(body: Body) -> dict[str, tuple[str, str]]:
    """Return label and note of the kinetic endpoints where they are not about CAR-T cells.

    Parameters
    ----------
    body
        Body of an arm.
    """
    name = level_in_blood([one.name for one in body.model.observables])
    if name == _T_CELLS:
        return {}
    words = LEVELS[name].lower() if name else "not modelled: these cells are not counted in blood"
    return {
        endpoint: (label, words if not name else f"median, {words}")
        for endpoint, label in (("cmax", "Cmax"), ("tmax", "Tmax"), ("auc_0_28", "AUC0-28d"))
    }
