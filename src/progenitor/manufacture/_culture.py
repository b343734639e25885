r"""The growth of T cells in culture, linked to their divisions: one model for every recipe.

.. math::

    \mu_i &= \mu_{max} r_i\, f_i(c)\, A\, \max(0, 1 - \rho/\rho_{max})\,
              \frac{G}{K_G + G}\, \frac{1}{1 + L/K_L} \\
    \dot N_i &= [(2 p_i - 1) \mu_i - d_i - x_i] N_i + 2 (1 - p_{i-1}) \mu_{i-1} N_{i-1} \\
    p_i &= \mathrm{logistic}(\theta_i + \textstyle\sum_k \theta_k c_k - \theta_S S), \qquad
    \dot S = (u - S)/\tau_S, \qquad \dot A = k_A S (1 - A) - A/\tau_A

``N`` are naive, stem memory, central memory, effector memory and effector cells; a division renews
the stage with probability ``p`` and otherwise makes two cells of the next. Effector cells divide as
effectors. Effector memory and effector cells become dysfunctional at ``x = x_0 + x_S S``. ``u`` is
the CD3/CD28 stimulus given, ``S`` the signal, ``A`` activation, ``c`` cytokines and inhibitor
(0 = none, 1 = saturating), ``f`` their support of division (independent action), ``d`` death, which
rises with stimulation and with effector differentiation. A GSK3-beta inhibitor slows division while
it keeps cells from committing. The first division of a naive cell
commits it whatever the medium, so cytokines act on ``p`` from stem memory on. Glucose ``G`` and
lactate ``L`` follow perfusion of the vessel. Births and deaths are counted beside the cells.

Structure: division-linked differentiation with cytokine-dependent self-renewal, as in models of
haematopoiesis (Marciniak-Czochra 2009, doi:10.1089/scd.2008.0143); every number is a catalogue
record ``manufacture/*``.
"""

from itertools import pairwise
from typing import Final

from progenitor.engine import (
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)
from progenitor.evidence import Catalogue
from progenitor.manufacture._cell_state import STAGES
from progenitor.manufacture._step import Setting, address

__all__ = ["CULTURE_NUMBERS", "CULTURE_SETTINGS", "OBSERVED", "START", "culture_model"]

CULTURE_NUMBERS: Final = (
    "activation_decay_time",
    "activation_rate",
    "central_memory_self_renewal",
    "culture_death_rate",
    "dead_cell_lysis_rate",
    "early_division_ratio",
    "effector_memory_self_renewal",
    "exhaustion_rate",
    "glucose_half_saturation",
    "glucose_uptake",
    "gsk3b_inhibitor_self_renewal",
    "gsk3b_inhibitor_slowing",
    "il21_self_renewal",
    "il21_support_early",
    "il2_support_early",
    "il2_support_late",
    "il7_il15_self_renewal",
    "il7_il15_support_early",
    "il7_il15_support_late",
    "lactate_half_inhibition",
    "lactate_yield",
    "late_death_ratio",
    "late_division_ratio",
    "maximum_cell_density",
    "maximum_division_rate",
    "naive_self_renewal",
    "other_cell_division_rate",
    "pi3k_inhibitor_protection",
    "pi3k_inhibitor_self_renewal",
    "stem_memory_self_renewal",
    "stimulated_death_rate",
    "stimulated_exhaustion_rate",
    "stimulation_decay_time",
    "stimulation_differentiation",
)
"""Quantities of the culture model; each is the catalogue record ``manufacture/<quantity>``."""

CULTURE_SETTINGS: Final = (
    Setting("stimulus", "1"),
    Setting("interleukin_2", "1"),
    Setting("interleukin_7_15", "1"),
    Setting("pi3k_inhibitor", "1"),
    Setting("interleukin_21", "1", default=0.0),
    Setting("gsk3b_inhibitor", "1", default=0.0),
    Setting("culture_volume", "L"),
    Setting("perfusion_rate", "1/day"),
    Setting("glucose_feed", "mmol/L"),
)
"""What a recipe says about the medium and the vessel."""

START: Final = (*STAGES, "other", "dead", "stimulation", "activation")
"""Species whose start the lot decides; the model's parameter is ``<species>_at_start``."""

OBSERVED: Final = (*START, "born", "died", "glucose", "lactate")
"""Species reported; the observable is ``<species>_now``."""

_RENEWAL: Final = {
    "tn": "naive_self_renewal",
    "tscm": "stem_memory_self_renewal + commitment_shift",
    "tcm": "central_memory_self_renewal + commitment_shift",
    "tem": "effector_memory_self_renewal + commitment_shift",
}
_DIVISION: Final = {
    "tn": "early_division",
    "tscm": "early_division",
    "tcm": "memory_division",
    "tem": "late_division",
    "teff": "late_division",
}
_DEATH: Final = {
    "tn": "early_death",
    "tscm": "early_death",
    "tcm": "early_death",
    "tem": "late_death",
    "teff": "late_death",
    "tex": "late_death",
    "other": "early_death",
}
_EXHAUSTING: Final = ("tem", "teff")
_COUNTED: Final = (*STAGES, "other", "dead", "born", "died")


def culture_model(catalogue: Catalogue) -> Model:
    """Build the culture model with units from the catalogue.

    Parameters
    ----------
    catalogue
        Where units of ``manufacture/*`` are read.

    Raises
    ------
    CatalogueError
        If a record is missing.
    ModelError
        If units of records do not fit the equations.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> model = culture_model(default_catalogue())
    >>> [species.name for species in model.species][:5]
    ['tn', 'tscm', 'tcm', 'tem', 'teff']
    """
    records = [catalogue.parameter(address(quantity)) for quantity in CULTURE_NUMBERS]
    parameters = [
        ModelParameter(quantity, record.unit, record.title)
        for quantity, record in zip(CULTURE_NUMBERS, records, strict=True)
    ]
    parameters += [ModelParameter(setting.name, setting.unit) for setting in CULTURE_SETTINGS]
    parameters += [ModelParameter(f"{name}_at_start", _unit(name)) for name in START]
    species = [
        Species(
            name,
            _unit(name),
            initial=f"{name}_at_start" if name in START else _FRESH.get(name, "0"),
        )
        for name in OBSERVED
    ]
    observables = [Observable(f"{name}_now", name, _unit(name)) for name in OBSERVED]
    part = ReactionSet(
        "culture",
        species=tuple(species),
        parameters=tuple(parameters),
        reactions=(*_cell_reactions(), *_SIGNAL_REACTIONS, *_MEDIUM_REACTIONS),
        rules=_RULES,
        observables=tuple(observables),
    )
    return Model.build("t_cell_culture", [part])


def _unit(name: str) -> str:
    if name in _COUNTED:
        return "cell"
    return "mmol/L" if name in {"glucose", "lactate"} else "1"


def _cell_reactions() -> list[Reaction]:
    """Divisions, deaths, exhaustion and lysis of every stage."""
    reactions = []
    for stage, following in pairwise(STAGES):
        rate = f"{_DIVISION[stage]} * {stage}"
        if stage not in _RENEWAL:
            reactions.append(Reaction(f"{stage}_division", rate, {stage: 1}, {stage: 2, "born": 1}))
            continue
        renewal = f"1 / (1 + exp(-({_RENEWAL[stage]})))"
        reactions += [
            Reaction(f"{stage}_renewal", f"{renewal} * {rate}", {stage: 1}, {stage: 2, "born": 1}),
            Reaction(
                f"{stage}_differentiation",
                f"(1 - {renewal}) * {rate}",
                {stage: 1},
                {following: 2, "born": 1},
            ),
        ]
    reactions += [
        Reaction(f"{kind}_death", f"{rate} * {kind}", {kind: 1}, {"dead": 1, "died": 1})
        for kind, rate in _DEATH.items()
    ]
    reactions += [
        Reaction(f"{stage}_exhaustion", f"exhaustion * {stage}", {stage: 1}, {"tex": 1})
        for stage in _EXHAUSTING
    ]
    division = "other_cell_division_rate * environment * other"
    return [
        *reactions,
        Reaction("other_division", division, {"other": 1}, {"other": 2, "born": 1}),
        Reaction("lysis", "dead_cell_lysis_rate * dead", {"dead": 1}),
    ]


_FRESH: Final = {"glucose": "glucose_feed"}
_SIGNAL_REACTIONS: Final = (
    Reaction("stimulus_given", "stimulus / stimulation_decay_time", products={"stimulation": 1}),
    Reaction("stimulus_fades", "stimulation / stimulation_decay_time", {"stimulation": 1}),
    Reaction(
        "activation_rises",
        "activation_rate * stimulation * (1 - activation)",
        products={"activation": 1},
    ),
    Reaction("activation_fades", "activation / activation_decay_time", {"activation": 1}),
)
_MEDIUM_REACTIONS: Final = (
    Reaction("glucose_fed", "perfusion_rate * glucose_feed", products={"glucose": 1}),
    Reaction("glucose_washed", "perfusion_rate * glucose", {"glucose": 1}),
    Reaction("glucose_used", "glucose_use", {"glucose": 1}),
    Reaction("lactate_made", "lactate_yield * glucose_use", products={"lactate": 1}),
    Reaction("lactate_washed", "perfusion_rate * lactate", {"lactate": 1}),
)
_RULES: Final = (
    Rule("all_cells", " + ".join((*STAGES, "other")), "cell"),
    Rule("glucose_supply", "glucose / (glucose_half_saturation + glucose)", "1"),
    Rule("crowding", "max(0, 1 - all_cells / (maximum_cell_density * culture_volume))", "1"),
    Rule(
        "environment",
        "activation * crowding * glucose_supply / (1 + lactate / lactate_half_inhibition)",
        "1",
    ),
    Rule(
        "glucose_use", "glucose_uptake * all_cells / culture_volume * glucose_supply", "mmol/L/day"
    ),
    Rule(
        "early_support",
        "1 - (1 - il2_support_early * interleukin_2)"
        " * (1 - il7_il15_support_early * interleukin_7_15)"
        " * (1 - il21_support_early * interleukin_21)",
        "1",
    ),
    Rule(
        "late_support",
        "1 - (1 - il2_support_late * interleukin_2)"
        " * (1 - il7_il15_support_late * interleukin_7_15)",
        "1",
    ),
    Rule(
        "division",
        "maximum_division_rate * environment * (1 - gsk3b_inhibitor_slowing * gsk3b_inhibitor)",
        "1/day",
    ),
    Rule("early_division", "division * early_division_ratio * early_support", "1/day"),
    Rule("memory_division", "division * (early_support + late_support) / 2", "1/day"),
    Rule("late_division", "division * late_division_ratio * late_support", "1/day"),
    Rule(
        "commitment_shift",
        "il7_il15_self_renewal * interleukin_7_15 + pi3k_inhibitor_self_renewal * pi3k_inhibitor"
        " + il21_self_renewal * interleukin_21 + gsk3b_inhibitor_self_renewal * gsk3b_inhibitor"
        " - stimulation_differentiation * stimulation",
        "1",
    ),
    Rule("unprotected", "1 - pi3k_inhibitor_protection * pi3k_inhibitor", "1"),
    Rule(
        "early_death",
        "(culture_death_rate + stimulated_death_rate * stimulation) * unprotected",
        "1/day",
    ),
    Rule("late_death", "early_death * late_death_ratio", "1/day"),
    Rule(
        "exhaustion",
        "(exhaustion_rate + stimulated_exhaustion_rate * stimulation) * unprotected",
        "1/day",
    ),
)
