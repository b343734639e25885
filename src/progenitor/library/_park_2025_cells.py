"""CAR-T cells of the lupus model of Park 2025: subsets, stages and places, told once for all."""

from itertools import pairwise
from typing import Final

from progenitor.engine import Reaction, Rule

__all__ = ["PLACES", "STAGES", "SUBSETS", "binding", "car_t_cells", "engagement", "stages"]

SUBSETS: Final = ("cd8", "cd4")
PLACES: Final = ("blood", "marrow")
STAGES: Final = ("naive", "central", "memory", "effector")


def car_t_cells(subset: str, place: str) -> str:
    return "(" + " + ".join(f"{subset}_{stage}_{place}" for stage in STAGES) + ")"


def engagement(place: str) -> tuple[Rule, ...]:
    """Return free antigen, expansion and killing in a place."""
    cells = f"b_cells_{place}"
    bound = " + ".join(f"max({subset}_complexes_{place}, 0)" for subset in SUBSETS)
    free = f"max(antigens_per_b_cell*{cells} - ({bound}), 0)"
    return (
        Rule(f"free_antigen_{place}", free, "molecule/uL"),
        Rule(
            f"killing_{place}",
            f"killing_rate*({bound})/(half_killing*max({cells}, fewest_cells) + {bound})",
            "1/day",
        ),
        *(
            Rule(
                f"{subset}_expansion_{place}",
                f"{subset}_expansion_rate*max({subset}_complexes_{place}, 0)/"
                f"(half_expansion*max({car_t_cells(subset, place)}, fewest_cells)"
                f" + max({subset}_complexes_{place}, 0))",
                "1/day",
            )
            for subset in SUBSETS
        ),
    )


def binding(subset: str, place: str) -> tuple[Reaction, Reaction]:
    complexes = f"{subset}_complexes_{place}"
    free = f"max(receptors_per_car_t*{car_t_cells(subset, place)} - {complexes}, 0)"
    rate = f"association_rate/molecules_per_mole*{free}*free_antigen_{place}"
    return (
        Reaction(f"{complexes}_form", rate, {}, {complexes: 1}),
        Reaction(f"{complexes}_part", f"dissociation_rate*{complexes}", {complexes: 1}),
    )


def stages(subset: str) -> tuple[Reaction, ...]:
    """Return traffic, expansion, differentiation and loss of the cells of a subset."""
    found = []
    for stage in STAGES:
        blood, marrow = (f"{subset}_{stage}_{place}" for place in PLACES)
        out, back = f"leaving_rate*{blood}", f"returning_rate*{marrow}"
        found += [
            Reaction(f"{blood}_leave", out, {blood: 1}),
            Reaction(f"{marrow}_arrive", f"{out}*blood_volume/marrow_volume", {}, {marrow: 1}),
            Reaction(f"{marrow}_leave", back, {marrow: 1}),
            Reaction(f"{blood}_return", f"{back}*marrow_volume/blood_volume", {}, {blood: 1}),
        ]
        loss = "effector_loss_rate" if stage == "effector" else "memory_loss_rate"
        found.append(Reaction(f"{blood}_loss", f"{loss}*{blood}", {blood: 1}))
    for place in PLACES:
        for stage, following in pairwise(STAGES):
            old, new = f"{subset}_{stage}_{place}", f"{subset}_{following}_{place}"
            growth = f"{subset}_expansion_{place}*{old}"
            found.append(Reaction(f"{old}_expansion", growth, {old: 1}, {old: 2}))
            found.append(Reaction(f"{old}_matures", f"{stage}_rate*{old}", {old: 1}, {new: 1}))
    return tuple(found)
