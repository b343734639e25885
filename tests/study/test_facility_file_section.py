"""Facilities of a study file: what cannot be is told with its line, all at once."""

import pytest

from progenitor.errors import Problem, StudyError
from progenitor.evidence import default_catalogue
from progenitor.study import Study, template_path

TEXT = template_path("tscm_vs_cart_dlbcl").read_text("utf-8")
CHASSIS = "    chassis: conventional_car_t\n"
ROOMS = "      - {name: clean room, units: 2}\n"


def written(
    rooms: str = ROOMS,
    *,
    name: str = "unit",
    recipe: str = "conventional_car_t",
    trial: str = "",
    numbers: str = "per_year: 60, patients: 30",
) -> str:
    """Write a study with one product in one facility."""
    section = "facilities:\n  unit:\n    title: A unit\n"
    section += "".join(f"    {one}\n" for one in numbers.split(", ")) + f"    resources:\n{rooms}"
    text = TEXT.replace("recipe: conventional_car_t ", f"recipe: {recipe} ", 1)
    text = text.replace(CHASSIS, f"{CHASSIS}    facility: {name}\n", 1)
    text = text.replace("\narms:\n", f"\n{section}\narms:\n", 1)
    return text.replace("\ntrials:\n", f"\ntrials:\n{trial}", 1)


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(StudyError) as raised:
        Study.parse(text, path="s.yaml", catalogue=default_catalogue())
    return tuple(raised.value.problems)


def test_a_facility_is_read_with_its_hours() -> None:
    rooms = (
        ROOMS + "      - {name: operator, units: 1, kept: false, days: [Mon], from: 8, to: 18}\n"
    )
    study = Study.parse(written(rooms), path="s.yaml", catalogue=default_catalogue())
    section = study.file.facility_of("conventional")
    assert section is not None
    room, operator = section.facility().resources
    assert room.kept
    assert room.shift is None
    assert operator.shift is not None
    assert (operator.shift.days, operator.shift.begins, operator.shift.ends) == (("Mon",), 8, 18)
    assert study.file.facility_of("tscm") is None
    assert section.stratum == 3


def test_another_facility_is_another_study() -> None:
    plain = Study.parse(TEXT, path="s.yaml")
    one, two = (Study.parse(written(ROOMS.replace("2", n)), path="s.yaml") for n in "23")
    assert len({plain.content_hash, one.content_hash, two.content_hash}) == 3
    assert "facilities" not in plain.file.model_dump()


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        (written(name="unti"), "unknown facility 'unti'", "unit"),
        (written(ROOMS.replace("room", "rom")), "needs nothing the facility has", "clean room"),
        (
            written(ROOMS + "      - {name: oven, units: 1}\n"),
            "'oven' is needed by no recipe made there",
            "QC laboratory",
        ),
        (written(ROOMS + ROOMS), "'clean room' is listed twice", "keep one"),
        (written(recipe="edited_allogeneic_car_t"), "nobody waits", "leave the facility out"),
        (
            written("      - {name: culture device, units: 1}\n" + ROOMS),
            "keeps 'clean room' while it waits for 'culture device'",
            "list 'clean room' before",
        ),
        (written(ROOMS.replace("2", "0")), "0", "at least 1"),
        (written(ROOMS.replace("units", "unit")), "unknown key 'unit'", "units"),
        (written(ROOMS.replace("units: 2", "units: 2, frm: 8")), "unknown key 'frm'", "from"),
        (
            written(ROOMS.replace("units: 2", "units: 2, from: 18, to: 8")),
            "work begins at 18 h",
            "0 to 24",
        ),
        (written(numbers="per_year: 0, patients: 30"), "0", "more than 0"),
        (written(numbers="per_year: 60"), "'patients' is missing", "of a stream"),
    ],
)
def test_what_cannot_be_is_told(text: str, message: str, fix: str) -> None:
    found = problems(text)
    said = [one for one in found if message in one.message]
    assert said, found
    assert said[0].line
    assert fix in said[0].fix


RANDOMISED = """\
  both:
    {design: log_rank, arms: [conventional, tscm], endpoint: pfs, analysis_set: itt, patients: 150,
     alpha: 0.05, power: 0.8, hazard_ratio: 0.6, accrual_days: "DAYS day", follow_up: "365 day",
     horizon: "365 day", replicates: 100}
"""


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ("300", "91 patients a year enter the arm of 'conventional', and 60 come"),
        ("540", "89 patients come to the facility"),
    ],
)
def test_a_trial_that_outruns_its_facility_is_told(days: str, message: str) -> None:
    found = problems(written(trial=RANDOMISED.replace("DAYS", days)))
    (said,) = [one for one in found if message in one.message]
    assert said.field == "trials.both.accrual_days"


def test_a_trial_within_the_stream_is_fine() -> None:
    text = written(trial=RANDOMISED.replace("DAYS", "540"), numbers="per_year: 60, patients: 90")
    Study.parse(text, path="s.yaml", catalogue=default_catalogue())


def test_cells_of_a_stranger_need_a_body_that_rejects_them() -> None:
    recipe = "edited_allogeneic_car_t"
    text = TEXT.replace("recipe: conventional_car_t ", f"recipe: {recipe} ", 1)
    (only,) = problems(text)
    assert "come from another donor" in only.message
    assert recipe in only.fix
    fine = text.replace(CHASSIS, f"    chassis: {recipe}\n", 1)
    Study.parse(fine, path="s.yaml", catalogue=default_catalogue())


def test_a_product_in_no_facility_leaves_the_facility_without_any() -> None:
    text = written().replace("    facility: unit\n", "")
    (only,) = problems(text)
    assert "no product is made in 'unit'" in only.message
