"""A gated sample as plain data, for JSON and for people."""

from typing import Any

import numpy as np

from progenitor.assay._composition import interval_draws
from progenitor.assay._tscm_gate import TscmGating
from progenitor.product import MEMORY_PHENOTYPES, PHENOTYPES, MeasuredComposition

__all__ = ["plain_composition", "plain_gating"]


def plain_gating(found: TscmGating, *, level: float = 0.95) -> dict[str, Any]:
    """Return what was found in a gated sample.

    Parameters
    ----------
    found
        From :func:`gate_tscm`.
    level
        Probability of the intervals.

    Examples
    --------
    >>> from progenitor.assay import PanelTruth, gate_tscm, synthetic_panel
    >>> panel = synthetic_panel(PanelTruth(events=6000), seed=1)
    >>> sorted(plain_gating(gate_tscm(panel.events)))[:3]
    ['composition', 'dirichlet', 'doubt']
    """
    total = int(found.gated.sum())
    ends = found.composition.intervals(interval_draws(), level)
    shares = found.shares
    return {
        "populations": [
            {"name": of.name, "events": of.count, "of_parent": of.count / of.parent}
            for of in found.populations
        ],
        "t_cells": total,
        "gates": {
            marker: {
                "intensity": float(scale.logicle.inverse(np.array([of.at]))[0]),
                "logicle": of.at,
                "error": of.error,
                "method": of.method,
                "apart": of.apart,
            }
            for marker, (of, scale) in found.splits.items()
        },
        "helper": dict(found.helper),
        "interval": level,
        "composition": {
            name: {
                "share": float(shares.mean[place]),
                "low": ends[name][0],
                "high": ends[name][1],
                "within_gates": int(found.gated[place]) / total,
                "events": int(found.gated[place]),
            }
            for place, name in enumerate(MEMORY_PHENOTYPES)
        },
        "doubt": {
            name: {
                "error": float(shares.error[place]),
                "counting": float(shares.counting[place]),
                "gates": float(shares.placement[place]),
                "clouds": float(shares.model[place]),
            }
            for place, name in enumerate(MEMORY_PHENOTYPES)
        },
        "subsets": {
            name: dict(zip(MEMORY_PHENOTYPES, of.tolist(), strict=True))
            for name, of in found.subsets.items()
        },
        "product": _as_product(found.composition, level),
        "dirichlet": plain_composition(found.composition),
        "notes": list(found.notes),
    }


def plain_composition(measured: MeasuredComposition) -> dict[str, Any]:
    """Return a composition as a product of a study names it.

    Parameters
    ----------
    measured
        What was measured.

    Examples
    --------
    >>> plain_composition(MeasuredComposition((3.0, 4.0, 2.0, 1.0), (1.0, 5.0)))["stem_memory"]
    [1.0, 5.0]
    """
    return {
        "quadrants": [float(f"{of:.6g}") for of in measured.quadrants],
        "stem_memory": [float(f"{of:.6g}") for of in measured.stem_memory],
        "source": measured.source,
    }


def _as_product(measured: MeasuredComposition, level: float) -> dict[str, Any]:
    """Return shares of the product's phenotypes; exhaustion is not stained and counts as teff."""
    draws = measured.quantile(interval_draws())
    parts = {
        PHENOTYPES[0]: draws[:, 0] + draws[:, 1],
        PHENOTYPES[1]: draws[:, 2],
        PHENOTYPES[2]: draws[:, 3] + draws[:, 4],
    }
    tail = 50 * (1 - level)
    return {
        name: dict(
            zip(
                ("share", "low", "high"),
                (float(of.mean()), *np.percentile(of, [tail, 100 - tail]).tolist()),
                strict=True,
            )
        )
        for name, of in parts.items()
    }
