"""Calibration, virtual-population selection and sensitivity."""

__all__: list[str] = []
