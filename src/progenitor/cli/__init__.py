"""Thin command-line doors: parse arguments, call the packages below, print."""

__all__: list[str] = []
