"""Every structural alternative in the manual takes its place and keeps every promise of a body."""

import re
from functools import cache
from pathlib import Path

import pytest

from progenitor.body import all_mechanisms, assemble, body_names, named_body
from progenitor.evidence import default_catalogue
from progenitor.testing import BodyContract, promises

CATALOGUE = default_catalogue()
PAGE = Path(__file__).parents[2] / "docs" / "science" / "structural_alternatives.md"
INPUTS = {"bridging_stop_day": -5.0, "vector_copies_per_car_cell": 2.0}
ROW = re.compile(r"^\|[^|]*\| `(\w+)`[^|]*\| `(\w+)` \|[^|]*\| `([\w/]+)` \|$", re.MULTILINE)
LISTED = [match.groups() for match in ROW.finditer(PAGE.read_text("utf-8"))]


@cache
def contract(default: str, alternative: str, name: str) -> BodyContract:
    chassis, disease, host = name.split("/")
    body = assemble(
        CATALOGUE,
        chassis=chassis,
        disease=disease,
        host=host,
        alternatives={default: alternative},
    )
    return BodyContract.of(body, CATALOGUE, INPUTS)


def everywhere() -> list[tuple[str, str, str]]:
    """Each alternative in every chassis and host where it may stand, in one disease of each."""
    inside = {name: named_body(CATALOGUE, name).mechanisms for name in body_names(CATALOGUE)}
    found = {
        (default, alternative, chassis, host): (default, alternative, name)
        for default, alternative, _ in LISTED
        for name, parts in inside.items()
        if default in parts and alternative not in parts
        for chassis, _, host in [name.split("/")]
    }
    return sorted(set(found.values()) - set(LISTED))


@pytest.mark.slow
@pytest.mark.parametrize(("default", "alternative", "name"), everywhere())
def test_alternative_keeps_every_promise_wherever_it_may_stand(
    default: str, alternative: str, name: str
) -> None:
    """Those of the manual's table are in the fast suite, promise by promise."""
    for promise in promises(BodyContract):
        getattr(contract(default, alternative, name), promise)()


@pytest.mark.parametrize("promise", promises(BodyContract))
@pytest.mark.parametrize(("default", "alternative", "name"), LISTED)
def test_alternative_keeps(default: str, alternative: str, name: str, promise: str) -> None:
    getattr(contract(default, alternative, name), promise)()


@pytest.mark.parametrize(("default", "alternative", "name"), LISTED)
def test_alternative_takes_the_place_of_the_default(
    default: str, alternative: str, name: str
) -> None:
    plain = named_body(CATALOGUE, name).mechanisms
    changed = contract(default, alternative, name).body.mechanisms
    assert default in plain
    assert alternative not in plain
    assert changed == tuple(alternative if part == default else part for part in plain)


def test_the_manual_lists_every_row_of_its_table() -> None:
    """A row that the pattern above does not understand would not be tested."""
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(LISTED) == len(rows) - 1  # the header
    assert len(LISTED) >= 15
    assert {name for row in LISTED for name in row[:2]} <= set(all_mechanisms())
