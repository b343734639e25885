"""Courses of published models: axes that fit the numbers, marks where the paper put them."""

import math
from pathlib import Path

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.library import ReproductionRow
from progenitor.report import write_figure
from progenitor.report.figures import (
    Course,
    CoursePanel,
    Mark,
    model_courses,
    reproduction_ratios,
)

DAYS = np.linspace(0.0, 100.0, 2_001)


def panel(values: np.ndarray, *marks: Mark, unit: str = "cell", days=DAYS) -> CoursePanel:
    return CoursePanel("Level", unit, (Course("one", days, values),), None, marks)


def scales(one: CoursePanel) -> tuple[dict, dict]:
    """The scales of time and value of a panel's line."""
    layers = model_courses([one]).to_dict()["vconcat"][0]["hconcat"][0]["layer"]
    line = next(layer for layer in layers if layer["mark"]["type"] == "line")
    return line["encoding"]["x"], line["encoding"]["y"]


@pytest.mark.parametrize(
    ("values", "unit", "kind"),
    [
        (np.geomspace(1.0, 1e5, DAYS.size), "cell", "log"),
        (np.linspace(5.0, 20.0, DAYS.size), "cell", "linear"),
        (np.linspace(-0.9, 10.0, DAYS.size), "cell", "linear"),
        (np.geomspace(1e-6, 1.0, DAYS.size), "1", "linear"),  # a share
        (np.r_[0.0, np.geomspace(1.0, 1e5, DAYS.size - 1)], "cell", "log"),
    ],
)
def test_the_value_axis_fits_the_values(values, unit: str, kind: str) -> None:
    _, y = scales(panel(values, unit=unit))
    assert y["scale"]["type"] == kind
    low, high = y["scale"]["domain"]
    assert low <= (values[values > 0].min() if kind == "log" else values.min())
    assert high >= values.max()


@pytest.mark.parametrize(
    ("last", "kind", "title", "end"),
    [
        (1.0, "linear", "Hours", 24.0),
        (100.0, "linear", "Days", 100.0),
        (365.0, "sqrt", "Days", 365),
    ],
)
def test_the_time_axis_fits_the_time(last: float, kind: str, title: str, end: float) -> None:
    days = np.linspace(0.0, last, 50)
    x, _ = scales(panel(np.linspace(5.0, 20.0, 50), days=days))
    assert x["scale"]["type"] == kind
    assert x["title"].startswith(title)
    assert x["scale"]["domain"] == [0, end]


def test_a_peak_is_not_thinned_away() -> None:
    values = np.exp(-0.5 * ((DAYS - 7.0) / 0.5) ** 2) + 0.5
    chart = model_courses([panel(values)]).to_dict()
    drawn = [row["value"] for rows in chart["datasets"].values() for row in rows if "value" in row]
    assert max(drawn) == pytest.approx(1.5, rel=1e-2, abs=0.0)
    assert len(drawn) < DAYS.size


def test_marks_stand_where_the_paper_put_them() -> None:
    marks = (
        Mark("peak", 7.0, 30.0, 20.0, 40.0),
        Mark("level", value=12.0),
        Mark("day", day=28.0),
    )
    chart = model_courses([panel(np.linspace(5.0, 20.0, DAYS.size), *marks)])
    rows = [row for found in chart.to_dict()["datasets"].values() for row in found]
    told = {row["label"]: row for row in rows if row["label"] in {"peak", "level", "day"}}
    assert told["peak"] | {} == {
        "day": 7.0,
        "value": 30.0,
        "low": 20.0,
        "high": 40.0,
        "label": "peak",
    }
    assert told["level"]["day"] is None
    assert told["day"]["value"] is None
    assert "peak: 30.0 cells on day 7.00" in str(chart.description)


def test_ratios_beyond_the_axis_are_drawn_at_its_end_and_said() -> None:
    def row(title: str, ours: float) -> ReproductionRow:
        return ReproductionRow("s", title, "1", 1.0, 0.5, 2.0, "CI", ours, "", "", "")

    rows = [row("same", 1.0), row("same", 1e-9), row("far", 1e6), row("none", math.nan)]
    chart = reproduction_ratios(rows)
    data = next(found for found in chart.to_dict()["datasets"].values() if "ratio" in found[0])
    assert [one["ratio"] for one in data] == [1.0, 0.01, 100.0]
    assert len({one["label"] for one in data}) == 3, "equal titles fall on one line"
    assert "1.0 × 10⁻⁹ ▲" in str(chart.description)


def test_a_figure_is_a_file_that_stands_alone(tmp_path: Path) -> None:
    chart = model_courses([panel(np.linspace(5.0, 20.0, DAYS.size))])
    svg = write_figure(chart, tmp_path / "f.svg").read_text("utf-8")
    assert "currentColor" not in svg
    assert svg.count("<svg") == 1
    assert write_figure(chart, tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match=r"give \.svg or \.png"):
        write_figure(chart, tmp_path / "f.pdf")
