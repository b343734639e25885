"""What is weak about the trials of a study, in words."""

from collections.abc import Sequence
from typing import Final

from progenitor.evidence import Catalogue
from progenitor.study._schema import StudyFile
from progenitor.study.results import DoseFindingResult, RandomisedResult

__all__ = ["trial_weaknesses"]

_NEUROTOXICITY: Final = "neurotoxicity"
_FLAT: Final = 0.05
_ENOUGH: Final = 10_000


def trial_weaknesses(
    file: StudyFile,
    catalogue: Catalogue,
    findings: Sequence[DoseFindingResult],
    randomised: Sequence[RandomisedResult],
) -> tuple[str, ...]:
    """List what a reader must know of the trials before their answer, the worst first.

    Parameters
    ----------
    file, catalogue
        The study, and where its disease is described.
    findings, randomised
        Trials conducted.
    """
    said = [words for found in findings for words in _dose_finding(found, file, catalogue)]
    return (*said, *(_randomised(found) for found in randomised))


def _dose_finding(found: DoseFindingResult, file: StudyFile, catalogue: Catalogue) -> list[str]:
    disease = file.population.disease
    said = []
    if _NEUROTOXICITY not in catalogue.entry("diseases", disease).data.get("mechanisms", ()):
        said.append(
            f"Severe neurotoxicity (ICANS) is not among the toxicities of {found.name}: the "
            f"disease {disease} has no mechanism for it, so the true rate of toxicities is too low."
        )
    low, high = found.levels[0].toxicity.value, found.levels[-1].toxicity.value
    if abs(high - low) < _FLAT:
        said.append(
            f"The rate of toxicities moves only from {100 * low:.1f} to {100 * high:.1f} % between "
            "the lowest and the highest dose: expansion in the body, not the dose, makes the "
            "reaction, so a maximum tolerated dose is poorly defined and lots bind first."
        )
    each = found.virtual_patients / file.uncertainty.draws
    if each < _ENOUGH:
        error = 100 * (found.target * (1.0 - found.target) / each) ** 0.5
        said.append(
            f"What is true of a parameter draw rests on about {each:,.0f} infused virtual patients "
            f"(Monte Carlo error {error:.1f} points at the target), so which dose is right in a "
            "draw is itself uncertain; pooled over draws the error is in the table."
        )
    return said


def _randomised(found: RandomisedResult) -> str:
    return (
        f"In {found.name} progression is known at visits only, so times are tied and the log-rank "
        "test sees less than continuous follow-up would; entry is even over the accrual, nobody "
        "crosses over, and no one is lost to follow-up after infusion."
    )
