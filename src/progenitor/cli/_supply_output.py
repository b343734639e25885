"""What `progenitor facility` and `progenitor network` print."""

from typing import Any

import numpy as np

__all__ = ["plain_design", "plain_run", "quantiles"]

_SHARES = {"p5": 5, "p25": 25, "p50": 50, "p75": 75, "p95": 95}


def quantiles(values: Any) -> dict[str, float]:
    """Return percentiles of what is known, and the mean.

    Examples
    --------
    >>> quantiles(np.array([1.0, np.nan, 3.0]))["mean"]
    2.0
    """
    known = np.asarray(values, dtype=float).ravel()
    known = known[np.isfinite(known)]
    if not known.size:
        return {**dict.fromkeys(_SHARES, float("nan")), "mean": float("nan")}
    found = {name: float(np.percentile(known, share)) for name, share in _SHARES.items()}
    return {**found, "mean": float(known.mean())}


def plain_run(run: Any) -> dict[str, Any]:
    """Return a facility's run as plain data."""
    names = run.facility.names
    waits = np.nansum(run.stage_wait, axis=2)
    return {
        "patients": int(run.arrivals.shape[1]),
        "replicates": int(run.arrivals.shape[0]),
        "vein_to_vein": quantiles(run.duration),
        "wait": quantiles(run.wait),
        "released_fraction": float(run.released.mean()),
        "attempts": float(run.attempts.mean()),
        "resources": {
            name: {
                "units": one.units,
                "utilisation": float(run.utilisation[:, index].mean()),
            }
            for index, (name, one) in enumerate(zip(names, run.facility.resources, strict=True))
        },
        "stages": [
            {
                "label": stage.label,
                "needs": list(stage.needs),
                "wait": quantiles(waits[..., index]),
            }
            for index, stage in enumerate(run.stages)
        ],
    }


def plain_design(design: Any, seconds: float) -> dict[str, Any]:
    """Return a network's design as plain data."""
    network, load = design.network, design.load
    return {
        "network": network.name,
        "patients": len(design.plant),
        "horizon": design.horizon,
        "cost_per_therapy": round(design.cost_per_therapy, 2),
        "total_cost": round(design.total, 2),
        "costs": {name: round(value, 2) for name, value in design.costs.items()},
        "turnaround": quantiles(design.turnaround),
        "gap": design.gap,
        "remakes_per_patient": design.remakes,
        "futures_short": design.violated,
        "plants": [
            {
                "name": plant.name,
                "kept": bool(design.kept[index]),
                "lines": plant.lines,
                "patients": int((design.plant == index).sum()),
                "peak": int(load[index].max()),
            }
            for index, plant in enumerate(network.plants)
        ],
        "therapies": [
            {
                "centre": network.centres[design.orders.centre[patient]].name,
                "day": int(design.orders.day[patient]),
                "plant": network.plants[design.plant[patient]].name,
                "begins": int(design.begins[patient]),
                "returned": int(design.returned[patient]),
                "inbound": _mode(network, int(design.inbound[patient])),
                "outbound": _mode(network, int(design.outbound[patient])),
            }
            for patient in range(len(design.plant))
        ],
        "seconds": seconds,
    }


def _mode(network: Any, index: int) -> str | None:
    return None if index < 0 else network.modes[index]
