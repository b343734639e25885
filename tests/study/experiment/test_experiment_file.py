"""The experiment file: schema, options, hash, and a thousand small accidents to the shipped one."""

import json
import random  # noqa: TID251 - chooses mutants from a stated seed
from pathlib import Path

import jsonschema
import pytest
import yaml

from progenitor.errors import StudyError
from progenitor.evidence import default_catalogue
from progenitor.study import Experiment, experiment_json_schema, load_any_study, template_path

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "studies" / "car_t_dose_in_dlbcl.yaml"
FREE_TEXT = {"title", "of_interest", "context_of_use", "statement"}
WRONG_VALUES = [None, -7, 1e99, True, "28 parsec", "nonsense", "", [], {}, [[1]], {"x": 1}]


@pytest.fixture
def data():
    return yaml.safe_load(SHIPPED.read_text("utf-8").replace(" on:", " 'on':"))


def problems(data) -> list:
    """What the experiment says is wrong, or nothing when it is accepted."""
    try:
        Experiment.parse(json.dumps(data, indent=1), path="e.yaml", catalogue=default_catalogue())
    except StudyError as error:
        for problem in error.problems:
            assert problem.line
            assert problem.fix
            assert problem.message
        return list(error.problems)
    return []


def leaves(data, path=()):
    """Yield the path of every value that is neither mapping nor list."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key)


def at(data, path):
    for part in path:
        data = data[part]
    return data


def test_exported_schema_is_in_step():
    exported = (ROOT / "schema" / "experiment.schema.json").read_text(encoding="utf-8")
    assert exported == experiment_json_schema(), (
        'write it again: python -c "import progenitor.study as s; '
        "open('schema/experiment.schema.json', 'w').write(s.experiment_json_schema())\""
    )


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in (ROOT / "studies").glob("*.yaml")
        if "experiment:" in path.read_text("utf-8")
    ],
    ids=lambda path: path.stem,
)
def test_another_validator_accepts_the_shipped_experiments(path):
    schema = json.loads(experiment_json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = load_any_study(path).document
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(document.data)) == []


def test_another_validator_refuses_a_typo(data):
    validator = jsonschema.Draft202012Validator(json.loads(experiment_json_schema()))
    wrong = [
        {**data, "sead": 1},
        {**data, "seed": "1"},
        {**data, "looks": {**data["looks"], "until": 28}},
        {key: value for key, value in data.items() if key != "arms"},
    ]
    assert all(list(validator.iter_errors(case)) for case in wrong)


def test_every_key_of_the_schema_is_explained():
    schema = json.loads(experiment_json_schema())
    silent = [
        f"{section.get('title')}.{name}"
        for section in [schema, *schema["$defs"].values()]
        for name, of in section.get("properties", {}).items()
        if "description" not in of and "$ref" not in of
    ]
    assert silent == []


def test_the_first_key_says_which_kind_of_file_it_is():
    assert isinstance(load_any_study(SHIPPED), Experiment)
    assert not isinstance(load_any_study(template_path("tscm_vs_cart_dlbcl")), Experiment)


def test_options_replace_what_the_file_says_and_reduce_maps_too():
    experiment = Experiment.load(SHIPPED).with_options(seed=5, draws=2, patients=3)
    assert (experiment.seed, experiment.draws) == (5, 2)
    assert experiment.file.subjects.per_draw == 3
    catalogue = default_catalogue()
    assert experiment.simulations(catalogue) == 2 * 3 * (4 + 48 + 12)
    with pytest.raises(StudyError) as raised:
        experiment.with_options(seed=-1, draws=0, patients=10**9)
    fields = {problem.field for problem in raised.value.problems}
    assert fields == {"--seed", "--draws", "--patients"}


def test_hash_sees_values_and_nothing_else():
    text = SHIPPED.read_text("utf-8")
    one = Experiment.load(SHIPPED)
    assert Experiment.parse(text + "# a remark\n", path="e.yaml").content_hash == one.content_hash
    weeks = Experiment.parse(text.replace('"365 day"', '"8760 hour"'), path="e.yaml")
    assert weeks.content_hash == one.content_hash
    other = Experiment.parse(text.replace('"365 day"', '"366 day"'), path="e.yaml")
    assert other.content_hash != one.content_hash


def test_the_unharmed_experiment_is_accepted(data):
    assert problems(data) == []


def test_every_wrong_value_is_refused_where_it_stands(data):
    """One in three of about a thousand mutants, chosen from a stated seed."""
    generator = random.Random(20261122)
    accepted, mutants = [], 0
    for path in list(leaves(data)):
        original = at(data, path)
        for wrong in WRONG_VALUES:
            if generator.random() > 1 / 3:
                continue
            at(data, path[:-1])[path[-1]] = wrong
            found = problems(data)
            mutants += 1
            if not found and not harmless(path, wrong):
                accepted.append((path, wrong))
            if found:
                assert any(str(path[0]) in (one.field or "") for one in found), (path, wrong)
        at(data, path[:-1])[path[-1]] = original
    assert accepted == []
    assert mutants > 300


def harmless(path, wrong) -> bool:
    """Values that happen to be right where they stand."""
    if path[-1] in FREE_TEXT:
        return isinstance(wrong, str) and bool(wrong)
    if path == ("experiment",):
        return wrong == "nonsense"
    if "conditioning" in path:
        return wrong == []
    if path[0] in {"expectations", "maps"} and path[-1] in {"above", "below"}:
        return wrong == -7
    return False


def test_every_misspelt_key_is_refused(data):
    generator = random.Random(20261122)
    sections = [data, data["looks"], data["subjects"], data["arms"]["low"]]
    sections += [data["readouts"]["death"], data["maps"]["dose_by_killing"], data["every_arm"]]
    for section in sections:
        for key in list(section):
            position = generator.randrange(len(key))
            wrong = key[:position] + "qz" + key[position + 1 :]
            section[wrong] = section.pop(key)
            assert any(wrong in (one.field or "") for one in problems(data)), key
            section[key] = section.pop(wrong)
