"""Writes the credibility page: published numbers and ours, fitted and predicted, side by side."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from manual_tables import table

from progenitor.body import named_body
from progenitor.evidence import Catalogue, default_catalogue
from progenitor.inference import READS

NEAR = (0.8, 1.25)
WITHIN_TWO = (0.5, 2.0)
HEAD = (
    "the number",
    "published",
    "ours",
    "ratio",
    "patients, 5–95 %",
    "published in it",
    "inside theirs",
    "if it is missed, why",
)
SCALES = (
    "**Grading scales.** Ours grades cytokine release as the ASTCT consensus does: fever, then",
    "what pressure and oxygen need. Hay 2017, on which its severity is built, and TRANSCEND graded",
    "by Lee 2014, JULIET by the Penn scale, which calls care in hospital grade 3; registries may",
    "mix scales. They are not interchangeable: a ratio between them measures more than the model.",
    "",
    "**Rows of the 5th or 95th percentile** set a published spread between patients beside ours:",
    "it is covered where the ratio is below 1 for the lower and above 1 for the upper.",
    "",
)
KINDS = {
    "predicted": "Predicted, never fitted",
    "building": "Building: the model was made with it",
}


def credibility_page(results: Path) -> str:
    """The page, from the results that ``credibility_results.py`` keeps."""
    found = json.loads(results.read_text("utf-8"))
    catalogue = default_catalogue()
    rows = [row for scene in found["scenes"] for row in scene["rows"]]
    lines = [
        "# Credibility: what was predicted and what was fitted",
        "",
        "Virtual patients at the medians of the catalogue beside published numbers. *Building*",
        "records, and what published models of the library report, shaped the model, so that",
        "agreement with them proves little; *verification* records were never fitted, and what the",
        "model makes of them is a prediction. Misses stand",
        "here with their cause where it is known ({doc}`how numbers are fitted </how_to/fit>`,",
        "{doc}`what was calibrated by hand </science/calibration>`).",
        "",
        *table(("records", "compared", "within 0.8–1.25", "within a factor of 2"), summary(rows)),
        "*Patients* are 5 to 95 % between virtual patients; *published in it* says whether the",
        "published number lies among them; *inside theirs* is the share of virtual patients within",
        "the published interval (half of them belong in an interquartile range; of a confidence",
        "interval nothing of the kind is expected). ▲ marks a ratio outside 0.8 to 1.25.",
        "",
    ]
    lines += SCALES
    for scene in found["scenes"]:
        lines += scene_lines(scene)
    return "\n".join([*lines, *made_with(found, catalogue)])


def summary(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """How many rows of each kind come near."""
    body = []
    for kind, title in KINDS.items():
        ratios = [
            row["ratio"] for row in rows if row["stands"] == kind and row["ratio"] is not None
        ]
        near, two = (
            sum(low <= ratio <= high for ratio in ratios) for low, high in (NEAR, WITHIN_TWO)
        )
        body.append((title, str(len(ratios)), str(near), str(two)))
    return body


def scene_lines(scene: Mapping[str, Any]) -> list[str]:
    """One body with its rows, predictions first."""
    lines = [
        f"## {scene['title']}",
        "",
        f"`{scene['body']}`, {scene['patients']} virtual patients, seed {scene['seed']};",
        f"`progenitor fit studies/credibility/{scene['file']} --predict` prints it again.",
        "",
    ]
    for kind, title in KINDS.items():
        rows = [row for row in scene["rows"] if row["stands"] == kind]
        if rows:
            lines += [f"### {title}", "", *table(HEAD, map(cells, rows))]
    return lines


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """One published number and ours."""
    unit, share = row["unit"], READS[row["read"]].kind == "share"
    published = amount(row["published"], unit, share=share)
    low, high = row["published_low"], row["published_high"]
    if low is not None and high is not None:
        bounds = f"{amount(low, '', share=share)}–{amount(high, '', share=share)}"
        published += f" ({row['interval']} {bounds})"
    ratio = row["ratio"]
    near = ratio is not None and NEAR[0] <= ratio <= NEAR[1]
    shown = "–" if ratio is None else f"{ratio:.2f}" if near else f"**{ratio:.2f}\u00a0▲**"
    first, last = row["patients"]
    spread = "–" if first is None else f"{figure(first)}–{figure(last)}"
    held = "–" if first is None else ("yes" if first <= row["published"] <= last else "**no**")
    inside = "–" if row["inside"] is None else f"{100 * row['inside']:.0f} %"
    name = f"{row['title']}<br>`{row['id']}`"
    ours = amount(row["ours"][1], unit, share=share)
    return name, published, ours, shown, spread, held, inside, row["note"]


def amount(value: float | None, unit: str, *, share: bool) -> str:
    """A share in per cent, or a number with its unit."""
    if value is None:
        return "–"
    if share:
        return f"{100 * value:.3g} %"
    return f"{figure(value)} {unit}".strip() if unit != "1" else figure(value)


def figure(value: float) -> str:
    """Three figures, plainly where that can be read."""
    if value == 0 or not 1e-3 <= abs(value) < 1e6:
        return f"{value:.3g}"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):.{max(digits, 0)}f}"


def made_with(found: Mapping[str, Any], catalogue: Catalogue) -> list[str]:
    """Whether the results are those of this catalogue and these models."""
    stale = [
        scene["body"]
        for scene in found["scenes"]
        if named_body(catalogue, scene["body"]).model.content_hash != scene["model"]
    ]
    same = found["catalogue"] == catalogue.content_hash and not stale
    lines = [
        "## Made with",
        "",
        f"Catalogue `{found['catalogue']}`; models "
        + ", ".join(f"`{scene['model'][:12]}`" for scene in found["scenes"])
        + f". Regenerate with `{found['command']}`.",
        "",
    ]
    if same:
        return [*lines, "Catalogue and models are those of this manual.", ""]
    changed = [f"catalogue (now `{catalogue.content_hash}`)"] * (
        found["catalogue"] != catalogue.content_hash
    )
    changed += [f"model of `{body}`" for body in stale]
    return [*lines, f"**Changed since these results were made: {', '.join(changed)}.**", ""]
