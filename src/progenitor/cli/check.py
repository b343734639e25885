"""`progenitor check`: every problem of a study, before anything is run."""

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson, StudyPath

__all__ = ["check"]


@exits
def check(study: StudyPath, as_json: AsJson = False) -> None:
    """Check a study: spelling, units, names, evidence, visits that can be reached.

    Every problem is listed at once as file:line: field: what is wrong, and the fix. The exit code
    is 2 when there is any.

    For example:
      progenitor check studies/tscm_vs_cart_dlbcl.yaml
      progenitor check my_study.yaml --json
    """
    from progenitor.cli._output import write_json
    from progenitor.errors import InputError
    from progenitor.evidence import default_catalogue
    from progenitor.study import Experiment, facility_demands, load_any_study

    catalogue = default_catalogue()
    try:
        loaded = load_any_study(study, catalogue=catalogue)
    except InputError as error:
        if not as_json:
            raise
        write_json(
            {
                "ok": False,
                "problems": [
                    {
                        "file": problem.file,
                        "line": problem.line,
                        "field": problem.field,
                        "message": problem.message,
                        "fix": problem.fix,
                    }
                    for problem in error.problems
                ],
            }
        )
        raise typer.Exit(2) from None
    if isinstance(loaded, Experiment):
        each, arms, who = loaded.file.subjects.per_draw, len(loaded.file.arms), "subjects"
        simulations = loaded.simulations(catalogue)
    else:
        each, who = loaded.population.patients_per_draw, "patients"
        arms = sum(len(arm.levels) for arm in loaded.arms.values())
        simulations = loaded.draws * each * arms
    patients = loaded.draws * each
    demands = () if isinstance(loaded, Experiment) else facility_demands(loaded, catalogue)
    if as_json:
        plain = {"ok": True, "problems": [], "study": loaded.name, "patients": patients}
        asked = {one.product: {one.resource: one.demand} for one in demands}
        write_json({**plain, "demand": asked} if asked else plain)
        return
    typer.echo(f"{study}: no problems")
    more = ", with structures and maps" if simulations > patients * arms else ""
    typer.echo(
        f"{loaded.draws} draws × {each} {who} × {arms} arms{more} = {simulations} simulations"
    )
    for one in demands:
        typer.echo(one.words)
    typer.echo(f"Next: progenitor run {study}")
