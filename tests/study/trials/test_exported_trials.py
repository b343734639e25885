"""Single trials, exported and read back: the statistic and the counts are those of the trial."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from progenitor.cli import main
from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.interop import adam_files, read_adam, read_records, trial_records
from progenitor.study import (
    Study,
    load_exported_trial,
    load_result,
    run_study,
    simulated_success,
)
from progenitor.study._estimates import Table
from progenitor.study._exported_columns import RunSource
from progenitor.study.trials import export_dose_finding, export_randomised
from progenitor.testing import (
    MADE_UP_DOSES,
    MADE_UP_TRIALS,
    dose_tables,
    study_with_trial,
    survival_tables,
)
from progenitor.trial import log_rank

SOURCE = RunSource(default_catalogue(), 7, "0" * 8)
DAYS = np.array([0.0, 28.0, 90.0, 730.0])
RANDOMISED = MADE_UP_TRIALS["randomised"] | {
    "stratify_by": ["tumour_burden"],
    "futility": "hsd:-2",
    "replicates": 20,
}


def lived(table: Table) -> Table:
    """Add what the rows of a run hold besides: a response, cells given, levels in blood."""
    count = table.outcomes["infused"].size
    infused = table.outcomes["infused"].astype(bool)
    nothing, yes = np.full(count, np.nan), np.where(infused, 1.0, np.nan)
    columns = {
        "patient": np.arange(count),
        "too_few_cells": np.zeros(count, bool),
        "progression_day": nothing,
        "death_day": nothing,
        "best_response": np.where(infused, 4, 0),
        "objective_response": yes,
        "complete_response": yes,
        "dose": 1e8 * yes,
        "dose_per_kg": 1e6 * yes,
        "pfs_time": 400.0 * yes,
        "pfs_event": yes,
    } | table.outcomes
    days = table.days if table.series else DAYS
    level = 5.0 * yes[:, np.newaxis] * np.ones(days.size)
    series = {"car_t_in_blood": level, "transgene_in_blood": 1e3 * level, **table.series}
    return replace(table, outcomes=columns, series=series, days=days)


def read_back(trial, folder: Path) -> dict[str, dict[str, list]]:
    for name, text in adam_files(trial).items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_adam(folder)


def randomised(number: int, **changed):
    file = study_with_trial(RANDOMISED | changed, doses=False)
    tables = survival_tables({"conventional": 0.004, "tscm": 0.003})
    tables = {name: lived(table) for name, table in tables.items()}
    return export_randomised(file, "trial", tables, SOURCE, number=number)


def dose_finding(number: int):
    file = study_with_trial(MADE_UP_TRIALS["dose_finding"] | {"replicates": 40}, doses=True)
    tables = [lived(table) for table in dose_tables(MADE_UP_DOSES, (0.1, 0.25, 0.4))]
    return export_dose_finding(file, "trial", tables, SOURCE, number=number)


@pytest.mark.parametrize("number", [1, 2, 20])
def test_the_log_rank_test_of_the_files_is_that_of_the_trial(number, tmp_path):
    trial = randomised(number)
    data = read_back(trial, tmp_path)
    rows, stratum = (
        data["ADTTE"],
        dict(zip(data["ADSL"]["USUBJID"], data["ADSL"]["STRATAR"], strict=True)),
    )
    event = 1.0 - np.array(rows["CNSR"])
    labels = np.array([stratum[subject].startswith("HIGH") for subject in rows["USUBJID"]])
    test = log_rank(np.array(rows["AVAL"]), event, np.array(rows["TRT01PN"]) - 1.0, stratum=labels)
    said = trial.results["tscm"]
    assert -float(test.z) == pytest.approx(said["z"], rel=1e-12)
    assert int(event.sum()) == said["events"]
    assert said["day"] == trial.results["data_cut_off_day"]


def test_nobody_is_known_beyond_the_data_cut_off(tmp_path):
    data = read_back(randomised(3), tmp_path)
    subjects = data["ADSL"]
    left = np.array(subjects["CUTDY"]) - np.array(subjects["RANDDY"])
    assert np.all(left >= 0.0)
    assert np.all(np.diff(subjects["RANDDY"]) >= 0.0)
    follow = dict(zip(subjects["USUBJID"], left, strict=True))
    rows = data["ADTTE"]
    for subject, days, words in zip(rows["USUBJID"], rows["AVAL"], rows["EVNTDESC"], strict=True):
        assert days <= follow[subject] + 1e-9
        if words == "DATA CUT-OFF":
            assert days == pytest.approx(follow[subject], rel=1e-12)
    treated = dict(zip(subjects["USUBJID"], subjects["TRTSDY"], strict=True))
    levels = data["ADPC"]
    for subject, day in zip(levels["USUBJID"], levels["ADT"], strict=True):
        assert treated[subject] + day <= follow[subject] + 1e-9


def test_arms_are_balanced_within_strata(tmp_path):
    subjects = read_back(randomised(5), tmp_path)["ADSL"]
    counts = {label: [0, 0] for label in set(subjects["STRATAR"])}
    for label, arm in zip(subjects["STRATAR"], subjects["TRT01PN"], strict=True):
        counts[label][int(arm) - 1] += 1
    assert len(counts) == 2
    assert all(abs(one - other) <= 2 for one, other in counts.values())


@pytest.mark.parametrize("number", [1, 7])
def test_the_patients_of_a_dose_finding_trial_are_counted_as_it_counted_them(number, tmp_path):
    trial = dose_finding(number)
    subjects = read_back(trial, tmp_path)["ADSL"]
    levels = np.array(subjects["DOSLVLP"]).astype(int)
    counted = np.array([flag == "Y" for flag in subjects["DLTEVLFL"]])
    toxic = np.array([flag == "Y" for flag in subjects["DLTFL"]]) & counted
    doses = range(1, len(MADE_UP_DOSES) + 1)
    assert [int((counted & (levels == dose)).sum()) for dose in doses] == trial.results["treated"]
    assert [int((toxic & (levels == dose)).sum()) for dose in doses] == trial.results["toxic"]
    replaced = np.array([flag == "Y" for flag in subjects["REPLFL"]])
    assert not (replaced & counted).any()
    treated = np.array([flag == "Y" for flag in subjects["SAFFL"]])
    assert [not words for words in subjects["DCSREAS"]] == treated.tolist()
    actual, planned = np.array(subjects["DOSPKG"]), np.array(subjects["DOSPKGP"])
    assert np.all(actual[treated] <= planned[treated] * (1.0 + 1e-9))
    assert np.isnan(actual[~treated]).all()
    short = treated & (np.array(subjects["DOSLVLA"]) < levels)
    assert np.all(actual[short] < 0.8 * planned[short])


def test_toxicities_are_within_the_window(tmp_path):
    rows = read_back(dose_finding(2), tmp_path)["ADTTE"]
    mine = [place for place, code in enumerate(rows["PARAMCD"]) if code == "TTDLT"]
    assert mine
    assert all(0.0 <= rows["AVAL"][place] <= 28.0 for place in mine)


def test_records_are_read_by_our_own_reader(tmp_path):
    for name, trial in {"a": randomised(1), "b": dose_finding(1)}.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(trial_records(trial), encoding="utf-8")
        table = read_records(path, time_unit="day")
        given = trial.doses[0].amount
        assert len(table.subjects) == len(trial.subjects)
        assert np.array_equal(table.amount[table.event == 1], given[np.isfinite(given)])


@pytest.mark.parametrize("number", [0, 21, -1])
def test_a_trial_that_was_not_conducted_is_refused(number):
    with pytest.raises(InputError, match="give 1 to 20"):
        randomised(number)
    if number != 21:
        with pytest.raises(InputError, match="give 1 to 40"):
            dose_finding(number)


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> dict[str, Path]:
    """Small runs of both shipped studies."""
    catalogue, found = default_catalogue(), {}
    for name in ("phase_1_dose_finding", "phase_2_tscm_vs_cart"):
        study = Study.load(STUDIES / f"{name}.yaml", catalogue=catalogue)
        study = study.with_options(draws=2, patients=30)
        folder = tmp_path_factory.mktemp(name)
        result = run_study(study, catalogue=catalogue, runs_dir=folder, seed=study.seed)
        found[name] = result.run_dir
    return found


STUDIES = Path(__file__).parents[3] / "studies"


@pytest.mark.slow
def test_a_run_exports_its_trials_from_the_command_line(finished, tmp_path, capfd):
    run = str(finished["phase_2_tscm_vs_cart"])
    assert main(["export", run, "--adam", str(tmp_path / "a"), "--trial", "2", "--json"]) == 0
    said = json.loads(capfd.readouterr().out)["results"]["tscm"]
    data = read_adam(tmp_path / "a")
    rows, subjects = data["ADTTE"], data["ADSL"]
    label = dict(zip(subjects["USUBJID"], subjects["STRATAR"], strict=True))
    stratum = np.array([label[subject].startswith("HIGH") for subject in rows["USUBJID"]])
    test = log_rank(
        np.array(rows["AVAL"]),
        1.0 - np.array(rows["CNSR"]),
        np.array(rows["TRT01PN"]) - 1.0,
        stratum=stratum,
    )
    assert -float(test.z) == pytest.approx(said["z"], rel=1e-12)
    told = load_result(finished["phase_2_tscm_vs_cart"]).randomised[0].example.path[-1]
    first = load_exported_trial(finished["phase_2_tscm_vs_cart"], trial=1)
    assert first.results["tscm"]["z"] == told[1]


@pytest.mark.slow
def test_the_response_rate_of_a_phase_one_trial_is_that_of_its_patients(finished, tmp_path):
    run = finished["phase_1_dose_finding"]
    trial = load_exported_trial(run, trial=1)
    data = read_back(trial, tmp_path)
    rows = data["ADRS"]
    said = {
        subject: words
        for subject, code, words in zip(
            rows["USUBJID"], rows["PARAMCD"], rows["AVALC"], strict=True
        )
        if code == "OBJRESP"
    }
    best = {
        subject: words
        for subject, code, words in zip(
            rows["USUBJID"], rows["PARAMCD"], rows["AVALC"], strict=True
        )
        if code == "BOR"
    }
    assert said
    assert all((best[subject] in ("CR", "PR")) == (words == "Y") for subject, words in said.items())
    assert 0 <= trial.results["dose_selected"] <= len(trial.arms)


@pytest.mark.slow
def test_what_cannot_be_exported_is_refused(finished, tmp_path, capfd):
    run = str(finished["phase_2_tscm_vs_cart"])
    target = tmp_path / "none"
    for options, words in (
        (["--design", "phase2_single_arm"], "--draw K"),
        (["--design", "phase2_randomized"], "phase2_randomised"),
        (["--trial", "0"], "give 1 to"),
        (["--trial", "1", "--draw", "1"], "give --draw for all patients"),
        (["--draw", "4"], "give 1 to 2"),
    ):
        assert main(["export", run, "--adam", str(target), *options]) == 2
        assert words in " ".join(capfd.readouterr().err.split())
    assert not target.exists()
    (tmp_path / "adam" / "adtte.csv").mkdir(parents=True)
    assert main(["export", run, "--adam", str(tmp_path / "adam"), "--trial", "1"]) == 2
    assert [path.name for path in (tmp_path / "adam").iterdir()] == ["adtte.csv"]


@pytest.mark.slow
def test_the_assurance_of_a_run_is_that_of_its_report(finished):
    run = finished["phase_2_tscm_vs_cart"]
    result = load_result(run)
    (pair,) = result.randomised[0].pairs
    found = simulated_success(run)
    assert found.label.endswith("phase2_randomised/tscm")
    assert float(found.probabilities.mean()) == pytest.approx(pair.success.value, rel=1e-9)
    single = simulated_success(run, trial="phase2_single_arm", arm="tscm")
    reported = next(one for one in result.arms["tscm"].designs if one.design == "simon_two_stage")
    assert float(single.probabilities.mean()) == pytest.approx(reported.success.value, abs=1e-6)
    for options in ({"trial": "phase2_single_arm"}, {"trial": "x"}, {"arm": "conventional"}):
        with pytest.raises(InputError):
            simulated_success(run, **options)
