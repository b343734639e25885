"""Models of reactions and events, ensemble simulation and random streams. It knows no biology."""

__all__: list[str] = []
