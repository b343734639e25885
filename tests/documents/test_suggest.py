"""A refused name comes back with the nearest valid one."""

from progenitor.documents import dotted, suggestion


def test_the_nearest_name_comes_first_and_long_lists_are_cut():
    names = [f"step_{letter}" for letter in "abcdefghijklmnop"]
    text = suggestion("stepa", names)
    assert text.startswith("did you mean 'step_a'?")
    assert text.endswith("and 4 more")


def test_nothing_near_still_lists_what_is_known():
    assert suggestion("zzz", ["apheresis", "thaw"]) == "known: apheresis, thaw"


def test_dotted_root_is_empty():
    assert dotted(()) == ""
    assert dotted((0, "a", 1)) == "[0].a[1]"
