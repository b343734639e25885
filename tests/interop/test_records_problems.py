"""Everything wrong with a table of records is told at once, by line and column."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from progenitor.engine import Model, ModelParameter, Reaction, ReactionSet, Species
from progenitor.errors import InputError
from progenitor.interop import RecordTable, read_records

Read = Callable[..., RecordTable]

MODEL = Model.build(
    "m",
    [
        ReactionSet(
            "p",
            species=(Species("depot", "mg"), Species("centre", "mg")),
            parameters=(ModelParameter("loss", "1/day"), ModelParameter("weight", "kg")),
            reactions=(Reaction("loss", "loss*centre", {"centre": 1}),),
        )
    ],
)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def made(text: str, **options: object) -> RecordTable:
        path = tmp_path / "t.csv"
        path.write_text(text, "utf-8")
        return read_records(path, **options)  # type: ignore[arg-type]

    return made


def told(read: Read, text: str, **options: object) -> list[str]:
    with pytest.raises(InputError) as error:
        read(text, **options)
    return ["t.csv" + str(problem).split("t.csv", 1)[1] for problem in error.value.problems]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("ID,TIME,AMT", "1,24:00,5", ":2: TIME: '24:00' is a time of day"),
        ("ID,TIME,AMT", "1,1d,5", ":2: TIME: '1d' is not a number"),
        ("ID,TIME,AMT", "1,inf,5", ":2: TIME: 'inf' is not a number"),
        ("ID,TIME,AMT", "1,1e400,5", ":2: TIME: '1e400' is not a number"),
        ("ID,TIME,AMT", "1,.,5", ":2: TIME: TIME is missing"),
        ("ID,TIME,AMT", ".,0,5", ":2: ID: ID is missing"),
        ("ID,TIME,AMT,EVID", "1,0,5,5", ":2: EVID: EVID is 5"),
        ("ID,TIME,AMT,EVID", "1,0,5,0.5", ":2: EVID: EVID is 0.5"),
        ("ID,TIME,AMT,EVID", "1,0,5,0", ":2: AMT: AMT is 5 on a record that is not a dose"),
        ("ID,TIME,AMT,EVID", "1,0,5,3", ":2: AMT: AMT is 5 on a record that is not a dose"),
        ("ID,TIME,AMT,EVID", "1,0,-5,1", ":2: AMT: AMT is -5 on a dose"),
        ("ID,TIME,AMT,EVID", "1,0,.,1", ":2: AMT: AMT is . on a dose"),
        ("ID,TIME,AMT,EVID", "1,0,0,4", ":2: AMT: AMT is 0 on a dose"),
        ("ID,TIME,EVID", "1,0,1", ":1: AMT: column AMT is missing, but there are doses"),
        ("ID,TIME,AMT,RATE", "1,0,5,-1", ":2: RATE: RATE is -1: rates and durations that"),
        ("ID,TIME,AMT,RATE", "1,0,5,-2", ":2: RATE: RATE is -2: rates and durations that"),
        ("ID,TIME,AMT,RATE", "1,0,5,-3", ":2: RATE: RATE is -3. Fix: give a rate above 0"),
        ("ID,TIME,AMT,RATE", "1,0,.,2", ":2: RATE: RATE is 2 on a record that is not a dose"),
        ("ID,TIME,AMT,RATE,DUR", "1,0,5,-2,.", ":2: RATE: RATE is -2: rates and durations"),
        ("ID,TIME,AMT,RATE,DUR", "1,0,5,1,4", ":2: DUR: DUR is 4, which is not AMT/RATE"),
        ("ID,TIME,AMT,DUR", "1,0,5,-4", ":2: DUR: DUR is -4. Fix: give a time above 0"),
        ("ID,TIME,AMT,ADDL", "1,0,5,2", ":2: II: II is missing with ADDL"),
        ("ID,TIME,AMT,ADDL,II", "1,0,5,2,0", ":2: II: II is 0 with ADDL"),
        ("ID,TIME,AMT,ADDL,II", "1,0,5,2,-3", ":2: II: II is -3"),
        ("ID,TIME,AMT,ADDL,II", "1,0,5,-2,3", ":2: ADDL: ADDL is -2"),
        ("ID,TIME,AMT,ADDL,II", "1,0,5,1.5,3", ":2: ADDL: ADDL is 1.5"),
        ("ID,TIME,AMT,ADDL,II", "1,0,5,1e9,3", ":2: ADDL: ADDL is 1e9"),
        ("ID,TIME,AMT,ADDL,II", "1,0,.,2,3", ":2: ADDL: ADDL is 2 on a record that is not"),
        ("ID,TIME,AMT,SS,II", "1,0,5,3,3", ":2: SS: SS is 3"),
        ("ID,TIME,AMT,SS,II", "1,0,5,1,0", ":2: II: II is 0 with SS"),
        ("ID,TIME,AMT,SS,RATE", "1,0,0,1,3", ":2: AMT: AMT is 0 with SS: the steady state of an"),
        ("ID,TIME,AMT,SS,EVID", "1,0,.,1,0", ":2: SS: SS is 1 on a record that is not a dose"),
        ("ID,TIME,DV", "1,0,BLQ", ":2: DV: 'BLQ' is not a number"),
        ("ID,TIME,MDV", "1,0,2", ":2: MDV: MDV is 2"),
        ("ID,TIME,CONT", "1,0,1", ":2: CONT: continued records are not read"),
        ("ID,TIME,DATE", "1,0,2020-01-01", ":1: DATE: column DATE: dates are not read"),
        ("ID,TIME,X,X", "1,0,1,2", ":1: X: column 'X' comes twice"),
        ("ID,TIME,time", "1,0,1", ":1: TIME: column 'TIME' comes twice"),
        ("ID,TIME,", "1,0,1", ":1: column 3 has no name"),
        ("ID,TIME", "1,0,1", ":2: has 3 cells where the header has 2"),
        ("ID,AMT", "1,5", ":1: TIME: column TIME is missing"),
        ("TIME", "0", ":1: ID: column ID is missing"),
        ("ID,TIME", '1,"0', ":2: cannot be read (unexpected end of data)"),
    ],
)
def test_each_fault_is_told_with_its_place(
    read: Read, header: str, row: str, expected: str
) -> None:
    problems = told(read, f"{header}\n{row}\n")
    assert [problem.startswith(f"t.csv{expected}") for problem in problems].count(True) == 1
    assert all("Fix: " in problem for problem in problems)


def test_faults_do_not_hide_each_other(read: Read) -> None:
    problems = told(read, "ID,TIME,AMT,EVID\n1,0,x,1\n\n1,1,2,0\n2,0,1,1\n1,0.5,.,9\n1,0,.,0\n")
    places = [problem.split(": ")[0:2] for problem in problems]
    assert places == [
        ["t.csv:2", "AMT"],
        ["t.csv:4", "AMT"],
        ["t.csv:6", "EVID"],
        ["t.csv:6", "ID"],
        ["t.csv:7", "TIME"],
    ]


def test_time_that_goes_back_says_what_to_do_at_a_reset(read: Read) -> None:
    text = "ID,TIME,AMT,EVID\n1,5,1,1\n1,0,1,{}\n2,0,1,1\n"
    assert "sort the records" in told(read, text.format(1))[0]
    assert "let TIME run on after a reset" in told(read, text.format(4))[0]


def test_times_that_cannot_be_told_apart_are_refused(read: Read) -> None:
    problems = told(read, "ID,TIME\n1,100\n1,100.0000000001\n")
    assert "TIME is 100.0000000001, which cannot be told from 100.0" in problems[0]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00", b'"' + b"x" * 20_000])
def test_files_that_are_no_tables_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_records(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_records(tmp_path / "no.csv")
    with pytest.raises(InputError, match="is not a file"):
        read_records(tmp_path)


def test_a_file_too_large_to_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with path.open("wb") as file:
        file.truncate(1_000_000_001)
    with pytest.raises(InputError, match=r"has 1,000,000,001 bytes.*split the subjects"):
        read_records(path)


def test_a_table_without_records_is_refused(read: Read) -> None:
    assert told(read, "ID,TIME\n") == ["t.csv:1: has no records. Fix: give a row for each record"]


def test_missing_values_spaces_and_letters_of_any_size(read: Read) -> None:
    table = read("\ufeffid , Time,amt,Evid\r\n 01 ,0, . ,NA\r\n1.0,1,,\r\n")
    assert table.subjects == ("1",)
    assert table.amount.tolist() == [0.0, 0.0]
    assert table.event.tolist() == [0, 0]


def test_what_does_not_fit_the_model_is_told_at_once(read: Read) -> None:
    table = read(
        "ID,TIME,AMT,CMT,loss,WEIGHT\n1,0,5,3,.,70\n1,1,5,-1,x,70\n1,2,5,depott,1,70\n1,3,5,,1,70\n"
    )
    with pytest.raises(InputError) as error:
        table.to_simulation(MODEL)
    text = str(error.value)
    for piece in (
        "t.csv:2: CMT: CMT is 3. Fix: give 1 to 2 or a name",
        "t.csv:3: CMT: CMT is -1. Fix: compartments cannot be turned off",
        "t.csv:4: CMT: no compartment 'depott'. Fix: did you mean 'depot'?",
        "t.csv:5: CMT: the dose has no compartment",
        "t.csv:2: loss: loss is missing at the first record of ID '1'",
        "t.csv:3: loss: 'x' is not a number",
        "t.csv:1: WEIGHT: column 'WEIGHT' is nearly the parameter 'weight'",
        "t.csv:1: weight: parameter 'weight' [kg] is missing",
    ):
        assert piece in text
    assert len(error.value.problems) == 8


def test_values_given_besides_are_checked(read: Read) -> None:
    table = read("ID,TIME,loss\n1,0,1\n2,0,1\n", time_unit="mg")
    with pytest.raises(InputError) as error:
        table.to_simulation(MODEL, {"loss": 1.0, "weight": float("inf")}, default_compartment="x")
    text = str(error.value)
    for piece in (
        "parameter 'loss' is a column and is given besides",
        "parameter 'weight' is inf",
        "no species 'x'",
        "time_unit is 'mg'",
    ):
        assert piece in text


def test_columns_can_be_ignored(read: Read) -> None:
    table = read("ID,TIME,DATE,loss\n1,0,2020,x\n", ignore=("DATE", "loss"))
    run = table.to_simulation(MODEL, {"loss": 2.0, "weight": 70.0})
    assert run.parameters["loss"].tolist() == [2.0]


CELLS = st.sampled_from(
    ["0", "1", "2", "-1", "3", "4", ".", "", "NA", "1.5", "x", "24:00", "1e9", "=1", '"', "é", "\0"]
)
COLUMNS = ["ID", "TIME", "AMT", "EVID", "CMT", "RATE", "DUR", "ADDL", "II", "SS", "loss"]


@settings(
    max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(CELLS, min_size=11, max_size=11), min_size=1, max_size=4))
def test_any_table_is_read_or_refused_with_reasons(read: Read, rows: list[list[str]]) -> None:
    text = "\n".join([",".join(COLUMNS), *(",".join(row) for row in rows)])
    refused, run = None, None
    try:
        run = read(text).to_simulation(MODEL, {"weight": 70.0}, default_compartment="depot")
    except InputError as error:
        refused = error
    if run is not None:
        assert run.positions.shape == (len(run.table.text.rows),)
    else:
        assert refused.problems
        assert all(problem.message and problem.fix for problem in refused.problems)
