"""Turn the stored rows of a run into its result."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from progenitor.evidence import Ledger, cite
from progenitor.study._baseline import with_baseline
from progenitor.study._compare import compare_with_published
from progenitor.study._criteria import CRITERIA, Criteria
from progenitor.study._designs import conduct_designs
from progenitor.study._dose_bill import dose_bill
from progenitor.study._durable import hash_json
from progenitor.study._estimates import Table, band, endpoint_estimates, paired
from progenitor.study._facts import failure_counts, versions
from progenitor.study._late_effects import not_modelled
from progenitor.study._plan import ArmSetup, Plan, setup_arms, used_ids
from progenitor.study._product_level import kinetic_labels
from progenitor.study._queue_figures import queue_headline, queue_result, queue_weaknesses
from progenitor.study._readout import SERIES
from progenitor.study._schema import Arm, StudyFile
from progenitor.study._shard import Shard
from progenitor.study._study import Study
from progenitor.study._weaknesses import headline, weaknesses
from progenitor.study._wording import dose_words
from progenitor.study.results import (
    ArmResult,
    Estimate,
    FlowStep,
    PublishedComparison,
    ResponseWords,
    RunResult,
)
from progenitor.study.trials import conduct_trials

__all__ = ["arm_title", "summarise"]

_UNITS: Final = {
    "car_t_in_blood": "cell/uL",
    "transgene_in_blood": "copy/ug",
    "tscm_in_blood": "cell/uL",
    "tumour_cells_total": "cell",
    "b_cells_in_blood": "cell/uL",
    "interleukin_6_level": "pg/mL",
    "interleukin_15_level": "pg/mL",
    "lymphocytes_in_blood": "cell/uL",
    "product_monocytes_in_blood": "cell/uL",
    "product_neutrophils_in_blood": "cell/uL",
    "product_macrophages_in_tumour": "cell",
    "product_macrophages_in_liver": "cell",
    "product_macrophages_in_lung": "cell",
    "product_macrophages_in_spleen": "cell",
}
_LOT_UNITS: Final = {
    "cells": "cell",
    "viability": "1",
    "car_fraction": "1",
    "vcn_per_cell": "copy/cell",
    "vcn_per_car_cell": "copy/cell",
    "cost": "USD",
    "process_days": "day",
    "vein_to_vein": "day",
}


def summarise(
    study: Study, plan: Plan, shard: Shard, *, record: Mapping[str, Any], run_dir: Path, digest: str
) -> RunResult:
    """Build the result from rows in canonical order.

    Parameters
    ----------
    study, plan
        What was asked, and which draws were kept.
    shard
        All rows, ordered.
    record
        ``seconds``, ``solving_seconds``, ``simulations``, ``conditioning`` and ``solver`` of the
        run.
    run_dir, digest
        Where the rows are kept, and their hash.
    """
    file, catalogue = study.file, plan.catalogue
    tables = {arm.name: Table.of(shard, arm=arm.index) for arm in setup_arms(plan)}
    criteria = CRITERIA[plan.criteria]
    endpoints = _endpoints(plan, tables, criteria)
    arms = _arms(study, plan, tables, endpoints)
    differences = _differences(file, tables, criteria)
    comparisons = compare_with_published(file, catalogue, tables, endpoints)
    ids = used_ids(plan)
    ledger = Ledger.of(catalogue, ids)
    status = shard.outcomes["status"]
    failures = failure_counts(status)
    known = _by_arm(plan, with_baseline(plan, tables))
    trials = conduct_trials(file, plan.seed, catalogue, known)
    return RunResult(
        study_name=file.study,
        title=file.title,
        question=file.question.model_dump(),
        study_text=study.text,
        study_path=study.path,
        run_dir=run_dir,
        digest=digest,
        seed=plan.seed,
        draws=len(plan.draws),
        patients=len(status) // len(arms),
        failed=sum(failures.values()),
        status_counts=failures,
        seconds=float(record["seconds"]),
        solving_seconds=float(record["solving_seconds"]),
        simulations=int(record["simulations"]),
        headline=queue_headline(arms)
        + (trials.headline or headline(list(arms.values()), differences)),
        weaknesses=queue_weaknesses(arms)
        + trials.weaknesses
        + _weak(plan, status, failures, comparisons, ledger, record["conditioning"]),
        arms=arms,
        paired=differences,
        comparisons=comparisons,
        ledger=ledger,
        references=tuple(cite(catalogue, ids)),
        solver=dict(record["solver"]),
        versions=versions(),
        hashes=_hashes(study, plan),
        dose_findings=trials.dose_findings,
        randomised=trials.randomised,
        response=_response_words(criteria),
        not_modelled=_missing(plan),
    )


def _endpoints(
    plan: Plan, tables: Mapping[str, Table], criteria: Criteria
) -> dict[str, dict[str, Estimate]]:
    """Estimate the endpoints of every arm under the names its disease and cells give them."""
    return {
        arm.name: endpoint_estimates(
            tables[arm.name], {**criteria.labels, **kinetic_labels(arm.body)}
        )
        for arm in setup_arms(plan)
    }


def _response_words(criteria: Criteria) -> ResponseWords:
    """Say by which criteria response was judged, for figures and legends."""
    return ResponseWords(
        criteria.title, criteria.codes, criteria.words, criteria.change, criteria.partial
    )


def _missing(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Arm of the file → endpoints that its body has no observable for."""
    return {
        arm.arm: not_modelled(frozenset(one.name for one in arm.body.model.observables))
        for arm in setup_arms(plan)
    }


def _weak(
    plan: Plan,
    status: np.ndarray[Any, Any],
    failures: Mapping[str, int],
    comparisons: Sequence[PublishedComparison],
    ledger: Ledger,
    conditioned: Mapping[str, object],
) -> tuple[str, ...]:
    """List what is weak about the patients."""
    return weaknesses(
        patients=len(status),
        failed=sum(failures.values()),
        status_counts=failures,
        comparisons=comparisons,
        ledger=ledger,
        draws=len(plan.draws),
        conditioned=conditioned,
        unproven=_unproven(plan),
    )


def _unproven(plan: Plan) -> tuple[str, ...]:
    """Say what nobody has measured in patients about the cells that are given."""
    chassis = dict.fromkeys(plan.file.products[arm.product].chassis for arm in setup_arms(plan))
    entries = [plan.catalogue.entry("chassis", name).data for name in chassis]
    return tuple(dict.fromkeys(str(one["unproven"]) for one in entries if "unproven" in one))


def _differences(
    file: StudyFile, tables: Mapping[str, Table], criteria: Criteria
) -> dict[str, Estimate]:
    """Second arm minus the first; nothing where an arm has several doses."""
    names = list(tables)
    if len(names) < 2 or any(len(arm.levels) > 1 for arm in file.arms.values()):
        return {}
    return paired(tables[names[1]], tables[names[0]], criteria.labels)


def _by_arm(plan: Plan, tables: Mapping[str, Table]) -> dict[str, list[Table]]:
    """Tables of each arm of the file, the lowest dose first."""
    return {
        name: [tables[arm.name] for arm in setup_arms(plan) if arm.arm == name]
        for name in plan.file.arms
    }


def _arms(
    study: Study,
    plan: Plan,
    tables: Mapping[str, Table],
    endpoints: Mapping[str, Mapping[str, Estimate]],
) -> dict[str, ArmResult]:
    """Describe every arm, with its trials conducted."""
    designs = conduct_designs(study.file, plan.seed, tables)
    return {
        arm.name: _arm(study, arm, tables[arm.name], endpoints[arm.name], designs[arm.name])
        for arm in setup_arms(plan)
    }


def _hashes(study: Study, plan: Plan) -> dict[str, str]:
    """Content hashes of the study, the catalogue and every model."""
    models = {f"model of {arm.name}": arm.body.model.content_hash for arm in setup_arms(plan)}
    return {
        "study": hash_json(study.file.model_dump(mode="json")),
        "catalogue": plan.catalogue.content_hash,
    } | models


def _arm(
    study: Study,
    arm: ArmSetup,
    table: Table,
    endpoints: Mapping[str, Estimate],
    designs: tuple[Any, ...],
) -> ArmResult:
    outcomes, spec = table.outcomes, study.file.arms[arm.arm]
    released, failures = outcomes["lot_released"], outcomes["lot_failure"]
    reasons = arm.recipe.failure_reasons
    bill = {line: amount for line, amount in table.bill.items() if np.any(amount)}
    return ArmResult(
        name=arm.name,
        title=arm_title(spec, arm),
        product=spec.product,
        endpoints=endpoints,
        bands={
            name: band(table, name, label=label, unit=_UNITS[name])
            for name, label in SERIES.items()
            if name in table.series and not np.isnan(table.series[name]).all()
        },
        composition={
            phenotype: outcomes[f"lot_{phenotype}"][released] for phenotype in arm.recipe.gives
        },
        lot_quality={
            name: outcomes[name if name == "vein_to_vein" else f"lot_{name}"][released]
            for name in _LOT_UNITS
        },
        lot_units=_LOT_UNITS,
        lot_failures={
            reasons[code]: int((failures == code).sum()) for code in np.unique(failures) if code
        },
        lots=len(released),
        cost_lines=dose_bill(bill, doses=outcomes["lot_doses"], released=released),
        best_change=table.flat("best_change"),
        best_response=outcomes["best_response"].astype(np.int64),
        pfs_time=table.flat("pfs_time"),
        pfs_event=table.flat("pfs_event"),
        pfs_itt_time=table.flat("pfs_itt_time"),
        pfs_itt_event=table.flat("pfs_itt_event"),
        crs_grade=table.flat("crs_grade"),
        flow=_flow(arm, outcomes),
        designs=designs,
        arm_title=spec.title,
        queue=queue_result(arm, table),
    )


def arm_title(spec: Arm, arm: ArmSetup) -> str:
    """Name an arm, with its dose where it has several."""
    if len(spec.levels) == 1:
        return spec.title
    return f"{spec.title}, {dose_words(arm.target_per_kg)}"


def _flow(arm: ArmSetup, outcomes: Mapping[str, Any]) -> tuple[FlowStep, ...]:
    """From enrolment to evaluation, with every loss named."""
    failures, reasons = outcomes["lot_failure"], arm.recipe.failure_reasons
    lost = outcomes["lost_waiting"]
    lots = {
        f"lot failed: {reasons[code]}": int(((failures == code) & ~lost).sum())
        for code in np.unique(failures)
        if code
    }
    waited = int((lost).sum())
    few = int(outcomes["too_few_cells"].sum())
    infused, failed = outcomes["infused"], outcomes["failed"]
    return (
        FlowStep("Enrolled", len(infused)),
        FlowStep(
            "Infused",
            int(infused.sum()),
            {**lots, "progressed, died or withdrew while waiting": waited, "too few cells": few},
        ),
        FlowStep("Evaluated", int((infused & ~failed).sum()), {"not simulated": int(failed.sum())}),
    )
