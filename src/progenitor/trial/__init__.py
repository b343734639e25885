"""Endpoints, designs, rules and the conduct of trials on an outcome bank."""

__all__: list[str] = []
