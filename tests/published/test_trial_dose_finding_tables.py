"""Dose finding by counts: every row of the reference tables."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from progenitor.trial import (
    Boin,
    Boin12,
    DoseState,
    Keyboard,
    Mtpi,
    ThreePlusThree,
    TiteBoin,
    conduct_dose_finding,
    dose_characteristics,
    toxicity_outcomes,
)

DATA = Path(__file__).parent / "data"
CLOSED_FORM = 1e-6
TEN_DIGITS = 6e-11
EIGHT_DIGITS = 6e-9
MONTE_CARLO = 4.0
"""Standard errors; 250 numbers are compared, one is out by chance in 1.6 % of seeds."""

Row = dict[str, str]


def rows(table: str) -> list[Row]:
    text = (DATA / f"{table}_public.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def counts(text: str) -> list[int]:
    return [int(word) for word in text.split(";")]


def numbers(text: str) -> np.ndarray:
    return np.array([float(word) for word in text.split(";")])


def whole(text: str) -> int | None:
    return None if text == "NA" else int(text)


def by_id(row: Row) -> str:
    return row["id"]


@pytest.mark.parametrize("row", rows("boin_lambda"), ids=lambda row: row["lambda_d"][:6])
def test_boin_lambda(row: Row) -> None:
    design = Boin(*(float(row[name]) for name in ("target", "p_saf", "p_tox")))
    assert math.isclose(design.lambda_e, float(row["lambda_e"]), rel_tol=CLOSED_FORM)
    assert math.isclose(design.lambda_d, float(row["lambda_d"]), rel_tol=CLOSED_FORM)


def test_boin_boundaries() -> None:
    names = ("escalate_if_le", "deescalate_if_ge", "eliminate_if_ge")
    for row in rows("boin_boundaries"):
        n = int(row["n"])
        found = Boin(target=float(row["target"]), extra_safe=True, offset=0.05).boundaries(n)[-1]
        assert found["n"] == n
        assert [found[name] for name in names] == [whole(row[name]) for name in names], row
        assert found["stop_lowest_if_ge"] == whole(row["extrasafe_stop_if_ge_offset0.05"]), row


def test_keyboard_boundaries() -> None:
    names = ("escalate_if_le", "deescalate_if_ge", "eliminate_if_ge")
    for row in rows("keyboard_boundaries"):
        n, margins = int(row["n"]), (float(row["marginL"]), float(row["marginR"]))
        found = Keyboard(float(row["target"]), *margins).boundaries(n)[-1]
        compared = names if n >= 3 else names[:2]  # the reference closes doses on 1 or 2 patients
        assert [found[name] for name in compared] == [whole(row[name]) for name in compared], row


def test_mtpi_and_mtpi2() -> None:
    for row in rows("mtpi2_mtpi"):
        target, n, y = float(row["target"]), int(row["n"]), int(row["y"])
        state = DoseState.from_counts([n, n, 0], [0, y, 0], level=1)
        for design, column in (
            (Keyboard(target), "mtpi2_next"),
            (Mtpi(target), "mtpi_next"),
            (Boin(target), "boin_next"),
        ):
            assert design.next_dose(state).level[0] + 1 == int(row[column]), (column, row)


@pytest.mark.parametrize(
    ("column", "options"),
    [
        ("mtd", {}),
        ("mtd_boundMTD", {"bound_mtd": True}),
        ("mtd_extrasafe", {"extra_safe": True}),
    ],
)
def test_boin_selects(column: str, options: dict[str, bool]) -> None:
    for row in rows("boin_select_mtd"):
        state = DoseState.from_counts(counts(row["npts"]), counts(row["ntox"]))
        selected = int(Boin(target=float(row["target"]), **options).select(state)[0])
        assert selected == (-1 if row[column] == "99" else int(row[column]) - 1), row


@pytest.mark.parametrize("row", rows("boin_oc"), ids=by_id)
def test_boin_operating_characteristics(row: Row) -> None:
    ours, theirs = 20_000, int(row["ntrial"])
    enough, size = int(row["n_earlystop"]), int(row["cohortsize"])
    design = Boin(target=float(row["target"]), early_stop=enough if enough < 100 else None)
    outcomes = toxicity_outcomes(
        numbers(row["p_true"]), patients=int(row["ncohort"]) * size, replicates=ours, seed=1
    )
    titration = row["titration"] == "1"
    trials = conduct_dose_finding(design, outcomes, cohort=size, titration=titration)
    found = dose_characteristics(trials)
    widen = math.sqrt(1.0 + ours / theirs)
    for value, error, text, scale in (
        (found.selected, found.selected_error, "sel_pct", 100.0),
        (found.treated, found.treated_error, "npat", 1.0),
        (found.toxic, found.toxic_error, "ntox", 1.0),
        (np.array([found.none]), np.array([found.none_error]), "pct_stop", 100.0),
        (np.array([found.patients]), np.array([found.patients_error]), "totaln", 1.0),
        (np.array([found.toxicities]), np.array([found.toxicities_error]), "totaltox", 1.0),
    ):
        printed = 0.001 / scale  # the table has three or four decimals
        away = np.abs(value - numbers(row[text]) / scale)
        assert np.all(away <= MONTE_CARLO * widen * error + printed), (text, value, row[text])


def test_three_plus_three() -> None:
    for row in rows("threeplusthree"):
        rates = numbers(row["p_true"])
        found = ThreePlusThree(deescalate=row["allow_deescalate"] == "True").outcomes(rates)
        chances = numbers(row["prob_mtd_none_then_doses"])
        np.testing.assert_allclose(found.prob_mtd, chances, rtol=0, atol=TEN_DIGITS)
        treated = numbers(row["EN_at_dose"])
        np.testing.assert_allclose(found.treated, treated, rtol=0, atol=EIGHT_DIGITS)
        assert math.isclose(found.expected_n, float(row["EN"]), rel_tol=0, abs_tol=EIGHT_DIGITS)
        toxicities = float(row["ETox"])
        assert math.isclose(found.expected_toxicities, toxicities, abs_tol=EIGHT_DIGITS)
        pairs = [pair.split(":") for pair in row["N_dist"].split(";")]
        assert found.sizes == tuple(int(size) for size, _ in pairs)
        printed = [float(chance) for _, chance in pairs]
        np.testing.assert_allclose(found.prob_sizes, printed, rtol=0, atol=EIGHT_DIGITS)


def test_tite_boin() -> None:
    for row in rows("tite_boin"):
        design = TiteBoin(target=float(row["target"]), max_pending=float(row["maxpen"]))
        state = DoseState.from_counts(
            counts(row["n"]),
            counts(row["ndlt"]),
            level=int(row["current"]) - 1,
            pending=counts(row["npend"]),
            followed=numbers(row["pend_followup_sum"]) / float(row["window"]),
        )
        found = design.next_dose(state)
        assert found.level[0] + 1 == int(row["next_dose"]), row
        assert found.suspend[0] == (row["suspend"] == "1"), row
        assert found.stop[0] == (row["earlystop"] == "1"), row
        assert found.eliminated[0].astype(int).tolist() == counts(row["eliminated"]), row


def boin12(row: Row) -> tuple[Boin12, DoseState]:
    design = Boin12(
        *(float(row[name]) for name in ("phi_t", "phi_e", "u2", "u3", "u1", "u4")),
        n_star=int(row["n_star"]),
        cutoff_t=float(row["c_t"]),
        cutoff_e=float(row["c_e"]),
    )
    levels, letters = [], ""
    for word in row["outcomes"].split():
        levels += [int(word[0]) - 1] * (len(word) - 1)
        letters += word[1:]
    state = DoseState.from_sequence(
        levels,
        [letter in "TB" for letter in letters],
        int(row["n_doses"]),
        responded=[letter in "EB" for letter in letters],
    )
    return design, state


def test_boin12() -> None:
    for row in rows("boin12"):
        design, state = boin12(row)
        assert design.next_dose(state).level[0] + 1 == int(row["next_dose"]), row
        chances = 100.0 * design.rule.desirability(state)[0]
        printed = numbers(row["utility_exceed_prob_pct"])
        np.testing.assert_allclose(chances, printed, rtol=0, atol=6e-7)  # six decimals
        near = np.abs(np.arange(state.doses) - state.level[0]) <= 1
        local = np.flatnonzero(design.rule.admissible(state)[0] & near) + 1
        assert local.tolist() == counts(row["admissible_local"]), row
