"""One randomised trial of a run as an exported trial."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem
from progenitor.study._baseline import BASELINE
from progenitor.study._estimates import Table
from progenitor.study._exported import ExportedDoses, ExportedEvents, ExportedTrial
from progenitor.study._exported_columns import (
    Columns,
    RunSource,
    ending,
    exported_levels,
    exported_scores,
)
from progenitor.study._schema import StudyFile
from progenitor.study.trials._randomised import RandomisedRuns, randomised_runs

__all__ = ["export_randomised"]


def export_randomised(
    file: StudyFile,
    name: str,
    tables: Mapping[str, Table],
    source: RunSource,
    *,
    number: int,
) -> ExportedTrial:
    """Return one randomised trial as it stood at its last look.

    Parameters
    ----------
    file, name
        The study, and the trial in it.
    tables
        Rows of each arm, with what patients bring to enrolment.
    source
        The run.
    number
        Which trial, from 1.

    Raises
    ------
    InputError
        If fewer trials are conducted.
    """
    runs = randomised_runs(file, name, tables, source.seed)
    count = len(runs.patients.entry)
    if not 1 <= number <= count:
        fix = f"give 1 to {count}"
        raise InputError([Problem(f"there is no trial {number} of '{name}'", fix, field="--trial")])
    trial = _OneTrial.of(runs, tables, number - 1)
    infused = trial.infused
    return ExportedTrial(
        study=file.study,
        title=file.title,
        words=f"{name}, trial {number}",
        digest=source.digest,
        seed=source.seed,
        arms=tuple((arm, file.arms[arm].title) for arm in runs.trial.arms),
        arm=trial.arm,
        subjects=tuple(
            f"{file.study}-{name}-{number:06d}-{place + 1:04d}" for place in range(trial.arm.size)
        ),
        facts=trial.facts(),
        events=(trial.survival(),),
        scores=exported_scores(trial.columns, trial.assessed, source.criteria),
        levels=exported_levels(source.catalogue, trial.seen_series(), trial.days),
        doses=(
            ExportedDoses(
                "CART", "CAR-T cells", "cell", 0.0, np.where(infused, trial.columns["dose"], np.nan)
            ),
        ),
        results=trial.results,
    )


@final
@dataclass(frozen=True, slots=True, eq=False)
class _OneTrial:
    """The patients of one trial who were randomised by its data cut-off, in order of entry."""

    runs: RandomisedRuns
    arm: Int[np.ndarray, " subject"]
    stratum: Int[np.ndarray, " subject"]
    entry: Float[np.ndarray, " subject"]
    time: Float[np.ndarray, " subject"]
    event: Bool[np.ndarray, " subject"]
    full: Float[np.ndarray, " subject"]
    columns: Columns
    series: Mapping[str, Float[np.ndarray, "subject time"]]
    days: Float[np.ndarray, " time"]
    cut: float
    results: Mapping[str, Any]

    @classmethod
    def of(cls, runs: RandomisedRuns, tables: Mapping[str, Table], place: int) -> "_OneTrial":
        pairs = runs.pairs()
        day = runs.cut_off(pairs)
        time, event = runs.patients.cut(day)
        entry = runs.patients.entry[place]
        order = np.argsort(entry, kind="stable")
        mine = order[entry[order] <= day[place]]
        arm = runs.patients.arm[place, mine]
        draw, patient = runs.patients.draw[place, mine], runs.patients.patient[place, mine]
        first = tables[runs.trial.arms[0]]
        rows = draw * (first.outcomes["infused"].size // first.draws) + patient
        columns, series = _gathered([tables[name] for name in runs.trial.arms], arm, rows)
        results: dict[str, Any] = {"data_cut_off_day": float(day[place])}
        for name, (_, found) in zip(runs.trial.arms[1:], pairs, strict=True):
            look = int(found.end[place])
            results[name] = {
                "last_look": look + 1,
                "day": float(found.day[place, look]),
                "events": int(found.events[place, look]),
                "z": float(found.z[place, look]),
                "success": bool(found.won[place] >= 0),
                "futile": bool(found.futile[place] >= 0),
            }
        return cls(
            runs,
            arm,
            runs.patients.stratum[place, mine],
            entry[mine],
            time[place, mine],
            event[place, mine],
            runs.patients.time[place, mine],
            columns,
            series,
            first.days,
            float(day[place]),
            results,
        )

    @property
    def infused(self) -> Bool[np.ndarray, " subject"]:
        """Who was infused by the data cut-off."""
        waited = self.columns["vein_to_vein"] <= self.cut - self.entry
        return np.asarray(self.columns["infused"].astype(bool) & waited)

    @property
    def since_infusion(self) -> Float[np.ndarray, " subject"]:
        """Days of follow-up after infusion at the data cut-off; NaN without."""
        days = self.cut - self.entry - self.columns["vein_to_vein"]
        return np.where(self.infused, days, np.nan)

    @property
    def assessed(self) -> Bool[np.ndarray, " subject"]:
        """Whose response is final: the event came, or the whole follow-up is over."""
        return np.asarray(self.infused & (self.event | (self.time >= self.full)))

    def facts(self) -> dict[str, Any]:
        """Return what ADSL says of the subjects."""
        infused, solved = self.infused, ~self.columns["failed"].astype(bool)
        died = self.columns["death_day"] <= self.since_infusion
        names = self.runs.bank.strata.names
        left = self.columns["exit_day"] <= self.cut - self.entry
        facts: dict[str, Any] = {
            "DRAW": self.columns["draw"] + 1,
            "RANDFL": np.ones(infused.size, bool),
            "ITTFL": np.ones(infused.size, bool),
            "SAFFL": infused,
            "PKFL": infused & solved,
            "RANDDY": self.entry,
            "CUTDY": np.full(infused.size, self.cut),
            "TRTSDY": np.where(infused, self.columns["vein_to_vein"], np.nan),
            "DOSE01A": np.where(infused, self.columns["dose"], np.nan),
            "DOSPKG": np.where(infused, self.columns["dose_per_kg"], np.nan),
            "DTHFL": died,
            "DTHDY": np.where(died, self.columns["death_day"], np.nan),
            "DCSREAS": tuple(
                _reason(self.columns, row, left=bool(left[row])) if not infused[row] else ""
                for row in range(infused.size)
            ),
        }
        if names != ("",):
            facts["STRATAR"] = tuple(names[label] for label in self.stratum)
            for factor in self.runs.trial.stratify_by or ():
                facts[_BROUGHT[factor]] = self.columns[BASELINE[factor]]
        return facts

    def survival(self) -> ExportedEvents:
        """Return the endpoint as the trial tested it."""
        itt = self.runs.trial.analysis_set == "itt"
        cut = self.time < self.full
        event = self.event.astype(float)
        return ExportedEvents(
            "PFS",
            "Progression-free survival from randomisation"
            if itt
            else "Progression-free survival from infusion",
            "RANDOMISATION" if itt else "INFUSION",
            self.time,
            event,
            tuple(ending(event, self.columns, row, cut) for row in range(event.size)),
        )

    def seen_series(self) -> dict[str, Float[np.ndarray, "subject time"]]:
        """Return blood levels as far as they were known."""
        known = self.days <= self.since_infusion[:, np.newaxis]
        return {name: np.where(known, values, np.nan) for name, values in self.series.items()}


_BROUGHT = {"tumour_burden": "TUMBASE", "tumour_growth": "GROWTH"}


def _gathered(
    tables: list[Table], arm: Int[np.ndarray, " subject"], rows: Int[np.ndarray, " subject"]
) -> tuple[Columns, dict[str, Float[np.ndarray, "subject time"]]]:
    """Take each patient's row from the table of their arm."""

    def taken(values: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
        found: np.ndarray[Any, Any] = values[0][rows].copy()
        for place, column in enumerate(values):
            found[arm == place] = column[rows[arm == place]]
        return found

    first = tables[0]
    columns = {name: taken([table.outcomes[name] for table in tables]) for name in first.outcomes}
    series = {name: taken([table.series[name] for table in tables]) for name in first.series}
    return columns, series


def _reason(columns: Columns, row: int, *, left: bool) -> str:
    """Return why a patient was not infused by the data cut-off."""
    if not left:
        return "WAITING AT DATA CUT-OFF"
    if columns["lost_waiting"][row]:
        return "LOST WHILE WAITING"
    return "TOO FEW CELLS" if columns["too_few_cells"][row] else "LOT NOT RELEASED"
