"""The success of a trial in every parameter draw of a finished run."""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem
from progenitor.programme import SimulatedSuccess
from progenitor.study._baseline import with_baseline
from progenitor.study._designs import success_by_draw
from progenitor.study._estimates import Table
from progenitor.study._plan import setup_arms
from progenitor.study._run import RunRows, load_rows
from progenitor.study._schema import StudyFile
from progenitor.study._trial_section import DESIGNS
from progenitor.study.trials import randomised_success
from progenitor.trial import between_variance

__all__ = ["simulated_success"]


def simulated_success(
    run_dir: Path | str, *, trial: str | None = None, arm: str | None = None
) -> SimulatedSuccess:
    """Return how likely a trial of a finished run succeeds, draw by draw.

    Trials are conducted again on the stored patients, as the report conducts them. The spread of
    the probabilities over draws is shrunk by what chance among the trials of a draw adds to it.

    Parameters
    ----------
    run_dir
        Folder of the run.
    trial
        Name of a randomised or single-arm trial; the first one by default.
    arm
        Arm that must succeed; needed where the trial has several.

    Raises
    ------
    InputError
        If there is no such trial or arm.
    RunStoreError
        If the folder holds no finished run.
    """
    rows = load_rows(run_dir)
    file = rows.study.file
    name = _trial(file, trial)
    asked = _arm(file, name, arm)
    success = _successes(rows, name, asked)
    means = np.array([draw.mean() for draw in success])
    variances = np.array([(draw.mean() * (1.0 - draw.mean())) / draw.size for draw in success])
    centre, spread = float(means.mean()), float(means.var(ddof=1)) if means.size > 1 else 0.0
    kept = (min(1.0, between_variance(means, variances) / spread)) ** 0.5 if spread > 0 else 0.0
    error = (spread / means.size) ** 0.5 if means.size > 1 else float(variances[0]) ** 0.5
    words = (
        f"simulated by the run of {file.study} (digest {rows.digest[:12]}): trial {name}, arm "
        f"{asked}, {means.size} parameter draws, {sum(draw.size for draw in success)} trials; "
        f"assurance {100 * centre:.1f} %, Monte Carlo standard error {100 * error:.1f} points"
    )
    return SimulatedSuccess(
        f"{file.study}/{name}/{asked}", words, centre + kept * (means - centre), error
    )


def _successes(rows: RunRows, name: str, arm: str) -> list[Float[np.ndarray, " trial"]]:
    """Whether each trial of each draw succeeded."""
    file, plan = rows.study.file, rows.plan
    tables = {one.name: Table.of(rows.shard, arm=one.index) for one in setup_arms(plan)}
    if DESIGNS[file.trials[name].design].kind == "single arm":
        return success_by_draw(file, plan.seed, tables, name=name, arm=arm)
    won = randomised_success(file, name, with_baseline(plan, tables), plan.seed, arm=arm)
    draws = next(iter(tables.values())).draws
    return [won[draw::draws].astype(float) for draw in range(draws)]


def _trial(file: StudyFile, asked: str | None) -> str:
    names = [
        name for name, one in file.trials.items() if DESIGNS[one.design].kind != "dose finding"
    ]
    ordered = sorted(names, key=lambda name: DESIGNS[file.trials[name].design].kind == "single arm")
    if asked is None and ordered:
        return ordered[0]
    if asked in names:
        return str(asked)
    if asked is None or asked in file.trials:
        text = f"'{asked or file.study}' has no success: it finds a dose, or conducts no trial"
        fix = "name a randomised or single-arm trial" if names else "run a study with a trial"
    else:
        text, fix = f"the run has no trial '{asked}'", suggestion(asked, names)
    raise InputError([Problem(text, fix)])


def _arm(file: StudyFile, name: str, asked: str | None) -> str:
    trial = file.trials[name]
    randomised = DESIGNS[trial.design].kind == "randomised"
    arms = trial.arms[1:] if randomised else trial.arms
    if asked is None and len(arms) == 1:
        return arms[0]
    if asked is None:
        text = f"'{name}' has several arms: {', '.join(arms)}"
        raise InputError([Problem(text, "say which must succeed")])
    if asked not in arms:
        what = "is its control" if asked in trial.arms else "is not in it"
        text = f"'{name}' says nothing of '{asked}', which {what}"
        raise InputError([Problem(text, suggestion(asked, arms))])
    return asked
