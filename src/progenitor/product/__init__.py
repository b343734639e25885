"""The contract between making and giving: what a released lot is."""

__all__: list[str] = []
