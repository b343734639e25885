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

_FEW = 0.0995
"""Shares below are shown with a digit more."""


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
    from progenitor.cli._make_wanted import measured_products, wanted_recipes
    from progenitor.cli._optimise import find_better, optimise_asked
    from progenitor.cli._output import write_json
    from progenitor.cli._table_file import check_new

    search: dict[str, Any] = {"candidates": candidates, "ask": ask, "tell": tell, "out": out}
    others = {"specification": specification, "off_targets": off_targets, "dossier": dossier}
    if optimise_asked(optimise, {**others, "attempts": attempts > 1}, search):
        find_better(study, recipe, product, **search, report=report, seed=seed, as_json=as_json)
        return
    check_new(report)
    check_new(dossier, folder=True)
    wanted, number = wanted_recipes(
        study, recipe, product, specification=specification, off_targets=off_targets, seed=seed
    )
    measured = measured_products(study)
    made: list[dict[str, Any]] = []
    batches: dict[str, Any] = {}
    for name, chosen in wanted.items():
        record, batch = _lots_of(name, chosen, lots, number, measured.get(name))
        made.append(record | _tried_again(chosen, lots, number, attempts))
        batches |= {name: batch} if report is not None else {}
        if dossier is not None:
            from progenitor.cli._dossier import write_dossier

            write_dossier(dossier, batch)
    _written(report, batches, number, study, measured)
    if as_json:
        write_json(made if product is None and recipe is None else made[0])
    for record in () if as_json else made:
        _show(record)


def _lots_of(
    name: str, recipe: Any, lots: int, seed: int, measured: Any
) -> tuple[dict[str, Any], Any]:
    """Make the lots of one product; what is to be said of them as plain data, and the lots."""
    from progenitor.evidence import default_catalogue
    from progenitor.study import recipe_doubt, sample_lots, summarise_lots, with_composition

    start, catalogue = time.perf_counter(), default_catalogue()
    batch = sample_lots(catalogue, recipe, lots=lots, seed=seed)
    if measured is not None:
        batch = with_composition(batch, measured, seed=seed, product=name)
    summary = summarise_lots(batch, product=name)
    doubt = recipe_doubt(catalogue, recipe, seed=seed)
    record = _plain(summary, doubt, time.perf_counter() - start) | _composition(measured)
    return record, batch


def _tried_again(recipe: Any, lots: int, seed: int, attempts: int) -> dict[str, Any]:
    """Say what becomes of failed lots where more than one attempt is allowed."""
    if attempts == 1:
        return {}
    from progenitor.cli._make_campaign import campaign_record

    return {"campaign": campaign_record(recipe, lots, seed, attempts)}


def _written(
    report: Path | None, batches: dict[str, Any], seed: int, study: Path | None, measured: Any
) -> None:
    """Write the page of figures if one was asked for."""
    if report is None:
        return
    from progenitor.report import write_manufacturing_report

    write_manufacturing_report(batches, report, seed=seed, source=study, measured=measured)


def _composition(measured: Any) -> dict[str, Any]:
    """Say where the composition of the lots comes from."""
    if measured is None:
        return {"composition": {"origin": "predicted", "source": None}}
    return {"composition": {"origin": "measured", "source": measured.source or None}}


def _plain(summary: Any, doubt: Any, seconds: float) -> dict[str, Any]:
    low, middle, high = doubt.released
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
        "dose_cost_lines": dict(summary.dose_lines),
        "doubt": {
            "numbers": doubt.numbers,
            "assumed": doubt.assumed,
            "weakest": list(doubt.weakest),
            "released_fraction_by_draw": {"p5": low, "p50": middle, "p95": high, "unit": "1"},
            "sentence": doubt.sentence,
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
    paragraph(made["doubt"]["sentence"])
    if made["composition"]["origin"] == "measured":
        source = made["composition"]["source"] or "no source named"
        paragraph(f"The composition was measured ({source}); the rest is predicted.")
    for reason, fraction in sorted(made["failures"].items(), key=lambda item: -item[1]):
        few = f"{100 * fraction:.1f} %"
        typer.echo(f"  lost, {reason}: {few if fraction < _FEW else percent(fraction)}")
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
    if made["dose_cost_lines"]:
        paragraph(_bill(made["dose_cost_lines"]))
    if "campaign" in made:
        from progenitor.cli._make_campaign import campaign_text

        paragraph(campaign_text(made["campaign"]))
    if made["release_tests"]:
        table(
            ["release test", "limit", "stopped", "95 % pass at", "95 % stop at"],
            [_test_row(test) for test in made["release_tests"]],
        )
    for explanation in made["explanations"][:3]:
        paragraph(explanation.splitlines()[0], bullet="  - ")
    typer.echo("")


def _bill(lines: dict[str, float]) -> str:
    """Say what a dose costs and on what, dearest first; what is under 1 % is left out."""
    from progenitor.cli._output import number

    whole = sum(lines.values())
    parts = sorted(lines.items(), key=lambda item: -item[1])
    shares = [f"{name} {100 * one / whole:.0f} %" for name, one in parts if one >= 0.01 * whole]
    return f"A released dose costs {number(whole)} USD in the mean: {', '.join(shares)}."


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
