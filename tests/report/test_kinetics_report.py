"""The report of a kinetics analysis: its words, its tables, and figures that hold the numbers."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.kinetics import Kinetics, KineticsRules, Profiles, analyse_kinetics
from progenitor.report import figures, render_kinetics_report, tables, write_kinetics_report
from progenitor.report._kinetics_words import kinetics_headline, kinetics_weaknesses
from progenitor.report.figures._style import is_blank

VISITS = np.array([0.5, 3.0, 7.0, 10.0, 14.0, 21.0, 28.0, 42.0, 60.0, 90.0, 180.0])


def made(count: int, **rules: object) -> Kinetics:
    """Patients whose levels rise to day 10 and fall in two phases; the last is never seen."""
    noise = np.exp(0.2 * stream(9, "kinetics report").standard_normal((count, VISITS.size)))
    fall = 0.99 * 2.0 ** (-(VISITS - 10.0) / 4.0) + 0.01 * 2.0 ** (-(VISITS - 10.0) / 150.0)
    level = 3e4 * noise * np.where(VISITS < 10.0, 2.0 ** (VISITS - 10.0), fall)
    level[-1] = 1.0
    names = [f"<{row}>" for row in range(count)]
    profiles = Profiles.of(VISITS, level, lower_limit=50.0, unit="copies/ug", patients=names)
    return analyse_kinetics(profiles, KineticsRules(**rules))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found() -> Kinetics:
    return made(15)


def rows(chart: object) -> list[list[dict[str, object]]]:
    spec = chart.to_dict()  # type: ignore[attr-defined]
    return [list(data) for data in spec.get("datasets", {}).values()]


def test_the_page_is_whole_and_escaped(found: Kinetics, tmp_path: Path) -> None:
    table = tmp_path / "levels.csv"
    table.write_text("ID,TIME,DV\n", encoding="utf-8")
    path = tmp_path / "deep" / "report.html"
    assert write_kinetics_report(found, path, source=table, notes=("2 & more",)) == path
    page = path.read_text("utf-8")
    HTMLParser().feed(page)
    assert page.count("<svg") == 3
    assert "<14>" not in page
    assert "&lt;14&gt;" in page
    assert "2 &amp; more." in page
    assert "levels.csv" in page
    assert not re.findall(r'(?:src|href)="(?!#)', page), "nothing is loaded from elsewhere"
    assert "NaN" not in page


def test_the_same_analysis_gives_the_same_page(found: Kinetics) -> None:
    assert render_kinetics_report(found) == render_kinetics_report(made(15))


def test_the_headline_says_peak_halves_and_persistence(found: Kinetics) -> None:
    words = kinetics_headline(found)
    assert words.startswith("Levels peak at ")
    assert "copies/µg (geometric mean of 14 patients" in words
    assert "on day 10 (median), then halve every" in words
    assert "On day 90 cells are quantifiable in 93 % of the 15 patients" in words


def test_what_is_weak_is_said(found: Kinetics) -> None:
    said = " ".join(kinetics_weaknesses(found, ("a note",)))
    for piece in (
        "1 of 15 patients: never quantifiable",
        "Quantifiable on day 365: none for 15 (15 samples end too early)",
        "have no level on day 0",
        "are below the limit; areas take them as zero before",
        "their Tlast is a lower bound",
        "A note.",
    ):
        assert piece in said


def test_nothing_quantifiable_is_said_in_words() -> None:
    nobody = made(1)
    assert kinetics_headline(nobody) == "No level was quantifiable in any patient."
    page = render_kinetics_report(nobody)
    assert "No level was quantifiable, so there is no course to show." in page
    assert page.count("<svg") == 1, "the time below the limit is still known"


def test_levels_hold_every_sample_and_mark_those_below_the_limit(found: Kinetics) -> None:
    chart = figures.individual_levels(found.profiles)
    samples = next(data for data in rows(chart) if "run" in data[0])
    assert len(samples) == found.profiles.taken.sum()
    assert sum(one["under"] is not None for one in samples) == found.profiles.below.sum()
    drawn = np.array([one["level"] for one in samples if one["level"] is not None], dtype=float)
    np.testing.assert_array_equal(drawn, found.profiles.level[found.profiles.found])
    assert [data for data in rows(chart) if "limit" in data[0]] == [
        [{"limit": 50.0, "text": "LLOQ"}]
    ]


def test_a_line_breaks_where_a_sample_is_below_the_limit() -> None:
    profiles = Profiles.of(np.arange(4.0), np.array([[9.0, 0.1, 8.0, 7.0]]), lower_limit=1.0)
    samples = next(d for d in rows(figures.individual_levels(profiles)) if "run" in d[0])
    runs = [one["run"] for one in samples if one["level"] is not None]
    assert runs[0] != runs[1] == runs[2]


def test_many_patients_are_thinned_and_counted() -> None:
    chart = figures.individual_levels(made(300).profiles)
    assert "Levels of 120 of 300 patients" in str(chart.description)
    assert len(tables.patient_table(made(501)).rows) == 500
    assert tables.patient_table(made(501)).caption == "The first 500 of 501 patients"


@pytest.mark.parametrize("contraction", ["line", "stripped"])
def test_fitted_phases_end_at_the_samples_and_meet(contraction: str) -> None:
    found = made(4, contraction=contraction)
    fits = [data for data in rows(figures.phase_fits(found)) if "phase" in data[0]]
    assert len(fits) == 3
    for data in fits:
        days = {
            p: [one["day"] for one in data if one["phase"] == p]
            for p in ("contraction", "persistence")
        }
        assert days["persistence"][-1] == 180.0
        assert days["contraction"][-1] == days["persistence"][0]
        assert days["contraction"][0] == pytest.approx(10.0, abs=4.0)


def test_the_spread_holds_every_value(found: Kinetics) -> None:
    drawn = [data for data in rows(figures.metric_spread(found)) if "value" in data[0]]
    values = [sorted(one["value"] for one in data) for data in drawn]
    for name in ("cmax", "tmax", "contraction_half_life"):
        known = found.metrics[name].values
        assert sorted(known[np.isfinite(known)].tolist()) in values


def test_tables_say_why_there_is_no_value(found: Kinetics) -> None:
    patient = tables.patient_table(found).rows[-1]
    assert patient[0].text == "<14>"
    assert (patient[1].text, patient[1].small) == ("–", "never quantifiable")
    summary = {row[0].text: row for row in tables.metric_table(found).rows}
    assert summary["Cmax"][1].text == "14"
    assert summary["Cmax"][-1].small == "1 never quantifiable"
    shares = {row[0].text: row for row in tables.share_table(found).rows}
    assert shares["Quantifiable on day 28"][1].text == "14 of 15"
    assert len(tables.definition_table(found).rows) == len(found.metrics)


def test_limits_that_differ_draw_no_line() -> None:
    limit = np.array([[1.0, 2.0]])
    profiles = Profiles.of(np.array([0.0, 1.0]), np.array([[9.0, 1.5]]), lower_limit=limit)
    chart = figures.individual_levels(profiles)
    assert not is_blank(chart)
    assert not [data for data in rows(chart) if "limit" in data[0]]
