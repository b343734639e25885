"""`progenitor design toxicity-stop`: Bayesian stopping for toxicity."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._binary_options import PriorA, PriorB, Rates

if TYPE_CHECKING:
    from progenitor.trial import BayesianToxicityStopping

__all__ = ["toxicity_stop"]

Tolerable = Annotated[
    float, typer.Option("--tolerable", "--pt", metavar="P", help="Tolerable toxicity rate.")
]
Cut = Annotated[
    float, typer.Option("--cut", metavar="C", help="Stop when P(rate > tolerable) exceeds C.")
]
Patients = Annotated[
    int | None, typer.Option("--n", metavar="N", help="Boundaries for 1 to N patients.")
]
LookSizes = Annotated[
    str, typer.Option("--looks", metavar="N,N,…", help="Patients at each look; default each.")
]


@exits
def toxicity_stop(
    tolerable: Tolerable,
    cut: Cut,
    n: Patients = None,
    prior_a: PriorA = 1.0,
    prior_b: PriorB = 1.0,
    looks: LookSizes = "",
    rates: Rates = "",
    as_json: AsJson = False,
) -> None:
    """Tell after how many toxicities enrolment stops, and how often that happens.

    Stop after any patient when the posterior probability that the toxicity rate exceeds the
    tolerable rate is more than --cut, under a Beta prior. Probabilities are exact.

    For example:
      progenitor design toxicity-stop --tolerable 0.3 --cut 0.9 --a 0.5 --b 0.5 --n 60
      progenitor design toxicity-stop --pt 0.25 --cut 0.95 --n 20 --rates 0.2,0.4 --json
    """
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.trial import BayesianToxicityStopping

    sizes, true = _checked(tolerable, cut, n, (prior_a, prior_b), looks, rates)
    rule = BayesianToxicityStopping(tolerable, cut, (prior_a, prior_b))
    found = _plain(rule, sizes, true)
    if as_json:
        write_json(found)
        return
    table(
        ["after", "stop if at least"],
        [
            [str(row["n"]), "–" if row["stop_if_ge"] is None else str(row["stop_if_ge"])]
            for row in found["boundaries"]
        ],
    )
    if true:
        typer.echo("")
        rows = found["operating_characteristics"]
        table(
            ["true rate", "stops", "patients"],
            [[f"{r['p']:g}", f"{r['p_stop']:.6f}", f"{r['en']:.4f}"] for r in rows],
        )
    typer.echo("")
    paragraph(found["protocol"])


def _checked(
    tolerable: float,
    cut: float,
    n: int | None,
    prior: tuple[float, float],
    looks: str,
    rates: str,
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists

    lists = OptionLists()
    sizes, true = lists.whole("--looks", looks), lists.numbers("--rates", rates)
    _ranges.need_between(lists, tolerable=tolerable, cut=cut)
    _ranges.need_above(lists, 0, prior_a=prior[0], prior_b=prior[1])
    _ranges.need_at_least(lists, 1, n=n)
    _ranges.need_increasing(lists, "--looks", sizes)
    _ranges.need_rates(lists, "--rates", true)
    if n is None and not looks.strip():
        lists.add("--n", "is needed", "add --n with a number of patients, or --looks")
    elif n is not None and sizes and sizes[-1] > n >= 1:
        fix = "leave --n out, or look at no more patients than it gives"
        lists.add("--looks", f"the last look is after {sizes[-1]} of {n} patients", fix)
    lists.done()
    return sizes or tuple(range(1, (n or 0) + 1)), true


def _plain(
    rule: "BayesianToxicityStopping", sizes: tuple[int, ...], rates: tuple[float, ...]
) -> dict[str, Any]:
    a, b = rule.prior
    found = [rule.characteristics(sizes, rate) for rate in rates]
    return {
        "boundaries": [{"n": size, "stop_if_ge": rule.stop_if_ge(size)} for size in sizes],
        "operating_characteristics": [
            {
                "p": f.rate,
                "p_stop": f.crossing,
                "p_stop_early": f.early_stop,
                "en": f.expected_patients,
            }
            for f in found
        ],
        "protocol": (
            f"Enrolment stops for toxicity when the posterior probability that the toxicity rate "
            f"exceeds {rule.tolerable:g} is above {rule.cut:g}, under a Beta({a:g}, {b:g}) prior."
            f" It is looked at after {len(sizes)} numbers of patients, from {sizes[0]} to "
            f"{sizes[-1]}."
        ),
    }
