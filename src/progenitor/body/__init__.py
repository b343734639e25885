"""Living-cell models: mechanisms assembled into one model for a chassis, a disease and a host."""

__all__: list[str] = []
