"""Strict YAML documents that remember the line of every field."""

__all__: list[str] = []
