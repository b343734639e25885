r"""From stem cells to granulocytes in a transplanted mouse (after Zheng et al. 2021).

Stem cells renew up to a capacity shared by host and donor, and feed a chain of kinds that are each
amplified while they pass an early and a late stage:

.. math::

    L_i' = r L_i - (r - 1/\tau_L)\frac{L_0 + L_1}{\bar L} L_i - L_i/\tau_L

Late multipotent progenitors (MPP) leave for the lymphoid line as well. Granulocyte-macrophage
progenitors (GMP) come at a rate of their own from late common myeloid progenitors (CMP), whose
usual way is the erythroid line. The host is conditioned at rest; the donor is what is given.

This is the myeloid line, which nothing else acts on, of a public model that scaled Zheng's man to a
mouse and added it.

References
----------
Zheng B et al. CPT Pharmacometrics Syst Pharmacol 2021, doi:10.1002/psp4.12638; repository
yuezheli/haematopoiesis. Chimerism: Boyer SW et al. Stem Cell Reports 2019, figure 1.
"""

from typing import Final

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._amplifying_stages import stage_reactions, stage_rules
from progenitor.library._observed import level_on_day
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

_KINDS: Final = ("st", "mpp", "cmp", "gmp")


def _line(who: str) -> tuple[Reaction, ...]:
    """Return what happens to cells of host or donor."""
    stem, blood = f"{who}_stem", f"{who}_granulocytes"
    made = [
        Reaction(f"{stem}_division", f"stem_division_rate*{stem}", products={stem: 1}),
        Reaction(
            f"{stem}_crowding",
            "(stem_division_rate - 1/stem_stay)"
            f"*(host_stem + donor_stem)/stem_capacity*{stem}",
            {stem: 1},
        ),
        Reaction(f"{stem}_exit", f"{stem}/stem_stay", {stem: 1}, {f"{who}_st_early": 1}),
        Reaction(
            f"{who}_to_gmp", f"to_gmp_rate*{who}_cmp_late", {f"{who}_cmp_late": 1},
            {f"{who}_gmp_early": 1},
        ),
        Reaction(
            f"{who}_to_lymphoid", f"to_lymphoid_rate*{who}_mpp_late", {f"{who}_mpp_late": 1}
        ),
        Reaction(f"{blood}_death", f"granulocyte_death_rate*{blood}", {blood: 1}),
    ]  # fmt: skip
    heirs = {"st": f"{who}_mpp_early", "mpp": f"{who}_cmp_early", "gmp": blood}
    for kind in _KINDS:
        made += stage_reactions(who, kind, heirs.get(kind, ""))
    return tuple(made)


def _cells(who: str) -> tuple[Species, ...]:
    """Return every kind of host, conditioned at rest, or of donor, as given."""
    kinds = [f"{kind}_{stage}" for kind in _KINDS for stage in ("early", "late")]
    given = {"stem": "given_stem", "mpp_early": "given_mpp", "gmp_early": "given_gmp"}
    if who == "donor":
        starts = {kind: given.get(kind, "0") for kind in ("stem", *kinds, "granulocytes")}
    else:
        starts = {kind: f"(1 - conditioning)*{kind}_rest" for kind in kinds}
        starts["stem"] = "(1 - conditioning)*stem_capacity"
        starts["granulocytes"] = "(1 - granulocyte_conditioning)*granulocytes_rest"
    return tuple(
        Species(f"{who}_{kind}", "cell", initial=start, absolute_tolerance=1e-6)
        for kind, start in starts.items()
    )


MODEL = PublishedModel(
    name="zheng_2021",
    reproduces="cells at rest; chimerism after stem cells; not the lasting graft of GMP",
    end="end",
    look="look",
    species=(*_cells("host"), *_cells("donor")),
    rules=(
        *stage_rules("st", inflow="stem_capacity/stem_stay"),
        *stage_rules("mpp", inflow="2*st_late_rest/st_late_stay", side="to_lymphoid_rate"),
        *stage_rules("cmp", inflow="2*mpp_late_rest/mpp_late_stay", side="to_gmp_rate"),
        *stage_rules("gmp", inflow="to_gmp_rate*cmp_late_rest"),
        Rule("granulocytes_rest", "2*gmp_late_rest/gmp_late_stay/granulocyte_death_rate", "cell"),
    ),
    reactions=(*_line("host"), *_line("donor")),
    observables=(
        Observable("chimerism", "donor_granulocytes/(host_granulocytes + donor_granulocytes)", "1"),
        Observable("donor_gmp", "donor_gmp_early + donor_gmp_late", "cell"),
        Observable(
            "granulocytes", "(host_granulocytes + donor_granulocytes)/blood_volume", "cell/uL"
        ),
        *(Observable(f"{k}_at_rest", f"{k}_early_rest + {k}_late_rest", "cell") for k in _KINDS),
        Observable("granulocytes_at_rest", "granulocytes_rest/blood_volume", "cell/uL"),
    ),
    inputs=frozenset({"first_day", "second_day", "third_day", "fourth_day"}),
)

OBSERVED_VARIANTS: Final = {
    "observed_mpp_graft_peak": "multipotent_progenitors",
    **{f"observed_stem_graft_day_{day}": "stem_cells" for day in ("16", "34", "61", "110")},
}
"""Which variant each reported number belongs to; the rest belong to the default."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number that is reported.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("zheng_2021", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_gmp"], -3)
    757000.0
    """
    del population  # mice of one strain, no spread
    days, share = typical.times[0], typical.of("chimerism")[0]
    grafts = {
        f"observed_gmp_graft_{name}": float(
            np.interp(typical.numbers[f"{name}_day"][0], days, share)
        )
        for name in ("first", "second", "third", "fourth")
    }
    stems = [name for name in OBSERVED_VARIANTS if "stem_graft" in name]
    return {
        **{f"observed_{kind}": float(typical.of(f"{kind}_at_rest")[0, 0]) for kind in _KINDS[1:]},
        "observed_granulocytes": float(typical.of("granulocytes_at_rest")[0, 0]),
        **grafts,
        **{name: level_on_day(typical, "chimerism", name) for name in stems},
        "observed_mpp_graft_peak": float(share.max()),
    }
