"""`progenitor design bop2`: Bayesian optimal Phase II designs."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._binary_options import P0, P1, Rates

if TYPE_CHECKING:
    from progenitor.trial import Bop2

__all__ = ["bop2"]

LookSizes = Annotated[str, typer.Option("--looks", metavar="N,N,…", help="Patients at each look.")]
Alpha = Annotated[
    float | None, typer.Option("--alpha", metavar="A", help="Search: type I error to keep.")
]
Threshold = Annotated[float | None, typer.Option("--lambda", metavar="L", help="Given lambda.")]
Exponent = Annotated[float | None, typer.Option("--gamma", metavar="G", help="Given gamma.")]
A = Annotated[
    float | None,
    typer.Option("--prior-a", "--a", metavar="A", help="Prior Beta(a, b); default a = p0."),
]
B = Annotated[
    float | None,
    typer.Option("--prior-b", "--b", metavar="B", help="Prior Beta(a, b); default b = 1 − p0."),
]


@exits
def bop2(
    looks: LookSizes,
    p0: P0,
    p1: P1,
    alpha: Alpha = None,
    lambda_: Threshold = None,
    gamma: Exponent = None,
    prior_a: A = None,
    prior_b: B = None,
    rates: Rates = "",
    as_json: AsJson = False,
) -> None:
    """Find the Bayesian optimal Phase II design (BOP2), or work out a given one, exactly.

    The trial stops at a look when P(rate > p0 | data) < lambda (n/N)^gamma. With --alpha, lambda
    and gamma are those with the greatest power at p1; with --lambda and --gamma they are given.

    For example:
      progenitor design bop2 --looks 10,20,30,40 --p0 0.2 --p1 0.4 --alpha 0.1
      progenitor design bop2 --looks 20,40 --p0 0.25 --p1 0.45 --lambda 0.845 --gamma 0.36 --json
    """
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.trial import Bop2

    prior = (p0 if prior_a is None else prior_a, 1.0 - p0 if prior_b is None else prior_b)
    chosen = {"alpha": alpha, "lambda": lambda_, "gamma": gamma}
    sizes, true = _checked(looks, rates, (p0, p1), prior, chosen)
    if lambda_ is None and gamma is None:
        design = Bop2.search(p0=p0, p1=p1, looks=sizes, alpha=alpha or 0.0, prior=prior)
    else:
        design = Bop2(p0, p1, sizes, lambda_ or 0.0, gamma or 0.0, prior)
    found = _plain(design, true)
    if as_json:
        write_json(found)
        return
    stops = [str(stop) if stop >= 0 else "–" for stop in design.stop_if_le]
    table(["after", "stop if at most"], [[str(n), s] for n, s in zip(sizes, stops, strict=True)])
    typer.echo("")
    table(
        ["true rate", "success", "stops early", "patients"],
        [
            [f"{row['p']:g}", f"{row['success']:.6f}", f"{row['pet']:.6f}", f"{row['en']:.4f}"]
            for row in found["operating_characteristics"]
        ],
    )
    typer.echo("")
    paragraph(design.description)


def _checked(
    looks: str,
    rates: str,
    interest: tuple[float, float],
    prior: tuple[float, float],
    chosen: dict[str, float | None],
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists

    lists = OptionLists()
    sizes, true = lists.whole("--looks", looks), lists.numbers("--rates", rates)
    _ranges.need_increasing(lists, "--looks", sizes)
    if not sizes and not lists.problems:
        lists.add("--looks", "there is no look", "give numbers of patients, such as 10,20,40")
    _ranges.need_rates(lists, "--rates", true)
    _ranges.need_ordered_rates(lists, *interest)
    if all(0.0 < rate < 1.0 for rate in interest):
        _ranges.need_above(lists, 0, prior_a=prior[0], prior_b=prior[1])
    alpha, *given = chosen.values()
    names = ("alpha",) if given == [None, None] else ("lambda", "gamma")
    _ranges.need(lists, **{name: chosen[name] for name in names})
    _ranges.need_between(lists, alpha=alpha, **{"lambda": chosen["lambda"]})
    _ranges.need_at_least(lists, 0, gamma=chosen["gamma"])
    lists.done()
    return sizes, true


def _plain(design: "Bop2", rates: tuple[float, ...]) -> dict[str, Any]:
    found = [design.characteristics(rate) for rate in (design.p0, design.p1, *rates)]
    return {
        "looks": list(design.looks),
        "stop_if_le": list(design.stop_if_le),
        "lambda": design.threshold,
        "gamma": design.exponent,
        "prior": list(design.prior),
        "type_i": design.alpha,
        "power": design.power,
        "pet_p0": design.pet0,
        "en_p0": design.en0,
        "pet_p1": design.pet1,
        "en_p1": design.en1,
        "operating_characteristics": [
            {"p": f.rate, "success": f.success, "pet": f.early_stop, "en": f.expected_patients}
            for f in found
        ],
        "protocol": design.description,
    }
