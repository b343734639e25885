"""Pieces of Markdown that generated pages share."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table, or nothing when there are no rows."""
    body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    if not body:
        return []
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *body, ""]


def autodoc(module: str, *options: str) -> list[str]:
    """The fence that asks Sphinx for a module's docstrings."""
    flags = [f"   :{option}:" for option in (*options, "no-index")]
    return ["```{eval-rst}", f".. automodule:: {module}", *flags, "```"]
