"""The log only grows, cannot be changed unseen, and answers who received what."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.evidence import default_catalogue
from progenitor.manufacture import (
    Batch,
    Event,
    Genealogy,
    append_genealogy,
    load_genealogy,
    load_recipe,
    lot_events,
    manufacture,
)


def log() -> Genealogy:
    """Two donors, one vector for both lots, and a lot with two bags."""
    return Genealogy().added(
        Event("COL-1", (), "apheresis"),
        Event("COL-2", (), "apheresis"),
        Event("LOT-1", ("COL-1", "VEC-1"), "transduce"),
        Event("LOT-2", ("COL-2", "VEC-1"), "transduce"),
        Event("LOT-1/1", ("LOT-1",), "fill"),
        Event("LOT-1/2", ("LOT-1",), "fill"),
        Event("LOT-1/1", (), "infuse", recipient="Ada"),
        Event("LOT-1/2", (), "infuse", recipient="Ben"),
        Event("LOT-2", (), "infuse", recipient="Cem"),
    )


@pytest.mark.parametrize(
    ("batch", "people"),
    [
        ("VEC-1", ("Ada", "Ben", "Cem")),
        ("COL-1", ("Ada", "Ben")),
        ("LOT-1/2", ("Ben",)),
        ("COL-2", ("Cem",)),
        ("nothing", ()),
    ],
)
def test_who_received_cells_from_this_lot(batch: str, people: tuple[str, ...]) -> None:
    assert log().recipients(batch) == people


def test_ancestors_and_descendants() -> None:
    assert log().ancestors("LOT-1/2") == ("COL-1", "LOT-1", "VEC-1")
    assert log().descendants("COL-1") == ("LOT-1", "LOT-1/1", "LOT-1/2")
    assert [event.operation for event in log().history("LOT-2")] == [
        "apheresis",
        "transduce",
        "infuse",
    ]


def test_a_batch_cannot_descend_from_itself() -> None:
    with pytest.raises(InputError, match="'COL-1' would descend from itself"):
        log().added(Event("COL-1", ("LOT-1/1",), "pool"))


def test_the_file_only_grows(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "genealogy.jsonl"
    append_genealogy(path, log().events[:4])
    before = path.read_bytes()
    append_genealogy(path, log().events[4:])
    assert path.read_bytes().startswith(before)
    assert load_genealogy(path) == log()


@pytest.mark.parametrize("change", ["edit", "drop", "swap"])
def test_a_changed_log_does_not_verify(change: str, tmp_path: Path) -> None:
    path = tmp_path / "genealogy.jsonl"
    append_genealogy(path, log().events)
    lines = path.read_text().splitlines()
    if change == "edit":
        lines[2] = lines[2].replace("COL-1", "COL-9")
    elif change == "drop":
        del lines[3]
    else:
        lines[0], lines[1] = lines[1], lines[0]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match="was changed"):
        load_genealogy(path)
    with pytest.raises(InputError, match="was changed"):
        append_genealogy(path, [Event("LOT-3", (), "enrich")])
    assert path.read_text() == "\n".join(lines) + "\n"


@pytest.mark.parametrize("line", ["not json", json.dumps({"batch": "x"}), "[]"])
def test_a_line_that_is_no_event_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "genealogy.jsonl"
    append_genealogy(path, log().events[:1])
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(InputError, match="not an event") as caught:
        load_genealogy(path)
    assert caught.value.problems[0].line == 2


@pytest.fixture(scope="module")
def batch() -> Batch:
    catalogue, lot = default_catalogue(), np.arange(8)
    recipe = load_recipe(catalogue, "car_gmp")
    records = {name: catalogue.parameter(name).used for name in recipe.parameter_ids}
    numbers = {name: np.full(8, used.median) for name, used in records.items() if used}
    numbers["manufacture/gmp_division_rate"][3] = 0.01
    return manufacture(recipe, numbers, seed=4, draw=np.zeros_like(lot), lot=lot)


def test_lots_write_their_own_genealogy(batch: Batch) -> None:
    people = {int(number): (f"patient {number}",) for number in batch.lot}
    made = Genealogy().added(*lot_events(batch, recipients=people, vector="VEC-7"))
    released = [int(n) for n in batch.lot[batch.product.released]]
    assert 3 not in released
    assert made.recipients("VEC-7") == tuple(f"patient {number}" for number in released)
    assert made.recipients("COL-3") == ()
    assert made.recipients(f"COL-{released[0]}") == (f"patient {released[0]}",)
    history = made.history(f"car_gmp-{released[0]}")
    assert [event.operation for event in history][:3] == ["collect", "isolate", "differentiate"]
    assert all(event.parameter_hash and event.site for event in history)
    assert all(later.day >= earlier.day for earlier, later in itertools.pairwise(history))
    certified = next(event for event in history if event.operation == "certify")
    assert {"viability", "purity", "car_fraction"} <= set(certified.measurement)


def test_a_stop_while_writing_leaves_the_log_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log.jsonl"
    append_genealogy(log, [Event("COL-1", (), "collect")])
    whole = log.read_bytes()

    def stopped(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        append_genealogy(log, [Event("lot-1", ("COL-1",), "enrich")])
    assert log.read_bytes() == whole
    assert [file.name for file in tmp_path.iterdir()] == ["log.jsonl"]
