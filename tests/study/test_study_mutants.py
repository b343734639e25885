"""A thousand small accidents to the shipped study: each is refused by line and field, or harmless.

A mutant changes one leaf, key or line of the file. Accepting one silently would be a run of
something else than what was written.
"""

import random  # noqa: TID251 - chooses mutants from a stated seed
from pathlib import Path

import pytest
import yaml

from progenitor.errors import StudyError
from progenitor.evidence import default_catalogue
from progenitor.study import Study

SHIPPED = Path(__file__).parents[2] / "studies" / "tscm_vs_cart_dlbcl.yaml"
TEXT = "\n".join(
    line.split(" #")[0].rstrip()
    for line in SHIPPED.read_text(encoding="utf-8").splitlines()
    if not line.lstrip().startswith("#")
)
FREE_TEXT = {("title",), ("question", "of_interest"), ("question", "context_of_use")}
WRONG_NUMBERS = [None, -7, 1e99, True, "5", "2e6", "28 parsec", "-3 day"]
WRONG_VALUES = [*WRONG_NUMBERS, "nonsense", "", [], {}, [[1]], {"x": 1}]


def leaves(data, path=()):
    """Yield the path of every value that is neither mapping nor list."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key)


def mappings(data, path=()):
    """Yield the path of every mapping."""
    if isinstance(data, dict):
        yield path
        for key, value in data.items():
            yield from mappings(value, (*path, key))


def at(data, path):
    for part in path:
        data = data[part]
    return data


def complaints(text: str) -> list:
    try:
        Study.parse(text, path="mutant.yaml", catalogue=default_catalogue())
    except StudyError as error:
        return list(error.problems)
    return []


def problems(data) -> list:
    """What the study says is wrong, or nothing when it is accepted."""
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    found = complaints(text)
    for problem in found:
        assert 1 <= (problem.line or 0) <= text.count("\n")
        assert problem.fix
        assert problem.message
    return found


@pytest.fixture
def data():
    return yaml.safe_load(TEXT.replace("    null:", "    'null':"))


def test_the_unharmed_study_is_accepted(data):
    assert problems(data) == []


def test_every_wrong_value_is_refused_at_its_line(data):
    accepted, mutants = [], 0
    for path in list(leaves(data)):
        original = at(data, path)
        for wrong in WRONG_VALUES:
            at(data, path[:-1])[path[-1]] = wrong
            found = problems(data)
            mutants += 1
            if not found and not harmless(path, wrong):
                accepted.append((path, wrong))
            if found:
                assert any(path[0] in (problem.field or "") for problem in found), (path, wrong)
        at(data, path[:-1])[path[-1]] = original
    assert accepted == []
    assert mutants > 900


def harmless(path, wrong) -> bool:
    """Values that happen to be right where they stand."""
    if path in FREE_TEXT or path[-1] == "title":
        return isinstance(wrong, str) and bool(wrong)
    if path == ("study",):
        return wrong == "nonsense"
    if path[-1] == "report":
        return wrong is True
    return path[:3] == ("regimen", "lymphodepletion", "days") and wrong == "-3 day" and path[3] == 2


def test_every_misspelt_key_is_refused_and_the_right_one_suggested(data):
    generator = random.Random(20261121)
    for path in list(mappings(data)):
        if path in {("products",), ("arms",), ("trials",)}:
            continue
        section = at(data, path)
        for key in list(section):
            position = generator.randrange(len(key))
            wrong = key[:position] + "qz" + key[position + 1 :]
            renamed = {(wrong if name == key else name): value for name, value in section.items()}
            original = dict(section)
            section.clear()
            section.update(renamed)
            found = problems(data)
            assert any(wrong in (problem.field or "") for problem in found), (path, key)
            if len(key) > 3:
                assert any(f"'{key}'" in problem.fix for problem in found), (path, key)
            section.clear()
            section.update(original)


def test_every_missing_key_is_refused(data):
    optional = {"trials", "comparators", "outputs", "report", "solver", "engine", "precision"}
    for path in list(mappings(data)):
        section = at(data, path)
        for key in list(section):
            if key in optional or path in {("products",), ("trials",), ("arms",)}:
                continue
            value = section.pop(key)
            found = problems(data)
            assert any(key in (problem.field or "") for problem in found), (path, key)
            section[key] = value


def test_every_missing_product_or_arm_is_missed_where_it_is_named(data):
    for group, where in (("products", "arms."), ("arms", "trials.")):
        for name in list(data[group]):
            value = data[group].pop(name)
            found = problems(data)
            assert any((problem.field or "").startswith(where) for problem in found), (group, name)
            data[group][name] = value


def test_lines_with_scratches_never_end_in_a_traceback():
    generator = random.Random(7)
    lines = TEXT.splitlines()
    scratches = [
        "\t",
        "&x ",
        "*x",
        "!!int ",
        "- ",
        ": ",
        "{",
        "]",
        '"',
        "\x00",
        "%",
        "é",
        "---",
        "<<: ",
    ]
    for _ in range(300):
        row = generator.randrange(len(lines))
        column = generator.randrange(len(lines[row]) + 1)
        scratched = list(lines)
        scratched[row] = lines[row][:column] + generator.choice(scratches) + lines[row][column:]
        found = complaints("\n".join(scratched))
        assert all(problem.fix and problem.line for problem in found)
