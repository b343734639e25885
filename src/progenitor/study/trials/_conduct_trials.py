"""Every dose-finding and randomised trial of a study at once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, final

from progenitor.evidence import Catalogue
from progenitor.study._estimates import Table
from progenitor.study._schema import StudyFile
from progenitor.study.results import DoseFindingResult, RandomisedResult
from progenitor.study.trials._dose_finding import conduct_dose_findings
from progenitor.study.trials._randomised import conduct_randomised
from progenitor.study.trials._trial_weak import trial_weaknesses

__all__ = ["ConductedTrials", "conduct_trials"]


@final
class ConductedTrials(NamedTuple):
    """What the trials of a study show, in numbers and in words."""

    dose_findings: tuple[DoseFindingResult, ...]
    randomised: tuple[RandomisedResult, ...]
    headline: str
    weaknesses: tuple[str, ...]


def conduct_trials(
    file: StudyFile,
    seed: int,
    catalogue: Catalogue,
    tables: Mapping[str, Sequence[Table]],
) -> ConductedTrials:
    """Conduct every trial that is more than one arm at one dose.

    Parameters
    ----------
    file, seed, catalogue
        The study, its seed, and where its disease is described.
    tables
        Rows of each arm of the file, one table for each of its doses.
    """
    findings = conduct_dose_findings(file, seed, tables)
    single = {name: each[0] for name, each in tables.items()}
    disease = str(catalogue.entry("diseases", file.population.disease).data["title"])
    randomised = conduct_randomised(file, seed, single, disease=disease)
    said = [*(one.summary for one in findings), *(one.summary for one in randomised)]
    return ConductedTrials(
        findings,
        randomised,
        " ".join(said),
        trial_weaknesses(file, catalogue, findings, randomised),
    )
