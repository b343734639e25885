"""Each figure draws exactly the numbers it was given, as a valid specification."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from progenitor.assay import (
    PanelTruth,
    TscmGating,
    gate_tscm,
    interval_draws,
    synthetic_panel,
)
from progenitor.engine import stream
from progenitor.evidence import default_catalogue
from progenitor.inference import (
    FittedNumber,
    ModelCheck,
    Replicates,
    check_model,
    free_number,
    measurements,
)
from progenitor.kinetics import Kinetics, Profiles, analyse_kinetics
from progenitor.library import ReproductionRow
from progenitor.manufacture import (
    Centre,
    CostFactor,
    CostSwing,
    Event,
    Facility,
    FacilityRun,
    Network,
    NetworkDesign,
    Orders,
    Plant,
    Resource,
    SpecificationLine,
    Stage,
    cost_tornado,
    design_network,
    load_recipe,
    run_facility,
)
from progenitor.report import figures
from progenitor.report._draw import description, inline_svg, raw_svg
from progenitor.report.figures._palette import arm_labels
from progenitor.report.figures._style import Chart, bare, is_blank
from progenitor.study import (
    OBJECTIVES,
    Candidate,
    CultureCourses,
    Judged,
    Optimisation,
    PowerCurve,
    process_settings,
)
from progenitor.study.results import (
    ArmResult,
    DoseFindingResult,
    Estimate,
    QueueResult,
    QueueStratum,
    RandomisedResult,
    ResourceLoad,
    RunResult,
)
from progenitor.study.trials._dose_finding import conduct_dose_findings
from progenitor.study.trials._randomised import conduct_randomised
from progenitor.testing import (
    MADE_UP_DOSES,
    MADE_UP_TRIALS,
    dose_tables,
    study_with_trial,
    survival_tables,
)
from progenitor.trial import kaplan_meier


def analysed(run: RunResult) -> Kinetics:
    """The medians of a run's CAR-T levels, analysed as if they were patients."""
    bands = [arm.bands["car_t_in_blood"] for arm in run.arms.values() if arm.bands]
    days = bands[0].days if bands else np.zeros(1)
    level = np.array([band.values[2] for band in bands]).reshape(len(bands), days.size)
    return analyse_kinetics(Profiles.of(days, level, lower_limit=0.05, unit="cell/uL"))


def checked(run: RunResult) -> ModelCheck:
    """A model whose copies are lognormal, checked against one of them; nobody where nobody is."""
    copies = np.exp(stream(41, "figures").normal(size=(60, 80)))
    patient, days = np.repeat(np.arange(20), 4), np.tile([1.0, 7.0, 28.0, 200.0], 20)
    seen = measurements(
        patient, days, copies[0], limit=0.4, stratum=patient % 2, strata=("Low", "High")
    )
    made = Replicates("demo", "level", "Level", "copies/ug", copies[1:], np.ones(80), scatters=True)
    check = check_model(seen, made, seed=1)
    if run.comparisons:
        return check
    none, nobody = np.zeros(0), np.zeros(0, dtype=int)
    empty = replace(
        seen,
        subject=nobody,
        time=none,
        value=none,
        censored=nobody.astype(bool),
        limit=none,
        stratum=nobody,
    )
    return replace(
        check,
        visual=replace(check.visual, observed=empty, place=nobody),
        fit=replace(check.fit, ordered=none, normal=none, normal_low=none, normal_high=none),
    )


def gated(run: RunResult) -> TscmGating:
    """A synthetic panel in its gates; nobody where nobody is."""
    found = gate_tscm(synthetic_panel(PanelTruth.drawn(1000), seed=1000).events)
    if run.comparisons:
        return found
    return replace(found, shown=found.shown[:0], gated=np.zeros_like(found.gated))


def shares_of(run: RunResult) -> Chart:
    """The shares of that panel with their intervals."""
    found = gated(run)
    return figures.memory_shares(found, found.composition.intervals(interval_draws()))


def course_panels(run: RunResult) -> list[figures.CoursePanel]:
    """The blood levels of a run's arms as if each were a variant of a published model."""
    return [
        figures.CoursePanel(
            title=arm.title,
            unit=(band := arm.bands["car_t_in_blood"]).unit,
            courses=(figures.Course("median", band.days, band.values[2]),),
            band=band,
            marks=(figures.Mark("published", day=7.0, value=27.5, low=16.5, high=57.5),),
        )
        for arm in run.arms.values()
        if arm.bands
    ]


def reproduced(run: RunResult) -> list[ReproductionRow]:
    """The comparisons of a run as if they were numbers of one paper."""
    return [
        ReproductionRow(
            symbol=one.parameter_id,
            title=one.quantity,
            unit=one.unit,
            published=one.published,
            low=one.published_low,
            high=one.published_high,
            interval=one.interval,
            ours=one.simulated.value,
            variant="",
            source=one.citation,
            note="",
        )
        for one in run.comparisons
    ]


def fitted(run: RunResult) -> list[FittedNumber]:
    """Two numbers of the catalogue, one moved and narrowed by a fit; none where nothing is."""
    if not run.comparisons:
        return []
    catalogue = default_catalogue()
    first, second = (
        free_number(catalogue.parameter(f"t_cell/{name}"))
        for name in ("kill_rate", "exhaustion_rate")
    )
    return [
        FittedNumber(first, (1.0, 2.0, 4.0), (2.5, 3.0, 3.5), shift=1.0, shrinkage=0.9),
        FittedNumber(second, (0.1, 0.2, 0.4), (0.1, 0.2, 0.4), shift=0.0, shrinkage=0.0),
    ]


def queued(run: RunResult) -> FacilityRun:
    """Sixty lots in two suites; none where nothing is compared."""
    lots = 60 if run.comparisons else 0
    days = stream(42, "figures").gamma(20.0, 0.2, (1, lots, 2))
    site = Facility((Resource("clean room", 2), Resource("QC laboratory", 2)))
    stages = [Stage("ship"), Stage("culture", ("clean room",)), Stage("test", ("QC laboratory",))]
    arrivals = 2.5 * np.arange(lots, dtype=float)[np.newaxis]
    return run_facility(site, stages, arrivals, np.concatenate([days[..., :1], days], axis=2))


def supplied(run: RunResult) -> NetworkDesign:
    """Two centres and two plants; nobody where nothing is compared."""
    journeys = np.array([[[100.0], [300.0]], [[300.0], [100.0]]]), np.ones((2, 2, 1))
    network = Network(
        "two by two",
        (Centre("A", 50.0, 8.0), Centre("B", 48.0, 11.0)),
        (Plant("P", 4, 50.0, 49.0, 9.0), Plant("Q", 4, 5e4, 47.0, 12.0)),
        ("van",),
        *journeys,
        *journeys,
    )
    design = design_network(network, Orders(np.array([0, 1, 1]), np.array([0, 9, 20])))
    if run.comparisons:
        return design
    none = np.zeros(0, dtype=int)
    ways = {"inbound": none, "outbound": none}
    orders = Orders(none, none)
    return replace(design, orders=orders, plant=none, begins=none, returned=none, **ways)


def swings(run: RunResult) -> tuple[float, tuple[CostSwing, ...]]:
    """What three numbers do to the cost of a dose."""
    factors = (
        CostFactor("labour", 1e4, 2e4, 4e4),
        CostFactor("utilisation", 0.6, 0.8, 0.9),
        CostFactor("facility", 8e3, 1e4, 1.1e4),
    )
    return cost_tornado(factors) if run.comparisons else (0.0, ())


def optimised(run: RunResult) -> Optimisation:
    """A front of three candidates beside a recipe; none where a run compares with nothing."""
    catalogue = default_catalogue()
    space = process_settings(catalogue, load_recipe(catalogue, "tscm_car_t"))
    names = ("yield", "stemness", "cost")

    def candidate(place: float) -> Candidate:
        values = dict(zip(names, (2e8 * place, 0.9 / place, 9e4 + place), strict=True))
        errors = {name: 0.1 * value for name, value in values.items()}
        without = {name: value * np.linspace(0.9, 1.1, 5) for name, value in values.items()}
        settings = {item.name: item.from_share(place / 4) for item in space.ranges}
        return Candidate(settings, Judged(values, errors, without, {}), 0.9)

    return Optimisation(
        product="tscm",
        space=space,
        goals=tuple(OBJECTIVES[name] for name in names),
        front=tuple(candidate(place) for place in (1, 2, 3)) if run.comparisons else (),
        tried=tuple(candidate(place) for place in range(1, 5)),
        reference=candidate(2.5),
        lots=10,
        lots_to_confirm=20,
        seed=1,
    )


def cultured(run: RunResult) -> dict[str, CultureCourses]:
    """Growth of two products; none where a run compares with nothing."""
    if not run.comparisons:
        return {}
    days = np.linspace(0, 10, 6)
    bands = np.array([0.5, 0.8, 1.0, 1.3, 2.0])[:, np.newaxis] * 2e8 * 1.3**days
    alive = np.tile(np.linspace(0.7, 0.95, 5)[:, np.newaxis], 6)
    shares = np.column_stack([1 - days / 20, days / 20])
    lots = np.linspace(100, 20, 6)
    by_step = CultureCourses(days, bands, alive, ("hsc", "gmp"), shares, lots, tuple("abcdef"))
    return {
        "Tscm": CultureCourses(days, bands, alive, ("tscm", "tcm"), shares, lots),
        "CAR-GMP": by_step,
    }


def assayed(run: RunResult) -> dict[str, list[PowerCurve]]:
    """The power of two tests; none where a run compares with nothing."""
    lines = [
        SpecificationLine("viability", "Viability", limit=0.7, cells=500),
        SpecificationLine("car_cells", "CAR+ cells", unit="cell", limit=1e8, variation=0.1),
    ]
    curves = [
        PowerCurve(line, truth, line.pass_chance(truth), measured)
        for line, truth, measured in zip(
            lines,
            (np.linspace(0.6, 0.9, 31), np.geomspace(5e7, 1e9, 31)),
            ((0.75, 0.85, 0.9), (np.nan,) * 3),
            strict=True,
        )
    ]
    return {"Tscm": curves if run.comparisons else []}


def descent(run: RunResult) -> dict[str, list[Event]]:
    """A donor, a vector, a lot, its bags and their patients."""
    events = [
        Event("COL-1", (), "apheresis"),
        Event("LOT-1", ("COL-1", "VECTOR-9"), "transduce"),
        Event("LOT-1/1", ("LOT-1",), "take from bank"),
        Event("LOT-1/1", (), "infuse", recipient="patient 1"),
        Event("LOT-1/2", ("LOT-1",), "take from bank"),
        Event("LOT-1/2", (), "infuse", recipient="patient 2"),
    ]
    return {"CAR-GMP": events if run.comparisons else []}


def spent(run: RunResult) -> dict[str, dict[str, float]]:
    """Cost lines of a dose; none where a run compares with nothing."""
    lines = {"materials": 3e4, "vector": 2e4, "failed lots": 5e3}
    return {"Tscm": lines if run.comparisons else {}}


@cache
def dose_finding() -> DoseFindingResult:
    """A dose-finding trial on made-up patients."""
    file = study_with_trial(MADE_UP_TRIALS["dose_finding"] | {"replicates": 40}, doses=True)
    tables = {"tscm": dose_tables(MADE_UP_DOSES, (0.1, 0.25, 0.4))}
    return conduct_dose_findings(file, 5, tables)[0]


def doses_of(run: RunResult) -> DoseFindingResult:
    """The same without doses and patients where nobody is."""
    found = dose_finding()
    if run.comparisons:
        return found
    return replace(found, levels=(), example=replace(found.example, patients=()))


@cache
def randomised() -> RandomisedResult:
    """A group-sequential trial on made-up survival."""
    file = study_with_trial(MADE_UP_TRIALS["randomised"] | {"replicates": 40}, doses=False)
    tables = survival_tables({"conventional": 0.004, "tscm": 0.003})
    return conduct_randomised(file, 5, tables, disease="DLBCL")[0]


def survival_of(run: RunResult) -> RandomisedResult:
    """The same without looks and patients where nobody is."""
    found = randomised()
    if run.comparisons:
        return found
    none = np.zeros(0)
    nobody = dict.fromkeys(found.example.followed, (none, none))
    return replace(found, looks=(), example=replace(found.example, followed=nobody))


def waiting(run: RunResult) -> dict[str, ArmResult]:
    """The first arm of a run made in a facility, its second never short."""
    share = Estimate(1.2, 1.1, 1.3, "1", "Asked for", 90)
    queue = QueueResult(
        facility="A unit",
        per_year=60.0,
        patients=20,
        wait=Estimate(12.0, 6.0, 20.0, "day", "Wait in the facility", 90),
        lost=share,
        lost_in_queue=share,
        strata=(
            QueueStratum(1, 10, (0.0, 2.0, 9.0), 0.9),
            QueueStratum(11, 20, (1.0, 14.0, 50.0), 0.7),
        ),
        resources=(ResourceLoad("clean room", 2, share, share),),
        never_short=("courier",),
    )
    return {
        name: replace(arm, queue=queue if run.comparisons and place == 0 else None)
        for place, (name, arm) in enumerate(run.arms.items())
    }


MAKERS: dict[str, Callable[[RunResult], Chart]] = {
    "agreement": lambda run: figures.agreement(run.comparisons, arm_labels(run.arms)),
    "cost_waterfall": lambda run: figures.cost_waterfall(spent(run)),
    "culture_courses": lambda run: figures.culture_courses(cultured(run)),
    "genealogy_graph": lambda run: figures.genealogy_graph(descent(run)),
    "pareto_plots": lambda run: figures.pareto_plots(optimised(run)),
    "parallel_coordinates": lambda run: figures.parallel_coordinates(optimised(run)),
    "release_power": lambda run: figures.release_power(assayed(run)),
    "cost_lines": lambda run: figures.cost_lines(run.arms),
    "crs_grades": lambda run: figures.crs_grades(run.arms),
    "cost_swings": lambda run: figures.cost_swings(*swings(run)),
    "facility_gantt": lambda run: figures.facility_gantt(queued(run)),
    "dose_choice": lambda run: figures.dose_choice(doses_of(run)),
    "dose_path": lambda run: figures.dose_path(doses_of(run)),
    "dose_truth": lambda run: figures.dose_truth(doses_of(run)),
    "flow": lambda run: figures.flow(run.arms),
    "goodness_of_fit": lambda run: figures.goodness_of_fit(
        checked(run).fit, title="Level", unit="copies/ug"
    ),
    "individual_levels": lambda run: figures.individual_levels(analysed(run).profiles),
    "kinetics": lambda run: figures.kinetics(
        run.arms, run.comparisons, band="car_t_in_blood", lower_limit=0.05
    ),
    "lot_composition": lambda run: figures.lot_composition(run.arms),
    "lot_quality": lambda run: figures.lot_quality(run.arms),
    "memory_gates": lambda run: figures.memory_gates(gated(run)),
    "memory_shares": shares_of,
    "metric_spread": lambda run: figures.metric_spread(analysed(run)),
    "model_courses": lambda run: figures.model_courses(course_panels(run)),
    "network_map": lambda run: figures.network_map(supplied(run)),
    "paired_forest": lambda run: figures.paired_forest(run.paired),
    "phase_fits": lambda run: figures.phase_fits(analysed(run)),
    "predictive_check": lambda run: figures.predictive_check(
        checked(run).visual, title="Level", unit="copies/ug"
    ),
    "prior_posterior": lambda run: figures.prior_posterior(fitted(run)),
    "queue_waits": lambda run: figures.queue_waits(waiting(run)),
    "reproduction_ratios": lambda run: figures.reproduction_ratios(reproduced(run)),
    "stopping_bounds": lambda run: figures.stopping_bounds(survival_of(run)),
    "survival": lambda run: figures.survival(run.arms, "infused"),
    "time_courses": lambda run: figures.time_courses(run.arms, ["il6", "tumour"]),
    "trial_survival": lambda run: figures.trial_survival(survival_of(run)),
    "waterfall": lambda run: figures.waterfall(run.arms),
}


def datasets(chart: Chart) -> list[list[dict[str, Any]]]:
    """Return every data set a chart draws, once, in order of first appearance."""
    spec = chart.to_dict()
    named = spec.get("datasets", {})

    def found(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if "name" in node.get("data", {}):
                yield node["data"]["name"]
            for key, child in node.items():
                if key not in {"data", "datasets"}:
                    yield from found(child)
        elif isinstance(node, list):
            for child in node:
                yield from found(child)

    return [named[name] for name in dict.fromkeys(found(spec))]


def column(rows: list[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([row[name] for row in rows], dtype=float)


def with_column(chart: Chart, *names: str) -> list[list[dict[str, Any]]]:
    return [rows for rows in datasets(chart) if rows and set(names) <= rows[0].keys()]


def test_every_public_figure_is_tested() -> None:
    assert sorted(MAKERS) == [name for name in figures.__all__ if name.islower()]


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_the_specification_is_valid_and_renders(name: str, result: RunResult) -> None:
    chart = MAKERS[name](result)
    json.dumps(chart.to_dict(validate=True), allow_nan=False)
    svg = raw_svg(chart)
    assert ET.fromstring(svg).tag.endswith("svg")
    assert "http" not in svg.replace("http://www.w3.org/", "")


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_an_empty_run_is_explained_in_words(
    name: str, result: RunResult, without: Callable[[RunResult], RunResult]
) -> None:
    chart = MAKERS[name](without(result))
    words = description(chart)
    assert is_blank(chart)
    assert words.endswith(".")
    assert words.startswith(("No ", "The flow"))
    drawn = "".join(ET.fromstring(raw_svg(chart)).itertext())
    assert words.replace(" ", "") in drawn.replace(" ", "")


def test_prior_and_posterior_are_drawn_over_the_median_of_the_prior(result: RunResult) -> None:
    (rows,) = with_column(MAKERS["prior_posterior"](result), "prior_low")
    np.testing.assert_allclose(column(rows, "prior_low"), 0.5, rtol=1e-12, atol=0)
    np.testing.assert_allclose(column(rows, "prior_high"), 2.0, rtol=1e-12, atol=0)
    np.testing.assert_allclose(column(rows, "low"), [1.25, 0.5], rtol=1e-12, atol=0)
    np.testing.assert_allclose(column(rows, "middle"), [1.5, 1.0], rtol=1e-12, atol=0)
    np.testing.assert_allclose(column(rows, "high"), [1.75, 2.0], rtol=1e-12, atol=0)
    assert rows[0]["text"].startswith("3")


def test_waits_are_drawn_over_the_middle_of_their_patients(result: RunResult) -> None:
    (rows,) = with_column(MAKERS["queue_waits"](result), "median")
    assert column(rows, "patient").tolist() == [5.5, 15.5]
    assert column(rows, "low").tolist() == [0.0, 1.0]
    assert column(rows, "median").tolist() == [2.0, 14.0]
    assert column(rows, "high").tolist() == [9.0, 50.0]


def test_kinetics_holds_the_percentiles_and_the_published_values(result: RunResult) -> None:
    chart = MAKERS["kinetics"](result)
    panels = with_column(chart, "p0", "p4")
    for arm, index in (("conventional", 0), ("tscm", -1)):
        band = result.arms[arm].bands["car_t_in_blood"]
        for rank in range(5):
            np.testing.assert_array_equal(column(panels[index], f"p{rank}"), band.values[rank])
        np.testing.assert_array_equal(column(panels[index], "day"), band.days)
    points = with_column(chart, "published")[-1]
    wanted = [c for c in result.comparisons if c.day is not None and c.unit == "cell/uL"]
    np.testing.assert_array_equal(column(points, "published"), [c.published for c in wanted])
    np.testing.assert_array_equal(column(points, "low"), [c.published_low for c in wanted])
    assert {row["source"] for row in points} == {
        "Kimmel GJ et al. 2021, Proc R Soc B (fitted)",
        "Kimmel GJ et al. 2021, Proc R Soc B (predicted)",
    }
    assert list(with_column(chart, "limit")[0]) == [{"limit": 0.05, "text": "LLOQ"}]


def test_kinetics_draws_zeros_at_the_foot_and_keeps_them_in_the_data(result: RunResult) -> None:
    arm = result.arms["tscm"]
    band = arm.bands["car_t_in_blood"]
    values = band.values.copy()
    values[:, -5:] = 0.0
    arms = {"tscm": replace(arm, bands={"car_t_in_blood": replace(band, values=values)})}
    chart = figures.kinetics(arms, band="car_t_in_blood")
    assert column(with_column(chart, "p0")[0], "p0")[-1] == 0.0
    assert "NaN" not in raw_svg(chart)


def test_kinetics_leaves_out_values_in_another_unit(result: RunResult) -> None:
    points = with_column(MAKERS["kinetics"](result), "published")[-1]
    assert len(points) == 4  # Tmax has no day, the transgene is in copies/µg


def test_the_transgene_is_drawn_with_its_own_published_values(result: RunResult) -> None:
    chart = figures.kinetics(result.arms, result.comparisons, band="transgene_in_blood")
    (points,) = with_column(chart, "published")
    assert [(row["day"], row["published"]) for row in points] == [(28.0, 640.0)]


def test_survival_is_the_trial_package_s_curve(result: RunResult) -> None:
    chart = MAKERS["survival"](result)
    arm = result.arms["tscm"]
    known = np.isfinite(arm.pfs_time)
    curve = kaplan_meier(arm.pfs_time[known], arm.pfs_event[known])
    rows = [row for row in with_column(chart, "low")[0] if row["arm"] == arm.title]
    months = column(rows, "month") * 365 / 12
    for time, share in zip(curve.times, curve.survival, strict=True):
        drawn = [r["survival"] for r, m in zip(rows, months, strict=True) if abs(m - time) < 1e-6]
        assert share in drawn
    risk = [row for row in with_column(chart, "at_risk")[0] if row["arm"] == arm.title]
    assert risk[0]["at_risk"] == int(known.sum())
    for row in risk:
        at_risk = int((arm.pfs_time[known] >= row["month"] * 365 / 12).sum())
        assert row["at_risk"] == at_risk


def test_survival_marks_every_censored_time_on_the_curve(result: RunResult) -> None:
    chart = MAKERS["survival"](result)
    arm = result.arms["conventional"]
    ticks = [
        row
        for rows in datasets(chart)
        for row in rows
        if row.keys() == {"arm", "month", "survival"} and row["arm"] == arm.title
    ]
    times = np.unique(arm.pfs_time[arm.pfs_event == 0])
    np.testing.assert_allclose(
        column(ticks, "month") * 365 / 12, times, rtol=1e-12, atol=0
    )  # a division and a multiplication by the same number


def test_waterfall_holds_every_measured_change_sorted(result: RunResult) -> None:
    panels = with_column(MAKERS["waterfall"](result), "change")
    for rows, arm in zip(panels, result.arms.values(), strict=True):
        known = arm.best_change[np.isfinite(arm.best_change)]
        np.testing.assert_array_equal(column(rows, "change"), np.sort(known)[::-1])
        codes = {"CR": 4, "PR": 3, "SD": 2, "PD": 1, "NE": 0}
        counted = {c: sum(r["response"] == c for r in rows) for c in codes}
        measured = arm.best_response[np.isfinite(arm.best_change)]
        assert counted == {c: int((measured == code).sum()) for c, code in codes.items()}


def test_crs_stacks_count_every_infused_patient(result: RunResult) -> None:
    rows = with_column(MAKERS["crs_grades"](result), "patients")[0]
    for arm in result.arms.values():
        mine = [row for row in rows if str(row["arm"]).startswith(arm.title)]
        graded = arm.crs_grade[np.isfinite(arm.crs_grade)]
        assert [row["patients"] for row in mine] == [int((graded == g).sum()) for g in range(6)]
        assert mine[-1]["end"] == 1.0


def test_lot_composition_holds_the_shares_of_every_finished_lot(result: RunResult) -> None:
    panels = with_column(MAKERS["lot_composition"](result), "share")
    for rows, arm in zip(panels, result.arms.values(), strict=True):
        for key, name in (("tscm", "Tscm"), ("tex", "Tex")):
            drawn = column([row for row in rows if row["phenotype"] == name], "share")
            known = arm.composition[key][np.isfinite(arm.composition[key])]
            np.testing.assert_array_equal(np.sort(drawn), np.sort(known))


def test_lot_quality_holds_every_measured_value(result: RunResult) -> None:
    drawn = np.concatenate(
        [column(r, "value") for r in with_column(MAKERS["lot_quality"](result), "value")]
    )
    given = np.concatenate(
        [values for arm in result.arms.values() for values in arm.lot_quality.values()]
    )
    np.testing.assert_array_equal(np.sort(drawn), np.sort(given[np.isfinite(given)]))


def test_cost_flow_and_pairs_hold_what_they_were_given(result: RunResult) -> None:
    cost = with_column(MAKERS["cost_lines"](result), "cost")[0]
    given = [value for arm in result.arms.values() for value in arm.cost_lines.values()]
    np.testing.assert_array_equal(column(cost, "cost"), given)
    boxes = [row["text"] for rows in with_column(MAKERS["flow"](result), "text") for row in rows]
    for arm in result.arms.values():
        for step in arm.flow:
            assert any(text.endswith(f"n = {step.patients}") for text in boxes)
    forest = with_column(MAKERS["paired_forest"](result), "value", "low")
    values = {row["value"] for rows in forest for row in rows}
    assert values == {estimate.value for estimate in result.paired.values()}


def test_a_pair_without_a_value_is_left_out(result: RunResult) -> None:
    missing = Estimate(np.nan, np.nan, np.nan, "%", "CR", 0)
    chart = figures.paired_forest({**result.paired, "missing": missing})
    rows = with_column(chart, "value", "low")
    assert len({row["label"] for one in rows for row in one}) == len(result.paired)


def test_agreement_marks_what_lies_outside(result: RunResult) -> None:
    rows = with_column(MAKERS["agreement"](result), "ratio")[0]
    assert [row["text"].endswith("▲") for row in rows] == [
        not 0.5 <= c.ratio <= 2 for c in result.comparisons
    ]


def test_two_sources_for_one_quantity_keep_a_row_each(result: RunResult) -> None:
    twice = [*result.comparisons, *result.comparisons]
    (rows,) = with_column(figures.agreement(twice, arm_labels(result.arms)), "ratio")
    assert len({row["label"] for row in rows}) == len(twice)
    assert rows[0]["label"] == "Level in blood, day 7 · Kimmel GJ et al. 2021"


def test_a_ratio_of_zero_is_drawn_at_the_edge_and_not_left_out(result: RunResult) -> None:
    none = replace(result.comparisons[0], ratio=0.0)
    chart = figures.agreement([none, *result.comparisons[1:]], arm_labels(result.arms))
    (rows,) = with_column(chart, "ratio")
    assert (rows[0]["ratio"], rows[0]["text"]) == (0.0, "0.00 ▲")
    assert "NaN" not in raw_svg(chart)


def test_fractions_are_printed_as_percent_and_kept_as_they_are(result: RunResult) -> None:
    arm = result.arms["tscm"]
    values = np.array([0.8, 0.9, np.nan])
    changed = {"composition": {}, "lot_quality": {"viability": values}}
    arms = {"tscm": replace(arm, **changed, lot_units={"viability": "1"})}
    chart = figures.lot_quality(arms)
    np.testing.assert_array_equal(column(with_column(chart, "value")[0], "value"), values[:2])
    assert "Viability (%)" in raw_svg(chart)


def test_large_powers_of_ten_are_written_raised(result: RunResult) -> None:
    arm = result.arms["tscm"]
    band = arm.bands["tumour"]
    many = {"tumour": replace(band, values=1e9 * band.values)}
    svg = raw_svg(figures.time_courses({"tscm": replace(arm, bands=many)}, ["tumour"]))
    assert ">10¹²<" in svg
    assert "000000" not in svg


def test_arms_with_one_title_are_told_apart(result: RunResult) -> None:
    arms = {name: replace(arm, title="CAR-T") for name, arm in result.arms.items()}
    assert arm_labels(arms) == {"conventional": "CAR-T (conventional)", "tscm": "CAR-T (tscm)"}


def test_an_inline_drawing_carries_words_and_only_its_own_identifiers(result: RunResult) -> None:
    svg = inline_svg(MAKERS["kinetics"](result), "here")
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert "published 27.5" in str(root.get("aria-label"))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert ids
    assert all(str(one).startswith("here-") for one in ids)


def test_a_bare_chart_can_be_combined_and_leaves_the_first_styled(result: RunResult) -> None:
    chart = MAKERS["kinetics"](result)
    assert "font" not in bare(chart).to_dict()["config"]
    assert "font" in chart.to_dict()["config"]


def test_the_gantt_holds_every_stage_and_every_wait(result: RunResult) -> None:
    run = queued(result)
    rows = with_column(MAKERS["facility_gantt"](result), "place", "kind")[0]
    shown = list(range(10, 50))  # the middle forty of sixty
    waits = [row["end"] - row["start"] for row in rows if row["kind"] == "waiting"]
    assert sum(waits) == pytest.approx(run.wait[0, shown].sum(), rel=1e-9)
    cultures = sorted(row["start"] for row in rows if row["kind"] == "clean room")
    np.testing.assert_array_equal(cultures, np.sort(run.started[0, shown, 0, 1]))


def test_the_map_joins_centres_to_the_plants_that_serve_them(result: RunResult) -> None:
    design = supplied(result)
    links = with_column(MAKERS["network_map"](result), "therapies")[0]
    assert sorted(row["therapies"] for row in links) == [1, 2]
    kinds = [row["kind"] for row in with_column(MAKERS["network_map"](result), "kind")[0]]
    assert kinds.count("plant kept") == int(design.kept.sum())


def test_swings_start_in_the_middle(result: RunResult) -> None:
    middle, found = swings(result)
    ends = with_column(MAKERS["cost_swings"](result), "at")[0]
    assert [row["end"] for row in ends] == [
        value for one in found for value in (one.at_low, one.at_high)
    ]
    assert {row["start"] for row in ends} == {middle}


def test_pareto_plots_hold_the_front_and_the_recipe_as_shipped(result: RunResult) -> None:
    found = optimised(result)
    panels = with_column(MAKERS["pareto_plots"](result), "x", "y_high")
    assert len(panels) == 3
    for rows, (x, y) in zip(panels, ((0, 1), (0, 2), (1, 2)), strict=True):
        assert [row["kind"] for row in rows] == ["Pareto front"] * 3 + ["Recipe as shipped"]
        for axis, place in (("x", x), ("y", y)):
            goal = found.goals[place]
            factor = 100 if goal.unit == "1" else 1
            values = [
                factor * one.judged.values[goal.name] for one in (*found.front, found.reference)
            ]
            np.testing.assert_allclose(column(rows, axis), values, rtol=1e-12, atol=0)  # percent


def test_parallel_coordinates_put_the_better_end_on_top(result: RunResult) -> None:
    found = optimised(result)
    rows = with_column(MAKERS["parallel_coordinates"](result), "height")[0]
    last = len(found.space.ranges) + len(found.goals) - 1
    cost = {row["line"]: row["height"] for row in rows if row["place"] == last}
    assert cost["1"] == 1.0  # the cheapest
    assert cost["3"] == 0.0
    assert "Recipe as shipped" in cost


def test_culture_courses_hold_percentiles_and_shares(result: RunResult) -> None:
    bands = with_column(MAKERS["culture_courses"](result), "p0", "p4")
    one = cultured(result)["Tscm"]
    np.testing.assert_array_equal(column(bands[0], "p2"), one.cells[2])
    np.testing.assert_array_equal(column(bands[1], "p4"), one.viability[4])
    shares = with_column(MAKERS["culture_courses"](result), "share")[0]
    np.testing.assert_array_equal(
        column([row for row in shares if row["kind"] == "Tscm"], "share"), one.shares[:, 0]
    )


def test_release_power_holds_curve_limit_and_lots(result: RunResult) -> None:
    chart = MAKERS["release_power"](result)
    curve = assayed(result)["Tscm"][0]
    np.testing.assert_array_equal(column(with_column(chart, "chance")[0], "chance"), curve.chance)
    assert [rows[0]["limit"] for rows in with_column(chart, "limit")] == [70.0, 1e8]
    (lots,) = with_column(chart, "p50")  # the second test measured nothing
    assert lots[0] == {"p5": 75.0, "p50": 85.0, "p95": 90.0}


def test_the_waterfall_of_cost_ends_at_the_dose(result: RunResult) -> None:
    (rows,) = with_column(MAKERS["cost_waterfall"](result), "amount")
    assert [row["end"] for row in rows] == [3e4, 5e4, 5.5e4, 5.5e4]
    assert rows[-1]["start"] == 0.0


def test_the_genealogy_graph_draws_every_descent(result: RunResult) -> None:
    chart = MAKERS["genealogy_graph"](result)
    (nodes,) = with_column(chart, "name")
    assert [row["name"] for row in nodes] == [
        "COL-1", "VECTOR-9", "LOT-1", "LOT-1/1", "LOT-1/2", "patient 1", "patient 2",
    ]  # fmt: skip
    (lines,) = with_column(chart, "x2")
    assert len(lines) == 6
