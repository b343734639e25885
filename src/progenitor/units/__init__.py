"""Canonical units and the one place where they are converted."""

from progenitor.units._dimension import Dimension
from progenitor.units._quantity import Quantity, convert, parse_quantity
from progenitor.units._unit import dimension, scale

__all__ = ["Dimension", "Quantity", "convert", "dimension", "parse_quantity", "scale"]
