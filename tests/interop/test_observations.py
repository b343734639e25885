"""Tables of levels: what is read from them, and every fault by line and column."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from progenitor.errors import InputError
from progenitor.interop import Observations, read_observations

Read = Callable[..., Observations]
NAN = float("nan")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def made(text: str, **options: object) -> Observations:
        path = tmp_path / "t.csv"
        path.write_text(text, "utf-8")
        return read_observations(path, **options)  # type: ignore[arg-type]

    return made


def told(read: Read, text: str, **options: object) -> list[str]:
    with pytest.raises(InputError) as error:
        read(text, **options)
    return [str(problem).split("t.csv", 1)[-1] for problem in error.value.problems]


def row(found: Observations, patient: int = 0) -> list[tuple[float, float | str]]:
    """Day and level of each sample; BLQ where it is below the limit."""
    profiles = found.profiles
    return [
        (float(profiles.time[patient, place]), "BLQ" if below else float(level))
        for place, (level, below) in enumerate(
            zip(profiles.level[patient], profiles.below[patient], strict=True)
        )
        if profiles.taken[patient, place]
    ]


def test_samples_alone(read: Read) -> None:
    found = read("id,time,dv\nA,0,5\nA,7,900\nB,1,3\n", unit="copies/ug")
    assert found.profiles.patients == ("A", "B")
    assert row(found) == [(0.0, 5.0), (7.0, 900.0)]
    assert row(found, 1) == [(1.0, 3.0)]
    assert found.notes == ()


def test_days_are_counted_from_the_first_dose_in_the_unit_of_the_table(read: Read) -> None:
    text = (
        "ID,TIME,EVID,AMT,DV\n1,-24,0,.,7\n1,48,1,1e8,.\n1,50.4,0,.,8\n1,72,1,1e8,.\n1,216,0,.,9\n"
    )
    found = read(text, time_unit="hour")
    assert row(found) == [(pytest.approx(0.1, rel=1e-12), 8.0), (7.0, 9.0)]
    assert found.notes == (
        "days are counted from the first dose of each subject",
        "1 samples before the infusion were left out",
        "1 subjects had several doses: day 0 is the first, and a fold from the dose counts all",
    )


def test_without_evid_an_amount_is_a_dose(read: Read) -> None:
    assert row(read("ID,TIME,AMT,DV\n1,2,5,.\n1,9,.,4\n1,10,0,5\n")) == [(7.0, 4.0), (8.0, 5.0)]


@pytest.mark.parametrize(
    ("header", "cells", "options"),
    [
        ("DV", "3", {"lower_limit": 5.0}),
        ("DV", "0", {"lower_limit": 5.0}),
        ("DV,LLOQ", "3,5", {}),
        ("DV,LIMIT", "3,5", {"limit_column": "LIMIT"}),
        ("DV", "BLQ", {"lower_limit": 5.0}),
        ("DV", "bql", {"lower_limit": 5.0}),
        ("DV", "< LLOQ", {"lower_limit": 5.0}),
        ("DV", "<5", {}),
        ("DV", "< 5.0", {"lower_limit": 5.0}),
        ("DV,BLQ", ".,1", {"lower_limit": 5.0}),
        ("DV,BLQ", "0,1", {"lower_limit": 5.0}),
        ("DV,BLQ", "5,1", {"lower_limit": 5.0}),
        ("DV,BLQ", "-99,1", {"lower_limit": 5.0}),
        ("DV,CENS", "5,1", {}),
        ("DV,BLQ,MDV", ".,1,1", {"lower_limit": 5.0}),
    ],
)
def test_every_way_to_say_below_the_limit(
    read: Read, header: str, cells: str, options: dict[str, object]
) -> None:
    found = read(f"ID,TIME,{header}\n1,7,{cells}\n", **options)
    assert row(found) == [(7.0, "BLQ")]
    assert found.profiles.limit[0, 0] == 5.0


def test_a_mark_without_a_limit_is_below_an_unknown_limit(read: Read) -> None:
    found = read("ID,TIME,DV,BLQ\n1,7,.,1\n1,8,3,0\n")
    assert row(found) == [(7.0, "BLQ"), (8.0, 3.0)]
    assert np.isnan(found.profiles.limit[0, :2]).all()


def test_missing_levels_and_other_events_are_left_out_and_counted(read: Read) -> None:
    text = "ID,TIME,EVID,MDV,DV\n1,0,0,0,4\n1,1,0,1,9\n1,2,2,1,.\n1,3,0,0,.\n1,4,3,1,.\n1,5,0,0,6\n"
    found = read(text)
    assert row(found) == [(0.0, 4.0), (5.0, 6.0)]
    assert found.notes == (
        "2 samples without a level (DV missing, or MDV 1) were left out",
        "2 records of other events (EVID 2 or 3) were skipped",
    )


def test_one_of_several_analytes(read: Read) -> None:
    text = "ID,TIME,DV,DVID,EVID,AMT\n1,0,.,.,1,9\n1,7,10,1,0,.\n1,7,5,2.0,0,.\n1,8,6,2,0,.\n"
    assert row(read(text, dvid="2")) == [(7.0, 5.0), (8.0, 6.0)]
    assert row(read(text, dvid="1")) == [(7.0, 10.0)]
    assert told(read, text) == [
        ":1: DVID: there are 2 analytes: 1, 2. Fix: choose one, such as --dvid 1"
    ]
    assert "there is no analyte '3'. Fix: known: 1, 2" in told(read, text, dvid="3")[0]
    assert "no column DVID" in told(read, "ID,TIME,DV\n1,0,1\n", dvid="1")[0]


def test_analytes_may_stand_in_blocks(read: Read) -> None:
    text = "ID,TIME,DV,DVID\n1,0,1,1\n1,7,2,1\n1,0,3,2\n1,7,4,2\n"
    assert row(read(text, dvid="2")) == [(0.0, 3.0), (7.0, 4.0)]


def test_a_volume_gives_the_level_of_the_dose(read: Read) -> None:
    """1e8 cells in 5 L are 20 cells/µL; two doses count together."""
    text = "ID,TIME,EVID,AMT,DV\n1,0,1,1e8,.\n1,9,0,.,400\n2,0,1,5e7,.\n2,1,1,5e7,.\n2,9,0,.,8\n"
    found = read(text, unit="cell/uL", volume="5 L").profiles
    assert found.dose_level.tolist() == pytest.approx([20.0, 20.0], rel=1e-12)
    said = told(read, text, unit="copies/ug", volume="5 L")[0]
    assert "does not convert" in said
    assert "leave it out" in said
    assert "volume is '0 L'" in told(read, text, unit="cell/uL", volume="0 L")[0]
    assert "volume: " in told(read, text, unit="cell/uL", volume="big")[0]


def test_a_subject_with_a_dose_and_no_sample_is_kept(read: Read) -> None:
    found = read("ID,TIME,EVID,AMT,DV\n1,0,1,9,.\n2,0,1,9,.\n2,7,0,.,3\n").profiles
    assert found.patients == ("1", "2")
    assert found.taken.sum(axis=1).tolist() == [0, 1]


BAD = """ID,TIME,DV,EVID,AMT,BLQ,LLOQ
1,0,.,1,1e8,0,5
1,3,x,0,.,0,5
1,7,-4,0,.,0,5
1,8,900,0,.,0,5
1,8,950,0,.,0,5
1,6,20,0,.,0,5
1,14,3,0,.,0,5
1,21,30,0,.,1,5
1,28,<9,0,.,1,5
1,.,9,0,.,0,5
1,30,8,7,.,0,5
2,1,50,0,.,0,0
2,3,50,0,.,2,5
.,3,50,0,.,0,5
2,4,50,0,.,0,5
3,0,0,1,.,0,5
3,1,0,0,.,0,.
3,2,7,0,.,0
3,24:00,7,0,.,0,5
"""


def test_one_bad_file_gets_every_problem_with_its_line(read: Read) -> None:
    """Eighteen faults of sixteen kinds in one file, in order of lines."""
    problems = told(read, BAD)
    expected = [
        ":3: DV: 'x' is not a level",
        ":4: DV: DV is -4. Fix: give levels, not their logarithms",
        ":6: TIME: a second sample at TIME 8 (the first is in line 5)",
        ":7: TIME: TIME is 6 after 8 in line 5",
        ":8: BLQ: BLQ is 0, but DV is 3, below the limit 5",
        ":9: BLQ: BLQ is 1, but DV is 30 and the limit is 5",
        ":10: DV: DV is '<9', but the limit is 5",
        ":11: TIME: TIME is missing",
        ":12: EVID: EVID is 7",
        ":13: EVID: ID '2' has no dose, but others have",
        ":13: LLOQ: limit of quantification is 0",
        ":14: BLQ: BLQ is 2",
        ":15: ID: ID is missing",
        ":16: ID: ID '2' comes again after other IDs (last in line 14)",
        ":17: AMT: AMT is . on a dose",
        ":18: DV: DV is 0 and no limit of quantification is known",
        ":19: has 6 cells where the header has 7",
        ":20: TIME: '24:00' is a time of day",
    ]
    assert sorted(problem.split(". Fix")[0] for problem in problems) == sorted(
        next(p for p in problems if p.startswith(start)).split(". Fix")[0] for start in expected
    )
    assert all("Fix: " in problem for problem in problems)
    lines = [int(problem.split(":")[1]) for problem in problems]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("ID,TIME\n1,0\n", {}, ":1: DV: column DV is missing"),
        ("TIME,DV\n0,1\n", {}, ":1: ID: column ID is missing"),
        ("ID,DV\n1,1\n", {}, ":1: TIME: column TIME is missing"),
        ("ID,TIME,DV\n1,0,1\n", {"limit_column": "LIM"}, ":1: LIM: there is no column 'LIM'"),
        ("ID,TIME,DV\n1,0,1\n", {"lower_limit": 0.0}, ": limit of quantification is 0"),
        (
            "ID,TIME,DV,LLOQ\n1,0,1,1\n",
            {"lower_limit": 2.0, "limit_column": "LLOQ"},
            ": a limit and a column of limits are given",
        ),
        ("ID,TIME,DV\n1,0,1\n", {"time_unit": "mg"}, "time_unit is 'mg'"),
        ("ID,TIME,DV\n1,0,1\n", {"time_unit": "fortnite"}, "time_unit: unknown unit"),
        ("ID,TIME,DV\n1,0,1\n", {"unit": "copies/uug"}, "unit: unknown unit"),
        ("ID,TIME,DV,EVID\n1,0,.,2\n", {}, ":1: there is no sample"),
        ("ID,TIME,DV\n1,0,<\n", {}, ":2: DV: '<' is not a level"),
        ("ID,TIME,DV\n1,0,<x\n", {}, ":2: DV: '<x' names no limit of quantification"),
        ("ID,TIME,DV,CENS\n1,0,5,-1\n", {}, ":2: CENS: CENS is -1"),
        ("ID,TIME,DV,MDV\n1,0,5,3\n", {}, ":2: MDV: MDV is 3"),
        ("ID,TIME,DV\n", {}, ":1: has no records"),
    ],
)
def test_each_fault_is_told_with_its_place(
    read: Read, text: str, options: dict[str, object], expected: str
) -> None:
    problems = told(read, text, **options)
    assert any(problem.startswith(expected) for problem in problems), problems
    assert all("Fix: " in problem for problem in problems)


CELLS = st.sampled_from(["0", "1", "2", "-1", ".", "", "<5", "BLQ", "7", "x", "24:00", "1e9", "é"])
COLUMNS = ["ID", "TIME", "DV", "EVID", "AMT", "MDV", "DVID", "BLQ", "LLOQ"]


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=4))
def test_any_table_is_read_or_refused_with_reasons(read: Read, rows: list[list[str]]) -> None:
    text = "\n".join([",".join(COLUMNS), *(",".join(one) for one in rows)])
    refused, found = None, None
    try:
        found = read(text)
    except InputError as error:
        refused = error
    if found is not None:
        assert found.profiles.found.sum() + found.profiles.below.sum() == found.profiles.taken.sum()
    else:
        assert refused is not None
        assert all(problem.message and problem.fix for problem in refused.problems)
