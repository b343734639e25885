"""The only reader of the catalogue: parameters, sources, trust and the ledger."""

from progenitor.evidence._audit import AuditRow, audit
from progenitor.evidence._bibtex import bibtex
from progenitor.evidence._catalogue import KINDS, Catalogue, default_catalogue
from progenitor.evidence._ledger import Ledger, LedgerRow, cite, cited_sources
from progenitor.evidence._parameter import (
    Derivation,
    Directness,
    Parameter,
    Reported,
    Used,
)
from progenitor.evidence._published import Published, published
from progenitor.evidence._published_table import PublishedTable
from progenitor.evidence._shipped_number import shipped_number
from progenitor.evidence._source import GRADES, Source
from progenitor.evidence._trust import trust_grade, widened_cv
from progenitor.evidence.derivations import DERIVATIONS, derive

__all__ = [
    "DERIVATIONS",
    "GRADES",
    "KINDS",
    "AuditRow",
    "Catalogue",
    "Derivation",
    "Directness",
    "Ledger",
    "LedgerRow",
    "Parameter",
    "Published",
    "PublishedTable",
    "Reported",
    "Source",
    "Used",
    "audit",
    "bibtex",
    "cite",
    "cited_sources",
    "default_catalogue",
    "derive",
    "published",
    "shipped_number",
    "trust_grade",
    "widened_cv",
]
