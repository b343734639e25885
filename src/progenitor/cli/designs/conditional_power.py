"""`progenitor design conditional-power`: how likely a running trial is to succeed."""

from typing import TYPE_CHECKING, Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.errors import Problem

__all__ = ["conditional_power"]

Statistic = Annotated[float, typer.Option("--z", metavar="Z", help="Statistic at the look.")]
Time = Annotated[
    float, typer.Option("--t", metavar="T", help="Share of the information that is in.")
]
Critical = Annotated[
    float, typer.Option("--critical", metavar="C", help="Value Z must exceed at the end.")
]
Drift = Annotated[
    float,
    typer.Option("--drift", metavar="D", help="Planned mean of Z at the end; 3.2415 for 90 %."),
]
PriorMean = Annotated[
    float, typer.Option("--prior-mean", metavar="M", help="Prior mean of the drift.")
]
PriorSd = Annotated[
    float | None,
    typer.Option("--prior-sd", metavar="S", help="Prior standard deviation; else a flat prior."),
]


@exits
def conditional_power(
    z: Statistic,
    t: Time,
    critical: Critical = 1.959964,
    drift: Drift = 3.241516,
    prior_mean: PriorMean = 0.0,
    prior_sd: PriorSd = None,
    as_json: AsJson = False,
) -> None:
    """Find the probability of success at the end, given the statistic of a look.

    Under the planned drift, under the trend seen so far, and averaged over what is known of the
    drift (predictive power).

    For example:
      progenitor design conditional-power --z 1.2 --t 0.5
      progenitor design conditional-power --z 0.4 --t 0.4 --critical 2.01 --drift 2.8 --json
      progenitor design conditional-power --z 0.4 --t 0.4 --prior-mean 2.8 --prior-sd 1
    """
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.errors import InputError
    from progenitor.trial import conditional_power as find

    spread = float("inf") if prior_sd is None else prior_sd
    limits = {"critical": critical, "drift": drift, "prior_mean": prior_mean, "prior_sd": spread}
    try:
        found = find(z, t, **limits)
    except InputError as error:
        raise InputError([_named(problem) for problem in error.problems]) from None
    protocol = (
        f"With Z = {z:g} at {100 * t:g} % of the information, Z exceeds {critical:g} at the end "
        f"with probability {found.design:.4f} if the effect is as planned (drift {drift:g}), "
        f"{found.trend:.4f} if the trend goes on, and {found.predictive:.4f} averaged over what is "
        "known of the effect."
    )
    if as_json:
        write_json(
            {
                "cp_design": found.design,
                "cp_trend": found.trend,
                "pp": found.predictive,
                "protocol": protocol,
            }
        )
        return
    names = ("planned drift", "trend", "predictive")
    table(
        ["under", "success"],
        [[name, f"{chance:.8f}"] for name, chance in zip(names, found, strict=True)],
    )
    paragraph(protocol)


def _named(problem: "Problem") -> "Problem":
    """Name the option in which the number was given."""
    from progenitor.errors import Problem

    option = "--t" if problem.field == "time" else f"--{problem.field}".replace("_", "-")
    return Problem(problem.message, problem.fix, field=option)
