r"""Lymphodepleting chemotherapy and the host lymphocytes that grow back after it.

.. math::

    D' = -k_e D, \qquad
    N' = r_N N \ln\frac{K_N}{N + C} - k_{LD} D N

:math:`D` counts conditioning doses still acting, :math:`N` host T lymphocytes and :math:`C` CAR-T
cells in blood and lymphoid tissue, which share one capacity :math:`K_N` (Gompertz competition,
Kimmel 2021, doi:10.1098/rspb.2021.0229; drug decay from Owens & Bozic 2021).
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Reaction, Rule, Species

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="lymphodepletion",
    parameters=(
        "host/lymphocyte_regrowth_rate",
        "host/lymphocyte_capacity",
        "host/lymphocytes_at_enrolment",
        "host/t_cell_distribution_volume",
        "lymphodepletion/decay_rate",
        "lymphodepletion/lymphocyte_kill_rate",
    ),
    species=(
        Species("lymphodepletion", "1"),
        Species("lymphocytes", "cell", initial="lymphocytes_at_enrolment"),
        Species("tscm_blood", "cell"),
        Species("tcm_blood", "cell"),
        Species("teff_blood", "cell"),
        Species("tex_blood", "cell"),
    ),
    rules=(Rule("car_t_circulating", "tscm_blood + tcm_blood + teff_blood + tex_blood", "cell"),),
    reactions=(
        Reaction(
            "conditioning_decay",
            "decay_rate * lymphodepletion",
            reactants={"lymphodepletion": 1},
        ),
        Reaction(
            "lymphocyte_regrowth",
            "lymphocyte_regrowth_rate * lymphocytes"
            " * log(lymphocyte_capacity / (lymphocytes + car_t_circulating))",
            products={"lymphocytes": 1},
        ),
        Reaction(
            "lymphocyte_depletion",
            "lymphocyte_kill_rate * lymphodepletion * lymphocytes",
            reactants={"lymphocytes": 1},
        ),
    ),
    observables=(
        Observable(
            "lymphocytes_in_blood",
            "lymphocytes / t_cell_distribution_volume",
            "cell/uL",
            "Host T lymphocytes in blood",
        ),
    ),
)
