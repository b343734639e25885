"""`progenitor make`: the manufacturing of a study alone."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._make_options import (
    Attempts,
    Dossier,
    Lots,
    OffTargetTable,
    ProductName,
    RecipeName,
    SpecificationName,
    StudyOrNone,
)
from progenitor.cli._optimise_options import Ask, Candidates, Optimise, Out, Report, Tell
from progenitor.cli._options import AsJson, Seed

__all__ = ["make"]


@exits
def make(
    study: StudyOrNone = None,
    recipe: RecipeName = None,
    product: ProductName = None,
    specification: SpecificationName = None,
    off_targets: OffTargetTable = None,
    lots: Lots = 200,
    attempts: Attempts = 1,
    dossier: Dossier = None,
    optimise: Optimise = False,
    candidates: Candidates = None,
    ask: Ask = None,
    tell: Tell = None,
    out: Out = None,
    report: Report = None,
    seed: Seed = None,
    as_json: AsJson = False,
) -> None:
    """Make lots, from donor to release, and say how good they are and why some fail.

    With --json one product is one object, with the whole log of some failed lots; a study without
    --product is a list of them.

    For example:
      progenitor make studies/tscm_vs_cart_dlbcl.yaml
      progenitor make studies/tscm_vs_cart_dlbcl.yaml --product tscm --lots 1000 --json
      progenitor make --recipe car_gmp --lots 100000
      progenitor make --recipe conventional_car_t --specification tisagenlecleucel_us
      progenitor make --recipe conventional_car_t --lots 5000 --attempts 2
      progenitor make --recipe car_gmp --lots 20 --dossier lots
      progenitor make studies/tscm_vs_cart_dlbcl.yaml --report making.html
      progenitor make studies/tscm_vs_cart_dlbcl.yaml --product tscm --optimise --report front.html
      progenitor make --recipe tscm_car_t --optimise --ask 8 --out plan.csv
      progenitor make --recipe tscm_car_t --optimise --tell plan.csv --ask 8 --out next.csv
    """
    from progenitor.cli._make_wanted import wanted_recipes
    from progenitor.cli._optimise import find_better, optimise_asked
    from progenitor.cli._output import write_json
    from progenitor.evidence import default_catalogue
    from progenitor.study import sample_lots, summarise_lots

    search: dict[str, Any] = {"candidates": candidates, "ask": ask, "tell": tell, "out": out}
    others = {"specification": specification, "off_targets": off_targets, "dossier": dossier}
    if optimise_asked(optimise, {**others, "attempts": attempts > 1}, search):
        find_better(study, recipe, product, **search, report=report, seed=seed, as_json=as_json)
        return
    wanted, number = wanted_recipes(
        study, recipe, product, specification=specification, off_targets=off_targets, seed=seed
    )
    made: list[dict[str, Any]] = []
    batches: dict[str, Any] = {}
    for name, chosen in wanted.items():
        start = time.perf_counter()
        batch = sample_lots(default_catalogue(), chosen, lots=lots, seed=number)
        batches |= {name: batch} if report is not None else {}
        summary = summarise_lots(batch, product=name)
        made.append(_plain(summary, time.perf_counter() - start))
        made[-1] |= _tried_again(chosen, lots, number, attempts)
        if dossier is not None:
            from progenitor.cli._dossier import write_dossier

            write_dossier(dossier, batch)
    _written(report, batches, number, study)
    if as_json:
        write_json(made if product is None and recipe is None else made[0])
    for record in () if as_json else made:
        _show(record)


def _tried_again(recipe: Any, lots: int, seed: int, attempts: int) -> dict[str, Any]:
    """Say what becomes of failed lots where more than one attempt is allowed."""
    if attempts == 1:
        return {}
    from progenitor.cli._make_campaign import campaign_record

    return {"campaign": campaign_record(recipe, lots, seed, attempts)}


def _written(report: Path | None, batches: dict[str, Any], seed: int, study: Path | None) -> None:
    """Write the page of figures if one was asked for."""
    if report is None:
        return
    from progenitor.report import write_manufacturing_report

    write_manufacturing_report(batches, report, seed=seed, source=study)


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
        "cost_lines": {
            name: {"p5": of.p5, "p50": of.p50, "p95": of.p95, "unit": of.unit}
            for name, of in summary.cost_lines.items()
        },
        "release_tests": [asdict(test) for test in summary.release_tests],
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
    if "campaign" in made:
        from progenitor.cli._make_campaign import campaign_text

        paragraph(campaign_text(made["campaign"]))
    if made["release_tests"]:
        table(
            ["release test", "limit", "stopped", "95 % pass at", "95 % stop at"],
            [_test_row(test) for test in made["release_tests"]],
        )
    for explanation in made["explanations"][:3]:
        paragraph(f"{explanation.split('. ')[0].rstrip('.')}.", bullet="  - ")
    typer.echo("")


def _quantity(of: dict[str, Any], percentile: str) -> str:
    from progenitor.cli._output import number, percent

    value, unit = of[percentile], of["unit"]
    share = unit == "1" and of["label"] not in {"Doses in a lot", "Population doublings"}
    return percent(value) if share else f"{number(value)} {unit}".removesuffix(" 1")


def _test_row(test: dict[str, Any]) -> list[str]:
    from progenitor.cli._output import number

    shown = test["title"] + ("" if test["gate"] == "release" else f" ({test['gate']})")
    sign = "≥" if test["at_least"] else "≤"
    values = [number(test[name]) for name in ("limit", "stopped", "passes_at", "stops_at")]
    return [shown, f"{sign} {values[0]}", f"{100 * test['stopped']:.1f} %", values[2], values[3]]
