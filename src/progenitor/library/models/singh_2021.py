r"""BCMA CAR-T cells (bb2121) in blood and marrow, with receptors and markers (Singh et al. 2021).

Effectors :math:`E` and memory cells :math:`M` pass between blood and marrow; there CARs bind BCMA
to :math:`C` complexes, whose number per CAR-T cell drives expansion and per myeloma cell killing:

.. math::

    E_b' &= -k_{12} E_b + k_{21} E_m - k_e E_b, \qquad
    E_m' = k_{12} E_b - k_{21} E_m + (K - R_m) E_m, \qquad
    K = K_{max}\frac{C/T}{EC_{50} + C/T} \\
    M_b' &= -k_{12} M_b + k_{21} M_m - k_m M_b, \qquad
    M_m' = k_{12} M_b - k_{21} M_m + R_m E_m, \qquad T = (E_m + M_m)/V_m \\
    C' &= k_{on} (\rho_T T - C)(\rho_B B - C) - k_{off} C, \qquad
    B' = \Bigl(k_g - K_{kill}\frac{C/B}{KC_{50} + C/B}\Bigr) B \\
    P' &= p\,B_0 (B/B_0)^{\gamma} - k_p P \quad\text{for M-protein and for soluble BCMA}

Paper versus code: equation 18 of the supplement prints the killing as acting on the effectors; the
authors' Monolix code, as here, has it act on the tumour. :math:`k_{off}` is 2.39e-3 /s in the table
of this model and 2.39e-2 in another. The mouse and in-vitro models of the same table do not
reproduce their own figures and are not here.

References
----------
Singh AP, Chen W, Zheng X et al. Bench-to-bedside translation of chimeric antigen receptor (CAR) T
cells using a multiscale systems pharmacokinetic-pharmacodynamic model: a case study with anti-BCMA
CAR-T. CPT Pharmacometrics Syst Pharmacol 2021;10:362-376, doi:10.1002/psp4.12598.
"""

import numpy as np

from progenitor.engine import Observable, Reaction, Rule, Species
from progenitor.library._observed import trough
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

_DOSES = ("dose_50", "dose_150", "dose_450", "dose_800")
_MARKERS = ("m_protein", "soluble_bcma")

OBSERVED_VARIANTS = {
    symbol: dose for dose in _DOSES for symbol in (f"peak_{dose}", f"m_protein_nadir_{dose}")
}


def _traffic(kind: str, loss: str) -> tuple[Reaction, ...]:
    """Return how cells of a kind pass between blood and marrow and are lost from blood."""
    blood, marrow = f"{kind}_in_blood", f"{kind}_in_marrow"
    return (
        Reaction(f"{kind}_leave", f"leaving_rate*{blood}", {blood: 1}, {marrow: 1}),
        Reaction(f"{kind}_return", f"returning_rate*{marrow}", {marrow: 1}, {blood: 1}),
        Reaction(f"{kind}_loss", f"{loss}*{blood}", {blood: 1}),
    )


def _marker(name: str) -> tuple[Reaction, Reaction]:
    """Return how a marker is made by the tumour, by a power of what is left of it, and lost."""
    made = f"{name}_rate*tumour_at_start*(tumour/tumour_at_start)**{name}_power"
    return (
        Reaction(f"{name}_release", made, {}, {name: 1}),
        Reaction(f"{name}_loss", f"{name}_loss_rate*{name}", {name: 1}),
    )


MODEL = PublishedModel(
    name="singh_2021",
    reproduces="peaks that hardly depend on the dose and the fall of M-protein (figures 3 and 4)",
    end="end",
    look="look",
    species=(
        Species("effector_in_blood", "cell"),
        Species(
            "effector_in_marrow", "cell", initial="seed*marrow_volume", absolute_tolerance=1e-9
        ),
        Species("memory_in_blood", "cell"),
        Species("memory_in_marrow", "cell"),
        Species("complexes", "molecule/uL"),
        Species("tumour", "cell/uL", initial="tumour_at_start"),
        *(Species(m, "pg/uL", f"{m}_rate*tumour_at_start/{m}_loss_rate") for m in _MARKERS),
    ),
    rules=(
        Rule("car_t_in_marrow", "(effector_in_marrow + memory_in_marrow)/marrow_volume", "cell/uL"),
        Rule(
            "expansion",
            "expansion_rate*complexes/(half_expansion*car_t_in_marrow + complexes)",
            "1/day",
        ),
        Rule("killing", "killing_rate*complexes/(half_killing*tumour + complexes)", "1/day"),
    ),
    reactions=(
        *_traffic("effector", "effector_loss_rate"),
        *_traffic("memory", "memory_loss_rate"),
        Reaction(
            "expansion",
            "expansion*effector_in_marrow",
            {"effector_in_marrow": 1},
            {"effector_in_marrow": 2},
        ),
        Reaction(
            "conversion",
            "conversion_rate*effector_in_marrow",
            {"effector_in_marrow": 1},
            {"memory_in_marrow": 1},
        ),
        Reaction(
            "binding",
            "association_rate/molecules_per_mole*(receptors_per_car_t*car_t_in_marrow - complexes)"
            "*(antigens_per_tumour_cell*tumour - complexes)",
            {},
            {"complexes": 1},
        ),
        Reaction("parting", "dissociation_rate*complexes", {"complexes": 1}),
        Reaction("growth", "tumour_growth_rate*tumour", {"tumour": 1}, {"tumour": 2}),
        Reaction("killing", "killing*tumour", {"tumour": 1}),
        *(reaction for marker in _MARKERS for reaction in _marker(marker)),
    ),
    observables=(
        Observable(
            "level",
            "copies_per_cell*(effector_in_blood + memory_in_blood)/blood_volume",
            "copies/ug",
            "CAR transgene in blood",
        ),
        Observable("tumour", "tumour", "cell/uL", "myeloma cells in marrow"),
        *(
            Observable(f"{m}_change", f"{m}/({m}_rate*tumour_at_start/{m}_loss_rate) - 1", "1")
            for m in _MARKERS
        ),
    ),
    regimens=(Regimen("effector_in_blood", ("dose",)),),
)


def observed(population: Population, typical: Population) -> dict[str, float]:  # noqa: ARG001
    """Return our value of every number of the typical patient, whatever dose the run is of.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("singh_2021", patients=1, seed=1, typical=True)
    >>> round(observed(one, one)["peak_dose_450"], -3)
    36000.0
    """
    late = typical.times[0] > 1  # what was infused has left the blood
    level = float(np.max(typical.of("level")[0, late]))
    nadir = float(trough(typical, "m_protein_change")[0][0])
    return {f"peak_{dose}": level for dose in _DOSES} | {
        f"m_protein_nadir_{dose}": nadir for dose in _DOSES
    }
