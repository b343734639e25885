"""The report of a model check: figures that hold its numbers, tables, words, a page on its own."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.inference import ModelCheck, Replicates, check_model, measurements
from progenitor.report import figures, render_check_report, tables, write_check_report
from progenitor.report._draw import description, raw_svg
from progenitor.report.figures._check_layers import level_scale, ordinal, outer_words

DAYS = (1.0, 7.0, 28.0, 90.0)


def made(
    patients: int = 30, *, shift: float = 1.0, limit: float = 0.4, several: bool = False
) -> ModelCheck:
    """Lognormal levels of each patient at four visits; some are below the limit."""
    random = stream(51, "check report")
    level = random.normal(size=(121, patients)).repeat(4, axis=1)
    copies = np.exp(level + 0.5 * random.normal(size=level.shape))
    patient = np.repeat(np.arange(patients), 4)
    seen = measurements(
        patient,
        np.tile(DAYS, patients),
        shift * copies[0],
        limit=limit,
        stratum=patient % 2 if several else None,
        strata=("<A>", "B") if several else ("",),
    )
    simulated = Replicates(
        "demo_2020",
        "level",
        "CAR transgene",
        "copies/ug",
        copies[1:],
        np.ones(4 * patients),
        scatters=True,
    )
    return check_model(seen, simulated, seed=1)


@pytest.fixture(scope="module")
def check() -> ModelCheck:
    return made()


def datasets(chart: Any, *names: str) -> list[list[dict[str, Any]]]:
    """Return the data sets of a chart that have these columns."""
    spec = chart.to_dict()
    found = spec.get("datasets", {}).values()
    return [list(rows) for rows in found if rows and set(names) <= set(rows[0])]


def column(rows: list[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([row[name] for row in rows], dtype=float)


def test_the_visual_check_draws_the_percentiles_and_intervals_of_the_check(
    check: ModelCheck,
) -> None:
    visual = check.visual
    chart = figures.predictive_check(visual, title=check.title, unit=check.unit)
    upper, lower = datasets(chart, "low", "high", "observed")
    for name, values in (
        ("low", visual.low),
        ("high", visual.high),
        ("observed", visual.percentile),
    ):
        np.testing.assert_array_equal(column(upper, name), values.ravel())
    np.testing.assert_array_equal(column(upper, "day"), np.tile(visual.centre, 3))
    np.testing.assert_array_equal(column(lower, "observed"), 100.0 * visual.below)
    np.testing.assert_array_equal(column(lower, "low"), 100.0 * visual.below_low)
    assert [row["outside"] for row in upper] == [
        bool(known and not inside)
        for known, inside in zip(
            np.isfinite(visual.percentile).ravel(), visual.inside.ravel(), strict=True
        )
    ]
    points = [rows for rows in datasets(chart, "day", "value") if "low" not in rows[0]]
    assert sum(map(len, points)) == len(visual.observed)
    assert f"of {visual.replicates} simulated copies" in description(chart)
    for words in ("Simulated 95 % interval of the median", "Observed 5th and 95th percentiles"):
        assert words in raw_svg(chart)


def test_a_line_does_not_cross_bins_in_which_the_percentile_is_not_known() -> None:
    visual = made().visual
    percentile = visual.percentile.copy()
    percentile[0] = [1.0, np.nan, 2.0, 3.0]
    chart = figures.predictive_check(
        replace(visual, percentile=percentile), title="Level", unit="copies/ug"
    )
    upper = datasets(chart, "low", "high", "observed")[0]
    runs = [row["run"] for row in upper if row["rank"] == 5.0 and row["observed"] is not None]
    assert runs[0] != runs[1] == runs[2]


def test_every_stratum_has_a_panel_and_its_name_is_text() -> None:
    chart = figures.predictive_check(made(several=True).visual, title="Level", unit="copies/ug")
    svg = raw_svg(chart)
    assert "&lt;A&gt; (15 patients, 60 observations)" in svg
    assert "B (15 patients, 60 observations)" in svg


def test_the_fit_draws_every_error_and_the_tests() -> None:
    check = made()
    fit = check.fit
    chart = figures.goodness_of_fit(fit, title=check.title, unit=check.unit)
    (ordered,) = [rows for rows in datasets(chart, "value", "low", "high") if "rank" not in rows[0]]
    np.testing.assert_array_equal(column(ordered, "value"), fit.ordered)
    np.testing.assert_array_equal(column(ordered, "low"), fit.normal_low)
    over_time, over_prediction = datasets(chart, "rank")
    np.testing.assert_array_equal(column(over_time, "observed"), fit.over_time.percentile.ravel())
    np.testing.assert_array_equal(column(over_prediction, "low"), fit.over_prediction.low.ravel())
    assert f"n = {fit.tests.count}" in raw_svg(chart)
    assert "CAR transgene" in description(chart)


def test_one_bin_is_drawn_as_a_bar() -> None:
    check = made()
    once = check.visual.observed
    one = measurements(once.subject, np.ones(len(once)), np.nan_to_num(once.value, nan=0.1))
    copies = np.exp(stream(52, "one bin").normal(size=(60, len(once))))
    made_ = Replicates("demo", "level", "Level", "1", copies, np.ones(len(once)), scatters=True)
    chart = figures.predictive_check(
        check_model(one, made_, seed=1).visual, title="Level", unit="1"
    )
    assert '"bar"' in chart.to_json()
    assert "NaN" not in raw_svg(chart)


def test_the_page_is_whole_escaped_and_loads_nothing(tmp_path: Path) -> None:
    table = tmp_path / "levels.csv"
    table.write_text("ID,TIME,DV\n", encoding="utf-8")
    path = tmp_path / "deep" / "check.html"
    check = made(several=True)
    reference = "Author <2020>. doi:10.1000/1"
    assert (
        write_check_report(check, path, reference=reference, source=table, notes=("2 & more",))
        == path
    )
    page = path.read_text("utf-8")
    HTMLParser().feed(page)
    assert page.count("<svg") == 2
    assert "<A>" not in page
    assert "2 &amp; more." in page
    assert "Author &lt;2020&gt;." in page
    assert 'src="' not in page
    assert "link rel" not in page
    assert page == render_check_report(
        check, reference=reference, source=table, notes=("2 & more",)
    )


def test_a_check_that_fails_says_so_first() -> None:
    page = render_check_report(made(shift=5.0))
    head = page[page.index('class="headline') : page.index("What is weak")]
    assert "observations lie above the model (p &lt; 0.001, all tests)" in head
    assert page.count('class="alarm"') == 2


def test_tables_hold_the_numbers_and_mark_what_lies_outside() -> None:
    check = made(shift=5.0)
    bins = tables.bin_table(check)
    assert [one.title for one in bins.columns] == [
        "Days", "n", "5th", "Median", "95th", "Below LLOQ, %",
    ]  # fmt: skip
    assert [row[0].text for row in bins.rows] == ["1", "7", "28", "90"]
    for index, row in enumerate(bins.rows):
        for rank in range(3):
            assert (row[2 + rank].mark == "weak") == (not check.visual.inside[rank, index])
    assert len(tables.interval_table(check).rows) == 5
    errors = tables.error_table(check)
    assert errors.rows[0][4].text == "< 0.001"
    assert errors.rows[0][1].text.startswith(f"{check.fit.tests.mean:.3f} ±")


def test_axes_are_logarithmic_only_where_levels_span_decades() -> None:
    assert level_scale(np.array([3.0, 400.0, np.nan])) == ("log", (1.0, 1000.0))
    assert level_scale(np.array([0.0, 3.0, 400.0])) == ("log", (1.0, 1000.0))
    assert level_scale(np.array([0.001, 400.0]), lowest=0.5) == ("log", (0.1, 1000.0))
    assert level_scale(np.array([2.0, 5.0])) == ("linear", (0.0, 5.25))
    assert level_scale(np.array([-2.0, 5.0]))[0] == "linear"


def test_percentiles_are_read_as_ordinals() -> None:
    assert [ordinal(one) for one in (1, 2.5, 11, 22, 50, 93)] == [
        "1st", "2.5th", "11th", "22nd", "median", "93rd",
    ]  # fmt: skip
    assert outer_words((2.5, 25.0, 50.0, 97.5)) == "2.5th, 25th and 97.5th percentiles"
    assert outer_words((50.0,)) == "no other percentile"
