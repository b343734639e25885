"""One published model, one file, named after its first author and year."""

__all__: list[str] = []
