"""A small catalogue in a temporary folder that tests can bend."""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from progenitor.errors import CatalogueError, Problem
from progenitor.evidence import Catalogue

SOURCE = {
    "id": "stein_2019",
    "title": "Tisagenlecleucel model-based cellular kinetic analysis",
    "authors": "Stein AM, Grupp SA, Levine JE, Laetsch TW",
    "year": 2019,
    "journal": "CPT Pharmacometrics Syst Pharmacol 8:285-295",
    "doi": "10.1002/psp4.12388",
    "grade": "human-trial",
}
REPORTED = {
    "source": "stein_2019",
    "row": "KIN-008",
    "quantity": "Expansion doubling time",
    "value": 0.78,
    "unit": "day",
    "low": None,
    "high": None,
    "interval": None,
    "n": 90,
    "population": "paediatric/YA B-ALL",
    "locator": "Table 1",
    "how": "read",
    "second_reading": "confirmed",
}
PARAMETER = {
    "id": "t_cell/effector_division_rate",
    "title": "Division rate of effector CAR-T cells",
    "symbol": "p_E",
    "unit": "1/day",
    "role": "building",
    "reported": [REPORTED],
    "derivation": {"name": "rate_from_doubling_time", "arguments": {}},
    "used": {
        "distribution": "lognormal",
        "median": 0.889,
        "between_patient_cv": 0.3,
        "uncertainty_cv": 0.15,
    },
    "directness": {
        "species": "direct",
        "product": "direct",
        "setting": "direct",
        "indication": "direct",
    },
}


class Folder:
    """A catalogue folder: records are written as data and loaded as a whole."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, place: str, data: object) -> None:
        path = self.root / f"{place}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = data if isinstance(data, str) else yaml.safe_dump(data, sort_keys=False)
        path.write_text(text, encoding="utf-8")

    def parameter(self, name: str = "t_cell/effector_division_rate", **changes: object) -> None:
        """Write the usual parameter under a name with some fields changed; ``...`` removes one."""
        data = copy.deepcopy(PARAMETER) | {"id": name} | changes
        self.write(
            f"parameters/{name}", {key: value for key, value in data.items() if value != ...}
        )

    def source(self, name: str = "stein_2019", **changes: object) -> None:
        self.write(f"sources/{name}", SOURCE | {"id": name} | changes)

    def review(self, name: str = "t_cell/effector_division_rate", **changes: object) -> None:
        entry = {
            "source": "stein_2019",
            "value": 18.72,
            "unit": "h",
            "locator": "Table 1",
        } | changes
        review = {"parameter": name, "reviewer": "B", "date": "2026-11-20", "extractions": [entry]}
        self.write(f"reviews/{name}", review)

    def load(self) -> Catalogue:
        return Catalogue.load(self.root)

    def problems(self) -> tuple[Problem, ...]:
        with pytest.raises(CatalogueError) as caught:
            self.load()
        return caught.value.problems


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A catalogue with one source and no parameter."""
    made = Folder(tmp_path / "catalogue")
    made.source()
    return made


@pytest.fixture
def reported() -> Callable[..., dict[str, object]]:
    """A reported entry with some fields changed."""
    return lambda **changes: REPORTED | changes
