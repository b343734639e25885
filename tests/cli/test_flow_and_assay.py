"""`progenitor flow` and `progenitor assay`: from a file on disk to numbers, or one clear error."""

import json
import sys
from pathlib import Path

import pytest

from progenitor.cli import main
from progenitor.study import Study, template_path

PLATE = """\
sample,role,cq,copies,ng,wbc
a,standard,33.345,10,,
b,standard,29.966,100,,
c,standard,26.587,1000,,
d,standard,23.208,10000,,
p1,sample,25.1,,200,4000
p1,sample,25.2,,200,4000
p2,sample,undetermined,,200,3000
"""


def answer(capfd, *words: str) -> dict:
    assert main([*words, "--json"]) == 0, capfd.readouterr().err
    return json.loads(capfd.readouterr().out)


def refused(capfd, *words: str) -> str:
    assert main(list(words)) == 2
    captured = capfd.readouterr()
    assert "Traceback" not in captured.err
    assert captured.out == ""
    return captured.err


@pytest.fixture
def panel(tmp_path: Path, capfd) -> Path:
    path = tmp_path / "panel.fcs"
    assert main(["flow", "simulate", "--seed", "3", "--events", "8000", "-o", str(path)]) == 0
    capfd.readouterr()
    return path


def test_simulated_truth_is_within_the_interval_that_is_found(tmp_path, capfd):
    path = tmp_path / "panel.fcs"
    made = answer(capfd, "flow", "simulate", "--seed", "3", "--events", "8000", "-o", str(path))
    found = answer(capfd, "flow", str(path))
    stem = found["composition"]["tscm"]
    assert stem["low"] <= made["tscm_fraction"] <= stem["high"]
    assert sum(of["events"] for of in made["truth"].values()) == made["t_cells"]
    assert answer(capfd, "flow", "gate", str(path))["composition"]["tscm"] == stem


def test_a_study_takes_the_composition_that_was_written(panel, tmp_path, capfd):
    composition, page = tmp_path / "lot.yaml", tmp_path / "lot.html"
    words = ["flow", str(panel), "--composition", str(composition), "--report", str(page)]
    assert main(words) == 0
    assert "Tscm" in page.read_text("utf-8") or "stem memory" in page.read_text("utf-8")
    text = template_path("tscm_vs_cart_dlbcl").read_text("utf-8")
    chassis = "    chassis: tscm_car_t\n"
    study = tmp_path / "study.yaml"
    study.write_text(text.replace(chassis, f"{chassis}    composition: lot.yaml\n"), "utf-8")
    measured = Study.load(study).file.products["tscm"].composition
    assert measured is not None
    assert measured.source == str(panel)
    capfd.readouterr()
    assert main(["check", str(study)]) == 0


def test_people_read_a_table(panel, capfd):
    assert main(["flow", str(panel)]) == 0
    out = capfd.readouterr().out
    assert "95 % interval" in out
    assert "tscm" in out


def test_bad_samples_and_options_are_one_message_each(panel, tmp_path, capfd):
    assert "cannot be read" in refused(capfd, "flow", str(tmp_path / "none.fcs"))
    cut = tmp_path / "cut.fcs"
    cut.write_bytes(panel.read_bytes()[:-1000])
    assert "the file is cut off" in refused(capfd, "flow", str(cut))
    assert "no channel Z" in refused(capfd, "flow", str(panel), "--channel", "CD95=Z")
    bad = ["--threshold", "CD95", "--fmo", "CD20=a.fcs", "--interval", "2"]
    assert refused(capfd, "flow", str(panel), *bad).count("Fix:") == 3
    assert "add to 1" in refused(capfd, "flow", "simulate", "--shares", "1,1,1,1,1",
                                 "-o", str(tmp_path / "b.fcs"))  # fmt: skip
    assert not (tmp_path / "b.fcs").exists()


def test_gatingml_without_flowkit_says_what_to_install(panel, tmp_path, capfd, monkeypatch):
    monkeypatch.setitem(sys.modules, "flowkit", None)
    gates = tmp_path / "gates.xml"
    gates.write_text("<a/>")
    assert main(["flow", str(panel), "--gate", str(gates)]) == 1
    assert "progenitor[flow]" in capfd.readouterr().err


def test_cycles_become_copies_per_microlitre(tmp_path, capfd):
    plate = tmp_path / "plate.csv"
    plate.write_text(PLATE)
    found = answer(capfd, "assay", "qpcr", str(plate), "--lloq", "50")
    assert found["curve"]["slope"] == pytest.approx(-3.379, rel=1e-9)
    first, second = found["samples"]
    copies = 10 ** ((25.15 - 36.724) / -3.379) * 5
    assert first["copies_per_ug"] == pytest.approx(copies, rel=1e-9)
    assert first["copies_per_ul"] == pytest.approx(copies * 4000 * 6.6e-6, rel=1e-9)
    assert second["below_lloq"]
    assert not first["below_lloq"]


def test_without_white_cells_there_is_no_level_per_microlitre(tmp_path, capfd):
    plate = tmp_path / "plate.csv"
    plate.write_text("\n".join(line.rsplit(",", 1)[0] for line in PLATE.splitlines()))
    assert "WBC" in refused(capfd, "assay", "qpcr", str(plate))
    found = answer(capfd, "assay", "qpcr", str(plate), "--per-mass-only")
    assert "copies_per_ul" not in found["samples"][0]
    plate.write_text(PLATE.replace("4000\np2", "\np2").replace("26.587,1000", "26.587,-5"))
    assert refused(capfd, "assay", "qpcr", str(plate)).count("Fix:") == 2


def test_droplets_become_copies(tmp_path, capfd):
    table = tmp_path / "droplets.csv"
    table.write_text(
        "SAMPLE,POSITIVE,DROPLETS,REFERENCE_POSITIVE,NG_PER_UL,WBC\n"
        "a,9179,10000,7500,50,4000\na,9179,10000,7500,50,4000\nfull,20000,20000,,,\n"
    )
    first, full = answer(capfd, "assay", "ddpcr", str(table), "--droplet-volume", "1")["samples"]
    assert first["copies_per_ul_reaction"]["value"] == pytest.approx(2500, rel=1e-3)
    blood, mass = first["copies_per_ul_blood"]["value"], first["copies_per_ug"]["value"]
    assert blood == pytest.approx(mass * 4000 * 6.6e-6, rel=1e-9)
    assert first["copies_per_cell"]["low"] < first["copies_per_cell"]["value"]
    assert full["saturated"]
    assert full["copies_per_droplet"]["value"] is None
    table.write_text("SAMPLE,POSITIVE,DROPLETS\na,30000,20000\nb,x,20000\n")
    assert "POSITIVE" in refused(capfd, "assay", "ddpcr", str(table))


def test_killing_is_fitted_and_flagged(tmp_path, capfd):
    table = Path(__file__).parents[1] / "published" / "data" / "carrgodex_pbt030.csv"
    found = answer(
        capfd, "assay", "killing", str(table), "--well", "effectors_1_to_8=0.27",
        "--control", "control",
    )  # fmt: skip
    assert found["wells"][0]["misspecified"]
    assert "no column 'X1'" in refused(capfd, "assay", "killing", str(table), "--well", "X1=1")
    assert "NAME=RATIO" in refused(capfd, "assay", "killing", str(table), "--well", "control")
