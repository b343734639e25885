"""`progenitor design predictive-probability`: Lee and Liu's monitoring of a single arm."""

from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._binary_options import P0, PriorA, PriorB, Rates, given

__all__ = ["predictive_probability"]

NMax = Annotated[int, typer.Option("--nmax", metavar="N", help="Size of the trial.")]
ThetaT = Annotated[
    float,
    typer.Option("--theta-t", metavar="T", help="Success: posterior P(rate > p0) above T."),
]
ThetaL = Annotated[
    float | None,
    typer.Option("--theta-l", metavar="L", help="Stop when PP falls below L: gives boundaries."),
]
ThetaU = Annotated[
    float, typer.Option("--theta-u", metavar="U", help="Stop with success when PP exceeds U.")
]
NMin = Annotated[int, typer.Option("--nmin", metavar="N", help="Patients at the first look.")]
Responders = Annotated[
    int | None, typer.Option("--y", metavar="Y", help="Responders so far: gives PP.")
]
Patients = Annotated[int | None, typer.Option("--n", metavar="N", help="Patients so far.")]


@exits
def predictive_probability(
    p0: P0,
    nmax: NMax,
    theta_t: ThetaT,
    y: Responders = None,
    n: Patients = None,
    prior_a: PriorA = 1.0,
    prior_b: PriorB = 1.0,
    theta_l: ThetaL = None,
    theta_u: ThetaU = 1.0,
    nmin: NMin = 1,
    rates: Rates = "",
    as_json: AsJson = False,
) -> None:
    """Give the predictive probability (PP) of success, and the boundaries it implies.

    With --y and --n: PP after y responders among n patients. With --theta-l: after every patient
    from --nmin on, the number of responders at which the trial stops, and its exact operating
    characteristics at p0 and at --rates.

    For example:
      progenitor design predictive-probability --p0 0.6 --nmax 40 --theta-t 0.9 --y 16 --n 23
        --a 0.6 --b 0.4
      progenitor design predictive-probability --p0 0.2 --nmax 36 --theta-t 0.922 --theta-l 0.001
        --nmin 10 --a 0.2 --b 0.8 --rates 0.2,0.3,0.4 --json
    """
    from progenitor.cli._output import write_json
    from progenitor.cli.designs._lists import OptionLists

    lists = OptionLists()
    true = lists.numbers("--rates", rates)
    lists.done()
    found: dict[str, Any] = {}
    if y is not None or n is not None or theta_l is None:
        given(y=y, n=n)
        found |= _pp(y or 0, n or 0, nmax, prior_a, prior_b, p0, theta_t)
    if theta_l is not None:
        numbers = {"theta_t": theta_t, "theta_l": theta_l, "theta_u": theta_u}
        found |= _design(p0, nmax, nmin, (prior_a, prior_b), numbers, true)
    if as_json:
        write_json(found)
        return
    _show(found)


def _pp(y: int, n: int, nmax: int, a: float, b: float, p0: float, theta_t: float) -> dict[str, Any]:
    from progenitor.trial import posterior_exceeds
    from progenitor.trial import predictive_probability as predict

    pp = float(predict(y, n, nmax, a=a, b=b, p0=p0, theta_t=theta_t)[0])
    return {"pp": pp, "post_gt_p0": float(posterior_exceeds(y, n, a=a, b=b, rate=p0))}


def _design(
    p0: float,
    nmax: int,
    nmin: int,
    prior: tuple[float, float],
    numbers: dict[str, float],
    rates: tuple[float, ...],
) -> dict[str, Any]:
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


def _show(found: dict[str, Any]) -> None:
    from progenitor.cli._output import paragraph, table

    if "pp" in found:
        paragraph(
            f"Predictive probability of success {found['pp']:.6f}; posterior probability that the "
            f"rate exceeds p0 {found['post_gt_p0']:.6f}."
        )
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
