"""Strict YAML documents that remember the line of every field."""

from progenitor.documents._document import Document, dotted
from progenitor.documents._load import MAX_BYTES, load_document, read_document
from progenitor.documents._suggest import suggestion

__all__ = ["MAX_BYTES", "Document", "dotted", "load_document", "read_document", "suggestion"]
