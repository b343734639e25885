"""The outcome bank: shapes, look-up, saving and loading."""

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.errors import DesignError
from progenitor.trial import OutcomeBank

SHAPE = 2, 2, 3, 4
ARMS, DOSES = ("conventional", "tscm"), ("low", "middle", "high")


def bank() -> OutcomeBank:
    cmax = stream(1, "test bank").random(SHAPE)
    columns = {"cmax": cmax, "infused": cmax > 0.5, "grade": (cmax * 5).astype(np.int8)}
    return OutcomeBank(2, ARMS, DOSES, 4, columns)


def test_values_are_looked_up_by_name() -> None:
    found = bank()
    expected = found.columns["cmax"][:, 1, 2, :]
    assert found.values("cmax", arm="tscm", dose="high").tolist() == expected.tolist()


def test_columns_cannot_be_changed() -> None:
    found = bank()
    with pytest.raises(ValueError, match="read-only"):
        found.values("cmax", arm="tscm", dose="low")[0, 0] = 9.0
    with pytest.raises(TypeError):
        found.columns["cmax"] = np.zeros(SHAPE)


def test_the_callers_array_stays_writeable() -> None:
    mine = np.zeros((1, 1, 1, 2))
    OutcomeBank(1, ("a",), ("d",), 2, {"x": mine})
    mine[...] = 1.0


@pytest.mark.parametrize(
    ("column", "arm", "dose", "words"),
    [
        ("tmax", "tscm", "low", "no column 'tmax'. Fix: choose among cmax, infused, grade"),
        ("cmax", "tscm_car_t", "low", "no arm 'tscm_car_t'"),
        ("cmax", "tscm", "lowest", "no dose 'lowest'"),
        ("cmax", "tscm", None, "which dose"),
    ],
)
def test_unknown_names_are_refused(column: str, arm: str, dose: str | None, words: str) -> None:
    with pytest.raises(DesignError, match=words):
        bank().values(column, arm=arm, dose=dose)


def test_every_problem_is_listed() -> None:
    columns = {
        "cmax": np.zeros((1, 2, 1, 3)),
        "name": np.array([["x"]]),
        "draw": np.zeros((1, 2, 1, 4)),
    }
    with pytest.raises(DesignError) as caught:
        OutcomeBank(1, ("a", "a"), ("d",), 4, columns)
    for words in (
        "an arm is named twice",
        "'cmax' has shape (1, 2, 1, 3)",
        "'name' has type",
        "'draw' is named like an axis",
    ):
        assert words in str(caught.value)


def test_an_empty_axis_is_refused() -> None:
    with pytest.raises(DesignError, match="is empty"):
        OutcomeBank(1, (), ("d",), 4, {})


def test_rows_come_back_as_they_were() -> None:
    found = bank()
    order = stream(2, "test bank").permutation(np.prod(SHAPE))
    rows = {name: column[order] for name, column in found.rows().items()}
    again = OutcomeBank.from_rows(rows, arms=ARMS, doses=DOSES)
    assert again.shape == found.shape
    for name, column in found.columns.items():
        assert again.columns[name].dtype == column.dtype
        assert again.columns[name].tolist() == column.tolist()


def test_rows_are_a_table() -> None:
    rows = bank().rows()
    assert list(rows)[:4] == ["draw", "arm", "dose", "patient"]
    assert {column.shape for column in rows.values()} == {(48,)}


@pytest.mark.parametrize("how", ["missing", "repeated", "outside", "no axis", "empty"])
def test_incomplete_rows_are_refused(how: str) -> None:
    rows = {name: column.copy() for name, column in bank().rows().items()}
    if how == "missing":
        rows = {name: column[1:] for name, column in rows.items()}
    elif how == "repeated":
        rows["patient"][0] = 1
    elif how == "outside":
        rows["arm"][0] = 7
    elif how == "no axis":
        del rows["dose"]
    else:
        rows = {name: column[:0] for name, column in rows.items()}
    with pytest.raises(DesignError):
        OutcomeBank.from_rows(rows, arms=ARMS, doses=DOSES)
