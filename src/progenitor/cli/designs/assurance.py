"""`progenitor design assurance`: probability of success averaged over what is believed."""

from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["assurance"]

Number = float | None
Whole = int | None
NTotal = Annotated[
    Whole, typer.Option("--n-total", metavar="N", help="Two arms: patients in both together.")
]
Sigma = Annotated[float, typer.Option("--sigma", metavar="S", help="SD of one patient's outcome.")]
PriorMean = Annotated[
    Number, typer.Option("--prior-mean", metavar="M", help="Prior mean of the difference.")
]
PriorSd = Annotated[Number, typer.Option("--prior-sd", metavar="S", help="Its prior SD.")]
Alpha = Annotated[float, typer.Option("--alpha", metavar="A", help="One-sided level.")]
R1 = Annotated[Whole, typer.Option("--r1", metavar="R", help="Two-stage design: r1.")]
N1 = Annotated[Whole, typer.Option("--n1", metavar="N", help="Two-stage design: n1.")]
R = Annotated[Whole, typer.Option("--r", metavar="R", help="Two-stage or one-stage design: r.")]
N = Annotated[Whole, typer.Option("--n", metavar="N", help="Two-stage or one-stage design: n.")]
A = Annotated[Number, typer.Option("--prior-a", "--a", metavar="A", help="Beta prior of the rate.")]
B = Annotated[Number, typer.Option("--prior-b", "--b", metavar="B", help="Beta prior of the rate.")]


@exits
def assurance(
    n_total: NTotal = None,
    sigma: Sigma = 1.0,
    prior_mean: PriorMean = None,
    prior_sd: PriorSd = None,
    alpha: Alpha = 0.025,
    r1: R1 = None,
    n1: N1 = None,
    r: R = None,
    n: N = None,
    prior_a: A = None,
    prior_b: B = None,
    as_json: AsJson = False,
) -> None:
    """Give the probability that a trial succeeds, averaged over a prior of the effect.

    Two arms and a mean: --n-total, --prior-mean, --prior-sd. One arm and a response rate: --r and
    --n (with --r1 and --n1 for two stages) and a Beta prior --a, --b.

    For example:
      progenitor design assurance --n-total 100 --prior-mean 0.25 --prior-sd 0.2 --alpha 0.025
      progenitor design assurance --r1 3 --n1 13 --r 12 --n 43 --a 12 --b 28 --json
    """
    from progenitor.cli._output import paragraph, write_json

    if n_total is not None or prior_mean is not None:
        _check_normal(n_total, sigma, prior_mean, prior_sd, alpha)
        found = _normal(n_total or 0, sigma, prior_mean or 0.0, prior_sd or 0.0, alpha)
    else:
        _check_binary(r1, n1, r, n, (prior_a, prior_b))
        found = _binary(r1, n1, r or 0, n or 0, prior_a or 0.0, prior_b or 0.0)
    if as_json:
        write_json(found)
        return
    paragraph(found["protocol"])


def _check_normal(
    n: Whole, sigma: float, prior_mean: Number, prior_sd: Number, alpha: float
) -> None:
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists

    lists = OptionLists()
    _ranges.need(lists, n_total=n, prior_mean=prior_mean, prior_sd=prior_sd)
    _ranges.need_at_least(lists, 2, n_total=n)
    _ranges.need_above(lists, 0, sigma=sigma)
    _ranges.need_at_least(lists, 0, prior_sd=prior_sd)
    _ranges.need_between(lists, alpha=alpha)
    if prior_mean is not None and not abs(prior_mean) < float("inf"):
        lists.add("--prior-mean", f"is {prior_mean:g}", "give a finite difference")
    lists.done()


def _check_binary(r1: Whole, n1: Whole, r: Whole, n: Whole, prior: tuple[Number, Number]) -> None:
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists

    lists, staged = OptionLists(), r1 is not None or n1 is not None
    _ranges.need(lists, **({"r1": r1, "n1": n1} if staged else {}), r=r, n=n)
    _ranges.need(lists, a=prior[0], b=prior[1])
    _ranges.need_above(lists, 0, a=prior[0], b=prior[1])
    if r1 is not None and n1 is not None and r is not None and n is not None:
        _ranges.need_two_stages(lists, r1, n1, r, n)
    elif r is not None and n is not None and not 0 <= r < n:
        lists.add("--r", f"is {r}, of {n} patients", "give a number from 0 to below --n")
    lists.done()


def _normal(n: int, sigma: float, mean: float, sd: float, alpha: float) -> dict[str, Any]:
    from progenitor.trial import normal_assurance

    found = normal_assurance(n_total=n, sigma=sigma, prior_mean=mean, prior_sd=sd, alpha=alpha)
    return {
        "assurance": found.assurance,
        "power_at_prior_mean": found.power_at_prior_mean,
        "limit": found.limit,
        "protocol": (
            f"Two arms with {n} patients together, one-sided level {alpha:g}: assurance "
            f"{found.assurance:.6f} over a N({mean:g}, {sd:g}²) prior of the difference; power at "
            f"its mean {found.power_at_prior_mean:.6f}. No trial, however large, exceeds "
            f"{found.limit:.6f}."
        ),
    }


def _binary(r1: int | None, n1: int | None, r: int, n: int, a: float, b: float) -> dict[str, Any]:
    from progenitor.trial import ExactBinomial, SimonTwoStage
    from progenitor.trial import assurance as average

    low, high = 1.0 / 3.0, 2.0 / 3.0  # the rates of interest play no part in assurance
    if r1 is None and n1 is None:
        design: ExactBinomial | SimonTwoStage = ExactBinomial(low, high, r, n)
        name = f"{n} patients, success if more than {r} respond"
    else:
        design = SimonTwoStage(low, high, r1 or 0, n1 or 0, r, n)
        name = f"stop if at most {r1} of {n1} respond, success if more than {r} of {n}"
    found = average(design, a=a, b=b)
    return {
        "assurance": found,
        "power_at_prior_mean": design.success_probability(a / (a + b)),
        "protocol": f"One arm, {name}: assurance {found:.6f} over a Beta({a:g}, {b:g}) prior.",
    }
