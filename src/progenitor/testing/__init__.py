"""Contract tests shipped to plug-in authors: mechanisms, steps, endpoints and designs."""

__all__: list[str] = []
