"""Conduct the study's trial designs on its outcome bank."""

from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np

from progenitor.study._estimates import Table
from progenitor.study._facility_section import FacilitySection
from progenitor.study._schema import StudyFile
from progenitor.study._trial_section import DESIGNS, Trial, given
from progenitor.study.results import DesignResult, Estimate
from progenitor.trial import (
    Bop2,
    ExactBinomial,
    OperatingCharacteristics,
    OutcomeBank,
    PredictiveProbability,
    SimonTwoStage,
    TwoLevel,
    operating_characteristics,
)

__all__ = ["conduct_designs", "outcome_bank", "search_designs", "success_by_draw"]

SingleArmDesign: TypeAlias = SimonTwoStage | ExactBinomial | Bop2 | PredictiveProbability
"""Designs conducted in one arm at a time."""

_FUTILE: Final = 0.05
"""Predictive probability of success below which a trial stops."""

_BANKED: Final = (
    "complete_response",
    "objective_response",
    "pfs_12_months",
    "pfs_itt_12_months",
    "infused",
    "failed",
)


def outcome_bank(
    tables: Mapping[str, Table], facilities: Mapping[str, FacilitySection] | None = None
) -> OutcomeBank:
    """Every patient's outcomes as (draw, arm, dose, patient), with one dose.

    Parameters
    ----------
    tables
        Rows of each arm.
    facilities
        Where the lots of arms queue, for those that do.
    """
    first = next(iter(tables.values()))
    columns = {}
    for name in _BANKED:
        stacked = np.stack(
            [table.outcomes[name].reshape(table.draws, -1) for table in tables.values()], axis=1
        )
        columns[name] = stacked[:, :, np.newaxis, :]
    patients = len(first.outcomes["infused"]) // first.draws
    arrivals = {arm: one.arrivals(patients) for arm, one in (facilities or {}).items()}
    return OutcomeBank(first.draws, tuple(tables), ("assigned dose",), patients, columns, arrivals)


def conduct_designs(
    file: StudyFile, seed: int, tables: Mapping[str, Table]
) -> dict[str, tuple[DesignResult, ...]]:
    """Operating characteristics of every trial of the study, by arm."""
    queued = {name: file.facility_of(arm.product) for name, arm in file.arms.items()}
    facilities = {name: one for name, one in queued.items() if one is not None}
    bank, designs = outcome_bank(tables, facilities), search_designs(file)
    found: dict[str, list[DesignResult]] = {arm: [] for arm in tables}
    for name, design in designs.items():
        trial = file.trials[name]
        for arm in trial.arms:
            characteristics = operating_characteristics(
                design,
                bank,
                arm=arm,
                endpoint=_column(trial),
                analysis_set=given(trial.analysis_set, "analysis_set"),
                replicates=max(trial.replicates, 2 * bank.draws),
                seed=seed,
            )
            found[arm].append(_result(trial, design, characteristics))
    return {arm: tuple(results) for arm, results in found.items()}


def success_by_draw(
    file: StudyFile, seed: int, tables: Mapping[str, Table], *, name: str, arm: str
) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return whether each trial of each parameter draw succeeded, in one arm.

    Parameters
    ----------
    file, seed, tables
        As for :func:`conduct_designs`.
    name, arm
        Trial of the study, and one of its arms.
    """
    trial, bank = file.trials[name], outcome_bank(tables)
    found = operating_characteristics(
        search_designs(file)[name],
        bank,
        arm=arm,
        endpoint=_column(trial),
        analysis_set=given(trial.analysis_set, "analysis_set"),
        replicates=max(trial.replicates, 2 * bank.draws),
        seed=seed,
    )
    share = np.asarray(found.per_draw["success"])
    each = [found.replicates // bank.draws + (k < found.replicates % bank.draws)
            for k in range(bank.draws)]  # fmt: skip
    return [
        (np.arange(count) < round(float(rate) * count)).astype(float)
        for rate, count in zip(share, each, strict=True)
    ]


def search_designs(file: StudyFile) -> dict[str, SingleArmDesign]:
    """Find the design of every single-arm trial of a study.

    Raises
    ------
    DesignError
        When no design reaches the errors asked for.
    """
    return {
        name: _search(trial)
        for name, trial in file.trials.items()
        if DESIGNS[trial.design].kind == "single arm"
    }


def _search(trial: Trial) -> SingleArmDesign:
    p0, p1 = given(trial.null, "null"), given(trial.alternative, "alternative")
    alpha = given(trial.alpha, "alpha")
    if trial.design == "bop2":
        return Bop2.search(p0=p0, p1=p1, looks=tuple(given(trial.looks, "looks")), alpha=alpha)
    if trial.design == "predictive_probability":
        looks = given(trial.looks, "looks")
        return PredictiveProbability(
            nmax=looks[-1],
            nmin=looks[0],
            p0=p0,
            theta_t=1.0 - alpha,
            theta_l=_FUTILE,
        )
    power = given(trial.power, "power")
    if trial.design == "simon_two_stage":
        return SimonTwoStage.search(p0=p0, p1=p1, alpha=alpha, beta=1.0 - power)
    return ExactBinomial.search(p0=p0, p1=p1, alpha=alpha, power=power)


def _column(trial: Trial) -> str:
    """Survival counts from enrolment by intention to treat, from infusion otherwise."""
    if trial.endpoint == "pfs_12_months" and trial.analysis_set == "itt":
        return "pfs_itt_12_months"
    return given(trial.endpoint, "endpoint")


def _result(trial: Trial, design: SingleArmDesign, found: OperatingCharacteristics) -> DesignResult:
    return DesignResult(
        design=trial.design,
        endpoint=given(trial.endpoint, "endpoint"),
        analysis_set=given(trial.analysis_set, "analysis_set"),
        description=design.description,
        numbers=dict(design.numbers),
        success=_estimate(found.success, "P(success)", "1", found.replicates),
        expected_patients=_estimate(
            found.expected_patients, "Expected patients", "patient", found.replicates
        ),
        early_stop=_estimate(found.early_stop, "P(early stop)", "1", found.replicates),
        replicates=found.replicates,
        between_draw_share=found.between_draw_share,
        example=found.example.message,
    )


def _estimate(found: TwoLevel, label: str, unit: str, replicates: int) -> Estimate:
    return Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        unit=unit,
        label=label,
        n=replicates,
        mcse=found.mcse,
    )
