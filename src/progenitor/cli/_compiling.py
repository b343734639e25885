"""Saying why the first use on a machine waits: the solver is being compiled."""

import logging
from typing import Final, final

import typer

__all__ = ["announce_compiling"]

_LONG: Final = "solve"
"""Functions of this name take long; others are compiled within a second."""


@final
class _Announcement(logging.Handler):
    """Says once on stderr that the solver is compiled."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.said = False

    def emit(self, record: logging.LogRecord) -> None:
        """Say it when the message is about a function that takes long."""
        if not self.said and _LONG in record.getMessage():
            self.said = True
            typer.echo("compiling the solver for this machine (once, about 20 s)", err=True)


def announce_compiling() -> None:
    """Tell a person who waits at a terminal when the solver has to be compiled first."""
    log = logging.getLogger("progenitor.engine._code_cache")
    for old in [handler for handler in log.handlers if isinstance(handler, _Announcement)]:
        log.removeHandler(old)
    log.addHandler(_Announcement())
    log.setLevel(logging.INFO)
