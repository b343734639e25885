"""How fast, always beside how accurately: numbers to compare releases by, never pass marks."""

__all__: list[str] = []
