r"""CAR-T, tumour burden and inflammation in B-ALL (Hanson et al. 2016).

Memory cells of the CD8 (:math:`C_m`) and CD4 (:math:`H_m`) kinds meet tumour :math:`B` and, the
more so the higher the inflammation :math:`I`, burst into :math:`2^n` effectors :math:`C_e, H_e`;
killing makes inflammation, which a drug :math:`D` takes away:

.. math::

    s &= I^2/(I^2 + b^2), & f &= \max(0,\; 1 - (B + C_e + C_m + H_e + H_m + L)/\ell) \\
    \dot C_e &= 2^n a_1 B C_m s (1 + a_2 H_e) - d_3 C_e, &
    \dot C_m &= r_2 C_m f - a_1 B C_m s (1 + a_2 H_e) \\
    \dot H_e &= 2^n a_3 B H_m s - d_4 H_e, & \dot H_m &= r_3 H_m f - a_3 B H_m s \\
    \dot L &= p_2 + r_4 L f - d_5 L, & \dot B &= r_1 B (1 - B/k) - d_1 B C_e \\
    \dot I &= p_0 + p_1 B (C_e + H_e) - d_2 I - D

The source counts hours; here are days.

References
----------
Hanson S, Grimes DR, Taylor-King JP et al. Toxicity management in CAR T cell therapy for B-ALL.
bioRxiv 2016, doi:10.1101/049908. Read: its abstract and BioModels BIOMD0000000837, whose unit,
cells per millilitre, does not fit 1,600 lymphocytes; cells per microlitre are assumed.
"""

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel

__all__ = ["MODEL", "observed"]


def _cells(name: str, title: str) -> Species:
    initial = f"{name}_at_start"
    return Species(name, "cell/uL", initial=initial, title=title, absolute_tolerance=1e-9)


MODEL = PublishedModel(
    name="hanson_2016",
    reproduces="the course of the curated file, and more inflammation in who carries more tumour",
    end="end",
    look="look",
    species=(
        _cells("effector", "CD8 effector CAR-T"),
        _cells("memory", "CD8 memory CAR-T"),
        _cells("helper", "CD4 effector CAR-T"),
        _cells("helper_memory", "CD4 memory CAR-T"),
        _cells("lymphocytes", "Other lymphocytes"),
        _cells("tumour", "Tumour"),
        Species("inflammation", "1", initial="inflammation_at_start", title="Inflammation"),
    ),
    rules=(
        Rule(
            "total",
            "tumour + effector + memory + helper + helper_memory + lymphocytes",
            "cell/uL",
        ),
        Rule("room", "max(1 - total/lymphocyte_capacity, 0)", "1"),
        Rule("inflamed", "hill(inflammation, half_inflammation, 2)", "1"),
        Rule("activation", "activation_rate*tumour*inflamed*(1 + help*helper)", "1/day"),
        Rule("helper_activation", "helper_activation_rate*tumour*inflamed", "1/day"),
        Rule("burst", "2**divisions", "1"),
    ),
    reactions=(
        Reaction("effector_burst", "burst*activation*memory", {}, {"effector": 1}),
        Reaction("activated", "activation*memory", {"memory": 1}),
        Reaction("effector_death", "effector_death_rate*effector", {"effector": 1}),
        Reaction("memory_renewal", "memory_renewal_rate*memory*room", {}, {"memory": 1}),
        Reaction("helper_burst", "burst*helper_activation*helper_memory", {}, {"helper": 1}),
        Reaction("helper_activated", "helper_activation*helper_memory", {"helper_memory": 1}),
        Reaction("helper_death", "helper_death_rate*helper", {"helper": 1}),
        Reaction(
            "helper_renewal", "helper_renewal_rate*helper_memory*room", {}, {"helper_memory": 1}
        ),
        Reaction("lymphocyte_source", "lymphocyte_source_rate", {}, {"lymphocytes": 1}),
        Reaction(
            "lymphocyte_renewal",
            "lymphocyte_renewal_rate*lymphocytes*room",
            {},
            {"lymphocytes": 1},
        ),
        Reaction("lymphocyte_death", "lymphocyte_death_rate*lymphocytes", {"lymphocytes": 1}),
        Reaction("growth", "growth_rate*tumour*(1 - tumour/tumour_capacity)", {}, {"tumour": 1}),
        Reaction("killing", "killing_rate*tumour*effector", {"tumour": 1}),
        Reaction("inflammation_source", "inflammation_source_rate", {}, {"inflammation": 1}),
        Reaction(
            "inflammation_by_killing",
            "inflammation_by_contact*tumour*(effector + helper)",
            {},
            {"inflammation": 1},
        ),
        Reaction("inflammation_loss", "inflammation_loss_rate*inflammation", {"inflammation": 1}),
        Reaction("suppression", "drug", {"inflammation": 1}),
    ),
    observables=(
        Observable("effector", "effector", "cell/uL", "CD8 effector CAR-T"),
        Observable("memory", "memory", "cell/uL", "CD8 memory CAR-T"),
        Observable("helper", "helper", "cell/uL", "CD4 effector CAR-T"),
        Observable("helper_memory", "helper_memory", "cell/uL", "CD4 memory CAR-T"),
        Observable("lymphocytes", "lymphocytes", "cell/uL", "Other lymphocytes"),
        Observable("tumour", "tumour", "cell/uL", "Tumour"),
        Observable("inflammation", "inflammation", "1", "Inflammation"),
    ),
)


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of every number of the source that is compared.

    The source's random patients are not published, so only the typical one is looked at.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("hanson_2016", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["observed_peak_inflammation"])
    168
    """
    del population
    return {
        "observed_peak_inflammation": float(typical.of("inflammation").max()),
        "observed_peak_effectors": float(typical.of("effector").max()),
        "observed_peak_helpers": float(typical.of("helper").max()),
        "observed_last_tumour": float(typical.of("tumour")[0, -1]),
    }
