"""Host cells of the lupus model of Park 2025, which chemotherapy holds up."""

from itertools import pairwise
from typing import Final

from progenitor.engine import Reaction

__all__ = ["CHAIN", "HOST", "host_t_cells", "neutrophil_chain"]

HOST: Final = ("cd4", "cd8")
CHAIN: Final = ("proliferating", "transit_one", "transit_two", "transit_three", "neutrophils")


def host_t_cells(kind: str) -> tuple[Reaction, ...]:
    """Return production and release of a host T cell, which chemotherapy holds up."""
    made = f"{kind}_release_rate*{kind}_precursors*(1 - {kind}_effect)"
    return (
        Reaction(f"{kind}_production", f"{kind}_production_rate", {}, {f"{kind}_precursors": 1}),
        Reaction(f"{kind}_release", made, {f"{kind}_precursors": 1}, {f"host_{kind}": 1}),
        Reaction(f"{kind}_loss", f"{kind}_loss_rate*host_{kind}", {f"host_{kind}": 1}),
    )


def neutrophil_chain() -> tuple[Reaction, ...]:
    """Return Friberg's chain of neutrophils, which chemotherapy holds up at its head."""
    head, last = CHAIN[0], CHAIN[-1]
    division = f"transit_rate*{head}*(1 - neutrophil_effect)*(neutrophils_at_rest/{last})**feedback"
    return (
        Reaction("neutrophil_division", division, {}, {head: 1}),
        *(
            Reaction(f"{old}_passes", f"transit_rate*{old}", {old: 1}, {new: 1})
            for old, new in pairwise(CHAIN)
        ),
        Reaction("neutrophil_loss", f"transit_rate*{last}", {last: 1}),
    )
