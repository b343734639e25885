"""Turn the stored rows of an experiment into its result."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np

from progenitor.evidence import Ledger, cite
from progenitor.study._estimates import Table, band
from progenitor.study._facts import failure_counts, versions
from progenitor.study._shard import Shard
from progenitor.study.experiment._animal_bank import measurement_ids
from progenitor.study.experiment._animal_trial import conduct_animal_trial
from progenitor.study.experiment._answer import answer
from progenitor.study.experiment._condition import Condition
from progenitor.study.experiment._expectations import check_expectation
from progenitor.study.experiment._experiment import Experiment
from progenitor.study.experiment._factorial import read_factorial
from progenitor.study.experiment._file import Readout
from progenitor.study.experiment._maps import read_map
from progenitor.study.experiment._measure import Measures, measure_of
from progenitor.study.experiment._movers import find_movers
from progenitor.study.experiment._parts import ARMS, map_part, structure_part
from progenitor.study.experiment._plan import ExperimentPlan, curve_names
from progenitor.study.experiment._published import published_rows
from progenitor.study.experiment._readout_kinds import KINDS
from progenitor.study.experiment._weak import direction, weak_points
from progenitor.study.experiment._words import arm_words, readout_words, small_start
from progenitor.study.experiment.results import (
    NOT_SEPARATED,
    ArmOutcome,
    EventOutcome,
    ExpectationOutcome,
    ExperimentResult,
    FactorialOutcome,
    MapOutcome,
    Mover,
    PairOutcome,
    StructureOutcome,
)
from progenitor.study.results import Band, Estimate, PublishedComparison

__all__ = ["summarise_experiment"]


def summarise_experiment(
    experiment: Experiment,
    plan: ExperimentPlan,
    shards: Mapping[str, Shard],
    *,
    record: Mapping[str, Any],
    run_dir: Path,
    digest: str,
) -> ExperimentResult:
    """Build the result from rows in canonical order.

    Parameters
    ----------
    experiment, plan
        What was asked.
    shards
        Part → its rows, ordered.
    record
        ``seconds``, ``solving_seconds``, ``simulations`` and ``solver`` of the run.
    run_dir, digest
        Where the rows are kept, and their hash.
    """
    found = _Findings.of(plan, shards)
    ids = _used_ids(plan)
    ledger = Ledger.of(plan.catalogue, ids)
    status = np.concatenate([shard.outcomes["status"] for shard in shards.values()])
    return ExperimentResult(
        **_asked(experiment, plan),
        **_told(plan, found, ledger, status),
        run_dir=run_dir,
        digest=digest,
        seconds=float(record["seconds"]),
        solving_seconds=float(record["solving_seconds"]),
        solver=dict(sorted(record["solver"].items())),
        ledger=ledger,
        references=tuple(cite(plan.catalogue, ids)),
        versions=versions(),
        hashes=_hashes(experiment, plan),
        arms=found.arms,
        pairs=found.pairs,
        factorials=found.factorials,
        maps=found.maps,
        expectations=found.expectations,
        comparisons=found.comparisons,
        structures=found.structures,
        movers=found.movers,
        movers_floor=found.movers_floor,
        animal_trial=conduct_animal_trial(
            plan.catalogue,
            plan.file,
            seed=plan.seed,
            unit=_measured_unit(plan),
            shard=shards[ARMS],
        ),
    )


@final
@dataclass(frozen=True, slots=True)
class _Findings:
    """Everything that was made of the rows."""

    arms: Mapping[str, ArmOutcome]
    pairs: tuple[PairOutcome, ...]
    factorials: tuple[FactorialOutcome, ...]
    maps: tuple[MapOutcome, ...]
    expectations: tuple[ExpectationOutcome, ...]
    comparisons: tuple[PublishedComparison, ...]
    structures: tuple[StructureOutcome, ...]
    movers: tuple[Mover, ...]
    movers_floor: float

    @classmethod
    def of(cls, plan: ExperimentPlan, shards: Mapping[str, Shard]) -> "_Findings":
        file, measures = plan.file, Measures(plan.file, _units(plan))
        tables = _tables(plan, shards, ARMS)
        titles = {name: arm.title for name, arm in file.arms.items()}
        pairs, per_draw = _pairs(measures, tables)
        movers, floor = find_movers(plan, per_draw)
        return cls(
            arms={
                name: _arm(plan, condition, tables[name], measures)
                for name, condition in zip(file.arms, plan.parts[ARMS].conditions, strict=True)
            },
            pairs=pairs,
            factorials=_factorials(plan, tables, measures),
            maps=_maps(plan, shards, measures, titles),
            expectations=tuple(
                check_expectation(one, tables, measures, arms=titles) for one in file.expectations
            ),
            comparisons=published_rows(plan.catalogue, file, tables, measures),
            structures=tuple(_structure(plan, shards, name, measures) for name in file.structures),
            movers=movers,
            movers_floor=floor,
        )


def _asked(experiment: Experiment, plan: ExperimentPlan) -> dict[str, Any]:
    """Say what was asked, of whom."""
    file = plan.file
    return {
        "name": file.experiment,
        "title": file.title,
        "subjects_words": _subjects(plan),
        "question": file.question.model_dump(),
        "study_text": experiment.text,
        "study_path": experiment.path,
        "seed": plan.seed,
        "draws": file.uncertainty.draws,
        "subjects": file.uncertainty.draws * file.subjects.per_draw,
        "readout_titles": {name: readout.title for name, readout in file.readouts.items()},
        "ended": {name: file.readouts[name].title for name in file.ends},
    }


def _told(
    plan: ExperimentPlan, found: _Findings, ledger: Ledger, status: np.ndarray[Any, Any]
) -> dict[str, Any]:
    """Put the answer, what is weak and what failed into words and counts."""
    file, failures = plan.file, failure_counts(status)
    titles = {name: arm.title for name, arm in file.arms.items()}
    first = next(iter(file.readouts))
    return {
        "simulations": len(status),
        "failed": sum(failures.values()),
        "status_counts": failures,
        "movers_of": _movers_of(found.pairs, titles, file.readouts[first].title),
        "headline": answer(
            found.pairs,
            titles,
            {name: arm.readouts[first] for name, arm in found.arms.items()},
            file.readouts[first].title,
            found.expectations,
            factorials=found.factorials,
            maps=found.maps,
        ),
        "weaknesses": weak_points(
            failed=sum(failures.values()),
            simulations=len(status),
            status_counts=failures,
            expectations=found.expectations,
            comparisons=found.comparisons,
            structures=found.structures,
            pairs=found.pairs,
            movers=found.movers,
            ledger=ledger,
            draws=file.uncertainty.draws,
            arms=titles,
        ),
    }


def _units(plan: ExperimentPlan) -> dict[str, str]:
    """Observable → unit, over all bodies."""
    return {
        one.name: one.unit
        for condition in plan.parts[ARMS].conditions
        for one in condition.body.model.observables
    }


def _tables(plan: ExperimentPlan, shards: Mapping[str, Shard], part: str) -> dict[str, Table]:
    conditions = plan.parts[part].conditions
    return {
        condition.name: Table.of(shards[part], arm=index)
        for index, condition in enumerate(conditions)
    }


def _arm(
    plan: ExperimentPlan, condition: Condition, table: Table, measures: Measures
) -> ArmOutcome:
    file, name = plan.file, condition.name
    events = {
        key: _event(measures, table, key)
        for key, readout in file.readouts.items()
        if KINDS[readout.kind].happens
    }
    return ArmOutcome(
        name=name,
        title=file.arms[name].title,
        words=arm_words(plan.catalogue, file, name, condition),
        readouts={key: _noted(measures, table, key) for key in file.readouts},
        events=events,
        bands=_bands(plan, condition, table),
        failed=int(table.outcomes["failed"].sum()),
        changes={
            key: measures.values(table, key).ravel()
            for key, readout in file.readouts.items()
            if _is_change(readout)
        },
    )


def _is_change(readout: Readout) -> bool:
    """Tell whether a readout is a tumour relative to a beginning."""
    tumour = "tumour" in readout.observable and readout.over is None and readout.unit is None
    relative = readout.kind == "lowest" and readout.observable.startswith("relative_")
    return tumour and (relative or readout.kind == "fold_change")


def _event(measures: Measures, table: Table, name: str) -> EventOutcome:
    time, event = measures.events(table, name)
    return EventOutcome(
        time=time.ravel(),
        event=event.ravel(),
        by_end=_noted(measures, table, name),
        median=measures.median_time(table, name),
    )


def _noted(measures: Measures, table: Table, name: str) -> Estimate:
    """Read one arm, and say in words what the number is."""
    found = measures.one(table, name).estimate
    note = readout_words(measures.file, measures.file.readouts[name])
    return Estimate(
        found.value, found.low, found.high, found.unit, found.label, found.n, found.mcse, note
    )


def _bands(plan: ExperimentPlan, condition: Condition, table: Table) -> dict[str, Band]:
    """Percentiles of every curve from day 0 on, where the model has it."""
    later = table.days >= 0.0
    shown = {one.name: one for one in condition.body.model.observables}
    since = Table(
        table.outcomes,
        {name: curves[:, later] for name, curves in table.series.items()},
        table.days[later],
        table.draws,
    )
    return {
        name: band(since, name, label=shown[name].title or name, unit=shown[name].unit)
        for name in curve_names(plan.file)
        if name in shown
    }


def _pairs(
    measures: Measures, tables: Mapping[str, Table]
) -> tuple[tuple[PairOutcome, ...], np.ndarray[Any, Any]]:
    """Every comparison, and the answer in each draw: the first of them, or the first readout."""
    found, answers = [], []
    for asked in measures.file.comparisons:
        readout = measures.file.readouts[asked.readout]
        measure = measure_of(readout, asked.measure)
        first, second = asked.arms
        measured = measures.pair(tables[first], tables[second], asked.readout, measure)
        side = direction(measured.estimate, ratio=measure != "difference")
        good = {"higher": 1, "lower": -1, None: 0}[readout.better]
        favours = {1: first, -1: second, 0: NOT_SEPARATED}[side * good] if good else ""
        found.append(
            PairOutcome(
                asked.readout, readout.title, first, second, measure, measured.estimate, favours
            )
        )
        answers.append(measured.per_draw)
    if not answers:
        table = next(iter(tables.values()))
        answers.append(measures.one(table, next(iter(measures.file.readouts))).per_draw)
    return tuple(found), answers[0]


def _movers_of(pairs: tuple[PairOutcome, ...], arms: Mapping[str, str], title: str) -> str:
    if not pairs:
        return f"{title}, {next(iter(arms.values()))}"
    words = {"difference": "minus", "ratio": "÷", "hazard_ratio": "hazard ratio to"}
    pair = pairs[0]
    return f"{pair.title}, {arms[pair.first]} {words[pair.measure]} {arms[pair.second]}"


def _structure(
    plan: ExperimentPlan, shards: Mapping[str, Shard], name: str, measures: Measures
) -> StructureOutcome:
    asked = plan.file.structures[name]
    tables = _tables(plan, shards, structure_part(name))
    pairs, _ = _pairs(measures, tables)
    words = "; ".join(
        f"{old.replace('_', ' ')} → {new.replace('_', ' ')}"
        for old, new in asked.alternatives.items()
    )
    readouts = {
        arm: {key: measures.one(table, key).estimate for key in plan.file.readouts}
        for arm, table in tables.items()
    }
    failed = sum(int(table.outcomes["failed"].sum()) for table in tables.values())
    return StructureOutcome(name, asked.title, words, readouts, pairs, failed)


def _factorials(
    plan: ExperimentPlan, tables: Mapping[str, Table], measures: Measures
) -> tuple[FactorialOutcome, ...]:
    conditions = {one.name: one for one in plan.parts[ARMS].conditions}
    return tuple(
        read_factorial(asked, conditions, tables, measures) for asked in plan.file.factorials
    )


def _maps(
    plan: ExperimentPlan,
    shards: Mapping[str, Shard],
    measures: Measures,
    titles: Mapping[str, str],
) -> tuple[MapOutcome, ...]:
    found = []
    for name, asked in plan.file.maps.items():
        part = map_part(name)
        points = range(len(plan.parts[part].conditions))
        tables = {index: Table.of(shards[part], arm=index) for index in points}
        found.append(read_map(name, asked, tables, measures, arms=titles))
    return tuple(found)


def _used_ids(plan: ExperimentPlan) -> tuple[str, ...]:
    """Catalogue ids of every number the answer rests on, and of what stands beside it."""
    ids = {name for part in plan.parts.values() for one in part.conditions for name in one.used_ids}
    ids |= {one.observed for one in plan.file.comparators}
    if plan.file.animal_trial is not None:
        ids |= set(measurement_ids(plan.file.animal_trial).values())
    return tuple(sorted(ids))


def _measured_unit(plan: ExperimentPlan) -> str:
    """Return the unit of what a planned mouse study measures; the cell without such a study."""
    trial = plan.file.animal_trial
    return "cell" if trial is None else _units(plan)[trial.volume]


def _subjects(plan: ExperimentPlan) -> str:
    subjects, catalogue = plan.file.subjects, plan.catalogue
    host = catalogue.entry("hosts", subjects.host).data.get("title", subjects.host)
    disease = catalogue.entry("diseases", subjects.disease).data.get("title", subjects.disease)
    return f"{host}: {small_start(str(disease))}"


def _hashes(experiment: Experiment, plan: ExperimentPlan) -> dict[str, str]:
    models = {
        f"model of {one.name}": one.body.model.content_hash for one in plan.parts[ARMS].conditions
    }
    return {
        "experiment": experiment.content_hash,
        "catalogue": plan.catalogue.content_hash,
    } | models
