"""Lots wait where they are made: what the queue does to lots, patients and their progression."""

import heapq
import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.manufacture import Batch
from progenitor.study import Chunk, FacilitySection, Study, run_study, template_path
from progenitor.study._facility_loads import facility_demands
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._queueing import Streams, queued
from progenitor.study._schema import StudyFile
from progenitor.study._simulate import make_lots_of, patient_numbers, simulate_chunk

NO_SLOT = """\
recipe: no_slot
title: no_slot
extends: conventional_car_t
change: {slot_wait: {duration: 0 day}}
"""
YEAR = 365.25


def suites(units: int, *, per_year: float = 60.0, patients: int = 30) -> FacilitySection:
    rooms = [{"name": "clean room", "units": units}]
    return FacilitySection.model_validate(
        {"title": f"{units} suites", "per_year": per_year, "patients": patients, "resources": rooms}
    )


def study_of(
    made: dict[str, tuple[str, str | None]], facilities: dict[str, FacilitySection]
) -> StudyFile:
    """The shipped study with one arm for each product: recipe and facility."""
    file = Study.load(template_path("tscm_vs_cart_dlbcl")).file
    product, arm = file.products["conventional"], file.arms["conventional"]
    return file.model_copy(
        update={
            "products": {
                name: product.model_copy(update={"recipe": recipe, "facility": facility})
                for name, (recipe, facility) in made.items()
            },
            "arms": {name: arm.model_copy(update={"product": name}) for name in made},
            "facilities": facilities,
            "trials": {},
        }
    )


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogue") / "catalogue"
    shutil.copytree(default_catalogue().path, folder)
    (folder / "recipes" / "no_slot.yaml").write_text(NO_SLOT)
    return folder


def outcomes(
    file: StudyFile, catalogue: Path, draws: int, patients: int
) -> dict[str, dict[str, np.ndarray]]:
    plan = Plan(file, 5, tuple(range(draws)), catalogue)
    chunk = Chunk(draw=0, draws=draws, first_patient=0, patients=patients)
    shard = simulate_chunk(plan, chunk)
    return {
        name: {
            column: values[shard.outcomes["arm"] == place]
            for column, values in {**shard.outcomes, **shard.series}.items()
        }
        for place, name in enumerate(file.arms)
    }


def test_with_room_for_everybody_nothing_changes(catalogue: Path) -> None:
    """Without a wait of the recipe bit for bit; with one, the queue takes its place."""
    made = {
        "alone": ("no_slot", None),
        "roomy": ("no_slot", "roomy"),
        "usual": ("conventional_car_t", "roomy"),
    }
    found = outcomes(study_of(made, {"roomy": suites(10_000)}), catalogue, 2, 30)
    queue = {"queue_wait", "collection_day", "lost_in_queue"}
    for column, values in found["alone"].items():
        if column != "arm" and column not in queue and not column.startswith("resource_"):
            np.testing.assert_array_equal(found["roomy"][column], values, err_msg=column)
    assert (found["roomy"]["queue_wait"] == 0).all()
    days = [found[name]["vein_to_vein"] for name in ("usual", "alone")]
    np.testing.assert_allclose(*days, rtol=1e-12, atol=0)  # 2.5 days added and taken away


@pytest.fixture(scope="module")
def halved() -> dict[str, dict[str, np.ndarray]]:
    """Two suites and four; 24 draws of one stream of 40 patients, 80 a year."""
    made = {"four": ("conventional_car_t", "four"), "two": ("conventional_car_t", "two")}
    plants = {n: suites(u, per_year=80.0, patients=40) for n, u in (("four", 4), ("two", 2))}
    return outcomes(study_of(made, plants), default_catalogue().path, 24, 40)


def test_half_the_suites_make_patients_wait(halved: Any) -> None:
    four, two = halved["four"], halved["two"]
    longer = two["vein_to_vein"] - four["vein_to_vein"]
    assert np.nanmean(longer) > 8
    wait = two["queue_wait"] - four["queue_wait"]
    np.testing.assert_allclose(longer, np.where(np.isnan(longer), np.nan, wait), atol=1e-9, rtol=0)
    came = np.tile(np.arange(40), 24)
    late, early = (two["queue_wait"][mine].mean() for mine in (came >= 30, came < 10))
    assert late > 2 * early


def test_half_the_suites_cost_progression_free_survival_through_attrition(halved: Any) -> None:
    """Of 960 patients, paired: who is lost is lost, and would have had a chance."""
    four, two = halved["four"], halved["two"]
    gone = four["infused"] & two["lost_waiting"]
    assert gone.mean() > 0.03
    assert (two["lost_in_queue"] | ~gone).mean() > 0.95  # the rest waited in the queue of four too
    assert np.nansum(two["pfs_itt_12_months"][gone]) == 0
    assert np.nanmean(four["pfs_itt_12_months"][gone]) > 0.1
    free = [np.nanmean(arm["pfs_itt_12_months"]) for arm in (two, four)]
    assert free[0] < free[1]


def test_who_is_lost_in_the_queue_is_lost(halved: Any) -> None:
    for arm in halved.values():
        assert (arm["lost_waiting"] | ~arm["lost_in_queue"].astype(bool)).all()
        assert not (arm["lost_in_queue"].astype(bool) & (arm["queue_wait"] == 0)).any()


def test_tumours_grow_while_patients_wait(halved: Any) -> None:
    """In who is infused in both arms, with the same tumour at enrolment."""
    four, two = halved["four"], halved["two"]
    both = four["infused"] & two["infused"] & (two["queue_wait"] > four["queue_wait"] + 20)
    tumour = [arm["tumour_cells_total"][both, 0] for arm in (two, four)]
    assert both.sum() > 50
    assert np.median(tumour[0] / tumour[1]) > 1.02


def test_neither_processes_nor_chunks_change_a_number(tmp_path: Path) -> None:
    file = study_of({"one": ("conventional_car_t", "unit")}, {"unit": suites(1, patients=7)})
    visits = file.visits.model_copy(update={"response": [28.0]})
    population = file.population.model_copy(update={"patients_per_draw": 10})
    file = file.model_copy(
        update={
            "visits": visits,
            "population": population,
            "comparators": [],
            "uncertainty": file.uncertainty.model_copy(update={"draws": 2}),
        }
    )
    study = replace(Study.load(template_path("tscm_vs_cart_dlbcl")), file=file)
    digests = {
        run_study(
            study, catalogue=default_catalogue(), runs_dir=tmp_path / str(jobs), seed=3, jobs=jobs
        ).digest
        for jobs in (1, 2)
    }
    assert len(digests) == 1
    plan = Plan(file, 3, (0, 1), default_catalogue().path)
    whole = simulate_chunk(plan, Chunk(draw=0, draws=2, first_patient=0, patients=10))
    parts = [
        simulate_chunk(plan, Chunk(draw=draw, first_patient=first, patients=5))
        for draw in (0, 1)
        for first in (0, 5)
    ]
    for name, column in whole.outcomes.items():
        together = np.concatenate([part.outcomes[name] for part in parts])
        np.testing.assert_array_equal(together, column, err_msg=name)
    assert (whole.outcomes["queue_wait"] > 0).any()


def lots_of_streams(section: FacilitySection, draws: int, recipe: str) -> tuple[Batch, Streams]:
    file = study_of({"one": (recipe, "unit")}, {"unit": section})
    plan = Plan(file, 5, tuple(range(draws)), default_catalogue().path)
    draw = np.repeat(np.arange(draws), section.patients)
    patient = np.tile(np.arange(section.patients), draws)
    numbers = patient_numbers(plan, draw=draw, patient=patient)
    batch = make_lots_of(plan, setup_arms(plan)[0], numbers, draw=draw, patient=patient)
    return batch, Streams.of(draw, patient, size=section.patients)


def held(batch: Batch, *, until: str, label: str = "enrich") -> tuple[np.ndarray, np.ndarray]:
    """Days before a lot asks for a suite, its own wait for a slot left out, and days it has it."""
    steps = {entry.label: entry for entry in batch.log}
    asks = steps["slot_wait"].day_in
    ends = np.where(steps[until].active, steps[until].day_out, batch.decided_day)
    return asks, ends - steps[label].day_in


def test_waits_are_those_of_servers_taken_in_turn() -> None:
    """Whoever asks first gets the first of three suites that is free: a heap, lot by lot."""
    section = suites(3, per_year=100.0, patients=200)
    batch, streams = lots_of_streams(section, 3, "conventional_car_t")
    queue = queued(section, batch, streams, seed=5)
    asks, days = held(batch, until="cryopreserve")
    for stream in range(3):
        mine = slice(200 * stream, 200 * (stream + 1))
        asked, needs = queue.collected[mine] + asks[mine], days[mine]
        free, waits = [0.0] * 3, np.empty(200)
        for lot in np.argsort(asked, kind="stable"):
            start = max(asked[lot], heapq.heappop(free))
            heapq.heappush(free, start + needs[lot])
            waits[lot] = start - asked[lot]
        assert waits.mean() > 1
        np.testing.assert_allclose(queue.wait[mine], waits, rtol=0, atol=1e-9)  # sums of days
    load = days.mean() * 100.0 / YEAR / 3
    np.testing.assert_allclose(queue.demand.mean(), load, rtol=1e-9, atol=0)  # the same days added


def test_the_mean_wait_for_one_suite_is_that_of_pollaczek_and_khinchine() -> None:
    r"""Poisson arrivals, one server: E[W] = λE[S²]/(2(1-ρ)); 12 streams of 2,000, |z| < 4."""
    section = suites(1, per_year=18.0, patients=2_000)
    batch, streams = lots_of_streams(section, 12, "conventional_car_t")
    queue = queued(section, batch, streams, seed=5)
    days = held(batch, until="cryopreserve")[1].reshape(12, -1)
    rate = 18.0 / YEAR
    load = rate * days.mean(axis=1)
    expected = rate * (days**2).mean(axis=1) / (2 * (1 - load))
    found = queue.wait.reshape(12, -1)[:, 200:].mean(axis=1)
    ratio = found / expected
    assert load.mean() > 0.4
    assert abs(ratio.mean() - 1) < 4 * ratio.std(ddof=1) / math.sqrt(12)
    assert ratio.std(ddof=1) < 0.3


def test_products_of_one_recipe_keep_their_own_lots() -> None:
    """A composition measured of one product is not that of another made in the same way."""
    file = study_of(
        {"made": ("conventional_car_t", None), "seen": ("conventional_car_t", None)}, {}
    )
    seen = file.products["seen"].model_dump() | {
        "composition": {"quadrants": [900.0, 40.0, 30.0, 30.0], "stem_memory": [300.0, 600.0],
                        "source": "lot7.fcs"},
    }  # fmt: skip
    products = {**file.products, "seen": type(file.products["seen"]).model_validate(seen)}
    found = outcomes(file.model_copy(update={"products": products}), default_catalogue().path, 2, 5)
    assert (found["seen"]["lot_tscm"] > 0.7).all()
    assert np.nanmedian(found["made"]["lot_tscm"]) < 0.3


def test_overload_is_said_before_and_after_the_run(tmp_path: Path) -> None:
    text = template_path("tscm_vs_cart_dlbcl").read_text("utf-8")
    rooms = "[{name: clean room, units: 1}]"
    section = f"  unit: {{title: A unit, per_year: 90, patients: 10, resources: {rooms}}}"
    chassis = "    chassis: conventional_car_t\n"
    text = text.replace(chassis, f"{chassis}    facility: unit\n")
    text = text.replace("arms:\n", f"facilities:\n{section}\narms:\n", 1)
    study = Study.parse(text, path="overload.yaml", catalogue=default_catalogue())
    (asked,) = facility_demands(study, default_catalogue())
    assert asked.demand > 2
    assert "OVERLOAD" in asked.words
    result = run_study(
        study.with_options(draws=2, patients=10),
        catalogue=default_catalogue(),
        runs_dir=tmp_path,
        seed=3,
    )
    assert "OVERLOAD" in result.weaknesses[0]
    queue = result.arms["conventional"].queue
    assert queue is not None
    assert queue.resources[0].demand.value == pytest.approx(asked.demand, rel=0.2)
    assert queue.strata[-1].wait[1] > queue.strata[0].wait[1]
    assert result.arms["tscm"].queue is None
    assert "queue_wait" not in {*result.arms["tscm"].endpoints}
