"""The 22-state CAR-T problem: progenitor beside its peers, at matched error."""

__all__: list[str] = []
