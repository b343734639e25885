"""The T-cell phenotypes a product is described by, and those a cytometer tells."""

from typing import Final

__all__ = ["MEMORY_PHENOTYPES", "PHENOTYPES"]

PHENOTYPES: Final = ("tscm", "tcm", "teff", "tex")
"""Stem memory (with naive), central memory, effector (with effector memory) and exhausted.

Surface definitions: CD45RA+CCR7+ (CD95+ for true stem memory), CD45RA-CCR7+, CCR7-, and CCR7- with
sustained PD-1/LAG-3/TIM-3 (dysfunctional).
"""

MEMORY_PHENOTYPES: Final = ("naive", "tscm", "tcm", "tem", "teff")
"""What CD45RA, CCR7 and CD95 tell apart.

CD45RA+CCR7+CD95- (naive), CD45RA+CCR7+CD95+ (stem memory), CD45RA-CCR7+ (central memory),
CD45RA-CCR7- (effector memory), CD45RA+CCR7- (effector).
"""
