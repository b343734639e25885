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
    from progenitor.study import Study

    try:
        loaded = Study.load(study, catalogue=default_catalogue())
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
    patients = loaded.draws * loaded.population.patients_per_draw
    arms = len(loaded.arms)
    if as_json:
        write_json({"ok": True, "problems": [], "study": loaded.name, "patients": patients})
        return
    typer.echo(f"{study}: no problems")
    typer.echo(
        f"{loaded.draws} draws × {loaded.population.patients_per_draw} patients × {arms} arms = "
        f"{patients * arms} simulations"
    )
    typer.echo(f"Next: progenitor run {study}")
