"""`progenitor design toxicity-boundary`: toxicity monitored by repeated exact tests."""

from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

__all__ = ["toxicity_boundary"]

Acceptable = Annotated[
    float, typer.Option("--acceptable", "--plo", metavar="P", help="Acceptable toxicity rate.")
]
Unacceptable = Annotated[
    float, typer.Option("--unacceptable", "--phi", metavar="P", help="Unacceptable rate.")
]
LookSizes = Annotated[str, typer.Option("--looks", metavar="N,N,…", help="Patients at each look.")]
Error = Annotated[
    float,
    typer.Option("--error", "--cp0", metavar="E", help="Chance to stop at the acceptable rate."),
]
Delta = Annotated[
    float, typer.Option("--delta", metavar="D", help="Shape: 0 Pocock to 0.5 O'Brien–Fleming.")
]
Rates = Annotated[
    str, typer.Option("--rates", metavar="P,P,…", help="True rates; default four between.")
]


@exits
def toxicity_boundary(
    acceptable: Acceptable,
    unacceptable: Unacceptable,
    looks: LookSizes,
    error: Error = 0.1,
    delta: Delta = 0.0,
    rates: Rates = "",
    as_json: AsJson = False,
) -> None:
    """Find how many toxicities stop a trial that is tested again and again, exactly.

    The boundary stops with at most the given chance at the acceptable rate. The next looser one,
    which exceeds it, is shown beside it.

    For example:
      progenitor design toxicity-boundary --plo 0.2 --phi 0.4 --looks 5,10,15,20,25 --error 0.1
      progenitor design toxicity-boundary --plo 0.2 --phi 0.35 --looks 20,40,60 --delta 0.5 --json
    """
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.trial import RepeatedToxicityTest

    sizes, true = _checked((acceptable, unacceptable), looks, error, delta, rates)
    rule = RepeatedToxicityTest(acceptable, unacceptable, sizes, error, delta)
    step = (unacceptable - acceptable) / 3.0
    true = true or tuple(acceptable + k * step for k in range(4))
    found: dict[str, Any] = {
        "boundaries": [
            {"n": n, "stop_if_gt": strict, "looser_stop_if_gt": loose}
            for n, strict, loose in zip(sizes, rule.stop_if_gt, rule.looser, strict=True)
        ],
        "stop_if_gt": list(rule.stop_if_gt),
        "looser_stop_if_gt": list(rule.looser),
        "operating_characteristics": [_row(rule, rate) for rate in true],
        "protocol": (
            "Enrolment stops for toxicity when more than "
            + ", ".join(f"{k} of {n}" for k, n in zip(rule.stop_if_gt, sizes, strict=True))
            + f" patients have had one. At a rate of {acceptable:g} that happens with probability "
            f"{rule.characteristics(acceptable).crossing:.4f}, at {unacceptable:g} with "
            f"{rule.characteristics(unacceptable).crossing:.4f}."
        ),
    }
    if as_json:
        write_json(found)
        return
    names = ("n", "stop_if_gt", "looser_stop_if_gt")
    rows = [[str(row[k]) for k in names] for row in found["boundaries"]]
    table(["after", "stop if more than", "looser boundary"], rows)
    typer.echo("")
    keys = ("p", "p_cross", "en", "looser_p_cross", "looser_en")
    rows = [[f"{row[k]:.4f}" for k in keys] for row in found["operating_characteristics"]]
    table(["true rate", "stops", "patients", "looser: stops", "patients"], rows)
    typer.echo("")
    paragraph(found["protocol"])


def _checked(
    bounds: tuple[float, float], looks: str, error: float, delta: float, rates: str
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    from progenitor.cli.designs import _ranges
    from progenitor.cli.designs._lists import OptionLists

    lists = OptionLists()
    sizes, true = lists.whole("--looks", looks), lists.numbers("--rates", rates)
    low, high = bounds
    _ranges.need_between(lists, acceptable=low, unacceptable=high, error=error)
    if 0.0 < high <= low < 1.0:
        text = f"is {high:g}, not above --acceptable {low:g}"
        lists.add("--unacceptable", text, "give the larger rate as the unacceptable one")
    if not 0.0 <= delta <= 0.5:
        lists.add("--delta", f"is {delta:g}", "give a shape from 0 (Pocock) to 0.5")
    _ranges.need_increasing(lists, "--looks", sizes)
    if not sizes and not lists.problems:
        lists.add("--looks", "there is no look", "give numbers of patients, such as 5,10,15")
    _ranges.need_rates(lists, "--rates", true)
    lists.done()
    return sizes, true


def _row(rule: Any, rate: float) -> dict[str, float]:
    strict, loose = rule.characteristics(rate), rule.characteristics(rate, looser=True)
    return {
        "p": rate,
        "p_cross": strict.crossing,
        "p_stop_early": strict.early_stop,
        "en": strict.expected_patients,
        "looser_p_cross": loose.crossing,
        "looser_p_stop_early": loose.early_stop,
        "looser_en": loose.expected_patients,
    }
