"""Hostile documents are refused quickly and cheaply, whatever their shape."""

import time

import pytest

from progenitor.documents import MAX_BYTES, load_document
from progenitor.errors import InputError

SECONDS = 0.5
LAUGHS = "a: &a [lol]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join(['*' + chr(97 + level)] * 10)}]\n"
    for level in range(12)
)
BOMBS = {
    "billion laughs": LAUGHS,
    "deep brackets": "[" * (MAX_BYTES - 1),
    "deep braces": "{" * 100_000,
    "deep flow mappings": "{a: " * 100_000,
    "deep blocks": "".join(" " * level + "a:\n" for level in range(1200)),
    "deep dashes": "- " * 400_000,
    "deep questions": "? " * 400_000,
    "brackets on lines": "[\n" * 500_000,
    "duplicate keys": "a: 1\n" * 150_000,
    "many values": "- a\n" * 250_000,
    "many keys": "".join(f"k{number}: 1\n" for number in range(90_000)),
    "many deep values": "\n".join("- " * 30 + "a" for _ in range(15_000)),
    "many anchors": "- &a x\n" * 130_000,
    "many aliases": "- *a\n" * 180_000,
    "many documents": "---\n" * 200_000,
    "long key": "x" * 1000 + ": a",
    "unclosed quote": 'a: "' + "x" * (MAX_BYTES - 10),
    "long tag": "!" * (MAX_BYTES - 5),
    "long integer": "a: " + "9" * (MAX_BYTES - 10),
    "control characters": "\0" * (MAX_BYTES - 5),
    "tabs": "\t" * (MAX_BYTES - 5) + "a",
    "too large": "a" * (MAX_BYTES + 1),
    "too large in bytes": "µ" * (MAX_BYTES - 1),
    "lone surrogate": "a: \ud800",
}


@pytest.mark.parametrize("name", BOMBS)
def test_refused_in_time_with_a_short_message(name):
    start = time.process_time()
    with pytest.raises(InputError) as caught:
        load_document(BOMBS[name], name="bomb.yaml")
    assert time.process_time() - start < SECONDS
    assert 1 <= len(caught.value.problems) <= 101
    assert max(len(str(problem)) for problem in caught.value.problems) < 400


def test_forty_levels_are_read_and_forty_one_are_not():
    assert load_document("[" * 40 + "]" * 40).data
    with pytest.raises(InputError, match="deeper than 40"):
        load_document("[" * 41 + "]" * 41)
