"""Living-cell models: mechanisms assembled into one model for a chassis, a disease and a host."""

from progenitor.body._assemble import Body, assemble
from progenitor.body._mechanism import Mechanism
from progenitor.body._mechanisms import all_mechanisms, find_mechanism
from progenitor.body._named_bodies import body_names, named_body

__all__ = [
    "Body",
    "Mechanism",
    "all_mechanisms",
    "assemble",
    "body_names",
    "find_mechanism",
    "named_body",
]
