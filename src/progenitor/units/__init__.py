"""Canonical units and the one place where they are converted."""

__all__: list[str] = []
