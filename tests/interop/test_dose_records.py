"""Doses written as records: read back and simulated, they give what the doses themselves give."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import (
    Dose,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Species,
)
from progenitor.errors import InputError
from progenitor.interop import read_records, write_records
from progenitor.library import library_models, simulate_population, typical_patient

DRUG = Model.build(
    "drug",
    [
        ReactionSet(
            "drug",
            species=(Species("gut", "mg"), Species("blood", "mg")),
            parameters=(ModelParameter("loss", "1/day"),),
            reactions=(Reaction("losing", "loss*blood", {"blood": 1}),),
            observables=(Observable("seen", "blood", "mg"),),
        )
    ],
)
DOSED = tuple(name for name, model in library_models().items() if model.regimens)


def at(days: float) -> np.ndarray:
    return np.array([days])


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def simulated(text: str, folder: Path, model: Model, parameters: dict[str, float]) -> np.ndarray:
    path = folder / "records.csv"
    path.write_text(text, encoding="utf-8")
    run = read_records(path).to_simulation(model, parameters)
    return run.values(run.simulate())


def test_boluses_and_infusions_follow_their_closed_forms(tmp_path) -> None:
    """10 mg at once on day 1 and 24 mg over 2 days from day 3, lost at 0.5 a day."""
    doses = [Dose("blood", at(1.0), at(10.0)), Dose("blood", at(3.0), at(24.0), at(2.0))]
    text = write_records(DRUG, doses, times=[0.5, 2.0, 4.0, 6.0])
    given = [row for row in rows(text) if row["EVID"] == "1"]
    assert [(row["TIME"], row["AMT"], row["RATE"], row["DUR"]) for row in given] == [
        ("1", "10", "0", "0"),
        ("3", "24", "12", "2"),
    ]
    assert {row["CMT"] for row in given} == {"2"}
    assert {row["SPECIES"] for row in given} == {"blood"}
    found = simulated(text, tmp_path, DRUG, {"loss": 0.5})[:, 0]
    looks = [at for at, row in enumerate(rows(text)) if row["EVID"] == "0"]
    steady, left = 12.0 / 0.5, 10.0 * np.exp(-0.5)
    expected = [
        0.0,
        left,
        left * np.exp(-1.0) + steady * (1.0 - np.exp(-0.5)),
        left * np.exp(-2.0) + steady * (1.0 - np.exp(-1.0)) * np.exp(-0.5),
    ]
    # rtol: what the records' own solver promises (1e-6 a step).
    assert np.allclose(found[looks][2:], expected[1:], rtol=1e-5, atol=0.0)
    assert found[looks][:2].tolist() == [0.0, 0.0]


def test_several_patients_keep_their_own_doses() -> None:
    dose = Dose("gut", np.array([0.0, 2.0]), np.array([5.0, 7.0]), additional=1, interval=3.0)
    found = rows(write_records(DRUG, [dose]))
    assert [(row["ID"], row["TIME"], row["AMT"]) for row in found] == [
        ("1", "0", "5"),
        ("1", "3", "5"),
        ("2", "0", "."),  # the model starts at 0
        ("2", "2", "7"),
        ("2", "5", "7"),
    ]


def test_a_look_at_the_moment_of_a_dose_stands_after_it() -> None:
    found = rows(write_records(DRUG, [Dose("gut", at(0.0), at(5.0))], times=[0.0]))
    assert [row["EVID"] for row in found] == ["1", "0"]


def test_doses_of_nothing_and_of_what_is_not_there() -> None:
    with pytest.raises(InputError, match="no doses"):
        write_records(DRUG, [Dose("gut", at(0.0), at(0.0))])
    with pytest.raises(InputError, match="no species 'vein'"):
        write_records(DRUG, [Dose("vein", at(0.0), at(1.0))])


@pytest.mark.parametrize("name", DOSED)
def test_the_doses_of_the_library_say_what_the_model_is_given(name: str, tmp_path) -> None:
    """The table, read back, simulates to the course that the library simulates itself."""
    patient = typical_patient(name)
    days = np.linspace(0.013, 0.97, 6) * patient.numbers[library_models()[name].end]
    text = write_records(patient.model, patient.doses, times=days)
    found = simulated(text, tmp_path, patient.model, dict(patient.parameters))
    looks = [at for at, row in enumerate(rows(text)) if row["TIME"] != "0" and row["EVID"] == "0"]
    own = simulate_population(name, patients=1, seed=1, typical=True, times=days[None, :])
    floor = 1e-9 * np.abs(own.values[0]).max(axis=0)
    # Two runs whose steps end at other moments: ten times the solver's tolerance.
    assert np.allclose(found[looks] + floor, own.values[0] + floor, rtol=1e-5, atol=0.0)
