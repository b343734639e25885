"""`progenitor design`: boundaries, operating characteristics and sample size of trial designs."""

from progenitor.cli.designs._group import design

__all__ = ["design"]
