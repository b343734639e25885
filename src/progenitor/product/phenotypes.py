"""The T-cell phenotypes a product is described by."""

from typing import Final

__all__ = ["PHENOTYPES"]

PHENOTYPES: Final = ("tscm", "tcm", "teff", "tex")
"""Stem memory (with naive), central memory, effector (with effector memory) and exhausted.

Surface definitions: CD45RA+CCR7+ (CD95+ for true stem memory), CD45RA-CCR7+, CCR7-, and CCR7- with
sustained PD-1/LAG-3/TIM-3 (dysfunctional).
"""
