"""The genealogy as PROV-JSON and RO-Crate: nothing lost, nothing dangling."""

import json
from pathlib import Path

import pytest

from progenitor.errors import InputError
from progenitor.interop import lot_provenance, write_lot_crate
from progenitor.manufacture import Event, Genealogy

LOG = Genealogy().added(
    Event("COL-1", (), "apheresis", "ab", "collection centre", 1.0, {"viable cells": 1e9}),
    Event("LOT-1", ("COL-1",), "enrich", "cd", "plant", 3.0),
    Event("LOT-1", ("VEC-1",), "transduce", "ef", "plant", 5.0),
    Event("LOT-1/1", ("LOT-1",), "take from bank", "", "plant", 9.0),
    Event("LOT-1/1", (), "infuse", "", "hospital", 12.0, {}, "Ada"),
)


def test_every_relation_points_at_something() -> None:
    document = lot_provenance(LOG)
    assert set(document["entity"]) == {"lot:COL-1", "lot:LOT-1", "lot:LOT-1/1", "lot:VEC-1"}
    for relation in ("used", "wasGeneratedBy", "wasDerivedFrom", "wasAssociatedWith"):
        for fact in document[relation].values():
            for key, value in fact.items():
                kind = {"entity": "entity", "generatedEntity": "entity", "usedEntity": "entity"}
                kind |= {"activity": "activity", "agent": "agent"}
                assert value in document[kind[key.removeprefix("prov:")]], (relation, fact)


def test_every_event_is_an_activity_with_its_seal() -> None:
    document = lot_provenance(LOG)
    assert [activity["step:seal"] for activity in document["activity"].values()] == list(LOG.seals)
    derived = {
        (fact["prov:generatedEntity"], fact["prov:usedEntity"])
        for fact in document["wasDerivedFrom"].values()
    }
    assert derived == {
        ("lot:LOT-1", "lot:COL-1"),
        ("lot:LOT-1", "lot:VEC-1"),
        ("lot:LOT-1/1", "lot:LOT-1"),
    }
    assert len(document["wasGeneratedBy"]) == 3  # once a batch, however often it is treated


def test_prov_is_plain_json() -> None:
    assert json.loads(json.dumps(lot_provenance(LOG))) == lot_provenance(LOG)


def test_crate_describes_every_file(tmp_path: Path) -> None:
    place = write_lot_crate(
        tmp_path / "crate", LOG, name="Lots", description="Demo", files={"a.html": "<p>é</p>"}
    )
    graph = {item["@id"]: item for item in json.loads(place.read_text("utf-8"))["@graph"]}
    assert graph["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    parts = {part["@id"] for part in graph["./"]["hasPart"]}
    on_disk = {file.name for file in place.parent.iterdir()} - {place.name}
    assert parts == on_disk == {"a.html", "genealogy.json", "provenance.json"}
    assert graph["a.html"]["encodingFormat"] == "text/html"


def test_crate_stays_in_its_folder(tmp_path: Path) -> None:
    files = {"../out.html": "", "provenance.json": "", ".hidden": "", "fine.html": ""}
    with pytest.raises(InputError) as caught:
        write_lot_crate(tmp_path / "crate", LOG, name="", description="", files=files)
    assert len(caught.value.problems) == 3
    assert not (tmp_path / "crate").exists()
