r"""Two tumour clones grow towards one capacity; bridging therapy slows them until infusion nears.

.. math::

    T^{\pm\prime} = r\,(1 - \varepsilon b)\,\max\!\left(0, 1 - \frac{T^+ + T^-}{K}\right) T^{\pm}

:math:`b` is one while bridging therapy is given. Both clones are counted cell by cell once they
are few, so cure and relapse are random events. Bridging therapy that had stopped before the first
day does not slow growth. Growth spans 0.01-0.5 /day in fits to large B-cell lymphoma (Kimmel 2021,
doi:10.1098/rspb.2021.0229, Table 1).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Event, Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

CLONES: Final = ("tumour_positive", "tumour_negative")

MECHANISM: Final = Mechanism(
    name="tumour_growth",
    parameters=(
        "disease/tumour_at_enrolment",
        "disease/tumour_growth_rate",
        "disease/tumour_capacity",
        "disease/bridging_effect",
        "disease/antigen_negative_share",
    ),
    inputs={"bridging_stop_day": "day"},
    species=(
        Species("tumour_positive", "cell", initial="tumour_at_enrolment", countable=True),
        Species(
            "tumour_negative",
            "cell",
            initial="tumour_at_enrolment * antigen_negative_share",
            countable=True,
        ),
        Species("bridging", "1", initial="1"),
    ),
    rules=(
        Rule("tumour_cells", "tumour_positive + tumour_negative", "cell"),
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
        Observable("tumour_cells_negative", "tumour_negative", "cell", "Antigen-negative cells"),
    ),
)
