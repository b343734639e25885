"""The only reader of the catalogue: parameters, sources, trust and the ledger."""

__all__: list[str] = []
