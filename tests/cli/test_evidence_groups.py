"""`progenitor evidence`: counts of review states, and lists that published models do not flood."""

import json

import pytest

from progenitor.cli import main
from progenitor.evidence import Ledger, default_catalogue
from progenitor.study import answer_ids

STATES = {"assumed", "provisional", "checked", "disputed", "stale"}


def told(capfd, *words: str):
    assert main(["evidence", *words, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def library_ids() -> set[str]:
    return {name for table in default_catalogue().library.values() for name in table.records}


def test_counts_are_those_of_the_ledgers(capfd) -> None:
    catalogue = default_catalogue()
    counts = told(capfd, "audit")["counts"]
    groups = {
        "all": set(catalogue.parameters),
        "answer": set(answer_ids(catalogue)),
        "library": library_ids(),
        "own": set(catalogue.parameters) - library_ids(),
    }
    assert set(counts) == set(groups)
    for group, ids in groups.items():
        assert set(counts[group]) == STATES | {"in all"}
        assert counts[group]["in all"] == len(ids)
        assert sum(counts[group][state] for state in STATES) == len(ids)
        expected = Ledger.of(catalogue, ids).counts
        assert {state: counts[group][state] for state in STATES} == dict(expected)


def test_weak_numbers_come_with_what_leans_on_them(capfd) -> None:
    weak = told(capfd, "audit", "--most", "1000")["weak"]
    assert [row["leaning"] for row in weak] == sorted((r["leaning"] for r in weak), reverse=True)
    assert {row["trust"] for row in weak} == {"C", "D"}
    assert {row["id"] for row in weak} & library_ids()
    answer = told(capfd, "audit", "--of", "answer", "--most", "1000")["weak"]
    assert {row["id"] for row in answer} == {row["id"] for row in weak} & answer_ids(
        default_catalogue()
    )


def test_the_audit_prints_both_tables(capfd) -> None:
    assert main(["evidence", "audit", "--most", "2"]) == 0
    out = capfd.readouterr().out
    head = out.splitlines()[0]
    assert all(state in head for state in STATES)
    assert "numbers of published models" in out
    assert "why it is weak" in out


def test_published_models_do_not_flood_the_list(capfd) -> None:
    own = {row["id"] for row in told(capfd, "list")}
    assert not own & library_ids()
    assert own == set(default_catalogue().parameters) - library_ids()
    assert {row["id"] for row in told(capfd, "list", "--of", "library")} == library_ids()
    of_one = {row["id"] for row in told(capfd, "list", "stein_2019")}
    assert of_one == set(default_catalogue().table("stein_2019").records)
    assert main(["evidence", "list"]) == 0
    assert "--of library" in capfd.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("command", ["list", "audit"])
def test_an_unknown_group_names_the_nearest(command: str, capfd) -> None:
    assert main(["evidence", command, "--of", "libary"]) == 2
    assert "did you mean 'library'" in capfd.readouterr().err
