"""What a record may say: roles, distributions, reported numbers and where they meet."""

import pytest

VERIFICATION = {"role": "verification", "used": ...}
ASSUMED = {"role": "prior", "reported": ..., "derivation": ..., "directness": ...}


def used(**changes):
    spread = {"between_patient_cv": 0.3, "uncertainty_cv": 0.15}
    return {"distribution": "lognormal", "median": 0.889} | spread | changes


def only(folder):
    problems = folder.problems()
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"role": "bilding"}, "role", "did you mean 'building'"),
        ({"unit": "day"}, "derivation", "'1/day' does not convert to 'day'"),
        ({"used": used(median=1.15)}, "used", "write 'median: 0.8887'"),
        ({"used": used(median=-1)}, "used.median", "above zero"),
        ({"used": used(median=None)}, "used.median", "median is empty"),
        ({"used": used(uncertainty_cv=-0.1)}, "used.uncertainty_cv", "0.3 for 30 %"),
        ({"used": used(uncertainty_cv=30)}, "used.uncertainty_cv", "0.3 for 30 %"),
        ({"used": used(between_patient_sd=0.1)}, "used.between_patient_sd", "does not belong"),
        ({"used": used(lower=2, upper=1)}, "used.lower", "not below upper"),
        ({"used": used(lower=1)}, "used.lower", "above the median"),
        ({"used": used(upper=0.5)}, "used.upper", "below the median"),
        ({"used": used(distribution="gamma")}, "used.distribution", "known: fixed"),
        ({"used": ..., "role": "prior"}, "used", "used is missing"),
        ({"role": "setting"}, "used", "distribution: fixed"),
        ({"role": "verification"}, "used", "predicted, never put in"),
        ({**VERIFICATION, "calibrated": True, "reason": "x"}, "calibrated", "remove"),
        ({**VERIFICATION, "reported": ..., "reason": "x"}, "reported", "reports nothing"),
        ({"reported": ..., "derivation": ..., "reason": "x"}, "reported", "make it a prior"),
        ({"reported": []}, "reported", "make it a prior"),
        (ASSUMED, "reason", "nothing is reported"),
        ({**ASSUMED, "reason": "x", "derivation": {"name": "identity"}}, "derivation", "remove it"),
        ({"calibrated": True}, "reason", "calibrated"),
        ({"directness": ...}, "directness", "directness is missing"),
        ({"directness": {"species": "direct"}}, "directness.product", "product is missing"),
        ({"derivation": {"name": "rate_from_half_lif"}}, "derivation.name", "rate_from_half_life"),
        (
            {"derivation": {"name": "hazard_from_fraction"}},
            "derivation.arguments",
            "needs 'period'",
        ),
        (
            {"derivation": {"name": "identity", "arguments": {"period": "1 day"}}},
            "derivation.arguments",
            "not an argument of identity",
        ),
        (
            {"derivation": {"name": "multiplied_by", "arguments": {"factor": "2 dai"}}},
            "derivation.arguments",
            "unknown unit 'dai'",
        ),
    ],
)
def test_what_a_record_may_not_say(folder, changes, field, words):
    folder.parameter(**changes)
    problems = [problem for problem in folder.problems() if problem.field == field]
    assert problems, folder.problems()
    assert words in f"{problems[0].message}. {problems[0].fix}"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"source": "stein_2091"}, "reported[0].source", "did you mean 'stein_2019'"),
        ({"unit": "dai"}, "reported[0].unit", "did you mean"),
        ({"value": "0.78"}, "reported[0].value", "not a number"),
        ({"n": -1}, "reported[0].n", "0 or more"),
        ({"low": 0.5}, "reported[0].interval", "95 % CI"),
        ({"low": 2, "high": 1, "interval": "IQR"}, "reported[0].low", "swap"),
        ({"how": "guessed"}, "reported[0].how", "known: computed, memory, read"),
        ({"second_reading": "maybe"}, "reported[0].second_reading", "confirmed"),
        ({"locator": None}, "reported[0].locator", "locator is empty"),
        ({"colour": "red"}, "reported[0].colour", "remove it"),
        ({"valu": 1}, "reported[0].valu", "unknown field"),
        ({"value": -1}, "derivation", "above zero"),
        ({"how": "memory", "second_reading": "not read"}, "reported", "rests on memory"),
    ],
)
def test_what_a_reported_number_may_not_say(folder, reported, changes, field, words):
    folder.parameter(reported=[reported(**changes)])
    problem = only(folder)
    assert problem.field == field
    assert words in f"{problem.message}. {problem.fix}"


@pytest.mark.parametrize("median", [0.0, 1.0, 30])
def test_a_logitnormal_median_lies_between_zero_and_one(folder, reported, median):
    spread = {"between_patient_sd": 0.5, "uncertainty_sd": 0.2}
    folder.parameter(
        unit="1",
        reported=[reported(value=median, unit="1")],
        derivation=...,
        used={"distribution": "logitnormal", "median": median, **spread},
    )
    assert only(folder).field == "used.median"


def test_a_logitnormal_needs_a_plain_fraction(folder, reported):
    spread = {"between_patient_sd": 0.5, "uncertainty_sd": 0.2}
    folder.parameter(
        unit="%",
        reported=[reported(value=0.3, unit="%")],
        derivation=...,
        used={"distribution": "logitnormal", "median": 0.3, **spread},
    )
    assert only(folder).field == "unit"


def test_a_misspelt_field_names_the_right_one(folder):
    folder.parameter(directness=..., directnes={"species": "direct"})
    problems = {problem.field: problem for problem in folder.problems()}
    assert "did you mean 'directness'" in problems["directnes"].fix


def test_a_calibrated_median_is_free_but_needs_its_reason(folder, reported):
    target = reported(quantity="Transduced cells", value=37, unit="%")
    folder.parameter(calibrated=True, reason="fitted", reported=[target], derivation=...)
    assert folder.load().parameter("t_cell/effector_division_rate").calibrated


def test_a_building_number_may_be_a_target_that_is_not_drawn(folder):
    folder.parameter(used=..., directness=...)
    assert folder.load().parameter("t_cell/effector_division_rate").used is None


def test_a_number_read_first_may_be_followed_by_a_remembered_one(folder, reported):
    remembered = reported(how="memory", second_reading="not read")
    folder.parameter(role="prior", reported=[reported(), remembered])
    folder.load()
    folder.parameter(role="prior", reported=[remembered, reported()])
    assert "first" in only(folder).message


def test_a_range_without_a_centre_needs_a_derivation_of_ranges(folder, reported):
    entry = reported(value=None, unit="1/day", low=0.01, high=0.5, interval="range")
    folder.parameter(
        reported=[entry], derivation={"name": "geometric_centre"}, used=used(median=0.0707)
    )
    folder.load()
    folder.parameter(reported=[entry], derivation=..., used=used(median=0.0707))
    assert "only a range is reported" in only(folder).message


@pytest.mark.parametrize("places", [{"row": "KIN-008"}, {"row": None, "locator": "row KIN-008"}])
def test_building_and_verification_rows_never_overlap(folder, reported, places):
    folder.parameter()
    folder.parameter("observed/doubling", **VERIFICATION, reported=[reported(**places)])
    problem = only(folder)
    assert problem.file == "catalogue/parameters/observed/doubling.yaml"
    assert "KIN-008" in problem.message
    assert "t_cell/effector_division_rate" in problem.message


def test_two_building_records_may_share_a_row(folder):
    folder.parameter()
    folder.parameter("t_cell/again")
    assert len(folder.load().parameters) == 2


@pytest.mark.parametrize("role", ["definition", "setting"])
def test_a_choice_is_fixed_and_needs_only_a_reason(folder, role):
    fixed = {"distribution": "fixed", "median": 38.0}
    folder.parameter(**ASSUMED | {"role": role, "unit": "degC", "used": fixed, "reason": "ASTCT"})
    assert folder.load().parameter("t_cell/effector_division_rate").trust == "C"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"doi": "https://doi.org/10.1002/psp4.12388"}, "doi"),
        ({"url": "www.example.org"}, "url"),
        ({"year": 19}, "year"),
        ({"grade": "hearsay"}, "grade"),
        ({"authors": 7}, "authors"),
        ({"authors": []}, "authors"),
        ({"retracted": "yes"}, "retracted"),
        ({"publisher": "x"}, "publisher"),
    ],
)
def test_what_a_source_may_not_say(folder, changes, field):
    folder.source(**changes)
    assert only(folder).field == field


def test_author_lists(folder):
    folder.source("one", authors="Able A, Baker B")
    folder.source("two", authors=["Able A", "Baker B"])
    folder.source("three", authors="Able, A.; Baker, B.")
    sources = folder.load().sources
    assert sources["one"].authors == sources["two"].authors == ("Able A", "Baker B")
    assert sources["three"].authors == ("Able, A.", "Baker, B.")
