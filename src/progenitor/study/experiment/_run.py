"""Run an experiment, and read a finished run again."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, final

from progenitor.engine import accuracy
from progenitor.errors import RunStoreError
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.study._chunk import Chunk, patients_in, plan_chunks
from progenitor.study._conduct import conduct
from progenitor.study._durable import hash_json
from progenitor.study._effort import Effort, run_record, timed
from progenitor.study._error_record import checked_patients, error_record
from progenitor.study._executor import ProgressReport
from progenitor.study._identity import run_identity
from progenitor.study._shard import Shard
from progenitor.study._store import RunStore
from progenitor.study.experiment._experiment import Experiment
from progenitor.study.experiment._parts import ARMS, Part
from progenitor.study.experiment._plan import ExperimentPlan
from progenitor.study.experiment._simulate import asked_of, simulate_part, subject_numbers
from progenitor.study.experiment._summarise import summarise_experiment
from progenitor.study.experiment.results import ExperimentResult

__all__ = ["load_experiment_result", "run_experiment"]

_BLOCK: Final = 1_000
"""Simulations of a chunk: about a second of work, so that an interruption costs little."""
_PARTS: Final = "parts"
_PLAN: Final = "plan.json"
_RESULTS: Final = "results.json"


def run_experiment(
    experiment: Experiment,
    *,
    catalogue: Catalogue,
    runs_dir: Path,
    seed: int,
    jobs: int = 1,
    resume: bool = False,
    progress: ProgressReport | None = None,
) -> ExperimentResult:
    """Simulate every subject of an experiment under every arm, structure and point of a map.

    Chunks of subjects are simulated and stored one by one; ``resume`` keeps what an interrupted
    run stored.

    Parameters
    ----------
    experiment, catalogue
        What is asked, and where every number lives.
    runs_dir
        Folder that holds the run's own folder.
    seed
        Seed of every random stream.
    jobs
        Processors to use; the numbers are the same for any.
    progress
        Called with simulations finished and in all.

    Raises
    ------
    StudyError
        When the experiment names what the catalogue does not hold.
    RunStoreError
        When the run folder cannot be written.
    SimulationError
        When a worker keeps dying.
    """
    started = time.perf_counter()
    plan = ExperimentPlan(experiment.file, seed, catalogue.path)
    identity = run_identity(experiment.file, catalogue, seed)
    conductor = _Conductor(plan, jobs, progress)
    with ExitStack() as stack:
        stores: dict[str, RunStore] = {}
        folder = runs_dir
        for name, part in plan.parts.items():
            main = name == ARMS
            store = RunStore.create(
                folder,
                name=experiment.name if main else name,
                identity=identity,
                chunks=[chunk.key for chunk in _chunks(part)],
                study_text=experiment.text,
                details={"part": name},
                resume=resume,
            )
            stores[name] = stack.enter_context(store)
            folder = stores[ARMS].path / _PARTS
        stores[ARMS].save_json(_PLAN, _planned(plan, stores))
        for name, store in stores.items():
            conductor.conduct(name, store)
        shards = {name: store.read_all() for name, store in stores.items()}
        digest = _digest(shards)
        solver = conductor.checked()
        record = run_record(started, conductor.efforts, solver=dict(solver), digest=digest)
        stores[ARMS].save_json(_RESULTS, record)
        return summarise_experiment(
            experiment, plan, shards, record=record, run_dir=stores[ARMS].path, digest=digest
        )


def load_experiment_result(run_dir: Path | str) -> ExperimentResult:
    """Read a finished experiment back from its folder.

    Raises
    ------
    RunStoreError
        When the folder holds no finished run, or a shard was changed.
    """
    with ExitStack() as stack:
        main = stack.enter_context(RunStore.open(run_dir))
        record, planned = main.read_json(_RESULTS), main.read_json(_PLAN)
        stores = {ARMS: main} | {
            name: stack.enter_context(RunStore.open(main.path / _PARTS / folder))
            for name, folder in planned["parts"].items()
        }
        if faults := [fault for store in stores.values() for fault in store.verify()]:
            raise RunStoreError("; ".join(faults) + ". Fix: run the experiment again")
        path = main.path / "study.yaml"
        experiment = Experiment.parse(main.study_text, path=path).with_options(
            seed=planned["seed"], draws=planned["draws"], patients=planned["subjects"]
        )
        plan = ExperimentPlan(experiment.file, planned["seed"], default_catalogue().path)
        shards = {name: store.read_all() for name, store in stores.items()}
        return summarise_experiment(
            experiment, plan, shards, record=record, run_dir=main.path, digest=_digest(shards)
        )


@final
@dataclass(frozen=True, slots=True)
class _Conductor:
    """Simulates part after part, and says how far the whole is."""

    plan: ExperimentPlan
    jobs: int
    progress: ProgressReport | None
    efforts: list[Effort] = field(default_factory=list)

    def conduct(self, name: str, store: RunStore) -> None:
        """Simulate one part."""
        part = replace(self.plan, name=name)
        conduct(
            _chunks(part.part),
            simulate_part,
            lambda threads: replace(part, threads=threads),
            engine=self.plan.file.solver.engine,
            arms=len(part.part.conditions),
            store=store,
            jobs=self.jobs,
            worked=self.efforts.append,
            progress=self._told(name),
        )

    def checked(self) -> Mapping[str, Any]:
        """Solve about one subject in a hundred again, in every arm, and record the error made."""
        plan = replace(self.plan, threads=max(1, self.jobs))
        draws = range(plan.part.draws)
        draw, patient = checked_patients(plan.seed, draws, plan.part.per_draw)
        numbers = subject_numbers(plan, draw=draw, patient=patient)
        seconds: list[float] = []
        found = []
        with timed(seconds):
            for condition in plan.part.conditions:
                asked = asked_of(plan, condition, numbers, len(draw))
                found.append(
                    accuracy(
                        condition.body.model,
                        asked.parameters,
                        times=asked.times,
                        doses=asked.doses,
                        seed=plan.seed,
                        draw=draw,
                        patient=patient,
                        options=plan.solver,
                        fraction=1.0,
                    )
                )
        self.efforts.append(Effort(seconds[0]))
        return error_record(plan.solver, found)

    def _told(self, name: str) -> ProgressReport | None:
        """Count simulations over all parts, where a part counts subjects."""
        if self.progress is None:
            return None
        sizes = {
            key: patients_in(_chunks(part)) * len(part.conditions)
            for key, part in self.plan.parts.items()
        }
        names = list(sizes)
        before = sum(sizes[key] for key in names[: names.index(name)])
        total, each = sum(sizes.values()), len(self.plan.parts[name].conditions)
        report: Callable[[int, int], None] = self.progress
        return lambda done, _: report(before + done * each, total)


def _chunks(part: Part) -> tuple[Chunk, ...]:
    block = max(1, _BLOCK // len(part.conditions))
    return plan_chunks(draws=part.draws, patients=part.per_draw, block=block)


def _planned(plan: ExperimentPlan, stores: Mapping[str, RunStore]) -> dict[str, Any]:
    return {
        "seed": plan.seed,
        "draws": plan.file.uncertainty.draws,
        "subjects": plan.file.subjects.per_draw,
        "parts": {name: store.path.name for name, store in stores.items() if name != ARMS},
    }


def _digest(shards: Mapping[str, Shard]) -> str:
    """Hash everything simulated; equal whatever the chunks, jobs, order or interruption."""
    each = {name: shard.digest() for name, shard in shards.items()}
    return each[ARMS] if len(each) == 1 else hash_json(each)
