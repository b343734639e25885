"""The command group `progenitor design` and its commands."""

import typer

from progenitor.cli.designs.assurance import assurance
from progenitor.cli.designs.beta_difference import beta_difference
from progenitor.cli.designs.binom_ci import binom_ci
from progenitor.cli.designs.blrm import blrm
from progenitor.cli.designs.boin import boin
from progenitor.cli.designs.boin12 import boin12
from progenitor.cli.designs.bop2 import bop2
from progenitor.cli.designs.conditional_power import conditional_power
from progenitor.cli.designs.crm import crm
from progenitor.cli.designs.feasibility import feasibility
from progenitor.cli.designs.forecast_scores import forecast_scores
from progenitor.cli.designs.group_sequential import group_sequential
from progenitor.cli.designs.keyboard import keyboard, mtpi
from progenitor.cli.designs.predictive_probability import predictive_probability
from progenitor.cli.designs.simon import simon
from progenitor.cli.designs.skeleton import skeleton
from progenitor.cli.designs.survival_size import survival_size
from progenitor.cli.designs.three_plus_three import three_plus_three
from progenitor.cli.designs.tite_boin import tite_boin
from progenitor.cli.designs.tite_crm import tite_crm
from progenitor.cli.designs.toxicity_boundary import toxicity_boundary
from progenitor.cli.designs.toxicity_stop import toxicity_stop
from progenitor.cli.designs.two_proportions import two_proportions
from progenitor.cli.designs.voi import voi

__all__ = ["design"]

design = typer.Typer(
    help="Trial designs: boundaries, operating characteristics, sample size, protocol text.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

for _command in (
    assurance,
    beta_difference,
    binom_ci,
    blrm,
    boin,
    boin12,
    bop2,
    conditional_power,
    crm,
    feasibility,
    forecast_scores,
    group_sequential,
    keyboard,
    mtpi,
    predictive_probability,
    simon,
    skeleton,
    survival_size,
    three_plus_three,
    tite_boin,
    tite_crm,
    toxicity_boundary,
    toxicity_stop,
    two_proportions,
    voi,
):
    design.command()(_command)
