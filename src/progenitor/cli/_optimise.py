"""`progenitor make --optimise`: better settings, by simulation or by asking and telling."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from progenitor.errors import InputError, Problem

__all__ = ["find_better", "optimise_asked", "refuse"]


def refuse(why: str, fix: str, **given: object) -> None:
    """Refuse options that mean nothing here.

    Parameters
    ----------
    why, fix
        What follows each option in the message, and the way out.
    given
        Option without its dashes → value; ``None`` or false for those not given.

    Raises
    ------
    InputError
        Naming each of them.
    """
    problems = [
        Problem(f"--{name.replace('_', '-')} {why}", fix)
        for name, value in given.items()
        if value is not None and value is not False
    ]
    if problems:
        raise InputError(problems)


def optimise_asked(
    optimise: bool, others: Mapping[str, object], search: Mapping[str, object]
) -> bool:
    """Tell whether better settings are sought, and refuse options of the other kind.

    Parameters
    ----------
    optimise
        Whether ``--optimise`` was given.
    others, search
        Options that belong to making lots, and to the search.

    Raises
    ------
    InputError
        Naming every option that does not belong.
    """
    if optimise:
        refuse("with --optimise", "leave one of the two out", **others)
    else:
        refuse("without --optimise", "add --optimise, or leave it out", **search)
    return optimise


def find_better(
    study: Path | None,
    recipe: str | None,
    product: str | None,
    *,
    candidates: int | None,
    ask: int | None,
    tell: Path | None,
    out: Path | None,
    report: Path | None,
    seed: int | None,
    as_json: bool,
) -> None:
    """Search by simulation, or propose and take in settings tried at the bench.

    Parameters
    ----------
    study, recipe, product
        What is made.
    candidates
        Settings tried by simulation.
    ask, tell, out
        How many settings to propose, results so far, and where the plan goes.
    report
        Page to write.
    seed
        Instead of the study's.
    as_json
        Print JSON.

    Raises
    ------
    InputError
        When options contradict each other or a file cannot be read.
    """
    if ask is None and tell is None:
        refuse("without --ask", "add --ask N, or leave it out", out=out)
        _simulated(
            study, recipe, product, candidates=candidates, report=report, seed=seed, as_json=as_json
        )
        return
    refuse(
        "with --ask or --tell",
        "it belongs to the simulated search: leave it out",
        candidates=candidates,
        report=report,
    )
    if ask is None:
        refuse("without --ask", "add --ask N, or leave it out", out=out)
    _at_the_bench(study, recipe, product, ask=ask, tell=tell, out=out, seed=seed, as_json=as_json)


def _simulated(
    study: Path | None,
    recipe: str | None,
    product: str | None,
    *,
    candidates: int | None,
    report: Path | None,
    seed: int | None,
    as_json: bool,
) -> None:
    from progenitor.cli._make_wanted import wanted_recipes
    from progenitor.cli._output import write_json
    from progenitor.cli._progress import progress_bar
    from progenitor.cli._table_file import check_target
    from progenitor.evidence import default_catalogue
    from progenitor.study import load_pipeline, optimise_process, optimise_recipe

    check_target(report)
    wanted, number = wanted_recipes(
        study, recipe, product, specification=None, off_targets=None, seed=seed
    )
    catalogue, start = default_catalogue(), time.perf_counter()
    with progress_bar("candidates") as progress:
        if study is None:
            (chosen,) = wanted.values()
            found = optimise_recipe(
                catalogue, chosen, candidates=candidates, seed=number, progress=progress
            )
        else:
            found = optimise_process(
                load_pipeline(study, catalogue=catalogue),
                catalogue=catalogue,
                product=product,
                candidates=candidates,
                seed=number,
                jobs=os.cpu_count() or 1,
                progress=progress,
            )
    seconds = time.perf_counter() - start
    if report is not None:
        from progenitor.report import write_optimisation_report

        write_optimisation_report(found, report, source=study)
    if as_json:
        write_json({**found.plain(), "seconds": seconds})
        return
    _show(found.plain(), seconds)


def _at_the_bench(
    study: Path | None,
    recipe: str | None,
    product: str | None,
    *,
    ask: int | None,
    tell: Path | None,
    out: Path | None,
    seed: int | None,
    as_json: bool,
) -> None:
    from progenitor.cli._make_wanted import wanted_recipes
    from progenitor.cli._output import write_json
    from progenitor.cli._table_file import check_target, write_table
    from progenitor.evidence import default_catalogue
    from progenitor.inference import plan_table, read_results
    from progenitor.study import OptimiseSection, load_pipeline, process_search, process_settings

    check_target(out)
    wanted, number = wanted_recipes(
        study, recipe, product, specification=None, off_targets=None, seed=seed
    )
    section, catalogue = OptimiseSection(), default_catalogue()
    chosen = next(iter(wanted.values()))
    if study is not None:
        section = load_pipeline(study, catalogue=catalogue).file.optimise or section
        chosen = wanted[product or section.product or next(iter(wanted))]
    space = process_settings(catalogue, chosen, section.settings)
    measured = [name for name in section.objectives if name != "pfs_12_months"]
    search = process_search(space, measured or ["yield"], seed=number)
    if tell is not None:
        search = search.tell(*read_results(tell, search.ranges, search.goals))
    asked = search.ask(ask) if ask is not None else ()
    if out is not None:
        write_table(plan_table(asked, search.ranges, search.goals), out)
    if as_json:
        write_json(_plain_bench(search, asked))
        return
    if ask is not None and out is None:
        write_table(plan_table(asked, search.ranges, search.goals), None)
        return
    typer.echo(f"{len(search.results)} experiments told, {len(search.front)} on the Pareto front")
    if out is not None:
        typer.echo(f"{len(asked)} settings to try in {out}")
    if search.front:
        _bench_table(search)


def _plain_bench(search: Any, asked: Any) -> dict[str, Any]:
    units = {item.name: item.unit for item in (*search.ranges, *search.goals)}

    def quantities(values: Any) -> dict[str, Any]:
        return {
            name: {"value": value, "unit": units[name], "error": None}
            if name in {goal.name for goal in search.goals}
            else {"value": value, "unit": units[name]}
            for name, value in values.items()
        }

    return {
        "told": len(search.results),
        "front": [
            {
                "settings": quantities(search.settings[place]),
                "objectives": quantities(search.results[place]),
            }
            for place in search.front
        ],
        "ask": [quantities(settings) for settings in asked],
    }


def _bench_table(search: Any) -> None:
    from progenitor.cli._output import number, table

    items = (*search.goals, *search.ranges)
    table(
        [item.title or item.name for item in items],
        [
            [
                f"{number(({**search.settings[place], **search.results[place]})[item.name])} "
                f"{item.unit}".removesuffix(" 1")
                for item in items
            ]
            for place in search.front
        ],
    )


_SHOWN = 12


def _show(found: dict[str, Any], seconds: float) -> None:
    from progenitor.cli._output import paragraph, table

    typer.echo(
        f"{found['product']}: {found['evaluated']} settings tried, {len(found['front'])} on the "
        f"Pareto front ({seconds:.0f} s)"
    )
    titles = [goal["title"] for goal in found["objectives"].values()]
    rows = [["as shipped", *_cells(found["reference"])]]
    front = found["front"]
    step = max(1, -(-len(front) // _SHOWN))
    rows += [[str(place + 1), *_cells(front[place])] for place in range(0, len(front), step)]
    table(["", *titles], rows)
    table(
        ["", *found["ranges"]],
        [
            [str(place + 1), *(_setting(of) for of in front[place]["settings"].values())]
            for place in range(0, len(front), step)
        ],
    )
    if step > 1:
        typer.echo(f"Every {step}. of the front; --json lists all.")
    for note in found["notes"]:
        paragraph(note, bullet="  - ")


def _cells(one: dict[str, Any]) -> list[str]:
    from progenitor.cli._output import number

    shown = []
    for of in one["objectives"].values():
        factor, unit = (100.0, "%") if of["unit"] == "1" else (1.0, of["unit"])
        shown.append(f"{number(factor * of['value'])} ± {number(factor * of['error'])} {unit}")
    return shown


def _setting(of: dict[str, Any]) -> str:
    from progenitor.cli._output import number

    return f"{number(of['value'])} {of['unit']}".removesuffix(" 1")
