"""Numbers and rules of myeloma response: which marker counts, how far it fell, how far it rose."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.trial._criteria import address
from progenitor.trial._thresholds import at_least, at_most

__all__ = ["Markers", "MyelomaLimits", "MyelomaResponse", "measurable"]

_Flags = Bool[np.ndarray, " patient"]


@final
class MyelomaResponse(IntEnum):
    """Response of myeloma at a visit; the greater the better.

    Examples
    --------
    >>> MyelomaResponse(5).name, MyelomaResponse.MINIMAL > MyelomaResponse.STABLE
    ('VERY_GOOD_PARTIAL', True)
    """

    NOT_EVALUABLE = 0
    PROGRESSIVE = 1
    STABLE = 2
    MINIMAL = 3
    PARTIAL = 4
    VERY_GOOD_PARTIAL = 5
    COMPLETE = 6
    STRINGENT_COMPLETE = 7


class Markers(NamedTuple):
    """Serum and urine M-protein, difference of free light chains, marrow share; (patient,) each."""

    serum: Float[np.ndarray, " patient"]
    urine: Float[np.ndarray, " patient"]
    light_chain: Float[np.ndarray, " patient"]
    marrow: Float[np.ndarray, " patient"]


def measurable(base: Markers, limits: "MyelomaLimits") -> Markers:
    """Mark with 1 the markers that count: M-protein, else light chains, else the marrow."""
    serum = at_least(base.serum, limits.measurable_serum)
    urine = at_least(base.urine, limits.measurable_urine)
    chain = at_least(base.light_chain, limits.measurable_light_chain) & ~serum & ~urine
    marrow = at_least(base.marrow, limits.measurable_marrow) & ~serum & ~urine & ~chain
    return Markers(*(flag.astype(float) for flag in (serum, urine, chain, marrow)))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MyelomaLimits:
    """Numbers of the consensus: serum in g/dL, urine in mg/day, light chains in mg/L, shares.

    References
    ----------
    Kumar et al. 2016, Lancet Oncology 17:e328–e346, doi:10.1016/S1470-2045(16)30206-6, Table 4.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.trial import published_endpoint
    >>> limits = published_endpoint(MyelomaLimits, default_catalogue())
    >>> limits.progression_increase, limits.serum_increase
    (0.25, 0.5)
    """

    very_good_decrease: float = field(metadata=address("endpoint/imwg_very_good_decrease"))
    partial_decrease: float = field(metadata=address("endpoint/imwg_partial_decrease"))
    minimal_decrease: float = field(metadata=address("endpoint/imwg_minimal_decrease"))
    very_good_urine: float = field(metadata=address("endpoint/imwg_very_good_urine"))
    partial_urine_decrease: float = field(metadata=address("endpoint/imwg_partial_urine_decrease"))
    partial_urine: float = field(metadata=address("endpoint/imwg_partial_urine"))
    minimal_urine_decrease: float = field(metadata=address("endpoint/imwg_minimal_urine_decrease"))
    progression_increase: float = field(metadata=address("endpoint/imwg_progression_increase"))
    serum_increase: float = field(metadata=address("endpoint/imwg_serum_increase"))
    high_serum: float = field(metadata=address("endpoint/imwg_high_serum"))
    high_serum_increase: float = field(metadata=address("endpoint/imwg_high_serum_increase"))
    urine_increase: float = field(metadata=address("endpoint/imwg_urine_increase"))
    light_chain_increase: float = field(metadata=address("endpoint/imwg_light_chain_increase"))
    marrow_increase: float = field(metadata=address("endpoint/imwg_marrow_increase"))
    complete_marrow: float = field(metadata=address("endpoint/imwg_complete_marrow"))
    measurable_serum: float = field(metadata=address("endpoint/imwg_measurable_serum"))
    measurable_urine: float = field(metadata=address("endpoint/imwg_measurable_urine"))
    measurable_light_chain: float = field(metadata=address("endpoint/imwg_measurable_light_chain"))
    measurable_marrow: float = field(metadata=address("endpoint/imwg_measurable_marrow"))
    plasmacytoma_decrease: float = field(metadata=address("endpoint/imwg_plasmacytoma_decrease"))
    plasmacytoma_increase: float = field(metadata=address("endpoint/imwg_plasmacytoma_increase"))

    def fell(self, now: "Markers", base: "Markers", by: "Markers") -> tuple[_Flags, _Flags, _Flags]:
        """Whether the markers in use fell enough for a minimal, partial and very good response.

        ``by`` marks the measurable markers with 1 and the others with 0.
        """
        serum, urine, chain, marrow = (use == 1.0 for use in by)
        protein = serum | urine
        minimal = ~serum | at_most(now.serum, (1.0 - self.minimal_decrease) * base.serum)
        minimal &= ~urine | at_most(now.urine, (1.0 - self.minimal_urine_decrease) * base.urine)
        drop = at_most(now.urine, (1.0 - self.partial_urine_decrease) * base.urine)
        partial = ~serum | at_most(now.serum, (1.0 - self.partial_decrease) * base.serum)
        partial &= ~urine | drop | (now.urine < self.partial_urine)
        light = at_most(now.light_chain, (1.0 - self.partial_decrease) * base.light_chain)
        plasma = at_most(now.marrow, (1.0 - self.partial_decrease) * base.marrow)
        others = (chain & light) | (marrow & plasma)
        very = ~serum | at_most(now.serum, (1.0 - self.very_good_decrease) * base.serum)
        very &= (now.urine < self.very_good_urine) | (np.isnan(now.urine) & ~urine)
        chains = at_most(now.light_chain, (1.0 - self.very_good_decrease) * base.light_chain)
        return (
            (protein & minimal) | others,
            (protein & partial) | others,
            (protein & very) | (chain & chains),
        )

    def rose(self, now: "Markers", lowest: "Markers", by: "Markers") -> _Flags:
        """Whether a marker rose from its lowest value by the share and by the amount."""
        chain = by.light_chain == 1.0
        protein = (by.serum == 1.0) | (by.urine == 1.0)
        gain = Markers(*(one - low for one, low in zip(now, lowest, strict=True)))
        share = [
            at_least(one, (1.0 + self.progression_increase) * low)
            for one, low in zip(now, lowest, strict=True)
        ]
        high = at_least(lowest.serum, self.high_serum)
        serum = share[0] & at_least(gain.serum, self.serum_increase)
        serum |= high & at_least(gain.serum, self.high_serum_increase)
        urine = share[1] & at_least(gain.urine, self.urine_increase)
        light = chain & share[2] & ~at_most(gain.light_chain, self.light_chain_increase)
        light &= ~np.isnan(gain.light_chain)
        plasma = ~protein & ~chain & share[3] & at_least(gain.marrow, self.marrow_increase)
        return np.asarray(serum | urine | light | plasma)
