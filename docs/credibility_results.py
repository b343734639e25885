"""Simulates the scenes of the credibility page and keeps what they gave, with its hashes.

Run ``python docs/credibility_results.py`` after a change of catalogue or model: one to two minutes.
"""

import json
import math
from pathlib import Path
from typing import Any

from progenitor.evidence import Catalogue, default_catalogue
from progenitor.inference import load_fit, plain_fit_rows, predict_body

ROOT = Path(__file__).resolve().parent.parent
SCENES = ROOT / "studies" / "credibility"
RESULTS = ROOT / "docs" / "science" / "credibility.json"
COMMAND = "python docs/credibility_results.py"


def results(catalogue: Catalogue) -> dict[str, Any]:
    """What every scene gives, with the hash of what it was made with."""
    scenes = [scene(path, catalogue) for path in sorted(SCENES.glob("*.yaml"))]
    return {"command": COMMAND, "catalogue": catalogue.content_hash, "scenes": scenes}


def scene(path: Path, catalogue: Catalogue) -> dict[str, Any]:
    """One scene: published numbers beside those of the catalogue's medians."""
    file = load_fit(path, catalogue, fitted=False)
    return {
        "file": path.name,
        "title": file.title,
        "body": file.body_name,
        "model": file.body.model.content_hash,
        "patients": file.sampling.patients,
        "seed": file.seed,
        "rows": [plain(row) for row in plain_fit_rows(predict_body(file, catalogue))],
    }


def plain(value: Any) -> Any:
    """Numbers of six figures; those that are not finite become null."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def main() -> None:
    """Write the results beside the page."""
    found = results(default_catalogue())
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
