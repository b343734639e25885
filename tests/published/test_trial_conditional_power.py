"""Conditional and predictive power against an established R package, as tabulated."""

import csv
import json
from pathlib import Path

import pytest

from progenitor.cli import main
from progenitor.trial import conditional_power

TABLE = Path(__file__).parent / "data" / "conditional_power_public.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
PRINTED = 2e-8  # eight decimals, of a critical value that is printed to six


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['z']}-{row['t']}-{row['drift']}")
def test_as_tabulated(row: dict[str, str]) -> None:
    limits = {"critical": float(row["z_final_crit"]), "drift": float(row["drift"])}
    found = conditional_power(float(row["z"]), float(row["t"]), **limits)
    expected = [float(row[key]) for key in ("CP_design", "CP_trend", "PP_flat")]
    assert list(found) == pytest.approx(expected, abs=PRINTED)


@pytest.mark.parametrize("row", ROWS[::20], ids=lambda row: f"{row['z']}-{row['t']}")
def test_the_command_answers_the_table(row: dict[str, str], capfd) -> None:
    command = ["design", "conditional-power", "--z", row["z"], "--t", row["t"], "--json"]
    assert main([*command, "--critical", row["z_final_crit"], "--drift", row["drift"]]) == 0
    answer = json.loads(capfd.readouterr().out)
    found = [answer[key] for key in ("cp_design", "cp_trend", "pp")]
    expected = [float(row[key]) for key in ("CP_design", "CP_trend", "PP_flat")]
    assert found == pytest.approx(expected, abs=PRINTED)
