"""Help texts whose examples stay as they are written."""

import inspect

__all__ = ["keep_examples"]


def keep_examples(text: str | None) -> str:
    r"""Mark indented paragraphs, so that they are not wrapped like prose.

    Parameters
    ----------
    text
        Docstring of a command.

    Examples
    --------
    >>> keep_examples("Do it.\n\nExamples:\n  progenitor do it").split("\n\n")[1][0]
    '\x08'
    """
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(
        f"\b\n{paragraph}" if "\n  " in paragraph else paragraph for paragraph in paragraphs
    )
