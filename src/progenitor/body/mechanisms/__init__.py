"""One mechanism per file; each file defines ``MECHANISM`` and is found by its name."""

__all__: list[str] = []
