r"""Three tumour clones, with full, low and no antigen, grow towards one capacity.

.. math::

    T_i' = r\,(1 - \varepsilon b)\,\max\!\left(0, 1 - \frac{T^+ + T^{low} + T^-}{K}\right) T_i

As ``tumour_growth``, whose structural alternative it is, with cells of low antigen between the
two others; what moves cells between the clones is in ``antigen_loss`` and ``antigen_low_escape``.
All three are counted cell by cell once they are few. Bridging therapy that had stopped before the
first day does not slow growth.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Event, Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

CLONES: Final = ("tumour_positive", "tumour_low", "tumour_negative")

MECHANISM: Final = Mechanism(
    name="tumour_growth_clones",
    parameters=(
        "disease/tumour_at_enrolment",
        "disease/tumour_growth_rate",
        "disease/tumour_capacity",
        "disease/bridging_effect",
        "disease/antigen_negative_share",
        "antigen/antigen_low_share",
    ),
    inputs={"bridging_stop_day": "day"},
    species=(
        Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),
        Species(
            "tumour_low",
            "cell",
            initial="tumour_at_enrolment * antigen_low_share",
            countable=True,
        ),
        Species(
            "tumour_negative",
            "cell",
            initial="tumour_at_enrolment * antigen_negative_share",
            countable=True,
        ),
        Species("bridging", "1", initial="1"),
    ),
    rules=(
        Rule("tumour_cells", "tumour_positive + tumour_low + tumour_negative", "cell"),
        Rule(
            "net_growth_rate",
            "tumour_growth_rate * (1 - bridging_effect * bridging)"
            " * max(0, 1 - tumour_cells / tumour_capacity)",
            "1/day",
        ),
    ),
    reactions=tuple(
        Reaction(
            f"growth_of_{clone}",
            f"net_growth_rate * {clone}",
            reactants={clone: 1},
            products={clone: 2},
        )
        for clone in CLONES
    ),
    events=(
        Event(
            "bridging_stops",
            "time > bridging_stop_day",
            {"bridging": "0"},
            fires_at_start=True,
        ),
    ),
    observables=(
        Observable("tumour_cells_total", "tumour_cells", "cell", "Tumour cells"),
        Observable("tumour_cells_low", "tumour_low", "cell", "Antigen-low cells"),
        Observable("tumour_cells_negative", "tumour_negative", "cell", "Antigen-negative cells"),
    ),
)
