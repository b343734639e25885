r"""Blood formation of bone-marrow CD34+ cells in culture (Wilson et al. 2020).

Every cell :math:`i` divides at rate :math:`\kappa_i`; a share :math:`\rho_i` of divisions makes two
of the same, the rest two cells of the next kind :math:`j`, shared out by :math:`\beta_{ij}`; only
the most mature cell of a line dies by itself:

.. math::

    X_i' = (2\rho_i - 1)\kappa_i X_i + \sum_k 2 (1 - \rho_k) \beta_{ki} \kappa_k X_k
    - (\delta_i + \chi_i) X_i

A drug at concentration :math:`c` first slows division and, where its total effect :math:`E_i` is
above 1, kills as well:

.. math::

    \kappa_i = \kappa_{i0}\Bigl(1 - \min(1, E_i)\frac{c}{e^{l_i} + c}\Bigr), \qquad
    \chi_i = \max(0, E_i - 1)\frac{c}{e^{l_i} + c}

Nearly all neutrophils of the inoculum stop dividing when the culture begins.

References
----------
Wilson JL, Lu D, Corr N, Fullerton A, Lu J. An in vitro quantitative systems pharmacology approach
for deconvolving mechanisms of drug-induced, multilineage cytopenias. PLoS Comput Biol
2020;16:e1007620, doi:10.1371/journal.pcbi.1007620; S1 Text and the deposited project.
"""

from typing import Final

from progenitor.engine import Event, Observable, Reaction, Rule, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "observed"]

_NEXT: Final = {
    "stem": {"multipotent": "1"},
    "multipotent": {
        "gmp": "to_gmp",
        "early_erythroid": "to_erythroid",
        "megakaryocytes": "to_megakaryocytes",
        "lymphoid_progenitors": "max(0, 1 - to_gmp - to_erythroid - to_megakaryocytes)",
    },
    "gmp": {"monocyte_progenitors": "to_monocytes", "granulocyte_progenitors": "1 - to_monocytes"},
    "monocyte_progenitors": {"monocytes": "1"},
    "granulocyte_progenitors": {"granulocytes": "1"},
    "granulocytes": {"neutrophils": "1"},
    "early_erythroid": {"late_erythroid": "1"},
}
"""Dividing cells that differentiate → what into, and which share."""
_MATURE: Final = ("monocytes", "neutrophils", "b_cells", "megakaryocytes", "late_erythroid")
_DIVIDING: Final = (*_NEXT, *_MATURE)
_CELLS: Final = (*_DIVIDING, "lymphoid_progenitors")


def _killing(cell: str, kind: str, death: str) -> Reaction:
    rate = f"({death} + max(0, emax_{kind} - 1)*effect_{kind}*one_per_day)*{cell}"
    return Reaction(f"death_{cell}", rate, {cell: 1}, {"dead": 1})


MODEL = PublishedModel(
    name="wilson_2020",
    reproduces="the authors' own simulation of fifteen cell counts without drug, on day 6",
    end="end",
    look="look",
    species=(
        *(Species(cell, "cell/mL", initial=f"start_{cell}") for cell in _CELLS),
        Species("quiescent", "cell/mL", title="Neutrophils that do not divide"),
        Species("dead", "cell/mL", initial="start_dead"),
    ),
    rules=(
        *(
            Rule(
                f"effect_{cell}",
                f"concentration/(one_nanomolar*exp(log_ec50_{cell}) + concentration)",
                "1",
            )
            for cell in _CELLS
        ),
        *(
            Rule(
                f"divisions_{cell}",
                f"division_rate_{cell}*(1 - min(1, emax_{cell})*effect_{cell})*{cell}",
                "cell/mL/day",
            )
            for cell in _DIVIDING
        ),
        Rule("living", " + ".join((*_CELLS, "quiescent")), "cell/mL"),
    ),
    reactions=(
        *(
            Reaction(f"renewal_of_{cell}", f"renewal_{cell}*divisions_{cell}", {}, {cell: 1})
            for cell in _NEXT
        ),
        *(
            Reaction(
                f"{cell}_to_{heir}",
                f"({share})*(1 - renewal_{cell})*divisions_{cell}",
                {cell: 1},
                {heir: 2},
            )
            for cell, heirs in _NEXT.items()
            for heir, share in heirs.items()
        ),
        *(Reaction(f"division_of_{cell}", f"divisions_{cell}", {}, {cell: 1}) for cell in _MATURE),
        Reaction(
            "lymphopoiesis",
            "lymphoid_rate*lymphoid_progenitors",
            {"lymphoid_progenitors": 1},
            {"b_cells": 1},
        ),
        *(_killing(cell, cell, "death_rate") for cell in _MATURE),
        _killing("quiescent", "neutrophils", "death_rate"),
        *(_killing(cell, cell, "0") for cell in (*_NEXT, "lymphoid_progenitors")),
    ),
    events=(
        Event(
            "split",
            "time >= split_time",
            {
                "quiescent": "quiescent_share*start_neutrophils",
                "neutrophils": "(1 - quiescent_share)*start_neutrophils",
            },
        ),
    ),
    observables=(
        *(Observable(f"count_{cell}", cell, "cell/mL") for cell in _CELLS if cell != "neutrophils"),
        Observable("count_neutrophils", "neutrophils + quiescent", "cell/mL"),
        Observable("count_dead", "dead", "cell/mL"),
        Observable("count_viable", "living", "cell/mL"),
        Observable("viability", "living/(living + dead)", "1"),
    ),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return every count and the viability on the last day, as the authors' simulation has them.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("wilson_2020", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_viability"], 2)
    0.85
    """
    del population  # a mean of six donors, no spread
    names = (name.replace("count_", "observed_") for name in typical.observables[:-1])
    last = {name: float(value) for name, value in zip(names, typical.values[0, -1], strict=False)}
    return {**last, "observed_viability": float(typical.of("viability")[0, -1])}
