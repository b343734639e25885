"""A model in words: numbers with sources, what is given, and one patient of it."""

import pytest

from progenitor.engine import Dose
from progenitor.errors import CatalogueError, InputError
from progenitor.evidence import default_catalogue
from progenitor.library import (
    Regimen,
    find_model,
    library_models,
    number_rows,
    regimen_text,
    typical_patient,
    year_of,
)


@pytest.mark.parametrize("name", library_models())
def test_every_number_has_a_source_or_a_reason(name: str) -> None:
    rows = number_rows(find_model(name))
    assert [row.symbol for row in rows] == list(default_catalogue().table(name).parameters)
    for row in rows:
        assert row.source, row.symbol
        assert row.state in {"assumed", "provisional", "checked", "disputed", "stale"}
        assert (row.state == "assumed") <= (
            row.source.startswith("assumed: ") or "from memory" in row.source
        )


@pytest.mark.parametrize("name", library_models())
def test_names_end_with_a_year(name: str) -> None:
    assert 1990 < year_of(find_model(name)) < 2100


def test_spread_and_bounds_are_said() -> None:
    rows = {row.symbol: row for row in number_rows(find_model("stein_2019"))}
    assert rows["peak_level"].spread == "CV 95.7 %"  # sqrt(exp(0.65) - 1)
    assert rows["persisting_share"].spread.endswith("below 1")
    assert rows["residual_sd"].spread == ""
    assert rows["end"].source.startswith("assumed: ")


def test_regimens_are_said_in_words() -> None:
    assert regimen_text(Regimen("blood", ("dose",), (), "hours")) == (
        "dose into blood at the start over hours"
    )


def test_a_patient_has_the_numbers_of_a_variant_and_of_a_hand() -> None:
    patient = typical_patient("stein_2019", variant="tocilizumab", changes={"peak_level": 1_000.0})
    assert patient.parameters["time_of_tocilizumab"] == 5.7
    assert patient.parameters["peak_level"] == 1_000.0
    assert "residual_sd" not in patient.parameters
    assert patient.numbers["residual_sd"] == 0.56


def test_a_patient_s_doses_are_those_of_its_regimens() -> None:
    patient = typical_patient("friberg_2002")
    (dose,) = patient.doses
    assert isinstance(dose, Dose)
    ((day, amount, _),) = dose.given(0)
    assert (day, amount) == (0.0, 180.0)  # mg of docetaxel, 100 mg per square metre


def test_mistakes_name_the_nearest() -> None:
    with pytest.raises(CatalogueError, match="did you mean 'tocilizumab'"):
        typical_patient("stein_2019", variant="tocilizumb")
    with pytest.raises(InputError) as raised:
        typical_patient("stein_2019", changes={"peak_levle": 1.0, "end": float("nan")})
    assert len(raised.value.problems) == 2
    assert "did you mean 'peak_level'" in str(raised.value)
