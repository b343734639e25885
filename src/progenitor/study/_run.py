"""Run a study from donors to readout, and read a finished run again."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple, final

from progenitor.errors import RunStoreError
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.study._accuracy import solver_record
from progenitor.study._chunk import plan_chunks
from progenitor.study._condition import condition_draws
from progenitor.study._conduct import conduct
from progenitor.study._designs import search_designs
from progenitor.study._effort import Effort, run_record, timed
from progenitor.study._executor import ProgressReport
from progenitor.study._identity import run_identity
from progenitor.study._plan import Plan
from progenitor.study._shard import Shard
from progenitor.study._simulate import simulate_chunk
from progenitor.study._store import RunStore
from progenitor.study._study import Study
from progenitor.study._summarise import summarise
from progenitor.study.results import RunResult
from progenitor.study.trials import dose_finding_designs, randomised_plans

__all__ = ["RunRows", "load_result", "load_rows", "run_study"]


@final
class RunRows(NamedTuple):
    """Rows of a finished run in canonical order, with what they came from."""

    study: Study
    plan: Plan
    shard: Shard
    record: Mapping[str, Any]
    run_dir: Path
    digest: str


_BLOCK: Final = 250
"""Patients of a chunk: a second or less of work, so that an interruption costs little."""
_PLAN: Final = "plan.json"
_RESULTS: Final = "results.json"


def run_study(
    study: Study,
    *,
    catalogue: Catalogue,
    runs_dir: Path,
    seed: int,
    jobs: int = 1,
    resume: bool = False,
    progress: ProgressReport | None = None,
) -> RunResult:
    """Simulate every patient of a study under every arm, and summarise.

    Draws are chosen first (:func:`condition_draws`), then chunks of patients are simulated and
    stored one by one; ``resume`` keeps what an interrupted run stored.

    Parameters
    ----------
    study, catalogue
        What is asked, and where every number lives.
    runs_dir
        Folder that holds the run's own folder.
    seed
        Seed of every random stream.
    jobs
        Processors to use; the numbers are the same for any.
    progress
        Called with patients finished and in all.

    Raises
    ------
    StudyError
        When the study names what the catalogue does not hold.
    RunStoreError
        When the run folder cannot be written.
    SimulationError
        When a worker keeps dying or no draw can be simulated.
    DesignError
        When a trial asks for a design that does not exist; found before anything is simulated.
    """
    started = time.perf_counter()
    search_designs(study.file)
    dose_finding_designs(study.file)
    randomised_plans(study.file)
    draws, patients = study.file.uncertainty.draws, study.file.population.patients_per_draw
    if progress is not None:
        progress(0, draws * patients)
    chunks = plan_chunks(draws=draws, patients=patients, block=_BLOCK)
    with RunStore.create(
        runs_dir,
        name=study.file.study,
        identity=run_identity(study.file, catalogue, seed),
        chunks=[chunk.key for chunk in chunks],
        study_text=study.text,
        details={"options": {"draws": study.file.uncertainty.draws}},
        resume=resume,
    ) as store:
        efforts: list[Effort] = []
        plan, conditioning = _planned(study, catalogue, seed, store, efforts, jobs, resume=resume)
        conduct(
            chunks,
            simulate_chunk,
            lambda threads: replace(plan, threads=threads),
            engine=plan.file.solver.engine,
            arms=sum(len(arm.levels) for arm in plan.file.arms.values()),
            store=store,
            jobs=jobs,
            worked=efforts.append,
            progress=progress,
        )
        shard = store.read_all()
        digest = shard.digest()
        solver = _checked(plan, efforts, jobs)
        record = run_record(
            started, efforts, solver=dict(solver), digest=digest, conditioning=dict(conditioning)
        )
        store.save_json(_RESULTS, record)
        return summarise(study, plan, shard, record=record, run_dir=store.path, digest=digest)


def load_result(run_dir: Path | str) -> RunResult:
    """Read a finished run back from its folder.

    Raises
    ------
    RunStoreError
        When the folder holds no finished run, or a shard was changed.
    """
    rows = load_rows(run_dir)
    return summarise(
        rows.study,
        rows.plan,
        rows.shard,
        record=rows.record,
        run_dir=rows.run_dir,
        digest=rows.digest,
    )


def load_rows(run_dir: Path | str) -> RunRows:
    """Read the rows of a finished run, without any summary of them.

    Raises
    ------
    RunStoreError
        When the folder holds no finished run, or a shard was changed.
    """
    with RunStore.open(run_dir) as store:
        if faults := store.verify():
            raise RunStoreError("; ".join(faults) + ". Fix: run the study again")
        record, planned = store.read_json(_RESULTS), store.read_json(_PLAN)
        text = store.study_text
        study = Study.parse(text, path=store.path / "study.yaml").with_options(
            seed=planned["seed"], draws=planned["draws"], patients=planned["patients"]
        )
        plan = Plan(
            file=study.file,
            seed=planned["seed"],
            draws=tuple(planned["kept"]),
            catalogue_path=default_catalogue().path,
        )
        shard = store.read_all().ordered()
        return RunRows(study, plan, shard, record, store.path, shard.digest())


def _checked(plan: Plan, efforts: list[Effort], jobs: int) -> Mapping[str, Any]:
    """Record the error that the solver made."""
    seconds: list[float] = []
    with timed(seconds):
        record = solver_record(replace(plan, threads=max(1, jobs)))
    efforts.append(Effort(seconds[0]))
    return record


def _planned(
    study: Study,
    catalogue: Catalogue,
    seed: int,
    store: RunStore,
    efforts: list[Effort],
    jobs: int,
    *,
    resume: bool,
) -> tuple[Plan, Mapping[str, Any]]:
    """Choose the draws, or read the choice an interrupted run made."""
    plan = Plan(file=study.file, seed=seed, draws=(), catalogue_path=catalogue.path)
    if resume and (store.path / _PLAN).exists():
        saved = store.read_json(_PLAN)
        return (
            Plan(study.file, seed, tuple(saved["kept"]), catalogue.path),
            saved["conditioning"],
        )
    plan, conditioning, effort = condition_draws(plan, study.file.uncertainty.draws, jobs=jobs)
    efforts.append(effort)
    store.save_json(
        _PLAN,
        {
            "seed": seed,
            "draws": study.file.uncertainty.draws,
            "patients": study.file.population.patients_per_draw,
            "kept": list(plan.draws),
            "conditioning": dict(conditioning),
        },
    )
    return plan, conditioning
