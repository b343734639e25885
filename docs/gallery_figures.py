"""Which observables and variants the figure of each published model shows, and what is marked.

A model that is not listed shows its first four observables and no marks.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from progenitor.library import (
    Population,
    PublishedModel,
    ReproductionRow,
    simulate_population,
)
from progenitor.report.figures import Course, CoursePanel, Mark
from progenitor.study.results import Band

PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)
PATIENTS = 1_000
TYPICAL = "typical patient"
ON_DAY = re.compile(r"_day_(\d+)\Z")


@dataclass(frozen=True)
class Panel:
    """One observable, for one or several variants; marks are symbols of what the paper reports.

    A mark is a level, a level with the symbol of its day, or only a day (``("", day)``); a level
    whose symbol ends with ``_day_<number>`` is marked on that day. ``main`` names the line of the
    model's main numbers.
    """

    observable: str
    marks: tuple[str | tuple[str, str], ...] = ()
    variants: tuple[str, ...] = ("",)
    until: float = math.inf
    main: str = TYPICAL
    log: bool | None = None


def panels_of(name: str, model: PublishedModel) -> tuple[Panel, ...]:
    shown = [observable.name for observable in model.observables][:4]
    return FIGURES.get(name, tuple(Panel(observable) for observable in shown))


def drawn(model: PublishedModel, panel: Panel, rows: Sequence[ReproductionRow]) -> CoursePanel:
    """Simulate what a panel shows and lay the paper's numbers over it."""
    observable = next(one for one in model.observables if one.name == panel.observable)
    found = {row.symbol: row for row in rows}
    title = observable.title or panel.observable.replace("_", " ")
    only = panel.variants[0] if len(panel.variants) == 1 else ""
    return CoursePanel(
        title=f"{title[0].upper()}{title[1:]}{f', {spoken(only)}' if only else ''}",
        unit=observable.unit,
        courses=tuple(course(model, panel, variant) for variant in panel.variants),
        band=band(model, panel, observable.unit) if len(panel.variants) == 1 else None,
        marks=tuple(mark(one, found, observable.unit) for one in panel.marks),
        log=panel.log,
    )


def spoken(variant: str) -> str:
    """The name of a variant in words: dose_0_5e6 is dose 0.5e6."""
    words = re.sub(r"(?<=\d)_(?=\d)", ".", variant).replace("_", " ")
    return re.sub(r"\bcar t\b", "CAR-T", words)


@cache
def population(name: str, variant: str, *, typical: bool) -> Population:
    count = 1 if typical else PATIENTS
    return simulate_population(name, patients=count, seed=1, variant=variant, typical=typical)


def course(model: PublishedModel, panel: Panel, variant: str) -> Course:
    one = population(model.name, variant, typical=True)
    kept = one.times[0] <= panel.until
    label = spoken(variant) if variant else panel.main
    return Course(label, one.times[0][kept], one.of(panel.observable)[0][kept])


def band(model: PublishedModel, panel: Panel, unit: str) -> Band | None:
    """Percentiles over patients; None where no two of them differ."""
    many = population(model.name, panel.variants[0], typical=False)
    values = many.of(panel.observable)[many.status == 0]
    if len(values) < 2 or bool(np.all(np.nanstd(values, axis=0) <= 1e-9 * np.nanmax(values))):
        return None
    kept = many.times[0] <= panel.until
    ranks = np.nanpercentile(values[:, kept], PERCENTILES, axis=0)
    return Band(panel.observable, unit, many.times[0][kept], PERCENTILES, ranks)


def mark(spec: str | tuple[str, str], rows: Mapping[str, ReproductionRow], unit: str) -> Mark:
    level, day = (spec, "") if isinstance(spec, str) else spec
    on = ON_DAY.search(level)
    at = float(on[1]) if on else centre(rows[day]) if day else math.nan
    if not level:
        return Mark(rows[day].title, day=at)
    row = rows[level]
    if row.unit != unit:
        raise ValueError(f"{level} is in {row.unit}, not in {unit}")
    low, high = bounds(level, rows)
    return Mark(row.title, at, centre(row), low, high)


def centre(row: ReproductionRow) -> float:
    """The number, or the middle of its range (on a log axis) where only that is given."""
    if math.isfinite(row.published):
        return row.published
    return math.sqrt(row.low * row.high)


def bounds(level: str, rows: Mapping[str, ReproductionRow]) -> tuple[float, float]:
    """The interval of a number, which may be two numbers of their own."""
    ends = [rows.get(f"{level}_{end}") for end in ("low", "high")]
    if ends[0] is not None and ends[1] is not None:
        return ends[0].published, ends[1].published
    return rows[level].low, rows[level].high


FIGURES: Mapping[str, tuple[Panel, ...]] = {
    "adhikarla_2021": (
        Panel(
            "burden",
            (("", "observed_survival_control"), ("", "observed_nadir_radiation")),
            ("control", "radiation_only", "car_t_only", "radiation_first", ""),
            main="CAR-T first",
        ),
        Panel("car_t", variants=("car_t_only", "radiation_first", ""), main="CAR-T first"),
    ),
    "ashcroft_2017": (
        Panel(
            "donor_cells",
            (("", "observed_time_to_100"), ("", "observed_time_to_100_fast")),
            ("one_donor_cell_slow", "one_donor_cell_fast"),
        ),
    ),
    "barros_2021": (
        Panel("tumour", ("observed_tumour_at_infusion",)),
        Panel("memory"),
        Panel("tumour", ("observed_residual_tumour",), ("dose_0_5e6_for_long",)),
        Panel("effector", ("observed_residual_effectors",), ("dose_0_5e6_for_long",)),
    ),
    "chaudhury_2020": (
        Panel("car_t", (("", "observed_time_of_peak"),), until=120),
        Panel("tumour", until=120),
    ),
    "crauste_2017": (
        Panel("naive", ("observed_naive_day_4", "observed_naive_day_6"), ("a_month",), until=12),
        Panel(
            "early",
            tuple(f"observed_early_day_{day}" for day in (4, 6, 7, 8, 13, 15, 22)),
            ("a_month",),
        ),
        Panel(
            "late",
            tuple(f"observed_late_day_{day}" for day in (6, 7, 8, 13, 15, 22, 28)),
            ("a_month",),
        ),
        Panel(
            "memory",
            tuple(f"observed_memory_day_{day}" for day in (8, 13, 15, 22, 28)),
            ("a_month",),
        ),
    ),
    "friberg_2002": (
        Panel(
            "neutrophils",
            (
                ("observed_nadir", "observed_nadir_day"),
                ("", "observed_recovery_day"),
                "observed_overshoot",
            ),
        ),
    ),
    "hahnel_2020": (
        Panel("ratio", variants=("patient_2", "patient_6", "patient_8", "patient_17"), log=True),
        Panel("immune", variants=("patient_2", "patient_6", "patient_8", "patient_17")),
    ),
    "hanson_2016": (
        Panel("inflammation", ("observed_peak_inflammation",)),
        Panel("effector", ("observed_peak_effectors",)),
        Panel("helper", ("observed_peak_helpers",)),
        Panel("tumour", ("observed_last_tumour",)),
    ),
    "hardiansyah_2019": (
        Panel("car_t", ("upn1_peak_car_t",)),
        Panel("leukaemia", ("upn1_leukaemia_day_50", "upn1_leukaemia_day_350")),
        Panel("interleukin_6", ("upn1_peak_interleukin_6",), until=60),
        Panel("interleukin_10", ("upn1_peak_interleukin_10",), until=60),
        Panel("interferon_gamma", ("upn1_peak_interferon_gamma",), until=60),
        Panel("car_t", ("upn3_peak_car_t",), ("upn3",)),
    ),
    "kimmel_2021": (
        Panel(
            "car_t",
            (
                "observed_car_t_day_7",
                "observed_car_t_day_14",
                "observed_car_t_day_28",
                "observed_car_t_day_90",
            ),
            main="slow",
        ),
        Panel("tumour", variants=("", "medium", "fast"), until=120, main="slow"),
    ),
    "kirouac_2023": (
        Panel(
            "car_t",
            (
                ("peak_complete", "peak_day_complete"),
                ("peak_partial", "peak_day_partial"),
                ("peak_none", "peak_day_none"),
            ),
            ("", "partial_response", "no_response"),
            main="complete response",
        ),
        Panel(
            "tumour",
            ("tumour_complete_day_28", "tumour_partial_day_28", "tumour_none_day_28"),
            ("", "partial_response", "no_response"),
            main="complete response",
        ),
    ),
    "leon_triana_2020": (
        Panel("car_t", ("observed_largest_expansion",)),
        Panel("leukaemia"),
        Panel("b_cells"),
    ),
    "leon_triana_2021": (
        Panel("tumour", variants=("", "single_target"), main="dual target"),
        Panel("tumour", variants=("suppressive", "suppressive_single_target")),
    ),
    "li_2002": (
        Panel("colony_forming_units", variants=("", "too_few"), main="above the threshold"),
    ),
    "minucci_2024": (
        Panel(
            "car_t",
            (
                ("f0104_peak", "f0104_time_of_peak"),
                ("f0109_peak", "f0109_time_of_peak"),
                ("f0118_peak", "f0118_time_of_peak"),
                ("f0126_peak", "f0126_time_of_peak"),
            ),
            ("f0104", "f0109", "f0118", "f0126"),
        ),
        Panel("tumour", variants=("f0104", "f0109", "f0118", "f0126")),
    ),
    "muller_scholl_2021": (
        Panel("car_t", (("observed_peak_reference", "observed_time_of_peak_reference"),)),
        Panel("tumour"),
        Panel(
            "car_t",
            (("observed_peak_poor", "observed_time_of_peak_poor"),),
            ("patient_4", "patient_9", "patient_10", "patient_17"),
        ),
        Panel("tumour", variants=("patient_4", "patient_9", "patient_10", "patient_17")),
    ),
    "ogasawara_2021": (Panel("level", (("", "observed_lag"), ("", "observed_time_of_peak"))),),
    "owens_2021": (
        Panel("tumour", variants=("", "chemotherapy_alone", "car_t_alone"), main="both"),
        Panel("car_t", variants=("", "car_t_alone"), main="both"),
        Panel("tumour", ("observed_high_tumour",), ("patient_1_untreated",)),
        Panel("chemotherapy", ("observed_peak_concentration",), ("five_days",)),
    ),
    "park_2025": (
        Panel("car_t", (("observed_peak", "observed_time_of_peak"),)),
        Panel("b_cells", ("observed_b_cells_day_730",)),
        Panel("host_cd4", ("observed_cd4_nadir",)),
        Panel("host_cd8", ("observed_cd8_nadir",)),
        Panel(
            "neutrophils",
            (("observed_neutrophil_nadir", "observed_time_of_neutrophil_nadir"),),
            until=60,
        ),
    ),
    "precup_2012": (
        Panel("donor_cells", ("observed_donor",)),
        Panel("leukaemic_cells", ("observed_leukaemia",), ("small_graft",)),
    ),
    "quartino_2014": (Panel("neutrophils"), Panel("cytokine")),
    "sahoo_2020": (
        Panel(
            "tumour",
            (
                ("observed_t7_peak", "observed_t7_day_of_peak"),
                ("observed_t6_peak", "observed_t6_day_of_peak"),
            ),
            ("", "lesion_t6"),
            main="lesion T7",
        ),
        Panel("car_t", variants=("", "lesion_t6"), main="lesion T7"),
    ),
    "singh_2021": (
        Panel(
            "level",
            ("peak_dose_450",),
            ("dose_50", "dose_150", "dose_450", "dose_800"),
        ),
        Panel(
            "m_protein_change",
            ("m_protein_nadir_dose_50",),
            ("dose_50", "dose_150", "dose_450", "dose_800"),
        ),
    ),
    "smith_2011": (
        Panel("bacteria", ("observed_bacteria",)),
        Panel("neutrophil_count", ("observed_neutrophils",)),
        Panel("bacteria", variants=("small_inoculum",)),
    ),
    "stein_2019": (Panel("level", (("observed_peak", "observed_time_of_peak"),)),),
    "stiehl_2015": (
        Panel("neutrophils", (("", "observed_engraftment"),), until=60),
        Panel("blast_share", (("", "observed_half_blasts"),), ("leukaemia",)),
    ),
    "wilson_2020": (
        Panel("count_viable", ("observed_viable",)),
        Panel("count_gmp", ("observed_gmp",)),
        Panel("count_granulocytes", ("observed_granulocytes",)),
        Panel("viability", ("observed_viability",)),
    ),
    "xu_2025": (
        Panel(
            "tumour",
            variants=("", "two_monthly", "single_dose", "single_dose_low_burden"),
            main="monthly",
        ),
        Panel("macrophage", variants=("", "two_monthly"), main="monthly"),
    ),
    "zheng_2021": (
        Panel(
            "chimerism",
            (
                "observed_stem_graft_day_16",
                "observed_stem_graft_day_34",
                "observed_stem_graft_day_61",
                "observed_stem_graft_day_110",
            ),
            ("stem_cells",),
        ),
        Panel("chimerism", ("observed_mpp_graft_peak",), ("multipotent_progenitors",)),
    ),
}
