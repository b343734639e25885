"""A fit of a body: known numbers are found again, verification is refused, the catalogue stays."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from progenitor.cohort import sample_numbers
from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.inference import (
    FitFile,
    FitTarget,
    Question,
    fit_body,
    free_number,
    load_fit,
    plain_fit,
    predict_body,
    proposal,
    published_sd,
)

CATALOGUE = default_catalogue()
SHIPPED = Path(__file__).parents[2] / "studies" / "fits" / "axicel_in_dlbcl.yaml"
HEAD = """
fit: small
title: Division and death of effectors
body: conventional_car_t/dlbcl/human_adult
product: {recipe: conventional_car_t, dose: "2e6 cell/kg"}
conditioning: ["-5 day", "-4 day", "-3 day"]
closely_until: "14 day"
response: ["28 day"]
seed: 4
sampling: {draws: 60, rounds: 3, patients: 40}
discrepancy: 0.1
others: hold
free: [t_cell/effector_division_rate]
"""
TARGETS = """
targets:
  observed/axicel_blood_day_7: {read: level, of: car_t_in_blood, day: "7 day"}
  observed/axicel_blood_day_14: {read: level, of: car_t_in_blood, day: "14 day"}
"""
BESIDE = """
beside:
  observed/juliet_objective_response: {read: objective_response}
"""


def small(text: str = HEAD + TARGETS + BESIDE) -> FitFile:
    return load_fit(text, CATALOGUE, name="small.yaml")


def told(file: FitFile, values: list[float]) -> FitFile:
    """The same fit with other published numbers, known to 5 % (an IQR of many patients)."""
    targets = tuple(
        replace(target, value=value, low=math.nan, high=math.nan)
        for target, value in zip(file.targets, values, strict=True)
    )
    return replace(file, targets=targets)


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        load_fit(text, CATALOGUE, name="small.yaml")
    return str(caught.value)


def test_a_known_number_is_found_again() -> None:
    """Levels of 1,500 patients at a division rate 1.5 prior sd up: posterior within 2 sd of it.

    The witness is the simulation itself at another seed, so recovery is not of the same noise.
    """
    file, moved = small(), 1.5
    file = replace(file, sampling=replace(file.sampling, patients=120))
    record = CATALOGUE.parameter("t_cell/effector_division_rate")
    number = free_number(record)
    truth = float(number.median(np.array([moved]))[0])
    used = replace(number.used, median=truth)
    parameters = {**CATALOGUE.parameters, record.id: replace(record, used=used)}
    there = replace(CATALOGUE, parameters=parameters)
    made = replace(file, seed=99, sampling=replace(file.sampling, patients=1_500))
    levels = [row.ours[1] for row in predict_body(made, there)[:2]]
    here = [row.ours[1] for row in predict_body(made, CATALOGUE)[:2]]
    assert levels[0] > 1.3 * here[0]  # the data differ enough to be told apart

    found = fit_body(told(file, levels), CATALOGUE)
    (fitted,) = found.numbers
    sd = math.sqrt(1 - fitted.shrinkage)
    assert abs(fitted.shift - moved) < 2 * sd
    assert fitted.shrinkage > 0.75
    assert fitted.posterior[0] < truth < fitted.posterior[2]
    assert fitted.posterior[0] > fitted.prior[0]


def test_the_same_file_and_seed_give_the_same_fit() -> None:
    file = replace(small(), sampling=replace(small().sampling, draws=20, rounds=2, patients=10))
    first, second = (plain_fit(fit_body(file, CATALOGUE), "") for _ in range(2))
    assert str(first) == str(second)
    other = plain_fit(fit_body(replace(file, seed=5), CATALOGUE), "")
    assert str(other) != str(first)


def test_verification_records_are_refused_as_targets_by_name_with_the_reason() -> None:
    line = "  observed/juliet_objective_response: {read: objective_response}\n"
    words = refusal(HEAD + TARGETS + line)
    place = (HEAD + TARGETS + line).splitlines().index(line.rstrip()) + 1
    assert f"small.yaml:{place}: " in words
    assert "'observed/juliet_objective_response' is kept for verification" in words
    assert "agreement with a number that was fitted proves nothing" in words
    assert "Fix: move it to 'beside'" in words


def test_every_verification_record_of_the_catalogue_is_refused() -> None:
    kept = [
        record.id
        for record in CATALOGUE.parameters.values()
        if record.role == "verification" and record.reported
    ]
    assert len(kept) > 20
    listed = "".join(f"  {name}: {{read: objective_response}}\n" for name in kept)
    words = refusal(HEAD + TARGETS + listed)
    for name in kept:
        assert f"'{name}' is kept for verification" in words or f"'{name}' has the role" in words


def test_every_problem_is_told_at_once_with_its_line() -> None:
    text = (HEAD + TARGETS).replace("effector_division_rate", "effector_divison_rate")
    text = text.replace('"14 day"\nresponse', "14\nresponse").replace("rounds: 3", "rounds: 0")
    text = text.replace('read: level, of: car_t_in_blood, day: "7 day"', "read: levels")
    text = text.replace("of: car_t_in_blood", "of: car_t_in_blud") + "extra: 1\n"
    words = refusal(text)
    for piece in (
        "unknown number of this body 't_cell/effector_divison_rate'",
        "did you mean 't_cell/effector_division_rate'",
        "'14' is no quantity in day",
        "'0' is not allowed for 'rounds'",
        "unknown read 'levels'",
        "the body has no 'car_t_in_blud'",
        "unknown field 'extra'",
    ):
        assert piece in words, (piece, words)
    assert words.count("small.yaml:") >= 6


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("conventional_car_t/dlbcl/human_adult", "conventional_car_t/dlbcl/mouse", "unknown body"),
        ("recipe: conventional_car_t", "recipe: conventional", "unknown recipe"),
        ("discrepancy: 0.1", "discrepancy: 0", "'0' is not allowed for 'discrepancy'"),
        ("free: [t_cell/effector_division_rate]", "", "'free' is no list of names"),
        ("others: hold", "others: held", "'held' is not allowed for 'others'"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, said: str) -> None:
    assert said in refusal((HEAD + TARGETS).replace(old, new))


def test_a_file_that_only_predicts_needs_nothing_free() -> None:
    text = HEAD.replace("free: [t_cell/effector_division_rate]", "").replace("discrepancy: 0.1", "")
    with pytest.raises(InputError):
        load_fit(text + BESIDE, CATALOGUE, name="small.yaml")
    file = load_fit(text + BESIDE, CATALOGUE, name="small.yaml", fitted=False)
    (row,) = predict_body(file, CATALOGUE)
    assert row.stands == "predicted"
    assert row.ratio == pytest.approx(row.ours[1] / 0.53, rel=1e-12)


def target(**changes: object) -> FitTarget:
    blank = FitTarget(
        "a/b", "B", "building", Question("level"), 8.0, math.nan, math.nan, "", "cell/uL", None, ""
    )
    return replace(blank, **changes)  # type: ignore[arg-type]


def test_standard_errors_of_published_numbers_by_hand() -> None:
    """ln 4 over twice 1.96; the IQR of a log-normal with sd 1 and 25 patients: sqrt(pi/2)/5."""
    interval = target(low=4.0, high=16.0, interval="95 % CI")
    assert published_sd(interval) == pytest.approx(math.log(4) / 3.919928, rel=1e-6)
    quartiles = target(low=8 * math.exp(-0.67449), high=8 * math.exp(0.67449), interval="IQR")
    assert published_sd(replace(quartiles, count=25)) == pytest.approx(
        math.sqrt(math.pi / 2) / 5, rel=1e-9
    )
    assert published_sd(quartiles) == 0.0  # without the number of patients nothing is known
    share = target(value=0.2, count=100, question=Question("complete_response"), unit="1")
    assert published_sd(share) == pytest.approx(0.25, rel=1e-12)
    assert published_sd(target()) == 0.0


@pytest.mark.parametrize("name", ["t_cell/kill_rate", "t_cell/memory_renewal_probability"])
def test_a_free_number_has_the_prior_of_the_catalogue(name: str) -> None:
    """Medians at normal scores are distributed as ``sample_numbers`` draws them (n = 4,000)."""
    draws = np.arange(4_000)
    drawn = sample_numbers(
        CATALOGUE, [name], seed=8, draw=draws, patient=np.zeros_like(draws), typical=True
    )[name]
    number = free_number(CATALOGUE.parameter(name))
    ranks = [0.05, 0.25, 0.5, 0.75, 0.95]
    scores = np.array([-1.644854, -0.674490, 0.0, 0.674490, 1.644854])
    found = np.quantile(drawn, ranks)
    spread = number.median(scores)[-1] - number.median(scores)[0]
    assert np.abs(found - number.median(scores)).max() < 0.05 * spread


def test_the_proposal_is_a_diff_that_changes_the_median_and_nothing_else() -> None:
    file = small()
    before = {path: path.read_bytes() for path in (CATALOGUE.path / "parameters/t_cell").iterdir()}
    found = fit_body(told(file, [80.0, 27.0]), CATALOGUE)
    text = proposal(found, CATALOGUE)
    removed = [line for line in text.splitlines() if line.startswith("-") and line[1] != "-"]
    added = [line for line in text.splitlines() if line.startswith("+") and line[1] != "+"]
    assert len(removed) == len(added) == 1
    assert "catalogue/parameters/t_cell/effector_division_rate.yaml" in text
    old, new = (line[0][1:].split("median: ") for line in (removed, added))
    assert old[0] == new[0]
    assert old[1].partition(",")[2] == new[1].partition(",")[2]
    assert float(new[1].partition(",")[0]) == pytest.approx(found.numbers[0].posterior[1], rel=5e-3)
    assert {path: path.read_bytes() for path in before} == before


def test_numbers_the_data_are_silent_about_are_not_proposed() -> None:
    text = (HEAD + TARGETS).replace("t_cell/effector_division_rate", "vitals/fever_half_signal")
    file = load_fit(text, CATALOGUE, name="small.yaml")
    found = fit_body(
        replace(file, sampling=replace(file.sampling, draws=40, rounds=1, patients=6)), CATALOGUE
    )
    assert abs(found.numbers[0].shrinkage) < 0.3
    assert proposal(found, CATALOGUE) == ""


def test_the_shipped_fit_is_in_order() -> None:
    file = load_fit(SHIPPED, CATALOGUE)
    assert len(file.targets) == 8
    assert all(target.role == "building" for target in file.targets)


def test_a_percentile_of_patients_is_read_beside() -> None:
    """The witness is the spread between patients, which the same simulation gives another way."""
    asked = "\nbeside:\n  observed/axicel_blood_day_7: {read: level, of: car_t_in_blood, "
    text = HEAD + asked + 'day: "7 day", percentile: 5}\n'
    (low,) = predict_body(load_fit(text, CATALOGUE, fitted=False), CATALOGUE)
    assert low.ours[1] == pytest.approx(low.patients[0], rel=1e-12)
    (middle,) = predict_body(
        load_fit(text.replace(", percentile: 5", ""), CATALOGUE, fitted=False), CATALOGUE
    )
    assert low.ours[1] < middle.ours[1] < middle.patients[1]


@pytest.mark.parametrize(
    ("part", "entry", "says"),
    [
        ("beside", "{read: complete_response, percentile: 5}", "a share of patients has no"),
        ("beside", '{read: level, of: car_t_in_blood, day: "7 day", percentile: 100}', "'100' is"),
        ("targets", '{read: level, of: car_t_in_blood, day: "7 day", percentile: 5}', "medians"),
    ],
)
def test_a_percentile_that_cannot_be_is_refused(part: str, entry: str, says: str) -> None:
    assert says in refusal(f"{HEAD}\n{part}:\n  observed/axicel_blood_day_7: {entry}\n")
