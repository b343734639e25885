"""ADaM- and NONMEM-shaped exports: read back, they give what the run says."""

import json
from pathlib import Path

import numpy as np
import pytest

from progenitor.cli import main
from progenitor.errors import InputError
from progenitor.interop import adam_files, read_adam, read_records, trial_records
from progenitor.study import (
    ExportedDoses,
    ExportedEvents,
    ExportedLevels,
    ExportedScores,
    ExportedTrial,
)
from progenitor.trial import kaplan_meier

TIMES, EVENTS = np.array([5.0, 9.0, np.nan, 7.5]), np.array([1.0, 0.0, np.nan, 1.0])
DAYS = np.array([0.0, 7.0])
LEVELS = np.array([[0.0, 3.25], [0.004, 1e-3], [np.nan, np.nan], [2.0, np.nan]])


@pytest.fixture
def trial() -> ExportedTrial:
    words = ("DEATH", "LAST ASSESSMENT WITHOUT EVENT", "", "DISEASE PROGRESSION")
    infused = np.array([True, True, False, True])
    return ExportedTrial(
        study="demo",
        title="=A demonstration",
        words="one trial",
        digest="0" * 8,
        seed=1,
        arms=(("a", "Arm, with a comma"), ("b", "=B()")),
        arm=np.array([0, 1, 0, 1]),
        subjects=("demo-1", "demo-2", "demo-3", "demo-4"),
        facts={
            "DRAW": np.array([1, 1, 2, 2]),
            "ITTFL": np.ones(4, bool),
            "SAFFL": infused,
            "DOSE01A": np.where(infused, 1e8, np.nan),
            "DCSREAS": ("", "", "LOST WHILE WAITING", ""),
        },
        events=(ExportedEvents("PFS", "Progression-free", "INFUSION", TIMES, EVENTS, words),),
        scores=(
            ExportedScores(
                "OBJRESP", "Response", np.array([1.0, 0, np.nan, 1]), ("Y", "N", "", "Y")
            ),
        ),
        levels=(
            ExportedLevels("CART", "Cells", "cell/uL", "concentration", 0.01, DAYS, LEVELS),
            ExportedLevels("TUMVOL", "Volume", "mm3", "tumour", 10.0, DAYS, 100.0 + LEVELS),
        ),
        doses=(ExportedDoses("CART", "Cells", "cell", 0.0, np.where(infused, 1e8, np.nan)),),
    )


def write(trial: ExportedTrial, folder: Path) -> Path:
    for name, text in adam_files(trial).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_curves_and_rates_are_those_of_the_trial(trial, tmp_path):
    found = read_adam(write(trial, tmp_path))
    times = np.array(found["ADTTE"]["AVAL"])
    events = 1.0 - np.array(found["ADTTE"]["CNSR"])
    known = np.isfinite(TIMES)
    wanted = kaplan_meier(TIMES[known], EVENTS[known])
    assert np.array_equal(kaplan_meier(times, events).survival, wanted.survival)
    assert found["ADRS"]["AVALC"] == ["Y", "N", "Y"]
    assert found["ADSL"]["SAFFL"] == ["Y", "Y", "N", "Y"]
    assert found["ADSL"]["TRT01A"][2] == "NOT TREATED"


def test_levels_below_the_limit_are_marked_and_none_is_invented(trial, tmp_path):
    found = read_adam(write(trial, tmp_path))["ADPC"]
    assert found["USUBJID"] == ["demo-1", "demo-1", "demo-2", "demo-2", "demo-4"]
    assert found["BLQFL"] == ["Y", "N", "Y", "Y", "N"]
    assert found["AVAL"] == [0.0, 3.25, 0.0, 0.0, 2.0]
    assert found["AVALC"][0] == "BLQ"


def test_every_variable_is_described_with_a_valid_name_and_its_terms(trial, tmp_path):
    folder = write(trial, tmp_path)
    define = json.loads((folder / "define.json").read_text("utf-8"))
    data = read_adam(folder)
    for name, about in define["data_sets"].items():
        assert about["records"] == len(data[name]["USUBJID"])
        for one in about["variables"]:
            assert one["name"].isalnum()
            assert one["name"].isupper()
            assert len(one["name"]) <= 8
            assert 0 < len(one["label"]) <= 40
            if "code_list" in one:
                terms = define["code_lists"][one["code_list"]]
                cells = {
                    str(int(cell)) if isinstance(cell, float) else cell
                    for cell in data[name][one["name"]]
                }
                assert cells - {""} <= set(terms), one["name"]


def test_text_that_a_spreadsheet_would_run_is_guarded(trial):
    assert "\n'=B()" not in adam_files(trial)["adsl.csv"]
    assert ",'=B()," in adam_files(trial)["adsl.csv"]


def test_a_changed_header_is_refused(trial, tmp_path):
    folder = write(trial, tmp_path)
    text = (folder / "adsl.csv").read_text("utf-8").replace("USUBJID", "SUBJECT")
    (folder / "adsl.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="header"):
        read_adam(folder)
    with pytest.raises(InputError, match="progenitor export --adam"):
        read_adam(tmp_path / "nowhere")


def test_records_are_read_by_our_own_reader(trial, tmp_path):
    path = tmp_path / "records.csv"
    path.write_text(trial_records(trial), encoding="utf-8")
    table = read_records(path, time_unit="day")
    assert table.subjects == ("1", "2", "3", "4")
    assert table.amount[table.event == 1].tolist() == [1e8, 1e8, 1e8]
    assert set(table.event.tolist()) == {0, 1}
    below, missing = table.text.column("BLQ"), table.text.column("MDV")
    shown = table.text.column("DV")
    assert below.count("1") == 3
    assert [shown[row] for row, one in enumerate(below) if one == "1"] == ["0.01"] * 3
    assert [missing[row] for row in np.flatnonzero(table.event == 1)] == ["1"] * 3
    first = [row for row, one in enumerate(table.subject) if one == 0]
    assert [int(table.event[row]) for row in first][:3] == [0, 0, 1]  # baseline before the dose


def test_the_command_says_what_is_missing(capfd, tmp_path):
    assert main(["export", str(tmp_path)]) == 2
    assert "--adam DIR, --nonmem FILE" in capfd.readouterr().err
