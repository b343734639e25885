"""Unit operations, one a file; each module's ``STEP`` registers it under its name."""

__all__: list[str] = []
