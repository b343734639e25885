"""Columns of a run as what is exported of its patients: endings, responses, blood levels."""

from typing import Any, Final, NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.evidence import Catalogue
from progenitor.study._criteria import CRITERIA, Criteria
from progenitor.study._exported import ExportedLevels, ExportedScores

__all__ = ["Columns", "RunSource", "ending", "exported_levels", "exported_scores"]

Columns = dict[str, np.ndarray[Any, Any]]
"""Outcomes of some patients by name."""


@final
class RunSource(NamedTuple):
    """Where exported rows come from: catalogue, seed and digest of the run, and its criteria."""

    catalogue: Catalogue
    seed: int
    digest: str
    criteria: Criteria = CRITERIA["lugano"]


_FLOW: Final = "assay/car_t_lower_limit"
_LEVELS: Final = (
    ("CART", "car_t_in_blood", "CAR-T cells in blood", "cell/uL", _FLOW),
    ("MONO", "product_monocytes_in_blood", "Monocytes of the product", "cell/uL", _FLOW),
    ("TRANSG", "transgene_in_blood", "CAR transgene", "copy/ug", "assay/transgene_lower_limit"),
)


def ending(
    event: Float[np.ndarray, " subject"],
    columns: Columns,
    row: int,
    cut: Bool[np.ndarray, " subject"] | None = None,
) -> str:
    """Return what ended the time of a patient; ``cut`` says whom the data cut-off censors."""
    if event[row] != 1.0:
        return "LAST ASSESSMENT WITHOUT EVENT" if cut is None or not cut[row] else "DATA CUT-OFF"
    if not columns["infused"][row]:
        return "LEFT WITHOUT INFUSION"
    progressed = columns["progression_day"][row] == columns["pfs_time"][row]
    return "DISEASE PROGRESSION" if progressed else "DEATH"


def exported_scores(
    columns: Columns, infused: Bool[np.ndarray, " subject"], criteria: Criteria
) -> tuple[ExportedScores, ...]:
    """Return best overall response, objective and complete response of the infused."""
    best = np.where(infused, columns["best_response"].astype(float), np.nan)
    words = tuple(
        criteria.codes[int(code)] if given else ""
        for code, given in zip(columns["best_response"], infused, strict=True)
    )
    rows = (
        ("OBJRESP", f"Objective response ({criteria.title})", columns["objective_response"]),
        ("CRRESP", "Complete response", columns["complete_response"]),
    )
    return (
        ExportedScores("BOR", "Best overall response", best, words),
        *(
            ExportedScores(code, label, known, _yes_no(known))
            for code, label, values in rows
            for known in (np.where(infused, values, np.nan),)
        ),
    )


def _yes_no(values: Float[np.ndarray, " subject"]) -> tuple[str, ...]:
    return tuple("" if np.isnan(value) else "Y" if value else "N" for value in values)


def exported_levels(
    catalogue: Catalogue,
    series: dict[str, Float[np.ndarray, "subject time"]],
    days: Float[np.ndarray, " time"],
) -> tuple[ExportedLevels, ...]:
    """Return levels of cells and of the transgene in blood, with their limits."""
    found = []
    for code, name, label, unit, address in _LEVELS:
        if name not in series:
            continue
        used = catalogue.parameter(address).used
        limit = float("nan") if used is None else float(used.median)
        found.append(ExportedLevels(code, label, unit, "concentration", limit, days, series[name]))
    return tuple(found)
