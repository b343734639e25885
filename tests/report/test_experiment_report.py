"""The report of an experiment: weakest evidence first, every part there, numbers as simulated."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from progenitor.evidence import default_catalogue
from progenitor.report import render_experiment_report, write_any_report
from progenitor.report.experiment import (
    _tables,
    change_waterfall,
    courses,
    event_curves,
    factorial_plot,
    readout_dots,
    what_if_map,
)
from progenitor.report.experiment._legend import arm_dashes
from progenitor.report.experiment._what_if_map import outline
from progenitor.report.figures._style import is_blank
from progenitor.study import Experiment, run_experiment
from progenitor.study.experiment import _weak
from progenitor.study.experiment.results import ExperimentResult

STUDY = Path(__file__).parents[2] / "studies" / "car_gmp_factorial_her2.yaml"
MAP = {
    "benefit": {
        "title": "Dose & engulfment",
        "arm": "both",
        "against": "untreated",
        "readout": "tumour",
        "measure": "ratio",
        "axes": [
            {"title": "Dose", "given": "gmp", "values": ["1e6 cell", "1e7 cell", "1e8 cell"]},
            {
                "title": "Engulfment",
                "number": "macrophage/engulfment_rate",
                "values": ["0.5 times", "2 times"],
            },
        ],
        "below": 0.9,
    }
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ExperimentResult:
    """The factorial in mice, small, with a map and a statement that cannot hold."""
    data: dict[str, Any] = yaml.safe_load(STUDY.read_text("utf-8").replace(" on:", " 'on':"))
    data["uncertainty"]["draws"], data["subjects"]["per_draw"] = 4, 4
    data["maps"] = MAP
    data["expectations"].append(
        {
            "statement": "Pigs <fly>",
            "readout": "tumour",
            "arm": "untreated",
            "below": "1 cell",
        }
    )
    catalogue = default_catalogue()
    experiment = Experiment.parse(json.dumps(data), path="e.yaml", catalogue=catalogue)
    folder = tmp_path_factory.mktemp("runs")
    return run_experiment(experiment, catalogue=catalogue, runs_dir=folder, seed=1)


@pytest.fixture(scope="module")
def page(result: ExperimentResult) -> str:
    return render_experiment_report(result)


def rows(chart: Any, *names: str) -> list[list[dict[str, Any]]]:
    """Data sets of a chart that have these columns."""
    found = chart.to_dict()["datasets"].values()
    return [list(data) for data in found if data and set(names) <= data[0].keys()]


def test_what_is_weak_stands_before_the_answer_and_all_else(result, page):
    weak = page.index("The weakest evidence first")
    headline = page.index('class="headline')
    assert weak < page.index("are assumptions") < headline < page.index("The weakest numbers")
    order = ["question", "arms", "courses", "events", "readouts", "pairs", "factorials", "maps"]
    order += ["expectations", "structures", "evidence", "references", "repeat"]
    places = [page.index(f'<section id="{name}"') for name in order]
    assert places == sorted(places)


def test_everything_is_escaped_whole_and_nothing_is_loaded(result, page, tmp_path):
    assert "Pigs &lt;fly&gt;" in page
    assert "<fly>" not in page
    assert "Dose &amp; engulfment" in page
    assert not re.findall(r'(?:src|href)="(?!#|https://doi)', page)
    assert "NaN" not in page
    assert ">nan" not in page
    path = tmp_path / "deep" / "report.html"
    assert write_any_report(result, path) == path
    assert path.read_text("utf-8") == page


def test_a_missed_expectation_is_on_the_first_screen_and_marked(result, page):
    top = page[: page.index('class="headline')]
    assert "Expectation missed: Pigs" in top
    assert "▲ missed" in page
    missed = [one for one in result.expectations if not one.met]
    assert f"{len(missed)} of {len(result.expectations)}" in page[: page.index("<nav")]


def test_identifiers_are_unique(page):
    found = re.findall(r'\bid="([^"]+)"', page)
    assert len(found) == len(set(found))
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in found


def test_courses_hold_the_median_of_every_arm(result):
    chart = courses(result.arms)
    medians = rows(chart, "day", "median")
    band = result.arms["both"].bands["tumour_cells_total"]
    known = band.values[band.percentiles.index(50.0)]
    drawn = [[row["median"] for row in data] for data in medians]
    assert any(
        len(one) == len(known)
        and np.allclose(np.array(one, float), np.maximum(known, min(one)), rtol=1e-9, atol=0)
        for one in drawn
        if None not in one
    )


def test_event_curves_end_where_the_estimates_say(result):
    chart = event_curves(result.arms, {"death": "Death"})
    curve = rows(chart, "survival", "low", "high")[0]
    for arm in result.arms.values():
        last = [row["survival"] for row in curve if row["arm"] == arm.title][-1]
        assert last == pytest.approx(1 - arm.events["death"].by_end.value, abs=0.02)


def test_the_factorial_draws_each_cell(result):
    found = result.factorials[1]
    chart = factorial_plot(found)
    values = sorted(row["value"] for data in rows(chart, "line", "value") for row in data)
    assert values == pytest.approx(sorted(one.value for one in found.values.values()), rel=1e-9)


def test_the_map_draws_each_point_and_outlines_benefit(result):
    (grid,) = result.maps
    chart = what_if_map(grid)
    drawn = [row["value"] for data in rows(chart, "x2", "value") for row in data]
    assert sorted(drawn) == pytest.approx(sorted(grid.values.ravel()), rel=1e-9)
    inside = grid.benefit >= 0.5
    assert len(grid.needed) == 2
    assert outline(np.ones((2, 3), dtype=bool)).__len__() == 10
    assert bool(outline(inside)) == bool(inside.any())


def test_dots_leave_out_what_is_not_known(result):
    key = next(iter(result.readout_titles))
    missing = {
        name: replace(
            arm, readouts={**arm.readouts, key: replace(arm.readouts[key], value=float("nan"))}
        )
        for name, arm in result.arms.items()
    }
    assert not is_blank(readout_dots(result.arms, {key: "Tumour"}))
    assert is_blank(readout_dots(missing, {key: "Tumour"}))


def test_an_arm_may_be_called_neither(result):
    """What is not separated is said in words that cannot be the name of an arm."""
    labels = {name: arm.title for name, arm in result.arms.items()}
    words = {row[-1].text for row in _tables.pair_table(result.pairs, labels).rows}
    assert "Neither" not in words
    assert words <= {"not separated", *labels.values()}


def test_many_arms_stand_in_several_tables(result):
    arm = result.arms["both"]
    arms = {f"a{at}": replace(arm, title=f"Arm {at}") for at in range(8)}
    found = _tables.readout_tables(arms, result.readout_titles)
    assert [len(table.columns) for table in found] == [5, 5]
    assert [column.title for column in found[1].columns[1:]] == ["Arm 4", "Arm 5", "Arm 6", "Arm 7"]
    assert all(len(row) == 5 for table in found for row in table.rows)


def test_a_median_that_is_not_reached_is_said_in_words(result):
    event = result.arms["both"].events["death"]
    never = replace(event, median=replace(event.median, value=np.inf, high=np.inf))
    arms = {"both": replace(result.arms["both"], events={"death": never})}
    (table,) = _tables.median_tables(arms, {"death": "Death"})
    cell = table.rows[0][1]
    assert cell.text == "not reached"
    assert cell.second.endswith("to not reached")


def test_the_question_stands_above_what_is_weak(result, page):
    asked = page.index('class="asked"')
    assert asked < page.index("The weakest evidence first")
    assert result.question["of_interest"].split("?")[0][:40] in page[asked : asked + 400]


def test_the_answer_says_what_each_switch_does(result):
    found = result.factorials[0]
    assert result.headline.startswith(found.title)
    assert "CAR −" in result.headline
    assert "interaction CAR × signal" in result.headline


def test_structure_risk_names_arms_and_measure(result):
    """A difference carries its sign and is in percentage points; which arms is said."""
    pair = next(one for one in result.pairs if one.measure == "ratio")
    other = replace(pair, favours="untreated", estimate=replace(pair.estimate, value=3.25))
    structure = replace(result.structures[0], pairs=(other,))
    (words,) = _weak._structures([structure], [pair], {n: a.title for n, a in result.arms.items()})
    assert words.startswith(
        "Structure risk, the graft passes through the niche: 1 of 1 comparisons"
    )
    assert "Receptor and signal ÷ No cells: 3.2 " in words
    assert f"instead of {pair.estimate.value:.2g} (90 % interval" in words


def test_a_waterfall_counts_who_reaches_the_line(result):
    change = np.array([0.2, 0.343, 0.35, 1.0, 4.0, np.nan])
    arms = {"both": replace(result.arms["both"], changes={"tumour": change})}
    chart = change_waterfall(arms, "tumour", "Tumour")
    drawn = [row["change"] for data in rows(chart, "left", "change") for row in data]
    assert drawn == pytest.approx([100.0, 0.0, -65.0, -65.7, -80.0], rel=1e-9)
    assert "40 % of 5 subjects" in chart.to_dict()["description"]
    empty = {"both": replace(arms["both"], changes={"tumour": np.full(3, np.nan)})}
    assert is_blank(change_waterfall(empty, "tumour", "Tumour"))


def test_arms_that_coincide_are_told_apart_by_their_lines(result):
    assert len({tuple(dash) for dash in list(arm_dashes(result.arms).values())[:4]}) == 4
