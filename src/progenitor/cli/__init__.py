"""The command line: thin doors to the packages below, one command per file."""

from progenitor.cli._app import main

__all__ = ["main"]
