"""Measured compositions that products of a study name: files read into the study itself."""

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from progenitor.documents import Document, read_document
from progenitor.engine import uniforms
from progenitor.errors import Problem
from progenitor.product import MeasuredComposition, ReleasedProduct
from progenitor.study._sections import Section

__all__ = ["Composition", "as_measured", "with_compositions"]

_NUMBERS: Final = 5
_KEYS: Final = ("quadrants", "stem_memory", "source")


@final
class Composition(Section):
    """A composition measured by flow cytometry, as `progenitor flow --composition` writes it."""

    quadrants: list[float] = Field(min_length=4, max_length=4)
    """Dirichlet numbers of CD45RA+CCR7+ (naive and stem memory), central memory, effector memory
    and effector cells; they add up to about as many events as leave the same doubt."""
    stem_memory: list[float] = Field(min_length=2, max_length=2)
    """Beta numbers of the CD95+ and the CD95- part of the CD45RA+CCR7+ cells."""
    source: str = ""
    """What was measured."""

    def measured(self) -> MeasuredComposition:
        """Return it as a product's."""
        return MeasuredComposition(tuple(self.quadrants), tuple(self.stem_memory), self.source)


def with_compositions(
    document: Document, text: str, folder: Path
) -> tuple[Document, str, tuple[Problem, ...]]:
    """Put measured compositions into a study in place of the files it names.

    Afterwards the study holds every number itself: its hash follows what was measured, and the copy
    in a run folder needs no other file.

    Parameters
    ----------
    document, text
        The study as read; names may be files beside it.
    folder
        Where it stands.

    Returns
    -------
    tuple
        The study with compositions, its text, and what is wrong with the files.
    """
    data = copy.deepcopy(document.data)
    products = data.get("products") if isinstance(data, dict) else None
    problems: list[Problem] = []
    lines = text.splitlines(keepends=True)
    for name, product in products.items() if isinstance(products, dict) else ():
        given = product.get("composition") if isinstance(product, dict) else None
        path = ("products", name, "composition")
        if isinstance(given, Mapping):
            problems += _wrong_numbers(document, path, given)
        if not isinstance(given, str):
            continue
        found = _read(document, path, folder / given, problems)
        product["composition"] = found
        at = document.line(path) - 1
        said = re.compile(r"(composition\s*:\s*)([\"']?)" + re.escape(given) + r"\2(?=\s|,|\}|$)")
        if found is not None and at < len(lines):
            flow = json.dumps(found)
            changed = said.sub(lambda match, flow=flow: match[1] + flow, lines[at], count=1)  # type: ignore[misc]
            if changed == lines[at]:
                fix = f"write 'composition: {given}' on one line"
                problems.append(document.problem(path, "the name stands on another line", fix))
            lines[at] = changed
    return replace(document, data=data), "".join(lines), tuple(problems)


def _read(
    document: Document, path: tuple[str, ...], file: Path, problems: list[Problem]
) -> dict[str, Any] | None:
    """Read one composition; note what is wrong with it."""
    fix = "write one with: progenitor flow FILE.fcs --composition NAME.yaml"
    if not file.is_file():
        problems.append(document.problem(path, f"there is no file {file}", fix))
        return None
    read, refused = read_document(file)
    data: Any = read.data if read is not None else None
    wrong = [problem.message for problem in refused]
    if not isinstance(data, dict):
        wrong.append("it holds no mapping")
    else:
        wrong += [f"unknown key '{key}'" for key in data if key not in _KEYS]
        wrong += [p.message for p in _wrong_numbers(document, path, data)]
    if wrong:
        problems.append(document.problem(path, f"{file}: {'; '.join(wrong)}", fix))
        return None
    return {key: data[key] for key in _KEYS if key in data}


def _wrong_numbers(
    document: Document, path: tuple[str, ...], given: Mapping[str, Any]
) -> list[Problem]:
    """List numbers that are not above 0, and lists of a wrong length."""
    problems = []
    for key, count in (("quadrants", 4), ("stem_memory", 2)):
        values = given.get(key)
        fine = isinstance(values, list) and len(values) == count
        if not fine or not all(_above_zero(value) for value in values or ()):
            fix = f"give {count} numbers above 0"
            problems.append(document.problem((*path, key), f"{key} is {values}", fix))
    return problems


def _above_zero(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < np.inf


def as_measured(
    lots: ReleasedProduct,
    composition: MeasuredComposition,
    *,
    seed: int,
    product: str,
    draw: Int[np.ndarray, " lot"],
) -> ReleasedProduct:
    """Give lots the composition that was measured.

    What is not known about it is one set of shares for each parameter draw, the same for all
    patients: it is one sample of one product that was measured.

    Parameters
    ----------
    lots
        As the recipe made them.
    composition
        What was measured.
    seed, product
        Key of the random streams.
    draw
        Parameter draw of each lot.
    """
    nobody = np.zeros_like(draw)
    chance: Float[np.ndarray, "number lot"] = np.stack(
        [
            uniforms(seed, f"measured composition:{product}:{number}", draw, nobody)
            for number in range(_NUMBERS)
        ]
    )
    return composition.applied_to(lots, chance)
