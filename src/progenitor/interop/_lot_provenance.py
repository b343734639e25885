"""The genealogy of lots as W3C PROV, and as an RO-Crate others can read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from progenitor.errors import InputError, Problem
from progenitor.manufacture import Genealogy

__all__ = ["lot_provenance", "write_lot_crate"]

_PREFIX: Final = {"lot": "urn:progenitor:lot:", "step": "urn:progenitor:step:"}
_METADATA: Final = "ro-crate-metadata.json"
_MEDIA: Final = {
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/jsonlines",
}


def lot_provenance(genealogy: Genealogy) -> dict[str, Any]:
    """Return the log as PROV-JSON: batches are entities, operations activities, sites agents.

    Parameters
    ----------
    genealogy
        From :func:`progenitor.manufacture.load_genealogy`, or built.

    Examples
    --------
    >>> from progenitor.manufacture import Event
    >>> log = Genealogy().added(Event("LOT-1", ("COL-1",), "enrich", site="plant"))
    >>> document = lot_provenance(log)
    >>> sorted(document["entity"]), document["wasDerivedFrom"]["_:d0"]["prov:usedEntity"]
    (['lot:COL-1', 'lot:LOT-1'], 'lot:COL-1')
    """
    document: dict[str, Any] = {
        "prefix": dict(_PREFIX),
        "entity": {},
        "activity": {},
        "agent": {},
        "used": {},
        "wasGeneratedBy": {},
        "wasAssociatedWith": {},
        "wasDerivedFrom": {},
    }
    made: set[str] = set()
    for position, event in enumerate(genealogy.events):
        batch, activity = f"lot:{event.batch}", f"step:{position}"
        for name in (event.batch, *event.parents):
            document["entity"].setdefault(f"lot:{name}", {"prov:label": name})
        document["activity"][activity] = {
            "prov:label": event.operation,
            "step:day": event.day,
            "step:parameterHash": event.parameter_hash,
            "step:seal": genealogy.seals[position],
            **{f"step:{key.replace(' ', '_')}": value for key, value in event.measurement.items()},
            **({"step:recipient": event.recipient} if event.recipient else {}),
        }
        if event.site:
            agent = f"step:{event.site.replace(' ', '_')}"
            document["agent"].setdefault(agent, {"prov:label": event.site})
            document["wasAssociatedWith"][f"_:a{position}"] = {
                "prov:activity": activity,
                "prov:agent": agent,
            }
        sources = event.parents if event.batch not in made else (event.batch, *event.parents)
        for parent in sources:
            number = len(document["used"])
            document["used"][f"_:u{number}"] = {
                "prov:activity": activity,
                "prov:entity": f"lot:{parent}",
            }
        for parent in event.parents:
            document["wasDerivedFrom"][f"_:d{len(document['wasDerivedFrom'])}"] = {
                "prov:generatedEntity": batch,
                "prov:usedEntity": f"lot:{parent}",
            }
        if event.batch not in made:
            document["wasGeneratedBy"][f"_:g{position}"] = {
                "prov:entity": batch,
                "prov:activity": activity,
            }
        made.add(event.batch)
    return document


def write_lot_crate(
    folder: Path,
    genealogy: Genealogy,
    *,
    name: str,
    description: str,
    files: Mapping[str, str] | None = None,
) -> Path:
    """Write an RO-Crate 1.1: the log, its PROV and further files, with their descriptions.

    Parameters
    ----------
    folder
        Made if it is not there; files of the same name are replaced.
    genealogy
        What happened to the lots.
    name, description
        Of the crate.
    files
        Further files: name → text.

    Returns
    -------
    Path
        The metadata file.

    Raises
    ------
    InputError
        When a file would be written outside the folder or over the crate's own.
    """
    own = {
        "genealogy.json": json.dumps(
            [
                {"batch": event.batch, "operation": event.operation, "seal": seal}
                for event, seal in zip(genealogy.events, genealogy.seals, strict=True)
            ],
            indent=1,
        ),
        "provenance.json": json.dumps(lot_provenance(genealogy), indent=1, ensure_ascii=False),
    }
    problems = [
        Problem(f"a file of the crate cannot be called '{file}'", "use a plain name of its own")
        for file in files or {}
        if Path(file).name != file or file in {*own, _METADATA} or file.startswith(".")
    ]
    if problems:
        raise InputError(problems)
    content = {**own, **(files or {})}
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in content.items():
        (folder / file).write_text(text, encoding="utf-8")
    place = folder / _METADATA
    metadata = _metadata(name, description, tuple(sorted(content)))
    place.write_text(json.dumps(metadata, indent=1, ensure_ascii=False), encoding="utf-8")
    return place


def _metadata(name: str, description: str, files: tuple[str, ...]) -> dict[str, Any]:
    described = [
        {
            "@id": file,
            "@type": "File",
            "name": file,
            "encodingFormat": _MEDIA.get(Path(file).suffix, "text/plain"),
        }
        for file in files
    ]
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": _METADATA,
                "@type": "CreativeWork",
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": name,
                "description": description,
                "hasPart": [{"@id": file} for file in files],
            },
            *described,
        ],
    }
