"""Continual reassessment against fits, skeletons and trials of an established R package."""

import csv
from pathlib import Path

import numpy as np
import pytest

from progenitor.trial import (
    Crm,
    DoseState,
    TiteCrm,
    arrival_days,
    conduct_dose_finding,
    conduct_timed,
    indifference_skeleton,
    toxicity_days,
    toxicity_outcomes,
)

DATA = Path(__file__).parent / "data"
PRINTED = 1e-6  # the table prints six to eight decimals
INTEGRATOR = 2e-6  # one fit (16) carries the error of the adaptive integrator that made the table
SKELETON = 1e-9  # the table prints ten decimals
Z = 4.0


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).read_text("utf-8").splitlines()))


def numbers(text: str) -> list[float]:
    return [float(word) for word in text.split(";")]


FITS = rows_of("crm_titecrm_fits_public.csv")
SKELETONS = rows_of("crm_getprior_public.csv")
TRIALS = rows_of("crm_oc_public.csv")
TIMED = rows_of("titecrm_oc_public.csv")
CURVES = {"empiric": "power", "logistic": "logistic"}


def z_scores(found: np.ndarray, expected: list[float], *sizes: int) -> np.ndarray:
    """Differences of shares in standard errors, with one success added so that 0 has an error."""
    share = (found * sizes[0] + np.array(expected) * sizes[1] + 1.0) / (sum(sizes) + 2.0)
    error = np.sqrt(share * (1.0 - share) * (1.0 / sizes[0] + 1.0 / sizes[1]))
    return np.asarray((found - expected) / error)


def mean_scores(counts: np.ndarray, expected: list[float], size: int) -> np.ndarray:
    """Differences of means in standard errors, taking the spread of our trials for both."""
    spread = np.sqrt(counts.var(axis=0) + 1.0 / size)
    return np.asarray(
        (counts.mean(axis=0) - expected) / spread / np.sqrt(1.0 / len(counts) + 1.0 / size)
    )


def test_the_tables_are_complete() -> None:
    assert [len(rows) for rows in (FITS, SKELETONS, TRIALS, TIMED)] == [40, 24, 2, 2]


@pytest.mark.parametrize(
    "row", SKELETONS, ids=lambda row: f"{row['halfwidth']}-{row['target']}-{row['nlevel']}"
)
def test_skeleton(row: dict[str, str]) -> None:
    found = indifference_skeleton(
        target=float(row["target"]),
        halfwidth=float(row["halfwidth"]),
        nu=int(row["nu"]),
        levels=int(row["nlevel"]),
        model=CURVES[row["model"]],
    )
    assert found == pytest.approx(numbers(row["prior"]), abs=SKELETON, rel=0.0)


@pytest.mark.parametrize("row", FITS, ids=lambda row: row["id"])
@pytest.mark.parametrize("timed", [False, True], ids=["complete", "followed"])
def test_fit(row: dict[str, str], timed: bool) -> None:
    levels = [int(level) - 1 for level in numbers(row["level"])]
    toxic = [seen == 1.0 for seen in numbers(row["tox"])]
    window = float(row["window"])
    days = numbers(row["followup_days"]) if timed else [window] * len(levels)
    shares = [
        1.0 if seen else min(day / window, 1.0) for day, seen in zip(days, toxic, strict=True)
    ]
    design = (TiteCrm if timed else Crm)(
        target=float(row["target"]),
        skeleton=tuple(numbers(row["prior"])),
        model=CURVES[row["model"]],
        scale=float(row["scale"]),
        intercept=float(row["intcpt"]),
    )
    state = DoseState.from_sequence(levels, toxic, len(design.skeleton), followed=shares)
    fit, start = design.fit(state), "tite_" if timed else ""
    room = INTEGRATOR if row["id"] == "16" else PRINTED
    variance = float(row[f"{start}post_var" if timed else "post_var"])
    assert fit.estimate[0] == pytest.approx(float(row[f"{start}estimate"]), abs=room, rel=0.0)
    assert fit.variance[0] == pytest.approx(variance, abs=room, rel=0.0)
    assert fit.p_tox[0] == pytest.approx(numbers(row[f"{start}ptox"]), abs=room, rel=0.0)
    assert int(np.argmin(np.abs(fit.p_tox[0] - design.target))) + 1 == int(row[f"{start}mtd"])


@pytest.mark.parametrize("row", TRIALS, ids=lambda row: row["id"])
def test_operating_characteristics(row: dict[str, str]) -> None:
    """|z| < 4 for 17 numbers a row: a false alarm once in about 900 runs; seed fixed."""
    cohort, size = int(row["mcohort"]), int(row["nsim"])
    design = Crm(
        target=float(row["target"]),
        skeleton=tuple(numbers(row["prior"])),
        scale=float(row["scale"]),
        cohort=cohort,
    )
    truth = numbers(row["PI"])
    outcomes = toxicity_outcomes(truth, patients=int(row["n"]), replicates=20_000, seed=1)
    found = conduct_dose_finding(design, outcomes, cohort=cohort, start=int(row["x0"]) - 1)
    share = np.bincount(found.selected, minlength=len(truth)) / 20_000
    assert np.abs(z_scores(share, numbers(row["MTD"]), 20_000, size)).max() < Z
    assert np.abs(mean_scores(found.state.treated, numbers(row["level"]), size)).max() < Z
    assert np.abs(mean_scores(found.state.toxic, numbers(row["tox"]), size)).max() < Z


@pytest.mark.parametrize("row", TIMED, ids=lambda row: row["id"])
def test_operating_characteristics_with_follow_up(row: dict[str, str]) -> None:
    """|z| < 4 for 16 numbers a row: a false alarm once in about 1,000 runs; seed fixed."""
    truth, size, window = numbers(row["PI"]), int(row["nsim"]), float(row["obswin"])
    design = TiteCrm(target=float(row["target"]), skeleton=tuple(numbers(row["prior"])))
    many = {"patients": int(row["n"]), "replicates": 2000, "seed": 1}
    gap = window / float(row["rate_per_window"])
    arrivals = arrival_days(**many, gap=gap, accrual=row["accrual"])
    times = toxicity_days(truth, **many, window=window)
    found = conduct_timed(design, arrivals, times, window=window)
    share = np.bincount(found.selected, minlength=len(truth)) / 2000
    assert np.abs(z_scores(share, numbers(row["MTD"]), 2000, size)).max() < Z
    assert np.abs(mean_scores(found.state.treated, numbers(row["level"]), size)).max() < Z
    assert np.abs(mean_scores(found.state.toxic, numbers(row["tox"]), size)).max() < Z
    assert found.duration is not None
    days = found.duration
    error = max(float(days.std()), 1e-6) * np.sqrt(1.0 / 2000 + 1.0 / size)
    assert abs(days.mean() - float(row["duration"])) < Z * error + 0.005  # two decimals printed
