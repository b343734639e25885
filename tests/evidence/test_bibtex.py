"""Sources as BibTeX: braces balance, names are taken apart, nothing special is left bare."""

import re

import pytest

from progenitor.errors import CatalogueError
from progenitor.evidence import Source, bibtex, cited_sources, default_catalogue

TITLE = "50 % of cells & more_or_less"


def fields(entry: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+) = \{(.*)\},$", entry, re.MULTILINE))


def test_a_journal_gives_volume_and_pages() -> None:
    source = Source(
        "a_2019", TITLE, ("Able AB", "van Dyk C"), 2019, "J Cell 8(2):285-295", "10.1/x"
    )
    found = fields(bibtex(source))
    assert found["author"] == "Able, A. B. and van Dyk, C."
    assert found["title"] == r"{50 \% of cells \& more\_or\_less}"
    assert (found["journal"], found["volume"], found["pages"]) == ("J Cell", "8", "285--295")
    assert found["doi"] == "10.1/x"
    assert "url" not in found


@pytest.mark.parametrize(
    ("journal", "expected"),
    [
        ("Blood 134 (Supplement 1):2457", None),
        ("Frontiers in Immunology 12:718621", "718621"),
        ("Nat Med", None),
        ("Public repository radivot/myelo, revision ceca637", None),
    ],
)
def test_a_place_that_is_not_a_volume_stays_whole(journal: str, expected: str | None) -> None:
    found = fields(bibtex(Source("a", "T", ("Able A",), 2019, journal)))
    assert found.get("pages") == expected
    assert found["journal"] in journal


def test_groups_and_retractions() -> None:
    source = Source("a", "T", ("The Group of 2019",), 2019, "J", url="u", retracted=True)
    found = fields(bibtex(source))
    assert found["author"] == "{The Group of 2019}"
    assert (found["url"], found["note"]) == ("u", "Retracted")


def test_every_source_of_the_catalogue_is_an_entry() -> None:
    for source in default_catalogue().sources.values():
        entry = bibtex(source)
        entry = re.sub(r"  (url|doi) = .*\n", "", entry)  # addresses are taken as they are
        bare = re.sub(r"\\[&%$#_{}]", "", entry)
        assert bare.count("{") == bare.count("}"), source.id
        assert not re.search(r"[&%$#]", bare), source.id
        assert entry.startswith(f"@article{{{source.id},")


def test_sources_are_cited_once_in_order() -> None:
    catalogue = default_catalogue()
    sources = cited_sources(catalogue, catalogue.table("stein_2019").records)
    assert [source.id for source in sources] == ["stein_2019"]
    with pytest.raises(CatalogueError):
        cited_sources(catalogue, ["nothing/here"])
