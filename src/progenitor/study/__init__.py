"""The study file, the wiring from donor to readout, and the resumable run store."""

__all__: list[str] = []
