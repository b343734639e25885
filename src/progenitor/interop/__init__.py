"""Readers and writers of other tools' formats: one format, one file."""

__all__: list[str] = []
