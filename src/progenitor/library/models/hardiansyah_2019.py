r"""CAR-T cells, leukaemia and cytokines of two patients with CLL (Hardiansyah and Ng 2019).

Effector cells :math:`E` multiply on meeting leukaemia :math:`B`, kill it, exchange with tissue and
turn into memory :math:`M` when little leukaemia is left; cytokines follow both:

.. math::

    B' &= (r_B - d_B) B - K_{BC} E B, \qquad f = B/(B + h) \\
    E' &= r_E E B - d_E E - k_{in} E + k_{out} E_t - a_E (1 - f) E + a_M f M, \qquad
    E_t' = k_{in} E - k_{out} E_t \\
    M' &= (r_M - d_M) M - k_{in} M + k_{out} M_t + a_E (1 - f) E - a_M f M, \qquad
    M_t' = k_{in} M - k_{out} M_t \\
    \mathit{IL6}' &= d_6 (b_6 - \mathit{IL6}) + P_6 B E, \qquad
    \mathit{IL10}' = d_{10} (b_{10} - \mathit{IL10}) + P_{10} B E \\
    \mathit{IFN}' &= d_\gamma (b_\gamma - \mathit{IFN})
        + P_\gamma B E \Bigl(\alpha + \frac{(1 - \alpha)\,\beta}{\beta + \mathit{IL10}}\Bigr)

Paper versus code: equation 7 of the supplement prints :math:`a_E (1 - f) M` as the gain of memory,
which leaves it zero for ever; figure 1a and the text have :math:`E`, as here. The file that
BioModels holds under MODEL2009230001 is not this model and reproduces nothing of it.

References
----------
Hardiansyah D, Ng CM. Quantitative systems pharmacology model of chimeric antigen receptor T-cell
therapy. Clin Transl Sci 2019;12:343-349, doi:10.1111/cts.12636; supplement, equations 1 to 9,
tables S1 and S2.
"""

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._observed import level_on_day, peak
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

_PEAKS = ("car_t", "memory", "interleukin_6", "interleukin_10", "interferon_gamma")

OBSERVED_VARIANTS = {f"upn3_peak_{name}": "upn3" for name in _PEAKS}


def _traffic(kind: str) -> tuple[Reaction, Reaction]:
    """Return how cells of a kind leave blood for tissue and come back."""
    tissue = f"{kind}_in_tissue"
    return (
        Reaction(f"{kind}_leave", f"leaving_rate*{kind}", {kind: 1}, {tissue: 1}),
        Reaction(f"{kind}_return", f"returning_rate*{tissue}", {tissue: 1}, {kind: 1}),
    )


def _cytokine(name: str, effect: str) -> tuple[Reaction, Reaction]:
    """Return how a cytokine is made, at rest and where effectors meet leukaemia, and lost."""
    made = f"{name}_loss_rate*{name}_at_rest + {name}_rate*leukaemia*effector{effect}"
    return (
        Reaction(f"{name}_release", made, {}, {name: 1}),
        Reaction(f"{name}_loss", f"{name}_loss_rate*{name}", {name: 1}),
    )


MODEL = PublishedModel(
    name="hardiansyah_2019",
    reproduces="peaks of CAR-T cells and cytokines of patients UPN1 and UPN3 (figure 1b)",
    end="end",
    look="look",
    species=(
        Species("leukaemia", "cell", initial="leukaemia_at_start"),
        *(Species(name, "cell") for name in ("effector", "effector_in_tissue")),
        *(Species(name, "cell") for name in ("memory", "memory_in_tissue")),
        *(Species(name, "pg/mL", initial=f"{name}_at_rest") for name in _PEAKS[2:]),
    ),
    rules=(
        Rule("plenty", "leukaemia/(leukaemia + half_plenty)", "1"),
        Rule(
            "restraint",
            "least_interferon"
            " + (1 - least_interferon)*half_restraint/(half_restraint + interleukin_10)",
            "1",
        ),
    ),
    reactions=(
        Reaction("growth", "leukaemia_growth_rate*leukaemia", {"leukaemia": 1}, {"leukaemia": 2}),
        Reaction("death", "leukaemia_death_rate*leukaemia", {"leukaemia": 1}),
        Reaction("killing", "killing_rate*effector*leukaemia", {"leukaemia": 1}),
        Reaction(
            "expansion", "expansion_rate*effector*leukaemia", {"effector": 1}, {"effector": 2}
        ),
        Reaction("effector_death", "effector_death_rate*effector", {"effector": 1}),
        Reaction("renewal", "memory_growth_rate*memory", {"memory": 1}, {"memory": 2}),
        Reaction("memory_death", "memory_death_rate*memory", {"memory": 1}),
        Reaction("rest", "rest_rate*(1 - plenty)*effector", {"effector": 1}, {"memory": 1}),
        Reaction("recall", "recall_rate*plenty*memory", {"memory": 1}, {"effector": 1}),
        *_traffic("effector"),
        *_traffic("memory"),
        *_cytokine("interleukin_6", ""),
        *_cytokine("interleukin_10", ""),
        *_cytokine("interferon_gamma", "*restraint"),
    ),
    observables=(
        Observable("car_t", "effector + memory", "cell", "CAR-T cells in blood"),
        Observable("memory", "memory", "cell", "memory CAR-T cells in blood"),
        Observable("leukaemia", "leukaemia", "cell", "CLL cells in blood"),
        *(Observable(name, name, "pg/mL") for name in _PEAKS[2:]),
    ),
    regimens=(
        Regimen("effector", ("dose", "first_share")),
        Regimen("effector", ("dose", "second_share"), ("second_infusion",)),
        Regimen("effector", ("dose", "third_share"), ("third_infusion",)),
    ),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number, whichever patient the run is of.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("hardiansyah_2019", patients=1, seed=1)
    >>> round(observed(one, one)["upn1_peak_interleukin_6"], -1)
    2740.0
    """
    peaks = {name: float(peak(population, name)[0][0]) for name in _PEAKS}
    days = ("upn1_leukaemia_day_50", "upn1_leukaemia_day_350")
    return {
        **{
            f"{patient}_peak_{name}": peaks[name] for patient in ("upn1", "upn3") for name in _PEAKS
        },
        **{name: level_on_day(typical, "leukaemia", name) for name in days},
    }
