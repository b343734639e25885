r"""CD19 CAR-T cells (IM19) that burst on antigen, and B cells that return (Minucci et al. 2024).

Infused cells of each kind :math:`k` (CD8+, CD4+) are activated by the share :math:`f` of their CARs
that is bound, divide :math:`n` times into effectors, and leave a share of memory; CD8+ effectors
kill B cells :math:`B`, malignant or not; lymphocytes :math:`L` recover from lymphodepletion:

.. math::

    f &= \frac{A}{K_D + A}, \qquad A = \frac{a B}{V N_A}, \qquad
    I_k' = -f I_k/t_k - I_k/\tau_I \\
    E_k' &= 2^n f I_k/t_k - E_k/\tau_E, \qquad M_k' = m E_k/\tau_E - M_k/\tau_{M,k} \\
    B' &= \frac{\ln 2}{t_B} B - k_{kill} f E_{CD8} B, \qquad L' = (L_0 - L)/\tau_L

The paper follows free and bound receptors and activated cells as well, 25 quantities. Binding
(minutes to hours) and the divisions (5.4 h each) are fast against the cells, so here they are at
rest: this is the reduction of nlmixr2lib, and the delay of a day by the divisions is lost.

References
----------
Minucci S, Gruver S, Subramanian K, Renardy M. A multi-scale semi-mechanistic CK/PD model for CAR
T-cell therapy. Front Syst Biol 2024;4:1380018, doi:10.3389/fsysb.2024.1380018; sections 2.3 and
2.4, table S1.
"""

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._observed import peak
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

_KINDS = ("cd8", "cd4")
_PATIENTS = ("f0104", "f0109", "f0118", "f0126")

OBSERVED_VARIANTS = {
    symbol: patient
    for patient in _PATIENTS[1:]
    for symbol in (f"{patient}_peak", f"{patient}_time_of_peak")
}


def _course(kind: str) -> tuple[Reaction, ...]:
    """Return activation, divisions, memory and death of the cells of a kind."""
    infused, effector, memory = f"{kind}_infused", f"{kind}_effector", f"{kind}_memory"
    activated = f"bound/{kind}_activation_time*{infused}"
    dying = f"{effector}/effector_lifespan"
    return (
        Reaction(f"{kind}_activation", activated, {infused: 1}),
        Reaction(f"{kind}_divisions", f"2**divisions*{activated}", {}, {effector: 1}),
        Reaction(f"{infused}_death", f"{infused}/infused_lifespan", {infused: 1}),
        Reaction(f"{kind}_memory_making", f"memory_share*{dying}", {effector: 1}, {memory: 1}),
        Reaction(f"{effector}_death", f"(1 - memory_share)*{dying}", {effector: 1}),
        Reaction(f"{memory}_death", f"{memory}/{kind}_memory_lifespan", {memory: 1}),
    )


_CELLS = tuple(f"{kind}_{state}" for kind in _KINDS for state in ("infused", "effector", "memory"))
_INFUSED = "viable_share*dose_per_kg*weight"

MODEL = PublishedModel(
    name="minucci_2024",
    reproduces="CAR-T cells in blood of 13 patients (figure 2), against rxode2",
    end="end",
    look="look",
    species=(
        Species("cd8_infused", "cell", initial=f"{_INFUSED}*cd8_share"),
        Species("cd4_infused", "cell", initial=f"{_INFUSED}*(1 - cd8_share)"),
        *(Species(name, "cell") for name in _CELLS if not name.endswith("infused")),
        Species("tumour", "cell", initial="tumour_at_start", title="B cells, malignant or not"),
        Species(
            "lymphocytes", "cell", initial="(1 - depleted_share)*lymphocyte_level*blood_volume"
        ),
    ),
    rules=(
        Rule("antigen", "antigen_per_cell*tumour/(blood_volume*molecules_per_mole)", "mol/uL"),
        Rule("bound", "antigen/(half_binding + antigen)", "1"),
        Rule("car_t_in_blood", f"({' + '.join(_CELLS)})/blood_volume", "cell/uL"),
    ),
    reactions=(
        *_course("cd8"),
        *_course("cd4"),
        Reaction("growth", "log(2)/tumour_doubling_time*tumour", {"tumour": 1}, {"tumour": 2}),
        Reaction("killing", "killing_rate*bound*cd8_effector*tumour", {"tumour": 1}),
        Reaction(
            "recovery", "lymphocyte_level*blood_volume/lymphocyte_lifespan", {}, {"lymphocytes": 1}
        ),
        Reaction("lymphocyte_death", "lymphocytes/lymphocyte_lifespan", {"lymphocytes": 1}),
    ),
    observables=(
        Observable("car_t", "car_t_in_blood", "cell/uL", "CAR-T cells in blood"),
        Observable("tumour", "tumour", "cell", "B cells"),
        Observable("b_cell_share", "tumour/(tumour + lymphocytes)", "1", "share of lymphocytes"),
    ),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number, whichever patient the run is of.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("minucci_2024", patients=1, seed=1)
    >>> round(observed(one, one)["f0104_peak"])
    475
    """
    (level, _), (_, day) = peak(population, "car_t"), peak(typical, "car_t")
    found = {f"{patient}_peak": float(level[0]) for patient in _PATIENTS}
    return found | {f"{patient}_time_of_peak": float(day[0]) for patient in _PATIENTS}
