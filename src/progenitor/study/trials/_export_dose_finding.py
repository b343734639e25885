"""One dose-finding trial of a run as an exported trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem
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
from progenitor.study._trial_section import Trial, given
from progenitor.study._wording import dose_words
from progenitor.study.trials._dose_calendars import one_calendar_trial, who_may_come
from progenitor.study.trials._dose_finding import calendar_count, dose_finding_designs
from progenitor.study.trials._dose_patients import dose_patients
from progenitor.study.trials._dose_runs import TOLERANCE
from progenitor.trial import CalendarTrial

__all__ = ["export_dose_finding"]

_NOT_TREATED: Final = {
    "lost": "LOST WHILE WAITING",
    "not manufactured": "LOT NOT RELEASED",
    "out of specification": "LOT NOT RELEASED",
    "below dose": "TOO FEW CELLS",
}
_FOLLOWED: Final = ("complete", "dose-limiting toxicity")


def export_dose_finding(
    file: StudyFile,
    name: str,
    tables: Sequence[Table],
    source: RunSource,
    *,
    number: int,
) -> ExportedTrial:
    """Return one dose-finding trial, conducted day by day, as it stood when it ended.

    Parameters
    ----------
    file, name
        The study, and the trial in it.
    tables
        Rows at each dose of the arm, the lowest first.
    source
        The run.
    number
        Which trial, from 1.

    Raises
    ------
    InputError
        If fewer trials are conducted day by day.
    """
    trial, draws = file.trials[name], tables[0].draws
    count = calendar_count(trial, draws)
    if not 1 <= number <= count:
        fix = f"give 1 to {count}"
        raise InputError([Problem(f"there is no trial {number} of '{name}'", fix, field="--trial")])
    trial = trial.model_copy(update={"replicates": max(trial.replicates, 2 * draws)})
    arm = file.arms[trial.arms[0]]
    one = _OneTrial.of(file, name, trial, tables, source.seed, number - 1)
    return ExportedTrial(
        study=file.study,
        title=file.title,
        words=f"{name}, trial {number}",
        digest=source.digest,
        seed=source.seed,
        arms=tuple(
            (f"DOSE{place + 1}", f"{arm.title}, {dose_words(dose)}")
            for place, dose in enumerate(arm.levels)
        ),
        arm=one.level,
        subjects=tuple(
            f"{file.study}-{name}-{number:06d}-{place + 1:04d}" for place in range(one.level.size)
        ),
        facts=one.facts(arm.levels, trial.tolerance or TOLERANCE),
        events=one.events(given(trial.window, "window")),
        scores=exported_scores(one.columns, one.assessed, source.criteria),
        levels=exported_levels(source.catalogue, one.seen_series(), one.days),
        doses=(
            ExportedDoses(
                "CART",
                "CAR-T cells",
                "cell",
                0.0,
                np.where(one.infused, one.columns["dose"], np.nan),
            ),
        ),
        results={
            "dose_selected": one.found.selected + 1,
            "treated": [int(n) for n in one.found.state.treated[0]],
            "toxic": [int(n) for n in one.found.state.toxic[0]],
            "data_cut_off_day": one.found.cut_off,
        },
    )


@final
@dataclass(frozen=True, slots=True, eq=False)
class _OneTrial:
    """The patients who consented to one trial, in the order of screening."""

    found: CalendarTrial
    who: Int[np.ndarray, " subject"]
    draw: int
    columns: Columns
    series: Mapping[str, Float[np.ndarray, "subject time"]]
    days: Float[np.ndarray, " time"]

    @classmethod
    def of(
        cls,
        file: StudyFile,
        name: str,
        trial: Trial,
        tables: Sequence[Table],
        seed: int,
        replicate: int,
    ) -> "_OneTrial":
        patients = dose_patients(
            tables,
            file.arms[trial.arms[0]].levels,
            events=given(trial.toxicity, "toxicity"),
            window=given(trial.window, "window"),
        )
        design = dose_finding_designs(file)[name]
        found = one_calendar_trial(design, patients, trial, replicate, seed=seed)
        draw, virtual = who_may_come(patients, trial, replicate, seed)
        who = np.flatnonzero(np.isfinite(found.days["consented"]))
        rows = draw * patients.infused.shape[1] + virtual[who]
        level = found.level[who]

        def taken(values: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
            return np.stack([values[at][row] for at, row in zip(level, rows, strict=True)])

        names, curves = tables[0].outcomes, tables[0].series
        columns = {key: taken([table.outcomes[key] for table in tables]) for key in names}
        series = {key: taken([table.series[key] for table in tables]) for key in curves}
        return cls(found, who, draw, columns, series, tables[0].days)

    @property
    def level(self) -> Int[np.ndarray, " subject"]:
        """Assigned dose, from 0."""
        return np.asarray(self.found.level[self.who])

    @property
    def infused(self) -> Bool[np.ndarray, " subject"]:
        """Who was infused by the end of the trial."""
        return np.asarray(np.isfinite(self.day("infused")))

    def day(self, step: str) -> Float[np.ndarray, " subject"]:
        """Day of a step since the trial began."""
        return np.asarray(self.found.days[step][self.who])

    @property
    def followed(self) -> Float[np.ndarray, " subject"]:
        """Days after infusion when the trial ended; NaN without infusion."""
        return np.asarray(self.found.cut_off - self.day("infused"))

    @property
    def fates(self) -> list[str]:
        """How each patient ended."""
        return [self.found.fate[patient] for patient in self.who]

    @property
    def assessed(self) -> Bool[np.ndarray, " subject"]:
        """Whose response is final: progression or death came, or the whole follow-up is over."""
        return np.asarray(self.infused & (self.columns["pfs_time"] <= self.followed))

    def facts(self, doses: Sequence[float], tolerance: float) -> dict[str, Any]:
        """Return what ADSL says of the subjects."""
        infused, counted = self.infused, self.found.counted[self.who]
        consented, toxic = self.day("consented"), self.day("toxic")
        given_dose = np.where(infused, self.found.achieved[self.who], np.nan)
        enough = given_dose[:, np.newaxis] >= (1.0 - tolerance) * np.asarray(doses)
        ended = np.array([fate in _FOLLOWED for fate in self.fates])
        died = self.columns["death_day"] <= self.followed
        return {
            "DRAW": np.full(infused.size, self.draw + 1),
            "ITTFL": np.ones(infused.size, bool),
            "SAFFL": infused,
            "DLTEVLFL": counted & ended,
            "PKFL": infused & ~self.columns["failed"].astype(bool),
            "REPLFL": np.where(infused, ~counted, self._gone()).astype(bool),
            "COHORT": self.found.cohort[self.who] + 1,
            "DOSLVLP": self.level + 1,
            "DOSLVLA": np.where(infused, enough.sum(axis=1).astype(float), np.nan),
            "ENRLDY": consented,
            "CUTDY": np.full(infused.size, self.found.cut_off),
            "TRTSDY": self.day("infused") - consented,
            "DOSE01A": np.where(infused, self.columns["dose"], np.nan),
            "DOSPKGP": np.asarray(doses)[self.level],
            "DOSPKG": given_dose,
            "DLTFL": np.isfinite(toxic),
            "DLTDY": toxic - self.day("infused"),
            "DTHFL": died,
            "DTHDY": np.where(died, self.columns["death_day"], np.nan),
            "DCSREAS": tuple(
                "" if given else _NOT_TREATED.get(fate, "TRIAL ENDED BEFORE INFUSION")
                for given, fate in zip(infused, self.fates, strict=True)
            ),
        }

    def _gone(self) -> Bool[np.ndarray, " subject"]:
        return np.array([fate in _NOT_TREATED for fate in self.fates])

    def events(self, window: float) -> tuple[ExportedEvents, ...]:
        """Return time to a dose-limiting toxicity, and progression-free survival."""
        toxic, infused_day = self.day("toxic"), self.day("infused")
        happened = np.isfinite(toxic)
        last = np.fmin(np.fmin(window, self.followed), self.columns["death_day"])
        time = np.where(happened, toxic - infused_day, np.where(self.infused, last, np.nan))
        known = np.where(self.infused, self.columns["pfs_time"], np.nan)
        cut = known > self.followed
        event = np.where(cut, 0.0, self.columns["pfs_event"])
        words = [ending(event, self.columns, row, cut) for row in range(event.size)]
        return (
            ExportedEvents(
                "TTDLT",
                "Time to first dose-limiting toxicity",
                "INFUSION",
                time,
                happened.astype(float),
                tuple("DOSE-LIMITING TOXICITY" if one else _NO_TOXICITY for one in happened),
            ),
            ExportedEvents(
                "PFS",
                "Progression-free survival from infusion",
                "INFUSION",
                np.where(cut, self.followed, known),
                event,
                tuple(words),
            ),
        )

    def seen_series(self) -> dict[str, Float[np.ndarray, "subject time"]]:
        """Return blood levels as far as they were known."""
        known = self.days <= self.followed[:, np.newaxis]
        return {name: np.where(known, values, np.nan) for name, values in self.series.items()}


_NO_TOXICITY: Final = "WINDOW WITHOUT TOXICITY"
