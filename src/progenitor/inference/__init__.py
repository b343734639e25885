"""Calibration, virtual-population selection and sensitivity."""

from progenitor.inference._selection import Selection, select_draws

__all__ = ["Selection", "select_draws"]
