"""What is weak about the trials of a study, in words."""

from collections.abc import Sequence
from typing import Final

from progenitor.evidence import Catalogue
from progenitor.study._schema import StudyFile
from progenitor.study.results import DoseFindingResult, RandomisedResult

__all__ = ["trial_weaknesses"]

_NEUROTOXICITY: Final = "neurotoxicity"
_FLAT: Final = 0.05
_CARRIED_OVER: Final = (
    "Neurotoxicity has the numbers of B-ALL and myeloma (FELIX and real-world cilta-cel): no rate "
    "in lymphoma was fitted, so its frequency here is a prediction. The same brain is assumed; "
    "that CD28 products harm it more often than 4-1BB products at equal interleukin-6 is not in it."
)
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
    if not any("ICANS" in event for event in found.events):
        said.append(
            f"Severe neurotoxicity (ICANS) is not among the toxicities of {found.name}, so the "
            "rate of toxicities is lower than in a trial that counts it."
        )
    elif _NEUROTOXICITY in (file.population.also or ()):
        always = catalogue.entry("diseases", disease).data.get("mechanisms", ())
        said += [] if _NEUROTOXICITY in always else [_CARRIED_OVER]
    low, high = found.levels[0].toxicity.value, found.levels[-1].toxicity.value
    if abs(high - low) < _FLAT:
        said.append(
            f"The rate of toxicities moves only from {100 * low:.1f} to {100 * high:.1f} % between "
            "the lowest and the highest dose: expansion in the body, not the dose, makes the "
            "reaction, so a maximum tolerated dose is poorly defined and lots bind first."
        )
    each = found.virtual_patients / file.uncertainty.draws
    if each < _ENOUGH:
        said.append(
            f"What is true of a parameter draw rests on {each:,.0f} infused virtual patients, with "
            f"a standard error of {100 * found.truth_error:.1f} points near the target, not on the "
            "10,000 that would settle it. Trials are judged by the chance that their dose is "
            "right, in which this doubt is counted; `patients_per_draw` lowers it."
        )
    return said


def _randomised(found: RandomisedResult) -> str:
    return (
        f"In {found.name} progression is known at visits only, so times are tied and the log-rank "
        "test sees less than continuous follow-up would; entry is even over the accrual, nobody "
        "crosses over, and no one is lost to follow-up after infusion. What is true of a parameter "
        "draw rests on its own virtual patients; chance among them passes for doubt about "
        "parameters, so the interval over draws is somewhat too wide."
    )
