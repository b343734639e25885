"""Events and patients for a hazard ratio against an established R package, as tabulated."""

import csv
import json
from pathlib import Path

import pytest

from progenitor.cli import main
from progenitor.trial import SurvivalTrial

TABLE = Path(__file__).parent / "data" / "survival_samplesize_public.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
PRINTED = 5.1e-6  # five decimals
COLUMNS = {
    "lachin_foulkes": ("gsD_LachinFoulkes_n", "LF_events"),
    "schoenfeld": ("gsD_Schoenfeld_n", "gsD_Schoenfeld_d"),
    "freedman": ("gsD_Freedman_n", "gsD_Freedman_d"),
}


def share_lost(row: dict[str, str]) -> float:
    return 0.05 if row["dropout_5pct_per_12m"] == "TRUE" else 0.0


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_as_tabulated(row: dict[str, str]) -> None:
    trial = SurvivalTrial(
        hazard_ratio=float(row["hr"]),
        control_median=float(row["median_ctrl"]),
        accrual=float(row["accrual"]),
        follow_up=float(row["minfup"]),
        ratio=float(row["ratio_exp_to_ctrl"]),
        dropout=SurvivalTrial.dropout_hazard(share_lost(row), 12.0),
        alpha=float(row["alpha_onesided"]),
        power=float(row["power"]),
    )
    for method, columns in COLUMNS.items():
        expected = [float(row[column]) for column in columns]
        assert list(trial.size(method)) == pytest.approx(expected, abs=PRINTED), method
    assert trial.size("schoenfeld").events == pytest.approx(
        float(row["schoenfeld_events"]), abs=PRINTED
    )
    assert trial.size("freedman").events == pytest.approx(
        float(row["freedman_events"]), abs=PRINTED
    )


@pytest.mark.parametrize("row", ROWS[::10], ids=lambda row: row["id"])
def test_the_command_answers_the_table(row: dict[str, str], capfd) -> None:
    command = ["design", "survival-size", "--hr", row["hr"], "--median", row["median_ctrl"]]
    command += ["--accrual", row["accrual"], "--minfup", row["minfup"], "--power", row["power"]]
    command += ["--ratio", row["ratio_exp_to_ctrl"], "--alpha", row["alpha_onesided"]]
    assert main([*command, "--dropout", str(share_lost(row)), "--json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    for method, columns in COLUMNS.items():
        expected = [float(row[column]) for column in columns]
        found = [answer[method]["n"], answer[method]["events"]]
        assert found == pytest.approx(expected, abs=PRINTED)
