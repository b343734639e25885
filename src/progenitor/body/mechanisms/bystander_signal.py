r"""Macrophages of the graft carry a signal that wakes T cells beside them.

.. math::

    \Phi = \sigma\,\frac{F}{F + K_\Phi}\,\frac{T}{T + K_T}

:math:`\sigma` is 1 where the cells carry the signal and 0 where not, :math:`F` macrophages within
reach of the tumour. Host anti-tumour T cells multiply in proportion to it. CAR and signal together
controlled tumours better than either alone in mice; no effect size and not the signal's name could
be read (Shi 2026, doi:10.1016/j.cell.2026.05.043), so both constants are wide priors. The
structural alternative is ``bystander_none``.
"""

from typing import Final

from progenitor.body._mechanism import Mechanism
from progenitor.engine import Observable, Rule

__all__ = ["MECHANISM"]

MECHANISM: Final = Mechanism(
    name="bystander_signal",
    parameters=("macrophage/signal_half_macrophages", "macrophage/signal_half_tumour"),
    inputs={"signal": "1"},
    rules=(
        Rule(
            "bystander_signal",
            "signal * macrophages_in_reach / (macrophages_in_reach + signal_half_macrophages)"
            " * tumour_cells / (tumour_cells + signal_half_tumour)",
            "1",
        ),
    ),
    observables=(
        Observable("bystander_activation", "bystander_signal", "1", "Bystander activation"),
    ),
)
