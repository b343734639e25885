"""`progenitor make`: the manufacturing of a study alone."""

import time
from typing import Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson, Seed, StudyPath

__all__ = ["make"]


@exits
def make(
    study: StudyPath,
    product: Annotated[
        str | None,
        typer.Option("--product", metavar="NAME", help="One product of the study; default all."),
    ] = None,
    lots: Annotated[
        int, typer.Option("--lots", metavar="N", min=1, max=100_000, help="Lots of each product.")
    ] = 200,
    seed: Seed = None,
    as_json: AsJson = False,
) -> None:
    """Make lots, from apheresis to release, and say how good they are and why some fail.

    With --json one product is one object; without --product, a list of them.

    For example:
      progenitor make studies/tscm_vs_cart_dlbcl.yaml
      progenitor make studies/tscm_vs_cart_dlbcl.yaml --product tscm --lots 1000 --json
    """
    from progenitor.cli._output import write_json
    from progenitor.documents import suggestion
    from progenitor.errors import Problem, StudyError
    from progenitor.evidence import default_catalogue
    from progenitor.study import Study

    loaded = Study.load(study, catalogue=default_catalogue()).with_options(seed=seed)
    if product is not None and product not in loaded.products:
        fix = suggestion(product, loaded.products)
        raise StudyError([Problem(f"unknown product '{product}'", fix, field="--product")])
    from progenitor.study import make_lots

    made = []
    for name in [product] if product is not None else loaded.products:
        start = time.perf_counter()
        summary = make_lots(loaded, product=name, lots=lots, seed=loaded.seed)
        made.append(_plain(summary, time.perf_counter() - start))
    if as_json:
        write_json(made[0] if product is not None else made)
        return
    for summary in made:
        _show(summary)


def _plain(summary: Any, seconds: float) -> dict[str, Any]:
    return {
        "product": summary.product,
        "lots": summary.lots,
        "released_fraction": summary.released_fraction,
        "percentiles": {
            name: {"p5": of.p5, "p50": of.p50, "p95": of.p95, "unit": of.unit}
            for name, of in summary.percentiles.items()
        },
        "failures": dict(summary.failures),
        "explanations": list(summary.explanations),
        "seconds": seconds,
    }


def _show(made: dict[str, Any]) -> None:
    from progenitor.cli._output import number, paragraph, percent, table

    typer.echo(
        f"{made['product']}: {percent(made['released_fraction'])} of {made['lots']} lots released "
        f"({made['seconds']:.1f} s)"
    )
    for reason, fraction in sorted(made["failures"].items(), key=lambda item: -item[1]):
        typer.echo(f"  lost, {reason}: {percent(fraction)}")
    table(
        ["quality", "5 %", "median", "95 %", "unit"],
        [
            [name.replace("_", " "), *(number(of[p]) for p in ("p5", "p50", "p95")), of["unit"]]
            for name, of in made["percentiles"].items()
        ],
    )
    for explanation in made["explanations"][:3]:
        paragraph(explanation, bullet="  - ")
    typer.echo("")
