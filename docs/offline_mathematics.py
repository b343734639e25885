"""Formulas as MathML, which browsers draw themselves: the manual needs no script from elsewhere."""

import re
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
# What the converter does not know: hints of spacing and size, and another name for a sign it has.
HINTS = (
    r"\mathrel",
    r"\textstyle",
    r"\displaystyle",
    r"\big",
    r"\bigl",
    r"\bigr",
    r"\Big",
    r"\Bigl",
    r"\Bigr",
)
REPLACED = {**dict.fromkeys(HINTS, ""), r"\dots": r"\ldots ", r"\iff": r"\Leftrightarrow "}
FIRST, SECOND = re.compile(r"(<mtr>\s*)<mtd>"), re.compile(r"(</mtd>\s*)<mtd>")
COMMAND = re.compile(r"\\[A-Za-z]+")


def mathml(node: nodes.Element, text: str, *, as_block: bool) -> str:
    known = COMMAND.sub(lambda found: REPLACED.get(found[0], found[0]), text)
    try:
        return tex2mathml(known, as_block=as_block)
    except (AttributeError, MathError) as error:  # it trips over brackets that do not match
        LOGGER.warning("formula cannot be drawn: %s in %s", error, text, location=node)
        return f"<code>{text}</code>"


def inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(mathml(node, node.astext(), as_block=False))
    raise nodes.SkipNode


def display(translator: Any, node: nodes.math_block) -> None:
    text = node.astext()
    aligned = rf"\begin{{aligned}}{text}\end{{aligned}}" if r"\\" in text or "&" in text else text
    formula = mathml(node, aligned, as_block=True).replace("<mtable", '<mtable displaystyle="true"')
    if "ams-align" in formula:
        formula = FIRST.sub(r'\1<mtd style="text-align: right">', formula)
        formula = SECOND.sub(r'\1<mtd style="text-align: left">', formula)
    style = "margin: 1em 0; overflow: auto hidden; padding: 0.25em 0; text-align: center"
    translator.body.append(f'<div style="{style}">{formula}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("offline", (inline, None), (display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
