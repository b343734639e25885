"""A catalogue is loaded as a whole, or refused with every problem in it."""

import time

import pytest
import yaml

from progenitor.errors import CatalogueError
from progenitor.evidence import Catalogue, default_catalogue


def test_a_record_comes_back_as_written(folder):
    folder.parameter()
    parameter = folder.load().parameter("t_cell/effector_division_rate")
    assert parameter.leaf == "effector_division_rate"
    assert parameter.unit == "1/day"
    assert parameter.reported[0].value == 0.78
    assert parameter.reported[0].low is None
    assert parameter.used.median == 0.889
    assert parameter.used.upper is None
    assert (parameter.state, parameter.trust, parameter.grade) == (
        "provisional",
        "A",
        "human-trial",
    )


def test_unknown_names_come_with_the_nearest(folder):
    folder.parameter()
    folder.write("recipes/tscm_car_t", {"title": "Tscm"})
    catalogue = folder.load()
    with pytest.raises(CatalogueError, match="did you mean 't_cell/effector_division_rate'"):
        catalogue.parameter("t_cell/effector_division_rat")
    with pytest.raises(CatalogueError, match="did you mean 'stein_2019'"):
        catalogue.source("stein_2018")
    with pytest.raises(CatalogueError, match="did you mean 'recipes'"):
        catalogue.names("recipe")
    with pytest.raises(CatalogueError, match="did you mean 'tscm_car_t'"):
        catalogue.entry("recipes", "tscm_cart")
    with pytest.raises(CatalogueError, match="unknown kind of entry"):
        catalogue.entry("../sources", "stein_2019")
    with pytest.raises(CatalogueError, match="unknown entry of recipes"):
        catalogue.entry("recipes", "../sources/stein_2019")


def test_entries_are_documents_with_lines(folder):
    folder.write("recipes/tscm_car_t", "title: Tscm\nsteps:\n  - thaw\n")
    catalogue = folder.load()
    assert catalogue.names("recipes") == ("tscm_car_t",)
    assert catalogue.names("sources") == ("stein_2019",)
    assert catalogue.names("hosts") == ()
    entry = catalogue.entry("recipes", "tscm_car_t")
    assert entry.line(("steps", 0)) == 3
    assert entry.name == "catalogue/recipes/tscm_car_t.yaml"


def test_problems_of_all_files_are_listed_at_once(folder):
    folder.parameter(unit="1/dai", colour="red")
    folder.parameter("t_cell/other", title=...)
    folder.source("broken", year="soon")
    folder.write("recipes/bad", "a: 1\na: 2\n")
    record = folder.root / "parameters/t_cell/effector_division_rate.yaml"
    last = record.read_text().count("\n")
    folder.write("colours/red", "a: 1")
    where = {(problem.file, problem.line, problem.field) for problem in folder.problems()}
    assert {
        ("catalogue/colours", None, None),
        ("catalogue/recipes/bad.yaml", 2, "a"),
        ("catalogue/sources/broken.yaml", 4, "year"),
        ("catalogue/parameters/t_cell/effector_division_rate.yaml", 4, "unit"),
        ("catalogue/parameters/t_cell/effector_division_rate.yaml", last, "colour"),
        ("catalogue/parameters/t_cell/other.yaml", 1, "title"),
    } <= where


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("parameters/orphan", "has no subject"),
        ("parameters/T_Cell/x", "not a name"),
        ("parameters/t_cell/x.yml", "not a name"),
        ("sources/two words", "not a name"),
    ],
)
def test_names_and_places_are_checked(folder, place, words):
    folder.write(place, {"id": place.partition("/")[2]})
    assert any(words in problem.message for problem in folder.problems())


def test_other_files_are_refused_and_notes_are_not(folder):
    (folder.root / "sources" / "README.md").write_text("notes")
    (folder.root / "sources" / ".hidden").write_text("x")
    folder.load()
    (folder.root / "sources" / "x.yml").write_text("id: x")
    (folder.root / "sources" / "x.csv").write_text("id")
    assert [problem.message for problem in folder.problems()] == [
        "'x.csv' is not a .yaml file",
        "'x.yml' is not a .yaml file",
    ]


def test_ids_must_equal_paths(folder):
    folder.parameter("t_cell/other")
    text = (folder.root / "parameters/t_cell/other.yaml").read_text()
    folder.write("parameters/t_cell/moved", text)
    folder.source("moved", id="stein_2019")
    messages = [problem.message for problem in folder.problems()]
    assert messages == [
        "id is 'stein_2019' but the file is 'moved.yaml'",
        "id is 't_cell/other' but the file is 't_cell/moved.yaml'",
    ]


def test_leaf_names_may_repeat_across_subjects(folder):
    folder.parameter("t_cell/rate")
    folder.parameter("b_cell/rate")
    assert folder.load().names("parameters") == ("b_cell/rate", "t_cell/rate")


def test_the_folder_must_exist(tmp_path):
    with pytest.raises(CatalogueError, match="not a folder"):
        Catalogue.load(tmp_path / "absent")


def test_the_hash_follows_values_and_nothing_else(folder):
    folder.parameter()
    folder.write("recipes/r", "a: 1\nb: [1, 2]\n")
    before = folder.load().content_hash
    folder.write("recipes/r", "# a comment\nb:\n- 1\n- 2\na: 1\n")
    assert folder.load().content_hash == before
    folder.write("recipes/r", "a: 1\nb: [1, 3]\n")
    changed = folder.load().content_hash
    assert changed != before
    folder.write("recipes/r", "a: 1\nb: [1, 2]\n")
    assert folder.load().content_hash == before
    (folder.root / "recipes/r.yaml").rename(folder.root / "recipes/s.yaml")
    assert folder.load().content_hash not in {before, changed}


def test_the_shipped_catalogue_loads_in_time():
    """The shipped records are consistent; 5 s is ten times the promise, for type-checked tests."""
    start = time.process_time()
    catalogue = Catalogue.load()
    assert time.process_time() - start < 5.0
    assert len(catalogue.parameters) >= 60
    assert catalogue.content_hash == default_catalogue().content_hash


@pytest.mark.parametrize("kind", ["parameters", "sources"])
def test_every_misspelt_field_of_a_record_is_refused(folder, kind):
    folder.parameter()
    path = next((folder.root / kind).rglob("*.yaml"))
    data = yaml.safe_load(path.read_text())
    for name in data:
        mutant = {f"{key}s" if key == name else key: value for key, value in data.items()}
        path.write_text(yaml.safe_dump(mutant, sort_keys=False))
        problems = folder.problems()
        assert any(problem.field == f"{name}s" for problem in problems), name
        assert all(problem.file and problem.fix for problem in problems)


@pytest.mark.parametrize("wrong", [True, 7, 7.5, "word", [], [1], ["x"], {}, {"a": 1}, ""])
def test_every_wrong_type_anywhere_is_a_listed_problem(folder, wrong):
    """Each field of a parameter, at every depth, is replaced in turn."""
    folder.parameter()
    path = folder.root / "parameters/t_cell/effector_division_rate.yaml"
    data = yaml.safe_load(path.read_text())
    silent = 0
    listed = []
    for place in places(data):
        mutant = yaml.safe_load(path.read_text())
        inner = mutant
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = wrong
        copy = folder.root / "parameters/t_cell/mutant.yaml"
        copy.write_text(yaml.safe_dump(mutant | {"id": "t_cell/mutant"}, sort_keys=False))
        try:
            folder.load()
            silent += 1
        except CatalogueError as error:
            listed += error.problems
        copy.unlink()
    assert all(problem.file and problem.line and problem.fix for problem in listed)
    # Free text, optional fields and plain numbers accept some of these values.
    assert silent <= 12


def places(data, path=()):
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))
