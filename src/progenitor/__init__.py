"""Progenitor: from the progenitor cell to the trial readout."""

__all__ = ["__version__"]

__version__ = "0.1.0"
