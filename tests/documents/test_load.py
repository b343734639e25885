"""Documents keep their lines, and every problem in them is listed with its own."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from progenitor.documents import MAX_BYTES, Document, load_document
from progenitor.errors import InputError

STUDY = """\
# yaml-language-server: $schema=x.json
study: demo
arms:
  tscm:
    dose: "2e6 cell/kg"
    days: ["-5 day",
           "-4 day"]
visits:
- 28 day
- name: late
  day: 90
"""


def lines_of(error: InputError) -> list[int | None]:
    return [problem.line for problem in error.problems]


def test_every_field_knows_its_line():
    document = load_document(STUDY, name="s.yaml")
    assert document.line(("study",)) == 2
    assert document.line(("arms", "tscm", "dose")) == 5
    assert document.line(("arms", "tscm", "days", 1)) == 7
    assert document.line(("visits", 1, "day")) == 11
    assert document.line(("visits", 1, "nothing")) == 10
    assert document.line(("nothing", "at", "all")) == 2
    assert load_document("").line(("a",)) == 1


def test_all_problems_are_listed_in_order():
    text = "a: 1\nb: .nan\na: 2\nc: &x 3\nd: *x\ne: !!int 4\n<<: {f: 1}\n"
    with pytest.raises(InputError) as caught:
        load_document(text, name="s.yaml")
    assert lines_of(caught.value) == [2, 3, 4, 5, 6, 7]
    assert all(problem.file == "s.yaml" and problem.fix for problem in caught.value.problems)
    assert [problem.field for problem in caught.value.problems[:4]] == ["b", "a", "c", "d"]


def test_duplicates_name_the_first_line_and_are_found_at_any_depth():
    with pytest.raises(InputError, match=r"t:4: arms\[0\]\.dose: .* first given on line 2"):
        load_document("arms:\n  - dose: 1\n    n: 2\n    dose: 3\n", name="t")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb:\n\t- 2\n", 3, "tab"),
        ("a:\n\tb: 1\n\tc: 2\n", 2, "tab"),
        ('a: 1\nb: "never closed\nc: 3\n', 2, "quote"),
        ("a: 1\nb: 'never closed\n", 2, "quote"),
        ("a: [1, 2\nb: 3\n", 2, "bracket"),
        ("a: b: c\n", 1, "quotes"),
        ("a: 1\n  b: 2\n", 2, "quotes"),
        ("a: %x\n", 1, "quotes"),
        ("a: @x\n", 1, "quotes"),
        ("a\nb: 1\n", 2, "missing above"),
        ('a: "\\q"\n', 1, "backslash"),
        ("a: 1\n---\nb: 2\n", 2, "one document"),
        ("%YAML 1.1\n---\na: 1\n", 1, "%"),
        ("? [a, b]\n: 1\n", 1, "plain text"),
        ("'': 1\n", 1, "no name"),
        ("a: \x07\n", 1, "invisible"),
        ("a: \u2028b\n", 1, "invisible"),
    ],
)
def test_syntax_errors_point_at_the_line_and_say_what_to_do(text, line, words):
    with pytest.raises(InputError) as caught:
        load_document(text, name="s.yaml")
    first = caught.value.problems[0]
    assert first.line == line
    assert words in f"{first.message} {first.fix}"


def test_every_tab_is_listed():
    with pytest.raises(InputError) as caught:
        load_document("a:\n\tb: 1\n\tc: 2\n")
    assert lines_of(caught.value) == [2, 3]


def test_a_tab_that_indents_nothing_is_no_problem():
    assert load_document("a:\tb\nc: |\n  x\n  \ty\n").data == {"a": "b", "c": "x\n\ty\n"}


def test_files(tmp_path: Path):
    path = tmp_path / "s.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: \xc2\xb5\r\n")
    document = load_document(path)
    assert document == Document(str(path), {"a": 1, "b": "µ"}, {(): 1, ("a",): 1, ("b",): 2})
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(InputError, match=r"s.yaml:2: byte 0xff is not UTF-8"):
        load_document(path)
    with pytest.raises(InputError, match="is a folder"):
        load_document(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        load_document(tmp_path / "absent.yaml")
    with pytest.raises(InputError, match="name\\.yaml"):
        load_document(Path("bad\0name.yaml"), name="name.yaml")
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="larger than 1 MiB"):
        load_document(path)
    path.write_bytes(b"#" * MAX_BYTES)
    assert load_document(path).data is None


def test_a_string_is_always_text_and_never_a_path(tmp_path: Path):
    path = tmp_path / "s.yaml"
    path.write_text("a: 1")
    assert load_document(str(path)).data == str(path)


KEYS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]))
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63) + 1, 2**63 - 1), st.floats(allow_nan=False), TEXT
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=40)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_every_json_document_reads_as_json_reads_it(data):
    """YAML 1.2 contains JSON: the standard library's reader is the witness."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    expected = json.loads(text)
    if all(math.isfinite(number) for number in numbers_in(data)):
        assert load_document(text).data == expected
    else:
        with pytest.raises(InputError, match="not a finite number"):
            load_document(text)


def numbers_in(data):
    if isinstance(data, float):
        yield data
    elif isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from numbers_in(value)


@given(st.text(st.sampled_from("ab:-?[]{},&*!|>'\"%@`#~<0.e\t\n "), max_size=40))
def test_whatever_is_typed_is_read_or_refused_with_a_line(text):
    try:
        document = load_document(text, name="s.yaml")
        lines = [document.line(()), *document.lines.values()]
    except InputError as error:
        lines = [problem.line for problem in error.problems]
    assert lines
    assert all(line is not None and 1 <= line <= text.count("\n") + 1 for line in lines)
