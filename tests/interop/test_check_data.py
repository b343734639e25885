"""Tables laid beside a published model: levels, limits, groups, covariates and doses."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.inference import Assumed, Scatter, simulate_replicates
from progenitor.interop import CheckData, read_check_data
from progenitor.library import find_model

Read = Callable[..., CheckData]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def made(text: str, model: str = "stein_2019", **options: object) -> CheckData:
        path = tmp_path / "t.csv"
        path.write_text(text, "utf-8")
        chosen = find_model(model)
        given = {"observable": chosen.observables[0].name, **options}
        return read_check_data(path, chosen, default_catalogue(), **given)  # type: ignore[arg-type]

    return made


def told(read: Read, text: str, *model: str, **options: object) -> list[str]:
    with pytest.raises(InputError) as error:
        read(text, *model, **options)
    return [str(problem).split("t.csv", 1)[-1] for problem in error.value.problems]


def test_levels_limits_and_days_are_those_of_the_table(read: Read) -> None:
    text = "ID,TIME,EVID,AMT,DV,LLOQ\n1,24,1,3e8,.,.\n1,48,0,.,<50,50\n1,240,0,.,7000,50\n"
    text += "2,0,1,3e8,.,.\n2,216,0,.,20,50\n3,0,1,1e8,.,.\n"
    data = read(text, time_unit="hour")
    seen = data.measured
    assert data.patients == ("1", "2")  # 3 has no sample
    assert seen.subject.tolist() == [0, 0, 1]
    assert seen.time.tolist() == [1.0, 9.0, 9.0]
    assert seen.censored.tolist() == [True, False, True]
    assert seen.limit.tolist() == [50.0, 50.0, 50.0]
    assert data.layout.doses is None
    assert "the model is not driven by doses: their amounts are not used" in data.notes


def test_a_limit_that_only_censored_samples_tell_is_that_of_all(read: Read) -> None:
    """CENS as Monolix writes it: DV is the limit where it is 1."""
    data = read("ID,TIME,DV,CENS\n1,3,400,0\n1,300,50,1\n2,9,6000,0\n")
    assert data.measured.limit.tolist() == [50.0, 50.0, 50.0]


def test_a_limit_that_cannot_be_known_is_asked_for(read: Read) -> None:
    assert told(read, "ID,TIME,DV,BLQ\n1,3,400,0\n1,300,.,1\n2,300,.,1\n") == [
        ": 2 samples are below a limit that is not known. Fix: give the limit, or a column LLOQ"
    ]
    (told_,) = told(read, "ID,TIME,DV,CENS\n1,3,400,0\n1,300,50,1\n2,300,20,1\n")
    assert "1 samples have no limit of quantification, but others have different ones" in told_


def test_levels_come_in_the_unit_of_the_model(read: Read) -> None:
    data = read("ID,TIME,DV\n1,3,2\n1,9,<1\n", unit="copies/ng")
    assert data.measured.value[0] == pytest.approx(2000.0, rel=1e-12)
    assert data.measured.limit[1] == pytest.approx(1000.0, rel=1e-12)
    (problem,) = told(read, "ID,TIME,DV\n1,3,2\n", unit="cell/uL")
    assert "unit:" in problem
    assert "the model's is copies/ug" in problem


def test_groups_and_numbers_are_those_of_each_patient(read: Read) -> None:
    text = "ID,TIME,DV,ARM,time_of_tocilizumab\n1,9,5,B,.\n1,14,5,.,4\n2,9,5,A,.\n3,9,5,B,6\n"
    data = read(text, stratify="ARM")
    assert data.measured.strata == ("B", "A")
    assert data.measured.stratum.tolist() == [0, 0, 1, 0]
    numbers = data.layout.numbers["time_of_tocilizumab"]
    np.testing.assert_array_equal(numbers, [4.0, np.nan, 6.0])
    assert data.notes[-1] == (
        "column time_of_tocilizumab sets that number of the model for each patient; "
        "1 patients without it have the model's own"
    )


def test_a_column_spelt_nearly_like_a_number_is_told(read: Read) -> None:
    data = read("ID,TIME,DV,Peak_Level\n1,9,5,1\n")
    assert data.layout.numbers == {}
    assert data.notes == (
        "column Peak_Level is not used: the model's number is written peak_level",
    )


def test_every_problem_of_the_columns_comes_with_its_line(read: Read) -> None:
    text = "ID,TIME,DV,ARM,peak_level\n1,9,5,A,high\n1,14,5,B,high\n2,9,5,.,3\n2,14,5,.,4\n"
    assert told(read, text, stratify="ARM") == [
        ":2: peak_level: 'high' is not a number. Fix: give a number, or . for the model's own",
        ":3: ARM: ARM is B after A of the same ID. Fix: give one value for each ID",
        ":4: ARM: ARM is missing. Fix: name the group",
        ":5: peak_level: peak_level is 4 after 3 of the same ID. Fix: give one value for each ID",
    ]
    (problem,) = told(read, "ID,TIME,DV,ARM\n1,9,5,A\n", stratify="ARN")
    assert problem.startswith(":1: ARN: there is no column 'ARN'")
    many = "".join(f"{i},9,5,{i}\n" for i in range(9))
    (problem,) = told(read, f"ID,TIME,DV,ARM\n{many}", stratify="ARM")
    assert "divides 9 patients into 9 groups" in problem


DOSES = (
    "ID,TIME,EVID,AMT,CMT,DV,DVID\n"
    "7,0,0,.,.,5100,1\n"
    "7,0,1,180,central,.,.\n"
    "7,6,0,.,.,0.2,2\n"
    "7,6,0,.,.,5000,1\n"
    "7,12,0,.,.,5000,1\n"
    "7,12,1,180,central,.,.\n"
    "7,18,0,.,.,4000,1\n"
    "8,0,1,90,central,.,.\n"
    "8,6,0,.,.,4900,1\n"
)


def test_doses_of_the_table_reach_the_patients_of_a_model_that_is_dosed(read: Read) -> None:
    """Docetaxel in hours: the second dose of patient 7 comes after the sample of the same time.

    Linear kinetics are the witness: at 12 h the level is that of one dose, at 18 h the level at 6 h
    is added to that of 18 h after the first; patient 8 has half the dose of patient 7.
    """
    data = read(DOSES, "friberg_2002", time_unit="hour", dvid="1")
    assert data.measured.value.tolist() == [5100.0, 5000.0, 5000.0, 4000.0, 4900.0]
    assert data.measured.time.tolist() == [0.0, 0.25, 0.5, 0.75, 0.25]
    assert "doses are those of the table, instead of what the paper gave" in data.notes

    def drug(text: str) -> np.ndarray:
        laid = read(text, "friberg_2002", time_unit="hour", dvid="1").layout
        return simulate_replicates(
            find_model("friberg_2002"),
            laid,
            observable="drug",
            replicates=20,
            seed=1,
            assumed=Assumed(Scatter("log", 0.1)),
        ).prediction

    before, at_6, at_12, at_18, half = drug(DOSES)
    once = DOSES.replace("7,12,1,180,central,.,.\n", "")
    _, _, first_12, first_18, _ = drug(once)
    # Samples of one moment stand less than 1e-8 of the time apart; solved to 1e-6.
    assert before == pytest.approx(0.0, abs=1e-9)
    assert at_12 == pytest.approx(first_12, rel=1e-4)
    assert at_18 == pytest.approx(at_6 + first_18, rel=1e-3)
    assert half == pytest.approx(at_6 / 2, rel=1e-4)


def test_without_doses_patients_get_what_the_paper_gave(read: Read) -> None:
    data = read("ID,TIME,DV\n1,7,900\n", "friberg_2002")
    assert data.layout.doses is None
    assert "the table has no doses: patients are given what the paper gave" in data.notes


def test_faults_of_doses_come_with_their_line(read: Read) -> None:
    problems = told(
        read,
        "ID,TIME,EVID,AMT,CMT,DV\n1,0,1,100,centre,.\n1,24,0,.,.,900\n2,0,1,50,99,.\n2,1,0,.,.,5\n",
        "friberg_2002",
        time_unit="hour",
    )
    assert [problem.split(".")[0] for problem in problems] == [
        ":2: CMT: no compartment 'centre'",
        ":4: CMT: CMT is 99",
    ]


def test_faults_of_levels_come_with_their_line(read: Read) -> None:
    problems = told(read, "ID,TIME,DV\n1,1,abc\n1,0.5,7\n,3,4\n")
    assert [problem[:3] for problem in problems] == [":2:", ":3:", ":4:"]
