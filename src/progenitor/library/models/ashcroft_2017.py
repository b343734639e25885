r"""Stem cells of host and donor competing for niches (Ashcroft, Manz and Bonhoeffer 2017).

Cells in niches divide and put the daughter into blood (rate :math:`\beta`), go there themselves
(:math:`d`), die there (:math:`\delta`) or settle in an empty niche; :math:`i` is host or donor:

.. math::

    n_i \xrightarrow{\beta_i} n_i + s_i, \qquad n_i \xrightarrow{d} s_i, \qquad
    s_i \xrightarrow{\delta} \emptyset, \qquad
    s_i \xrightarrow{a (N - n_1 - n_2)/N} n_i

With :math:`n^*` niches taken and :math:`s^*` cells in blood at rest, and a mean stay :math:`\ell`
in blood, :math:`\delta = \beta n^*/s^*`, :math:`d = s^*/(\ell n^*) - \beta` and
:math:`a = (1/\ell - \delta) N/(N - n^*)`.

A cell in blood dies with probability :math:`p = \delta/(\delta + a)` before it settles in an empty
marrow, so that few donor cells in niches are a birth–death process of rates :math:`\beta q`,
:math:`q = 1 - p`, and :math:`d p`. It dies out from one with probability
:math:`\phi = d p/(\beta q)`, and from one in blood with :math:`p + q\phi`.

References
----------
Ashcroft P, Manz MG, Bonhoeffer S. Clonal dominance and transplantation dynamics in hematopoietic
stem cell compartments. PLoS Comput Biol 2017;13:e1005803, doi:10.1371/journal.pcbi.1005803.
"""

from typing import Final

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]


def _line(who: str, division: str) -> tuple[Reaction, ...]:
    """Return what cells of host or donor do."""
    marrow, blood = f"{who}_marrow", f"{who}_blood"
    return (
        Reaction(f"{who}_division", f"{division}*{marrow}", products={blood: 1}),
        Reaction(f"{who}_leaving", f"leaving_rate*{marrow}", {marrow: 1}, {blood: 1}),
        Reaction(f"{who}_settling", f"settling_rate*empty*{blood}", {blood: 1}, {marrow: 1}),
        Reaction(f"{who}_death", f"death_rate*{blood}", {blood: 1}),
    )


MODEL = PublishedModel(
    name="ashcroft_2017",
    reproduces="chance and time for one donor cell to reconstitute an emptied mouse",
    end="end",
    look="look",
    species=(
        Species("host_marrow", "cell", initial="host_in_marrow", absolute_tolerance=1e-4),
        Species("host_blood", "cell", initial="host_in_blood", absolute_tolerance=1e-4),
        Species("donor_marrow", "cell", absolute_tolerance=1e-4),
        Species("donor_blood", "cell", initial="donor_in_blood", absolute_tolerance=1e-4),
    ),
    rules=(
        Rule("death_rate", "division_rate*marrow_at_rest/blood_at_rest", "1/day"),
        Rule(
            "leaving_rate", "blood_at_rest/(stay_in_blood*marrow_at_rest) - division_rate", "1/day"
        ),
        Rule(
            "settling_rate",
            "(1/stay_in_blood - death_rate)*niches/(niches - marrow_at_rest)",
            "1/day",
        ),
        Rule("empty", "(niches - host_marrow - donor_marrow)/niches", "1"),
        Rule("donor_division_rate", "(1 + donor_advantage)*division_rate", "1/day"),
    ),
    reactions=(*_line("host", "division_rate"), *_line("donor", "donor_division_rate")),
    observables=(
        Observable("donor_cells", "donor_marrow", "cell", "Donor cells in niches"),
        Observable("host_cells", "host_marrow", "cell", "Host cells in niches"),
        Observable(
            "chimerism",
            "(donor_marrow + donor_blood)/(host_marrow + host_blood + donor_marrow + donor_blood)",
            "1",
            "Share of donor cells",
        ),
        Observable("death", "death_rate", "1/day", "Death rate in blood"),
        Observable("leaving", "leaving_rate", "1/day", "Rate of leaving a niche"),
        Observable("settling", "settling_rate", "1/day", "Rate of settling when all is empty"),
    ),
    inputs=frozenset({"engrafted_level"}),
    stochastic=True,
)

OBSERVED_VARIANTS: Final = {
    "observed_engraftment": "one_donor_cell_slow",
    "observed_engraftment_fast": "one_donor_cell_fast",
    "observed_time_to_100": "one_donor_cell_slow",
    "observed_time_to_100_fast": "one_donor_cell_fast",
}
"""Which variant each reported number belongs to."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return the chance and the mean time of engraftment of one cell, in closed form.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population(
    ...     "ashcroft_2017", patients=1, seed=1, typical=True, variant="one_donor_cell_slow"
    ... )
    >>> round(observed(one, one)["observed_engraftment"], 4)
    0.9215
    """
    del population  # one mouse, no spread
    death, leaving, settling = (
        float(typical.of(name)[0, 0]) for name in ("death", "leaving", "settling")
    )
    division = float(typical.numbers["division_rate"][0])
    lost = death / (death + settling)
    birth, dying = division * (1.0 - lost), leaving * lost
    chance = (1.0 - lost) * (1.0 - dying / birth)
    days = _days_until(int(typical.numbers["engrafted_level"][0]), birth, dying)
    return {
        "observed_engraftment": chance,
        "observed_engraftment_fast": chance,
        "observed_time_to_100": days,
        "observed_time_to_100_fast": days,
    }


def _days_until(cells: int, birth: float, death: float) -> float:
    r"""Return the mean time from one cell to some, of birth–death processes that get there.

    With :math:`h_k = 1 - \phi^k` the step from :math:`k` to :math:`k + 1` takes
    :math:`e_k = h_k/(k \lambda h_{k+1}) + \phi\, e_{k-1} h_{k-1}/h_{k+1}` on average.
    """
    ratio, step, total = death / birth, 0.0, 0.0
    for k in range(1, cells):
        before, here, after = (1.0 - ratio**n for n in (k - 1, k, k + 1))
        step = here / (k * birth * after) + ratio * step * before / after
        total += step
    return total
