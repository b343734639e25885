"""The local web app: a door on loopback, with no logic of its own."""

__all__: list[str] = []
