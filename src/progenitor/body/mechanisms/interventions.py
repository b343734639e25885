r"""What clinicians do, and when: every intervention is an event with its own time.

Fever, fluids, vasopressors and oxygen start when a latent vital crosses its threshold. Tocilizumab
follows hypotension or low-flow oxygen, steroids follow a vasopressor or high-flow oxygen, each
after a delay. Drugs decay exponentially:

.. math::

    c' = -k_c c, \qquad z' = -k_z z

Grades are read from these events (ASTCT consensus, Lee 2019, doi:10.1016/j.bbmt.2018.12.758), so
a treated reaction keeps its grade even when tocilizumab removes the fever.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Event, Reaction, Species

__all__ = ["MECHANISM"]

SUPPORT: Final = {
    "fever": "temperature > fever_threshold",
    "fluids": "arterial_pressure < fluid_threshold",
    "one_vasopressor": "arterial_pressure < vasopressor_threshold",
    "several_vasopressors": "arterial_pressure < several_vasopressors_threshold",
    "low_flow_oxygen": "oxygen_saturation < low_flow_threshold",
    "high_flow_oxygen": "oxygen_saturation < high_flow_threshold",
    "positive_pressure": "oxygen_saturation < positive_pressure_threshold",
}

MECHANISM: Final = Mechanism(
    name="interventions",
    parameters=(
        "cytokine/tocilizumab_delay",
        "cytokine/tocilizumab_loss_rate",
        "cytokine/steroid_delay",
        "cytokine/steroid_loss_rate",
        "vitals/fever_threshold",
        "vitals/fluid_threshold",
        "vitals/vasopressor_threshold",
        "vitals/several_vasopressors_threshold",
        "vitals/low_flow_threshold",
        "vitals/high_flow_threshold",
        "vitals/positive_pressure_threshold",
    ),
    species=(
        Species("tocilizumab", "1", absolute_tolerance=1e-6),
        Species("steroid", "1", absolute_tolerance=1e-6),
    ),
    reactions=(
        Reaction(
            "tocilizumab_loss", "tocilizumab_loss_rate * tocilizumab", reactants={"tocilizumab": 1}
        ),
        Reaction("steroid_loss", "steroid_loss_rate * steroid", reactants={"steroid": 1}),
    ),
    events=(
        *(Event(name, trigger) for name, trigger in SUPPORT.items()),
        Event(
            "tocilizumab_given",
            f"({SUPPORT['fluids']}) or ({SUPPORT['low_flow_oxygen']})",
            {"tocilizumab": "tocilizumab + 1"},
            delay="tocilizumab_delay",
        ),
        Event(
            "steroid_given",
            f"({SUPPORT['one_vasopressor']}) or ({SUPPORT['high_flow_oxygen']})",
            {"steroid": "steroid + 1"},
            delay="steroid_delay",
        ),
    ),
)
