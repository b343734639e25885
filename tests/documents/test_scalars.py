"""Plain scalars follow the YAML 1.2 core schema, and nothing that is not finite gets through."""

import pytest

from progenitor.documents import load_document
from progenitor.errors import InputError


def test_example_10_3_of_the_specification():
    """YAML 1.2.2, example "Core Tag Resolution", without its line of infinities."""
    text = (
        "A null: null\n"
        "Booleans: [ true, True, false, FALSE ]\n"
        "Integers: [ 0, 0o7, 0x3A, -19 ]\n"
        "Floats: [ 0., -0.0, .5, +12e03, -2E+05 ]\n"
    )
    assert load_document(text).data == {
        "A null": None,
        "Booleans": [True, True, False, False],
        "Integers": [0, 7, 58, -19],
        "Floats": [0.0, 0.0, 0.5, 12000.0, -200000.0],
    }


@pytest.mark.parametrize("word", [".inf", "-.Inf", "+.INF", ".NAN", ".nan", "NaN", "inf", "1e999"])
def test_what_is_not_finite_is_refused(word):
    with pytest.raises(InputError, match=r"s.yaml:2: dose: .* is not a finite number") as caught:
        load_document(f"a: 1\ndose: {word}\n", name="s.yaml")
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("word", [".nan", "NaN", "1e999"])
def test_in_quotes_it_is_text(word):
    assert load_document(f"word: '{word}'").data == {"word": word}


@pytest.mark.parametrize(
    "word",
    ["NO", "yes", "on", "Off", "y", "1_000", "12:30", "2026-11-21", "1e", "0b1", "+", ".", "1.2.3"],
)
def test_words_that_only_yaml_1_1_resolves_stay_text(word):
    assert load_document(f"word: {word}").data == {"word": word}


@pytest.mark.parametrize(
    ("word", "value"), [("1e3", 1000.0), ("2e6", 2e6), ("1E-5", 1e-5), ("007", 7), ("-.5", -0.5)]
)
def test_numbers(word, value):
    read = load_document(f"word: {word}").data["word"]
    assert read == value
    assert type(read) is type(value)


def test_huge_integers_are_refused_without_being_computed():
    with pytest.raises(InputError, match="too large"):
        load_document("seed: " + "9" * 100_000)
    assert load_document(f"seed: {2**63 - 1}").data == {"seed": 2**63 - 1}
