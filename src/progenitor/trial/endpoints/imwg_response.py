"""Response of multiple myeloma at visits by the International Myeloma Working Group."""

from dataclasses import dataclass, field
from typing import final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._confirmed_response import ConfirmedAssessment, best_response
from progenitor.trial._criteria import address_part
from progenitor.trial._myeloma_course import myeloma_course
from progenitor.trial._myeloma_criteria import MyelomaLimits, MyelomaResponse
from progenitor.trial._thresholds import check_days, refuse

__all__ = ["ImwgResponse"]


@final
@dataclass(frozen=True, slots=True)
class ImwgResponse:
    r"""Classify each visit by M-protein, light chains, marrow and plasmacytomas.

    Measurable serum and urine M-protein count; without either the difference of involved and
    uninvolved free light chains; without that the marrow. Codes are those of
    :class:`~progenitor.trial.MyelomaResponse`.

    ====== ==========================================================================
    PD     25 % above the lowest value *and* 0.5 g/dL (1 g/dL from 5 g/dL on), 200 mg/day,
           more than 100 mg/L, 10 % of marrow; new lesion; plasmacytoma 50 % above nadir
    sCR    CR, normal ratio of light chains and no clonal cells in the marrow
    CR     immunofixation negative, marrow below 5 %, no plasmacytoma (light-chain disease:
           normal ratio as well)
    VGPR   90 % less and urine below 100 mg/day; light chains 90 % less
    PR     50 % less, urine 90 % less or below 200 mg/day; light chains or marrow 50 % less
    MR     25 % less and urine 50 % less
    SD     otherwise
    ====== ==========================================================================

    Plasmacytomas must have halved for any response. Every response and progression by a marker
    needs the next assessment to agree, progression in imaging does not; progression is dated to the
    first of the two. Nothing after it counts. A marrow sample speaks for later visits until the
    next, so does the size of plasmacytomas; response needs every marker in use at the visit.

    Parameters
    ----------
    limits
        Numbers of the consensus.

    References
    ----------
    Kumar et al. 2016, Lancet Oncology 17:e328–e346, doi:10.1016/S1470-2045(16)30206-6, Table 4.
    It compares with the lowest *confirmed* value; here it is the lowest value seen.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.trial import published_endpoint
    >>> imwg = published_endpoint(ImwgResponse, default_catalogue())
    >>> serum = np.array([[3.0, 1.4, 0.2, 0.2]])
    >>> found = imwg.evaluate(np.array([0.0, 28.0, 56.0, 84.0]), serum=serum)
    >>> found.response.tolist(), found.best.tolist(), found.response_day.tolist()
    ([[4, 5, 5]], [5], [28.0])
    """

    limits: MyelomaLimits = field(metadata=address_part(MyelomaLimits))

    def evaluate(
        self,
        days: Float[np.ndarray, " sample"],
        *,
        serum: Float[np.ndarray, "patient sample"],
        urine: Float[np.ndarray, "patient sample"] | None = None,
        light_chain: Float[np.ndarray, "patient sample"] | None = None,
        marrow: Float[np.ndarray, "patient sample"] | None = None,
        plasmacytoma: Float[np.ndarray, "patient sample"] | None = None,
        immunofixation_negative: Bool[np.ndarray, "patient sample"] | None = None,
        normal_ratio: Bool[np.ndarray, "patient sample"] | None = None,
        clone_free: Bool[np.ndarray, "patient sample"] | None = None,
        new_lesion: Bool[np.ndarray, "patient sample"] | None = None,
    ) -> ConfirmedAssessment:
        """Assess every patient; the first column of every array is the baseline.

        Parameters
        ----------
        days
            Baseline and visits, increasing (sample,).
        serum, urine
            M-protein in g/dL and mg/day, NaN where not measured (0 where not given).
        light_chain
            Involved less uninvolved free light chain, mg/L.
        marrow
            Share of plasma cells, NaN where not sampled.
        plasmacytoma
            Sum of products of diameters, cm²; 0 for none.
        immunofixation_negative, normal_ratio, clone_free, new_lesion
            Findings; False where not looked at.

        Raises
        ------
        DesignError
            If days do not increase, there is no baseline, or a value is negative.
        """
        nothing = np.zeros(serum.shape)
        numbers = {
            "serum": serum,
            "urine": nothing if urine is None else urine,
            "light_chain": nothing if light_chain is None else light_chain,
            "marrow": np.full(serum.shape, np.nan) if marrow is None else marrow,
            "plasmacytoma": nothing if plasmacytoma is None else plasmacytoma,
        }
        negative = [name for name, values in numbers.items() if np.any(values < 0.0)]
        checks = [
            check_days(days),
            (not len(days), "there is no baseline"),
            (bool(negative), f"{', '.join(negative)} below 0"),
        ]
        fix = "give a baseline and increasing days, and values from 0 on"
        refuse("myeloma response cannot be assessed", checks, fix)
        found = {
            "immunofixation_negative": immunofixation_negative,
            "normal_ratio": normal_ratio,
            "clone_free": clone_free,
            "new_lesion": new_lesion,
        }
        never = np.zeros(serum.shape, dtype=bool)
        signs = {name: never if flags is None else flags for name, flags in found.items()}
        course = myeloma_course(self.limits, days, numbers, signs)
        levels = tuple(range(MyelomaResponse.STRINGENT_COMPLETE, MyelomaResponse.STABLE, -1))
        best = best_response(
            days[1:], course.response, levels=levels, objective=MyelomaResponse.PARTIAL
        )
        change = 100.0 * (course.lowest_serum / np.where(serum[:, 0] > 0, serum[:, 0], np.nan) - 1)
        return ConfirmedAssessment.of(
            course.response, best, course.progression_day, change, course.last_visit_day
        )
