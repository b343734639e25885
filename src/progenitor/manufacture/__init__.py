"""Unit operations, recipes and release: from a donor to a lot that may be given."""

__all__: list[str] = []
