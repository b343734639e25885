"""The ledger, the reference list and the audit say what an answer rests on."""

import pytest

from progenitor.errors import CatalogueError
from progenitor.evidence import Ledger, audit, cite, published

NAME = "t_cell/effector_division_rate"
FIXED = {"distribution": "fixed", "median": 38.0}


@pytest.fixture
def catalogue(folder, reported):
    folder.source("able_2020", authors="Able A", year=2020, grade="mouse", doi="10.1000/x1")
    folder.source("unused_2020")
    folder.parameter(directness={"species": "direct", "product": "partial", "setting": "direct",
                                 "indication": "indirect"})  # fmt: skip
    folder.parameter("t_cell/guess", role="prior", reported=..., derivation=..., reason="unknown")
    folder.parameter("t_cell/mouse", reported=[reported(source="able_2020", row="TUM-001")],
                     used={"distribution": "lognormal", "median": 0.889, "between_patient_cv": 0.5,
                           "uncertainty_cv": 0.1, "upper": 5})  # fmt: skip
    interval = {"low": 0.5, "high": 1, "interval": "95 % CI"}
    folder.parameter("observed/rate", role="verification", used=..., derivation=..., unit="h",
                     reported=[reported(row="KIN-100", **interval)])  # fmt: skip
    folder.parameter("crs/fever", role="definition", unit="degC", used=FIXED, reported=...,
                     derivation=..., directness=..., reason="ASTCT 2019")  # fmt: skip
    folder.write("recipes/one", {"steps": [{"rate": NAME}, {"rate": "t_cell/guess"}]})
    folder.write("recipes/two", {"rate": "t_cell/guess"})
    return folder.load()


def test_rows_say_what_is_used_and_where_it_is_from(catalogue):
    rows = {row.id: row for row in Ledger.of(catalogue, catalogue.parameters).rows}
    assert list(rows) == sorted(catalogue.parameters)
    assert rows[NAME].used == (
        "lognormal, median 0.889 1/day, CV 30 % between patients, 15 % uncertain, widened to 31.5 %"
    )
    assert rows[NAME].reported == "Expansion doubling time 0.78 day, n = 90, paediatric/YA B-ALL"
    assert rows[NAME].citation == (
        "Stein AM et al. 2019, CPT Pharmacometrics Syst Pharmacol 8:285-295, Table 1"
    )
    assert rows["t_cell/guess"].citation == "no source"
    assert rows["t_cell/guess"].reported == "nothing reported"
    assert rows["t_cell/mouse"].used.endswith("kept below 5 1/day")
    assert rows["observed/rate"].used == "not drawn: kept for verification"
    assert "(95 % CI 0.5–1)" in rows["observed/rate"].reported
    assert rows["crs/fever"].used == "fixed at 38 degC"


def test_counts_and_the_weakest(catalogue):
    ledger = Ledger.of(catalogue, [NAME, NAME, "t_cell/guess", "t_cell/mouse"])
    assert len(ledger.rows) == 3
    assert ledger.counts == {
        "checked": 0, "provisional": 2, "assumed": 1, "disputed": 0, "stale": 0,
    }  # fmt: skip
    assert ledger.trust_counts == {"A": 0, "B": 1, "C": 1, "D": 1}
    weakest = [row.id for row in ledger.weakest(2)]
    assert weakest == ["t_cell/guess", "t_cell/mouse"]
    assert ledger.weakest(0) == ()
    assert len(ledger.weakest(99)) == 3


def test_unknown_ids_are_refused(catalogue):
    with pytest.raises(CatalogueError, match="did you mean 't_cell/guess'"):
        Ledger.of(catalogue, ["t_cell/gues"])
    with pytest.raises(CatalogueError, match="did you mean 't_cell/guess'"):
        cite(catalogue, ["t_cell/gues"])


def test_references_are_sorted_and_written_once(catalogue):
    title = (
        "Tisagenlecleucel model-based cellular kinetic analysis. "
        "CPT Pharmacometrics Syst Pharmacol 8:285-295."
    )
    assert cite(catalogue, [NAME, "observed/rate", "t_cell/mouse", "t_cell/guess"]) == [
        f"Able A (2020). {title} https://doi.org/10.1000/x1",
        f"Stein AM, Grupp SA, Levine JE, et al. (2019). {title} https://doi.org/10.1002/psp4.12388",
    ]


def test_the_audit_starts_with_what_most_leans_on(catalogue):
    rows = audit(catalogue)
    assert [(row.id, row.leaning) for row in rows] == [
        ("t_cell/guess", 2),
        ("t_cell/mouse", 0),
        ("crs/fever", 0),
    ]
    assert rows[0].why == "no source reports it"
    assert rows[1].why == "mouse evidence, no blind second reading"
    by_use = audit(catalogue, {"t_cell/mouse": 7})
    assert by_use[0].id == "t_cell/mouse"
    assert by_use[0].leaning == 7


def test_published_numbers_come_in_the_parameters_unit(catalogue):
    number = published(catalogue.parameter("observed/rate"))
    assert (number.value, number.low, number.high, number.unit) == (18.72, 12.0, 24.0, "h")
    assert number.interval == "95 % CI"
    with pytest.raises(CatalogueError, match="no reported number 1"):
        published(catalogue.parameter("observed/rate"), 1)
    with pytest.raises(CatalogueError, match="no reported number 0"):
        published(catalogue.parameter("t_cell/guess"))


def test_bounds_turn_round_with_a_falling_derivation(folder, reported):
    folder.parameter(reported=[reported(low=0.5, high=1, interval="IQR")])
    number = published(folder.load().parameter(NAME))
    assert number.low < number.value < number.high
    # atol 0: ln 2 / 1 day, three roundings.
    assert number.low == pytest.approx(0.6931471805599453, rel=1e-12, abs=0.0)


def test_a_centre_keeps_its_range(folder, reported):
    entry = reported(value=None, unit="1/day", low=0.01, high=0.5, interval="range")
    folder.parameter("observed/growth", role="verification", used=..., reported=[entry],
                     derivation={"name": "geometric_centre"})  # fmt: skip
    catalogue = folder.load()
    number = published(catalogue.parameter("observed/growth"))
    assert (number.low, number.high) == (0.01, 0.5)
    row = Ledger.of(catalogue, ["observed/growth"]).rows[0]
    assert "0.01–0.5 1/day (range)" in row.reported


def test_a_number_without_bounds_has_none(folder):
    folder.parameter()
    number = published(folder.load().parameter(NAME))
    assert number.low != number.low
    assert number.high != number.high


def test_other_distributions_in_words(folder, reported):
    spread = {"between_patient_sd": 0.4, "uncertainty_sd": 0.2}
    folder.parameter("a/logit", unit=1, reported=[reported(value=0.35, unit=1)], derivation=...,
                     used={"distribution": "logitnormal", "median": 0.35, **spread})  # fmt: skip
    folder.parameter("a/normal", unit="degC", reported=[reported(value=37, unit="degC")],
                     derivation=..., used={"distribution": "normal", "median": 37, "lower": 35,
                                           "upper": 42, **spread})  # fmt: skip
    rows = Ledger.of(folder.load(), ["a/logit", "a/normal"]).rows
    assert rows[0].used == (
        "logit-normal, median 0.35, SD 0.4 between patients, 0.2 uncertain (logit scale)"
    )
    assert rows[1].used == (
        "normal, median 37 degC, SD 0.4 between patients, 0.2 uncertain, "
        "kept between 35 and 42 degC"
    )
