"""Summaries of a finished run: arms, paired differences and published comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, final

import numpy as np
from jaxtyping import Float

from progenitor.manufacture import charged_lines
from progenitor.study._shard import Shard
from progenitor.study.results import Band, Estimate
from progenitor.trial import (
    TwoLevel,
    estimate,
    estimate_from_draws,
    interval_incidence,
    paired_difference,
)

__all__ = [
    "ENDPOINTS",
    "PAIRED",
    "Endpoint",
    "Table",
    "band",
    "described",
    "endpoint_estimates",
    "paired",
]

Kind = Literal["proportion", "median", "mean"]


@final
@dataclass(frozen=True, slots=True)
class Endpoint:
    """How a column is summarised: what it is called, its unit, and over whom."""

    label: str
    kind: Kind
    unit: str
    note: str = ""


_OF_LOTS: Final = "of lots begun"
_OF_INFUSED: Final = "of infused patients"
_OF_ENROLLED: Final = "of enrolled patients"
_OF_LOSS: Final = "of infused patients; loss between visits, progression and death compete"

ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "lots_released": Endpoint("Lots released", "proportion", "1", _OF_LOTS),
    "vein_to_vein": Endpoint("Vein-to-vein", "median", "day", "median of released lots"),
    "infused": Endpoint("Infused", "proportion", "1", _OF_ENROLLED),
    "dose": Endpoint("Dose", "median", "cell", "median CAR+ cells infused"),
    "cmax": Endpoint("Cmax", "median", "cell/uL", "median, CAR-T cells in blood"),
    "tmax": Endpoint("Tmax", "median", "day", "median"),
    "auc_0_28": Endpoint("AUC0-28d", "median", "cell/uL*day", "median"),
    "tlast": Endpoint("Tlast", "median", "day", "median, within follow-up"),
    "transgene_cmax": Endpoint("Cmax, transgene", "median", "copy/ug", "median"),
    "objective_response": Endpoint("ORR", "proportion", "1", _OF_INFUSED),
    "complete_response": Endpoint("CR", "proportion", "1", _OF_INFUSED),
    "objective_response_itt": Endpoint("ORR, ITT", "proportion", "1", _OF_ENROLLED),
    "complete_response_itt": Endpoint("CR, ITT", "proportion", "1", _OF_ENROLLED),
    "mrd_negative": Endpoint("MRD-negative at 3 months", "proportion", "1", _OF_INFUSED),
    "mrd_remission": Endpoint("CR or CRi without residual disease", "proportion", "1"),
    "very_good_response": Endpoint("VGPR or better", "proportion", "1", _OF_INFUSED),
    "dor_12_months": Endpoint(
        "Response lasts 12 months", "proportion", "1", "of responders followed so long"
    ),
    "efs_12_months": Endpoint(
        "12-month EFS", "proportion", "1", "from infusion; no response by day 90 is an event"
    ),
    "pfs_12_months": Endpoint("12-month PFS", "proportion", "1", "from infusion"),
    "pfs_itt_12_months": Endpoint(
        "12-month PFS, ITT", "proportion", "1", "from enrolment; never infused is an event"
    ),
    "crs_any_grade": Endpoint("CRS, any grade", "proportion", "1", _OF_INFUSED),
    "crs_grade_3": Endpoint("CRS grade ≥3", "proportion", "1", _OF_INFUSED),
    "crs_onset": Endpoint("CRS onset", "median", "day", "median of those with CRS"),
    "tocilizumab": Endpoint("Tocilizumab", "proportion", "1", _OF_INFUSED),
    "icans_any_grade": Endpoint("ICANS, any grade", "proportion", "1", _OF_INFUSED),
    "icans_grade_3": Endpoint("ICANS grade ≥3", "proportion", "1", _OF_INFUSED),
    "icans_onset": Endpoint("ICANS onset", "median", "day", "median of those with ICANS"),
    "gvhd_any_grade": Endpoint("GvHD, any grade", "proportion", "1", _OF_INFUSED),
    "gvhd_grade_2": Endpoint("GvHD grade ≥2", "proportion", "1", _OF_INFUSED),
    "gvhd_grade_3": Endpoint("GvHD grade ≥3", "proportion", "1", _OF_INFUSED),
    "neutropenia_beyond_28": Endpoint(
        "Severe neutropenia on day 28", "proportion", "1", "of patients sampled in the week before"
    ),
    "icaht_early_3": Endpoint("Early ICAHT grade ≥3", "proportion", "1", _OF_INFUSED),
    "icaht_late_3": Endpoint("Late ICAHT grade ≥3", "proportion", "1", _OF_INFUSED),
    "interleukin_6_peak": Endpoint("Peak interleukin-6", "median", "pg/mL", "median"),
    "persistence_12_months": Endpoint(
        "Persistence at 12 months", "proportion", "1", "of patients alive at 12 months"
    ),
    "persisting_12_months": Endpoint(
        "With cells, without progression at 12 months", "proportion", "1", _OF_LOSS
    ),
    "persisting_24_months": Endpoint(
        "With cells, without progression at 24 months", "proportion", "1", _OF_LOSS
    ),
    "aplasia": Endpoint("B-cell aplasia", "proportion", "1", _OF_INFUSED),
    "aplasia_ended": Endpoint(
        "Aplasia ended within follow-up", "proportion", "1", "of those with aplasia"
    ),
    "aplasia_days": Endpoint(
        "Aplasia, where it ended", "median", "day", "median; aplasia that goes on is left out"
    ),
    "b_cells_12_months": Endpoint(
        "B cells back at 12 months", "proportion", "1", "of patients alive at 12 months"
    ),
    "cost": Endpoint("Cost of goods per lot begun", "median", "USD", "median"),
    "cost_per_dose": Endpoint(
        "Cost of goods per released dose",
        "median",
        "USD",
        "median; doses of a lot share it, failed lots charged",
    ),
}
"""Endpoints in the order of the report."""

PAIRED: Final = (
    "complete_response",
    "objective_response",
    "pfs_12_months",
    "pfs_itt_12_months",
    "persistence_12_months",
    "crs_grade_3",
    "infused",
    "vein_to_vein",
)
"""Endpoints compared between two arms on the same patients."""

OPTIONAL: Final = frozenset(
    f"{event}_{what}"
    for event in ("icans", "gvhd")
    for what in ("any_grade", "grade_2", "grade_3", "onset")
) | {
    "aplasia",
    "aplasia_days",
    "aplasia_ended",
    "b_cells_12_months",
    "icaht_early_3",
    "icaht_late_3",
    "neutropenia_beyond_28",
    "transgene_cmax",
}
"""Endpoints that only some bodies have; an arm in which nobody has a value leaves them out."""

PERSISTING: Final = {"persisting_12_months": 365.0, "persisting_24_months": 730.0}
"""Endpoints estimated over the patients of a draw at once, and their day."""

_COLUMNS: Final = {"lots_released": "lot_released", "cost": "lot_cost"}
_BEFORE_THE_BODY: Final = (
    "vein_to_vein",
    "infused",
    "dose",
    "queue_wait",
    "lost_waiting",
    "lost_in_queue",
)
_PERCENTILES: Final = (5.0, 25.0, 50.0, 75.0, 95.0)
_YEAR: Final = 365.0
_Array = np.ndarray[Any, Any]


@final
@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one arm, laid out as (draw, patient).

    Examples
    --------
    >>> shard = Shard({"draw": np.array([0, 0]), "arm": np.array([0, 0]),
    ...                "patient": np.array([0, 1]), "cmax": np.array([1.0, 3.0])}, {}, np.zeros(1))
    >>> Table.of(shard, arm=0).column("cmax").tolist()
    [[1.0, 3.0]]
    """

    outcomes: Mapping[str, _Array]
    series: Mapping[str, _Array]
    days: Float[np.ndarray, " time"]
    draws: int

    @classmethod
    def of(cls, shard: Shard, *, arm: int) -> "Table":
        """Pick the rows of one arm from an ordered shard."""
        rows = shard.outcomes["arm"] == arm
        return cls(
            outcomes={name: column[rows] for name, column in shard.outcomes.items()},
            series={name: curves[rows] for name, curves in shard.series.items()},
            days=shard.days,
            draws=len(np.unique(shard.outcomes["draw"])),
        )

    def flat(self, name: str) -> Float[np.ndarray, " patient"]:
        """One column over all draws, NaN where the simulation failed."""
        if name.endswith("_itt") and name not in self.outcomes:
            return self._intention_to_treat(name.removesuffix("_itt"))
        if name == "cost_per_dose":
            return self._dose_cost()
        values = self.outcomes[_COLUMNS.get(name, name)].astype(float)
        failed = self.outcomes.get("failed", np.zeros(len(values), dtype=bool))
        lot = name in _COLUMNS or name in _BEFORE_THE_BODY or name.startswith("resource_")
        return values if lot else np.where(failed, np.nan, values)

    def has(self, name: str) -> bool:
        """Whether the arm has the endpoint, and for some a value where a body may lack it."""
        if name == "cost_per_dose":
            return "lot_cost" in self.outcomes
        column = name.removesuffix("_itt") if name not in self.outcomes else name
        column = _COLUMNS.get(column, column)
        if column not in self.outcomes:
            return False
        return name not in OPTIONAL or bool(np.isfinite(self.outcomes[column]).any())

    def column(self, name: str) -> Float[np.ndarray, "draw patient"]:
        """One column as (draw, patient)."""
        return self.flat(name).reshape(self.draws, -1)

    @property
    def bill(self) -> Mapping[str, Float[np.ndarray, " patient"]]:
        """Cost line → amount of each whole lot, and of the delivery of one dose; USD."""
        mark = "cost_"
        return {
            name.removeprefix(mark): column
            for name, column in self.outcomes.items()
            if name.startswith(mark)
        }

    def _dose_cost(self) -> Float[np.ndarray, " patient"]:
        """Cost of a dose of each released lot; its share of failed lots is that of the arm."""
        released, doses = self.outcomes["lot_released"], self.outcomes["lot_doses"]
        charged = charged_lines(self.bill, doses=doses, released=released)
        return sum(charged.values(), np.where(released, 0.0, np.nan))

    def _intention_to_treat(self, name: str) -> Float[np.ndarray, " patient"]:
        """Return a response over everybody enrolled: whoever was not infused did not respond."""
        values = np.where(self.outcomes["infused"], self.outcomes[name], 0.0)
        return np.where(self.outcomes["failed"], np.nan, values)


def described(table: Table, name: str, endpoint: Endpoint) -> Estimate:
    """Summarise one column of an arm with its interval over draws."""
    values = table.column(name)
    return _estimated(estimate(values, endpoint.kind), endpoint, values)


def endpoint_estimates(
    table: Table, labels: Mapping[str, tuple[str, str] | None] | None = None
) -> dict[str, Estimate]:
    """Every endpoint of one arm with its interval over draws.

    Endpoints of 12 and 24 months are left out where nobody was followed for so long, and those that
    the body has no observable for.

    Parameters
    ----------
    table
        Rows of the arm.
    labels
        Label and note of endpoints that the criteria of the disease name otherwise; None leaves one
        out.
    """
    named = {name: _named(name, endpoint, labels) for name, endpoint in ENDPOINTS.items()}
    found = {}
    for name, endpoint in named.items():
        if endpoint is None or not _followed_for(name, table):
            continue
        if name in PERSISTING:
            if "loss_cause" in table.outcomes:
                found[name] = _persisting(table, name, endpoint)
        elif table.has(name):
            found[name] = described(table, name, endpoint)
    return found


def paired(
    first: Table, second: Table, labels: Mapping[str, tuple[str, str] | None] | None = None
) -> dict[str, Estimate]:
    """Differences ``first − second`` in the same patients; ``labels`` as for the endpoints."""
    found = {}
    for name in (name for name in PAIRED if _followed_for(name, first)):
        endpoint = _named(name, ENDPOINTS[name], labels)
        if endpoint is None:
            continue
        one, other = first.column(name), second.column(name)
        both = np.where(np.isnan(one), np.nan, other)
        found[name] = _estimated(paired_difference(one, other, endpoint.kind), endpoint, both)
    return found


def _named(
    name: str, endpoint: Endpoint, labels: Mapping[str, tuple[str, str] | None] | None
) -> Endpoint | None:
    """Return an endpoint under the words of the criteria, or nothing where they have none."""
    if labels is None or name not in labels:
        return endpoint
    words = labels[name]
    return None if words is None else Endpoint(words[0], endpoint.kind, endpoint.unit, words[1])


def _persisting(table: Table, name: str, endpoint: Endpoint) -> Estimate:
    """Share with cells and without a competing event on a day, each draw estimated by itself.

    What the visits around the day leave open counts as lost; its error is that of a share.
    """
    columns = [table.column(column) for column in ("loss_after", "loss_by", "loss_cause")]
    day, (shares, sizes) = PERSISTING[name], np.full((2, table.draws), np.nan)
    for draw, (lower, upper, cause) in enumerate(zip(*columns, strict=True)):
        sizes[draw] = (~np.isnan(lower)).sum()
        if sizes[draw]:
            shares[draw] = interval_incidence(lower, upper, cause, at=day).present_least
    moved = (shares * sizes + 0.5) / (sizes + 1.0)
    found = estimate_from_draws(shares, moved * (1.0 - moved) / np.maximum(sizes, 1.0))
    return _estimated(found, endpoint, columns[0])


def _followed_for(name: str, table: Table) -> bool:
    """Whether patients were followed for the time that an endpoint is about."""
    last = float(table.days[-1])
    if name.endswith("_24_months"):
        return last >= 2.0 * _YEAR
    return not name.endswith("_12_months") or last >= _YEAR


def band(table: Table, name: str, *, label: str, unit: str) -> Band:
    """Percentiles over patients of one curve; NaN on days with nobody left."""
    curves = np.sort(table.series[name], axis=0)  # what is missing comes last
    known = (~np.isnan(curves)).sum(axis=0)
    day, rank = np.arange(len(table.days)), np.array(_PERCENTILES)[:, np.newaxis] / 100
    place = rank * np.maximum(known - 1, 0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    share = place - below
    values = (1 - share) * curves[below, day] + share * curves[above, day]
    return Band(label, unit, table.days, _PERCENTILES, values)


def _estimated(found: TwoLevel, endpoint: Endpoint, values: _Array) -> Estimate:
    return Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        unit=endpoint.unit,
        label=endpoint.label,
        n=int((~np.isnan(values.astype(float))).sum()),
        mcse=found.mcse,
        note=endpoint.note,
    )
