"""The review state is derived from the records."""

import pytest

NAME = "t_cell/effector_division_rate"


def state(folder):
    return folder.load().parameter(NAME).state


def test_nothing_read_is_assumed(folder, reported):
    folder.parameter(role="prior", reported=..., derivation=..., reason="nobody measured it")
    assert state(folder) == "assumed"
    remembered = reported(how="memory", second_reading="not found")
    folder.parameter(role="prior", reported=[remembered], reason="from memory")
    assert state(folder) == "assumed"


def test_a_number_remembered_and_then_found_is_read(folder, reported):
    folder.parameter(role="prior", reported=[reported(how="memory", second_reading="confirmed")])
    assert state(folder) == "provisional"


def test_an_agreeing_blind_extraction_checks_across_units(folder):
    folder.parameter()
    assert state(folder) == "provisional"
    folder.review(value=18.72, unit="h")
    assert state(folder) == "checked"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value": 0.78 * (1 + 9e-7), "unit": "day"}, "checked"),
        ({"value": 0.78 * (1 + 2e-6), "unit": "day"}, "disputed"),
        ({"value": 0.78, "unit": "1/day"}, "disputed"),
        ({"value": 0.78, "unit": "day", "low": 0.5, "high": 0.9}, "checked"),
    ],
)
def test_agreement_is_relative_and_tight(folder, changes, expected):
    folder.parameter()
    folder.review(**changes)
    assert state(folder) == expected


def test_a_bound_that_differs_disputes_the_number(folder, reported):
    folder.parameter(reported=[reported(low=0.5, high=0.9, interval="IQR")])
    folder.review(low=12, high=21.6)
    assert state(folder) == "checked"
    folder.review(low=12, high=24)
    assert state(folder) == "disputed"


def test_only_the_number_that_is_used_counts(folder, reported):
    folder.parameter(reported=[reported(), reported(row="KIN-009", value=0.9)])
    folder.review(row="KIN-009", value=0.9, unit="day")
    assert state(folder) == "provisional"
    folder.review(row="KIN-008")
    assert state(folder) == "checked"


def test_a_retraction_makes_everything_stale(folder):
    folder.parameter()
    folder.review()
    folder.source(retracted=True)
    catalogue = folder.load()
    assert catalogue.parameter(NAME).state == "stale"
    assert catalogue.parameter(NAME).trust == "D"
    assert catalogue.source("stein_2019").reference.count("RETRACTED") == 1


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        (NAME, {"source": "other_2020"}, "no reported number"),
        (NAME, {"row": "KIN-999"}, "no reported number"),
        (NAME, {"colour": "red"}, "unknown field"),
        (NAME, {"value": "many"}, "not a number"),
        ("t_cell/unknown", {}, "unknown parameter"),
    ],
)
def test_what_a_review_may_not_say(folder, name, changes, words):
    folder.parameter()
    folder.review(name, **changes)
    problems = folder.problems()
    assert len(problems) == 1
    assert words in problems[0].message


def test_an_ambiguous_extraction_must_name_its_row(folder, reported):
    folder.parameter(reported=[reported(), reported(row="KIN-009")])
    folder.review()
    assert "2 reported numbers" in folder.problems()[0].message


def test_an_empty_review_is_refused(folder):
    folder.parameter()
    folder.write(f"reviews/{NAME}", {"parameter": NAME, "reviewer": "B", "date": "2026-11-20"})
    assert [problem.field for problem in folder.problems()] == ["extractions"]


def test_a_range_is_checked_by_its_ends(folder, reported):
    entry = reported(value=None, unit="1/day", low=0.01, high=0.5, interval="range")
    used = {"distribution": "lognormal", "median": 0.0707}
    used |= {"between_patient_cv": 0.3, "uncertainty_cv": 0.15}
    folder.parameter(reported=[entry], derivation={"name": "geometric_centre"}, used=used)
    folder.review(value=None, unit="1/day", low=0.01, high=0.5)
    assert state(folder) == "checked"
    folder.review(value=None, unit="1/day", low=0.02, high=0.5)
    assert state(folder) == "disputed"
