"""Formulas as MathML, which browsers draw themselves: the manual needs no script from elsewhere."""

import re
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging


LOGGER = logging.getLogger(__name__)
# Spacing hints that MathML does without.
HINTS = re.compile(r"\\(mathrel|textstyle|displaystyle)(?![A-Za-z])")


def mathml(node: nodes.Element, text: str, *, as_block: bool) -> str:
    try:
        return tex2mathml(HINTS.sub("", text), as_block=as_block)
    except MathError as error:
        LOGGER.warning("formula cannot be drawn: %s in %s", error, text, location=node)
        return f"<code>{text}</code>"


def inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(mathml(node, node.astext(), as_block=False))
    raise nodes.SkipNode


def display(translator: Any, node: nodes.math_block) -> None:
    text = node.astext()
    aligned = rf"\begin{{aligned}}{text}\end{{aligned}}" if r"\\" in text else text
    translator.body.append(f'<div class="math">{mathml(node, aligned, as_block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("offline", (inline, None), (display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
