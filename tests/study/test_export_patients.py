"""Patients of a run, exported and read back: the same curve and rate as the report's."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.interop import adam_files, read_adam, read_records, trial_records
from progenitor.study import Study, load_exported_trial, run_study, template_path
from progenitor.study.results import RunResult
from progenitor.trial import kaplan_meier

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def finished() -> Iterator[RunResult]:
    catalogue = default_catalogue()
    study = Study.load(template_path("tscm_vs_cart_dlbcl"), catalogue=catalogue)
    study = study.with_options(draws=2, patients=12)
    with tempfile.TemporaryDirectory() as folder:
        yield run_study(study, catalogue=catalogue, runs_dir=Path(folder), seed=study.seed)


def read_back(result: RunResult, folder: Path) -> dict[str, dict[str, list]]:
    for name, text in adam_files(load_exported_trial(result.run_dir)).items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_adam(folder)


def test_survival_and_response_are_the_reports(finished, tmp_path):
    data = read_back(finished, tmp_path)
    rows, scores = data["ADTTE"], data["ADRS"]
    for number, arm in enumerate(finished.arms.values(), 1):
        for code, time, event in (
            ("PFS", arm.pfs_time, arm.pfs_event),
            ("PFSITT", arm.pfs_itt_time, arm.pfs_itt_event),
        ):
            mine = [
                (value, 1.0 - censored)
                for value, censored, who, name in zip(
                    rows["AVAL"], rows["CNSR"], rows["TRT01PN"], rows["PARAMCD"], strict=True
                )
                if who == number and name == code
            ]
            known = np.isfinite(time)
            wanted = kaplan_meier(time[known], event[known])
            found = kaplan_meier(*map(np.array, zip(*mine, strict=True)))
            assert np.array_equal(found.survival, wanted.survival)
            assert np.array_equal(found.times, wanted.times)
        draw_of = dict(zip(data["ADSL"]["USUBJID"], data["ADSL"]["DRAW"], strict=True))
        answers: dict[float, list[bool]] = {}
        for place, name in enumerate(scores["PARAMCD"]):
            if scores["TRT01PN"][place] == number and name == "OBJRESP":
                draw = draw_of[scores["USUBJID"][place]]
                answers.setdefault(draw, []).append(scores["AVALC"][place] == "Y")
        reported = arm.endpoints["objective_response"]
        assert sum(map(len, answers.values())) == reported.n
        rate = np.mean([np.mean(each) for each in answers.values()])
        assert rate == pytest.approx(reported.value, rel=1e-12)  # the same sum, another order


def test_flags_count_the_flow(finished, tmp_path):
    data = read_back(finished, tmp_path)["ADSL"]
    assert data["ITTFL"].count("Y") == 2 * finished.patients
    treated = [flag == "Y" for flag in data["SAFFL"]]
    assert [not reason for reason in data["DCSREAS"]] == treated
    assert len(set(data["USUBJID"])) == len(treated)


def test_one_draw_can_be_written_alone_and_read_as_records(finished, tmp_path):
    one = load_exported_trial(finished.run_dir, trial=2)
    assert set(one.facts["DRAW"].tolist()) == {2}
    path = tmp_path / "records.csv"
    path.write_text(trial_records(one), encoding="utf-8")
    table = read_records(path, time_unit="day")
    assert len(table.subjects) == len(one.subjects)
    given = one.doses[0].amount
    assert np.array_equal(table.amount[table.event == 1], given[np.isfinite(given)])
    with pytest.raises(InputError, match="give 1 to 2"):
        load_exported_trial(finished.run_dir, trial=3)
