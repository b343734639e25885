"""Trial designs, one per file: each says how a trial is conducted and decides in prose."""

from progenitor.trial.designs.blrm import Blrm
from progenitor.trial.designs.boin import Boin
from progenitor.trial.designs.boin12 import Boin12
from progenitor.trial.designs.bop2 import Bop2
from progenitor.trial.designs.crm import Crm
from progenitor.trial.designs.exact_binomial import ExactBinomial
from progenitor.trial.designs.group_sequential import GroupSequential
from progenitor.trial.designs.keyboard import Keyboard
from progenitor.trial.designs.mtpi import Mtpi
from progenitor.trial.designs.predictive_probability import PredictiveProbability
from progenitor.trial.designs.simon_two_stage import SimonTwoStage
from progenitor.trial.designs.three_plus_three import ThreePlusThree
from progenitor.trial.designs.tite_boin import TiteBoin
from progenitor.trial.designs.tite_crm import TiteCrm

__all__ = [
    "Blrm",
    "Boin",
    "Boin12",
    "Bop2",
    "Crm",
    "ExactBinomial",
    "GroupSequential",
    "Keyboard",
    "Mtpi",
    "PredictiveProbability",
    "SimonTwoStage",
    "ThreePlusThree",
    "TiteBoin",
    "TiteCrm",
]
