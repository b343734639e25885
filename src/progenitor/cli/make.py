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

    With --json one product is one object, with the whole log of some failed lots; without
    --product it is a list of them.

    For example:
      progenitor make studies/tscm_vs_cart_dlbcl.yaml
      progenitor make studies/tscm_vs_cart_dlbcl.yaml --product tscm --lots 1000 --json
    """
    from progenitor.cli._output import write_json
    from progenitor.documents import suggestion
    from progenitor.errors import Problem, StudyError
    from progenitor.evidence import default_catalogue
    from progenitor.study import load_pipeline

    loaded = load_pipeline(study, catalogue=default_catalogue()).with_options(seed=seed)
    if product is not None and product not in loaded.products:
        fix = suggestion(product, loaded.products)
        raise StudyError([Problem(f"unknown product '{product}'", fix, field="--product")])
    from progenitor.study import make_lots

    made: list[dict[str, Any]] = []
    for name in [product] if product is not None else loaded.products:
        start = time.perf_counter()
        summary = make_lots(loaded, product=name, lots=lots, seed=loaded.seed)
        made.append(_plain(summary, time.perf_counter() - start))
    if as_json:
        write_json(made[0] if product is not None else made)
        return
    for record in made:
        _show(record)


def _plain(summary: Any, seconds: float) -> dict[str, Any]:
    return {
        "product": summary.product,
        "lots": summary.lots,
        "released_fraction": summary.released_fraction,
        "percentiles": {
            name: {"p5": of.p5, "p50": of.p50, "p95": of.p95, "unit": of.unit, "label": of.label}
            for name, of in summary.percentiles.items()
        },
        "failures": dict(summary.failures),
        "explanations": list(summary.explanations),
        "seconds": seconds,
    }


def _show(made: dict[str, Any]) -> None:
    from progenitor.cli._output import paragraph, percent, table

    typer.echo(
        f"{made['product']}: {percent(made['released_fraction'])} of {made['lots']} lots released "
        f"({made['seconds']:.1f} s)"
    )
    for reason, fraction in sorted(made["failures"].items(), key=lambda item: -item[1]):
        typer.echo(f"  lost, {reason}: {percent(fraction)}")
    table(
        ["released lots", "5 %", "median", "95 %"],
        [
            [
                of["label"] or name.replace("_", " "),
                *(_quantity(of, p) for p in ("p5", "p50", "p95")),
            ]
            for name, of in made["percentiles"].items()
        ],
    )
    for explanation in made["explanations"][:3]:
        paragraph(f"{explanation.split('. ')[0].rstrip('.')}.", bullet="  - ")
    typer.echo("")


def _quantity(of: dict[str, Any], percentile: str) -> str:
    from progenitor.cli._output import number, percent

    value, unit = of[percentile], of["unit"]
    return percent(value) if unit == "1" else f"{number(value)} {unit}"
