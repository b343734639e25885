r"""CAR-macrophages and Raji lymphoma: a tumour with two fates (Xu and Liu 2025).

Tumour cells :math:`T` grow to a limit; macrophages :math:`M` eat them at a rate that saturates with
the number of either, and die:

.. math::

    \dot T = \rho T \Bigl(1 - \frac{T}{\beta}\Bigr) - \frac{\kappa T M}{1 + c_M M + c_T T},
    \qquad \dot M = -\delta M

For constant :math:`M` with :math:`\kappa M > \rho(1 + c_M M)` no tumour is stable, and so is, below
a critical :math:`M`, a large one: between them stands the smaller root of
:math:`\rho c_T T^2 + \rho(1 + c_M M - \beta c_T) T + \beta(\kappa M - \rho(1 + c_M M)) = 0`.

Paper versus code: the scripts call 4.131 eta and 2.02 gamma where they set them, and swap the names
inside the right-hand side, not in the curve of equilibria; but both use 4.131 with tumour cells and
2.02 with macrophages. Only so does one infusion of 7e9 fail against large tumours, as the need for
three says; with the other order (variant ``swapped``) it would do.

References
----------
Xu S, Liu M. J Theor Biol 2025, doi:10.1016/j.jtbi.2025.112263. Read: its abstract and the authors'
public scripts.
"""

from typing import Final

from progenitor.engine import Observable, Reaction, Species
from progenitor.library._population import Population
from progenitor.library._published_model import PublishedModel, Regimen

__all__ = ["MODEL", "OBSERVED_VARIANTS", "observed"]

MODEL = PublishedModel(
    name="xu_2025",
    reproduces="one infusion helps low burdens only; 5e9 a month for three months, or 7e9 every "
    "two months for six, suppress Raji whatever the burden",
    end="end",
    look="look",
    species=(
        Species("tumour", "cell/mL", initial="tumour_at_start", absolute_tolerance=1e-3),
        Species("macrophage", "cell/mL", title="CAR-macrophages", absolute_tolerance=1e-3),
    ),
    reactions=(
        Reaction("growth", "growth_rate*tumour*(1 - tumour/capacity)", {}, {"tumour": 1}),
        Reaction(
            "phagocytosis",
            "killing*tumour*macrophage"
            "/(1 + macrophage_saturation*macrophage + tumour_saturation*tumour)",
            {"tumour": 1},
        ),
        Reaction("death", "death_rate*macrophage", {"macrophage": 1}),
    ),
    observables=(
        Observable("tumour", "tumour", "cell/mL", "Raji cells"),
        Observable("macrophage", "macrophage", "cell/mL", "CAR-macrophages"),
    ),
    regimens=tuple(
        Regimen("macrophage", (f"{which}_dose", "per_volume"), (f"day_of_{which}_dose",))
        for which in ("first", "second", "third")
    ),
)

OBSERVED_VARIANTS: Final = {
    "observed_single_dose_helps_low_burden": "single_dose_low_burden",
    "observed_single_dose_fails_high_burden": "single_dose",
    "observed_two_monthly_suppresses": "two_monthly",
}
"""Which variant each reported outcome belongs to; the rest belong to the default."""


def observed(population: Population, typical: Population) -> dict[str, float]:
    """Return our value of what the paper reports: 1 where it is so.

    The model has no spread between patients, so only the typical one is looked at.

    Examples
    --------
    >>> from progenitor.library import simulate_population
    >>> one = simulate_population("xu_2025", patients=1, seed=1, typical=True)
    >>> observed(one, one)["observed_monthly_suppresses"]
    1.0
    """
    del population
    tumour = typical.of("tumour")[0]
    suppressed = float(tumour[-1] < 1)  # less than one cell in a millilitre
    return {
        "observed_single_dose_helps_low_burden": suppressed,
        "observed_single_dose_fails_high_burden": 1 - suppressed,
        "observed_monthly_suppresses": suppressed,
        "observed_two_monthly_suppresses": suppressed,
    }
