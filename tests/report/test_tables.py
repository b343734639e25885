"""Numbers, units and tables as they are printed."""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.report import tables
from progenitor.report._links import linked
from progenitor.report._numbers import estimate_text, interval_text, number_text, unit_text
from progenitor.report.tables.summary import estimate_cells
from progenitor.study.results import Estimate, RunResult

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.9996, "1.00"),
        (12345.6, "12\u202f300"),
        (999999.9, "1\u202f000\u202f000"),
        (1.5e6, "1.50 × 10⁶"),
        (-2.5e-7, "−2.50 × 10⁻⁷"),
        (-0.5, "−0.500"),
        (float("inf"), "∞"),
        (-float("inf"), "−∞"),
    ],
)
def test_numbers_are_written_with_three_figures(value: float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((-2.5, -6.9, 1.4), ("−2.5", "−6.9 to 1.4")),
        ((33.04, 19.8, 56.1), ("33.0", "19.8 to 56.1")),
        ((0.0, 0.0, 0.0), ("0", "0 to 0")),
        ((-0.1, -4.0, 9.0), ("−0.10", "−4.00 to 9.00")),
        ((110424.0, 84101.0, 129097.0), ("110\u202f000", "84\u202f100 to 129\u202f000")),
        ((9.0, NAN, NAN), ("9.0", "")),
        ((9.0, 8.0, NAN), ("9.0", "8.0 to –")),
        ((2.0e8, 5.0e7, 9.0e8), ("2.00 × 10⁸", "5.00 × 10⁷ to 9.00 × 10⁸")),
    ],
)
def test_value_and_interval_share_their_precision(
    numbers: tuple[float, float, float], text: tuple[str, str]
) -> None:
    assert interval_text(*numbers) == text


def test_percentages_have_one_decimal_whatever_their_size() -> None:
    assert interval_text(100.0, 94.96, 100.0, "%") == ("100.0", "95.0 to 100.0")
    assert interval_text(0.0, 0.0, 0.08, "%") == ("0.0", "0.0 to 0.1")


def test_a_ratio_has_no_unit() -> None:
    assert estimate_text(Estimate(1.36, 0.81, 2.2, "ratio", "Cmax", 452)) == "1.4 (0.8 to 2.2)"


def test_units_are_printed_as_a_reader_expects() -> None:
    assert [unit_text(unit) for unit in ("day", "USD", "cm^2", "1", "pg/mL")] == [
        "days",
        "US$",
        "cm²",
        "",
        "pg/mL",
    ]


def test_the_summary_has_a_row_per_endpoint_and_two_columns_per_arm(result: RunResult) -> None:
    table = tables.summary_table(result.arms)
    assert table.groups == (("", 1), ("Conventional CAR-T", 2), ("Tscm CAR-T", 2))
    assert [row[0].text for row in table.rows] == [
        estimate.label for estimate in result.arms["tscm"].endpoints.values()
    ]
    orr = next(row for row in table.rows if row[0].text.startswith("ORR"))
    assert [cell.text for cell in orr[1:]] == ["61.3", "48.0 to 73.9", "66.3", "48.0 to 73.9"]
    assert orr[1].small == "± 2.1"
    assert orr[2].small == "n = 452"


def test_a_fraction_is_printed_in_percent_with_its_note(result: RunResult) -> None:
    share = Estimate(0.523, 0.441, 0.602, "1", "ORR", 4520, 0.011, "of infused patients")
    arm = replace(result.arms["tscm"], endpoints={"orr": share})
    (row,) = tables.summary_table({"tscm": arm}).rows
    assert [(cell.text, cell.small) for cell in row] == [
        ("ORR", "%, of infused patients"),
        ("52.3", "± 1.1"),
        ("44.1 to 60.2", "n = 4\u202f520"),
    ]


def test_published_fractions_are_printed_in_percent(result: RunResult) -> None:
    share = Estimate(0.814, 0.69, 1.0, "1", "CR", 37)
    one = replace(
        result.comparisons[0],
        simulated=share,
        unit="1",
        published=0.395,
        published_low=NAN,
        published_high=NAN,
        ratio=2.06,
    )
    row = tables.published_table([one], result.arms).rows[0]
    assert row[0].small == "Conventional CAR-T · %"
    assert [(cell.text, cell.second) for cell in row[1:3]] == [
        ("81.4", "69.0 to 100.0"),
        ("39.5", ""),
    ]


def test_catalogue_names_of_designs_are_written_out(result: RunResult) -> None:
    arm = result.arms["tscm"]
    design = replace(
        arm.designs[0], design="simon_two_stage", endpoint="complete_response", analysis_set="itt"
    )
    row = tables.operating_table({"tscm": replace(arm, designs=(design,))}).rows[0]
    assert (row[0].second, row[0].small) == ("Simon two-stage", "complete response, ITT set")


def test_an_endpoint_of_one_arm_leaves_a_dash_in_the_other(result: RunResult) -> None:
    tscm = result.arms["tscm"]
    only = replace(
        tscm, endpoints={**tscm.endpoints, "new": Estimate(1.0, 0.0, 2.0, "%", "New", 9)}
    )
    table = tables.summary_table({**result.arms, "tscm": only})
    assert [cell.text for cell in table.rows[-1]] == ["New", "–", "–", "1.0", "0.0 to 2.0"]


def test_probabilities_are_printed_in_percent_and_sizes_are_not(result: RunResult) -> None:
    row = tables.operating_table(result.arms).rows[0]
    assert [row[i].text for i in (3, 4, 5, 6, 7)] == ["79.0", "29.8", "14.0", "72.0", "5\u202f000"]
    assert [row[i].small for i in (3, 4, 5)] == ["± 0.60", "± 0.080", "± 0.50"]
    assert row[1].text == "r₁ = 4, n₁ = 18, r = 10, n = 33"


def test_a_probability_already_in_percent_is_left_as_it_is(result: RunResult) -> None:
    arm = result.arms["tscm"]
    success = Estimate(79.0, 35.0, 98.0, "%", "P(success)", 5000, 0.6)
    designs = (replace(arm.designs[0], success=success),)
    row = tables.operating_table({"tscm": replace(arm, designs=designs)}).rows[0]
    assert (row[3].text, row[3].second, row[3].small) == ("79.0", "35.0 to 98.0", "± 0.60")


@pytest.mark.parametrize(
    ("ratio", "mark"), [(0.49, "weak"), (0.5, ""), (2.0, ""), (2.01, "weak"), (NAN, "weak")]
)
def test_a_ratio_is_marked_exactly_outside_half_to_double(
    result: RunResult, ratio: float, mark: str
) -> None:
    one = replace(result.comparisons[0], ratio=ratio)
    assert tables.published_table([one], result.arms).rows[0][3].mark == mark


def test_fitted_and_predicted_are_told_apart(result: RunResult) -> None:
    table = tables.published_table(result.comparisons, result.arms)
    roles = [row[4].text for row in table.rows]
    assert roles == ["fitted"] * 2 + ["predicted"] * 3 + ["fitted", "predicted"]


def test_failed_lots_are_counted_by_reason(result: RunResult) -> None:
    table = tables.failure_table(result.arms)
    assert [cell.text for cell in table.rows[0]] == ["Lots started", "500", "500"]
    few = next(row for row in table.rows if row[0].text == "Too few cells")
    assert [(cell.text, cell.small) for cell in few[1:]] == [("7", "1.4 %"), ("12", "2.4 %")]


def test_no_failed_lot_is_said_in_words(result: RunResult) -> None:
    arms = {name: replace(arm, lot_failures={}) for name, arm in result.arms.items()}
    assert tables.failure_table(arms).rows == ()
    assert tables.failure_table(arms).empty == "Every lot that was started was released."


def test_links_are_made_of_dois_alone() -> None:
    text = "see http://example.org/x, https://doi.org/10.1000/abc(1)2 & <b>"
    link = '<a href="https://doi.org/10.1000/abc(1)2">doi:10.1000/abc(1)2</a>'
    assert linked(text) == f"see http://example.org/x, {link} &amp; &lt;b&gt;"


def test_a_large_spread_is_written_number_by_number() -> None:
    value, interval = interval_text(0.5, 0.001, 900.0)
    assert (value, interval) == ("0.50", "0.0010 to 900")
    assert np.isfinite(float(value))


def test_fixed_rates_stand_beside_mechanistic_patients(result: RunResult) -> None:
    arm = result.arms["tscm"]
    numbers = {"p0": 0.25, "p1": 0.355, "n": 146.0, "alpha": 0.0496, "power": 0.8036}
    designs = (replace(arm.designs[0], numbers=numbers),)
    row = tables.operating_table({"tscm": replace(arm, designs=designs)}).rows[0]
    assert row[1].text == "n = 146"
    assert (row[2].text, row[2].second, row[2].small) == ("80.4", "at 35.5 %", "5.0 at 25 %")


def test_many_arms_are_cut_into_tables_of_three(result: RunResult) -> None:
    arm = result.arms["tscm"]
    blocks = tables.summary_tables({f"arm_{k}": arm for k in range(6)})
    assert [len(table.columns) for table in blocks] == [7, 7]
    assert blocks[1].caption.endswith("further arms")
    assert len(tables.summary_tables(result.arms)) == 1


def test_an_error_that_is_rounding_is_zero() -> None:
    value, _ = estimate_cells(Estimate(90.0, 90.0, 90.0, "day", "Tlast", 9, 1.4e-14))
    assert value.small == "± 0"
