"""The study file: canonical units, every problem at once, options, and a schema for editors."""

import json
from pathlib import Path

import jsonschema
import pytest

from progenitor.errors import StudyError
from progenitor.evidence import default_catalogue
from progenitor.study import (
    Study,
    load_any_study,
    study_json_schema,
    template_names,
    template_path,
)

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "studies" / "tscm_vs_cart_dlbcl.yaml"


def changed(old: str, new: str) -> str:
    text = SHIPPED.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def test_packaged_templates_are_shipped_studies():
    assert template_names() == ("car_t_dose_in_dlbcl", "tscm_vs_cart_dlbcl")
    shipped = {path.stem: path.read_bytes() for path in (ROOT / "studies").glob("*.yaml")}
    templates = {name: template_path(name).read_bytes() for name in template_names()}
    assert templates == {name: shipped[name] for name in templates}


@pytest.mark.parametrize("path", sorted((ROOT / "studies").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_shipped_study_has_no_problem(path):
    load_any_study(path, catalogue=default_catalogue())


def test_shipped_study_has_no_problem():
    study = Study.load(SHIPPED, catalogue=default_catalogue())
    assert study.check(default_catalogue()) == ()
    assert study.name == "tscm_vs_cart_dlbcl"


def test_quantities_come_out_in_canonical_units():
    study = Study.load(SHIPPED)
    assert study.arms["conventional"].dose == 2e6
    assert study.arms["tscm"].minimum_dose == 0.2e6
    assert study.regimen.lymphodepletion.days == [-5.0, -4.0, -3.0]
    assert study.visits.response == [28.0, 90.0, 180.0, 270.0, 365.0, 545.0, 730.0]
    assert study.trials["phase2_simon"].null == 0.4
    assert study.draws == 100
    assert study.file.solver.engine == "fast"
    assert list(study.arms) == ["conventional", "tscm"]


@pytest.mark.parametrize(
    ("text", "days"), [("4 week", 28.0), ("48 hour", 2.0), ("2.8e1 day", 28.0), (" 28  day ", 28.0)]
)
def test_any_unit_of_time_will_do(text, days):
    study = Study.parse(
        changed('kinetics_until: "28 day"', f'kinetics_until: "{text}"'), path="s.yaml"
    )
    assert study.visits.kinetics_until == pytest.approx(days, rel=1e-12, abs=0.0)


def test_hash_sees_values_and_nothing_else():
    study = Study.load(SHIPPED)
    comment = Study.parse(SHIPPED.read_text("utf-8") + "# a remark\n", path="s.yaml")
    weeks = Study.parse(
        changed('kinetics_until: "28 day"', 'kinetics_until: "4 week"'), path="s.yaml"
    )
    dose = Study.parse(changed('dose: "2e6 cell/kg"', 'dose: "2.1e6 cell/kg"'), path="s.yaml")
    assert comment.content_hash == weeks.content_hash == study.content_hash
    assert dose.content_hash != study.content_hash
    assert study.with_options(draws=3).content_hash != study.content_hash
    assert study.with_options().content_hash == study.content_hash


def test_options_replace_what_the_file_says():
    study = Study.load(SHIPPED).with_options(seed=5, draws=2).with_options(patients=7)
    assert (study.seed, study.draws, study.population.patients_per_draw) == (5, 2, 7)


def test_options_out_of_range_are_named_as_options():
    with pytest.raises(StudyError) as raised:
        Study.load(SHIPPED).with_options(seed=-1, draws=0, patients=10**9)
    fields = {problem.field for problem in raised.value.problems}
    assert fields == {"--seed", "--draws", "--patients"}


@pytest.mark.parametrize(
    ("path", "said"),
    [("nowhere.yaml", "does not exist"), (".", "folder"), ("a\0b.yaml", "does not exist")],
)
def test_files_that_cannot_be_read_are_problems(path, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudyError, match=f"(?i){said}") as raised:
        Study.load(path)
    assert raised.value.problems[0].fix


def test_problems_come_in_the_order_of_the_file():
    text = changed("seed: 20261121", "seed: -1").replace("disease: dlbcl", "disease: dlbl")
    with pytest.raises(StudyError) as raised:
        Study.parse(text, path="s.yaml", catalogue=default_catalogue())
    lines = [problem.line for problem in raised.value.problems]
    assert len(lines) == 2
    assert lines == sorted(lines)


def test_exported_schema_is_in_step():
    exported = (ROOT / "schema" / "study.schema.json").read_text(encoding="utf-8")
    assert exported == study_json_schema(), (
        'write it again: python -c "import progenitor.study as s; '
        "open('schema/study.schema.json', 'w').write(s.study_json_schema())\""
    )


def test_another_validator_accepts_the_shipped_study_and_refuses_a_typo():
    schema = json.loads(study_json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    data = Study.load(SHIPPED).document.data
    assert list(validator.iter_errors(data)) == []
    wrong = [
        {**data, "sead": 1},
        {**data, "seed": "1"},
        {**data, "visits": {**data["visits"], "kinetics_until": "28"}},
        {**data, "visits": {**data["visits"], "kinetics_until": 28}},
        {key: value for key, value in data.items() if key != "arms"},
    ]
    assert all(list(validator.iter_errors(case)) for case in wrong)


def test_every_key_of_the_schema_is_explained():
    schema = json.loads(study_json_schema())
    sections = [schema, *schema["$defs"].values()]
    silent = [
        f"{section.get('title')}.{name}"
        for section in sections
        for name, of in section.get("properties", {}).items()
        if "description" not in of and "$ref" not in of
    ]
    assert silent == []
