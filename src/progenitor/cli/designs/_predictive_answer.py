"""What is told about predictive probabilities, as plain data and as tables."""

from collections.abc import Mapping
from typing import Any

import typer

__all__ = ["predictive_answer", "predictive_design_answer", "show_predictive"]


def predictive_answer(
    y: int, n: int, nmax: int, prior: tuple[float, float], p0: float, theta_t: float
) -> dict[str, Any]:
    """Predictive probability after y of n patients, as plain data with its paragraph."""
    from progenitor.trial import posterior_exceeds
    from progenitor.trial import predictive_probability as predict

    a, b = prior
    pp = float(predict(y, n, nmax, a=a, b=b, p0=p0, theta_t=theta_t)[0])
    posterior = float(posterior_exceeds(y, n, a=a, b=b, rate=p0))
    words = (
        f"With {y} responders among {n} patients and a Beta({a:g}, {b:g}) prior, the rate exceeds "
        f"{p0:g} with probability {posterior:.4f}. The trial succeeds if that probability is above "
        f"{theta_t:g} after {nmax} patients; the predictive probability of that is {pp:.4f}."
    )
    return {"pp": pp, "post_gt_p0": posterior, "protocol": words}


def predictive_design_answer(
    p0: float,
    nmax: int,
    nmin: int,
    prior: tuple[float, float],
    numbers: Mapping[str, Any],
    rates: tuple[float, ...],
) -> dict[str, Any]:
    """Boundaries and exact operating characteristics, as plain data."""
    from progenitor.trial import PredictiveProbability

    design = PredictiveProbability(p0=p0, nmax=nmax, nmin=nmin, prior=prior, **numbers)
    found = [design.boundaries.characteristics(rate) for rate in dict.fromkeys((p0, *rates))]
    rows = zip(design.looks, design.stop_if_le, design.success_if_ge, strict=True)
    return {
        "boundaries": [
            {
                "n": n,
                "stop_if_le": low if low >= 0 else None,
                "success_if_ge": high if high <= n else None,
            }
            for n, low, high in rows
        ],
        "type_i": found[0].success,
        "operating_characteristics": [
            {"p": f.rate, "reject": f.success, "pet": f.early_stop, "en": f.expected_patients}
            for f in found
        ],
        "protocol": design.description,
    }


def show_predictive(found: Mapping[str, Any]) -> None:
    """Print what was found as tables and paragraphs."""
    from progenitor.cli._output import paragraph, table

    if "pp" in found:
        paragraph(
            f"Predictive probability of success {found['pp']:.6f}; posterior probability that the "
            f"rate exceeds p0 {found['post_gt_p0']:.6f}."
        )
        paragraph(found.get("protocol_now", found["protocol"]))
    if "boundaries" not in found:
        return
    shown = [
        [str(row["n"]), *("–" if row[k] is None else str(row[k]) for k in list(row)[1:])]
        for row in found["boundaries"]
    ]
    table(["after", "stop if at most", "success if at least"], shown)
    typer.echo("")
    table(
        ["true rate", "success", "stops early", "patients"],
        [
            [f"{row['p']:g}", f"{row['reject']:.6f}", f"{row['pet']:.6f}", f"{row['en']:.4f}"]
            for row in found["operating_characteristics"]
        ],
    )
    typer.echo("")
    paragraph(found["protocol"])
