"""By which published criteria a disease responds: codes, numbers and words of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from progenitor.evidence import Catalogue

__all__ = ["CRITERIA", "Criteria", "criteria_of"]


@final
@dataclass(frozen=True, slots=True)
class Criteria:
    """Criteria of response as a study reads and names them.

    Parameters
    ----------
    title
        Name of the criteria.
    codes
        Best responses in words, code 0 first.
    words
        What the codes mean, for the legend.
    ids
        Catalogue ids of numbers that vary between patients or draws.
    labels
        Endpoint → (label, note) where they differ from those of lymphoma; None leaves the endpoint
        out, as it says the same as another.
    change
        What a waterfall shows; empty where response is not measured by size.
    partial
        Change of it, in %, that a partial response needs.
    """

    title: str
    codes: tuple[str, ...]
    words: str
    ids: tuple[str, ...]
    labels: Mapping[str, tuple[str, str] | None]
    change: str
    partial: float = 0.0


_SOLID: Final = ("NE", "PD", "SD", "PR", "CR")
_CR_PR: Final = (
    "CR, PR: complete, partial response; SD: stable disease; PD: progression; NE: not evaluable."
)

CRITERIA: Final[Mapping[str, Criteria]] = {
    "lugano": Criteria(
        title="Lugano 2014",
        codes=_SOLID,
        words=f"Colour also needs metabolic imaging. {_CR_PR}",
        ids=(
            "endpoint/measurable_size",
            "endpoint/partial_response_decrease",
            "endpoint/pet_detection_cells",
            "endpoint/progression_increase",
            "endpoint/tumour_cell_density",
        ),
        labels={},
        change="tumour size",
        partial=-50.0,
    ),
    "recist": Criteria(
        title="RECIST 1.1",
        codes=_SOLID,
        words=f"Responses are confirmed four weeks later. {_CR_PR}",
        ids=("endpoint/recist_visible_size", "endpoint/tumour_cell_density"),
        labels={
            "objective_response": ("ORR", "of infused patients; RECIST 1.1, confirmed"),
            "complete_response": ("CR", "of infused patients; RECIST 1.1, confirmed"),
            "mrd_negative": None,
        },
        change="sum of diameters",
        partial=-30.0,
    ),
    "leukaemia": Criteria(
        title="remission of acute leukaemia",
        codes=("NE", "Relapse", "NR", "CRi", "CR"),
        words="",
        ids=("assay/mrd_reference_cells",),
        labels={
            "objective_response": ("CR or CRi", "of infused patients; maintained for 28 days"),
            "complete_response": None,
            "objective_response_itt": ("CR or CRi, ITT", "of enrolled patients"),
            "complete_response_itt": None,
            "mrd_remission": (
                "CR or CRi without residual disease", "of infused patients; at 3 months"
            ),
        },
        change="",
    ),
    "imwg": Criteria(
        title="International Myeloma Working Group 2016",
        codes=("NE", "PD", "SD", "MR", "PR", "VGPR", "CR", "sCR"),
        words=(
            "Responses are confirmed by the next visit. CR, VGPR, PR, MR: complete, very good "
            "partial, partial, minimal response; SD: stable disease; PD: progression; NE: not "
            "evaluable. Stringent CR needs light chains, which are not modelled."
        ),
        ids=(
            "assay/immunofixation_limit",
            "assay/mrd_reference_cells",
            "multiple_myeloma/m_protein_at_enrolment",
            "multiple_myeloma/m_protein_half_life",
        ),
        labels={
            "objective_response": ("ORR (PR or better)", "of infused patients; IMWG, confirmed"),
            "complete_response": ("CR", "of infused patients; IMWG, confirmed"),
            "very_good_response": ("VGPR or better", "of infused patients; IMWG, confirmed"),
        },
        change="serum M-protein",
        partial=-50.0,
    ),
}  # fmt: skip
"""Criteria by the name under which a disease declares them (``response:``)."""


def criteria_of(catalogue: Catalogue, disease: str) -> Criteria:
    """Return the criteria that a disease declares.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> criteria_of(default_catalogue(), "b_all").codes[3]
    'CRi'
    """
    return CRITERIA[str(catalogue.entry("diseases", disease).data["response"])]
