"""A product's composition measured by flow cytometry is what the body receives, with its doubt."""

from pathlib import Path

import numpy as np
import pytest

from progenitor.errors import InputError, StudyError
from progenitor.evidence import default_catalogue
from progenitor.product import MeasuredComposition
from progenitor.study import Study, template_path
from progenitor.study._plan import Plan, setup_arms
from progenitor.study._simulate import make_lots_of, patient_numbers
from progenitor.study._treat import infusions, protocol

TEXT = template_path("tscm_vs_cart_dlbcl").read_text("utf-8")
CHASSIS = "    chassis: tscm_car_t\n"
FILE = 'quadrants: [90, 20, 6, 4]\nstem_memory: [30, 60]\nsource: "lot7.fcs"\n'


def written(folder: Path, name: str = "lot7.yaml", content: str = FILE) -> Path:
    """A study whose stem-memory product names a measured composition."""
    (folder / name).write_text(content, "utf-8")
    study = folder / "study.yaml"
    text = TEXT.replace(CHASSIS, f"{CHASSIS}    composition: {name}  # as measured\n")
    study.write_text(text, "utf-8")
    return study


def doses(study: Study, draws: int = 40, patients: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the cells given to infused patients of the measured arm, and their draws."""
    plan = Plan(study.file, 5, tuple(range(draws)), default_catalogue().path)
    draw, patient = np.repeat(np.arange(draws), patients), np.tile(np.arange(patients), draws)
    numbers = patient_numbers(plan, draw=draw, patient=patient)
    arm = next(arm for arm in setup_arms(plan) if arm.name == "tscm")
    batch = make_lots_of(plan, arm, numbers, draw=draw, patient=patient)
    given = infusions(plan, arm, numbers, batch, draw=draw, patient=patient)
    asked = protocol(plan, arm, numbers, batch, given)
    cells = np.column_stack([dose.amount for dose in asked.doses[-4:]])
    return cells / cells.sum(axis=1, keepdims=True), draw[asked.who]


def test_the_first_dose_follows_what_was_measured_and_its_doubt(tmp_path):
    """40 draws: means within 4 standard errors, spread within a factor of two (p < 1e-5)."""
    shares, draw = doses(Study.load(written(tmp_path)))
    measured = MeasuredComposition((90.0, 20.0, 6.0, 4.0), (30.0, 60.0))
    each = np.array([shares[draw == one][0] for one in np.unique(draw)])
    expected = np.array([0.75, 20 / 120])
    spread = np.sqrt(expected * (1 - expected) / 121)
    error = spread / np.sqrt(len(each))
    assert (np.abs(each[:, :2].mean(axis=0) - expected) < 4 * error).all()
    assert (np.abs(np.log(each[:, :2].std(axis=0) / spread)) < np.log(2)).all()
    assert measured.mean.sum() == pytest.approx(1, abs=1e-12)
    for one in np.unique(draw):  # one sample was measured: patients of a draw share its truth
        assert np.ptp(shares[draw == one][:, 0]) < 1e-12


def test_without_a_measurement_nothing_changes(tmp_path):
    plain = Study.parse(TEXT, path=tmp_path / "study.yaml")
    assert "composition" not in plain.file.products["tscm"].model_dump()
    measured = Study.load(written(tmp_path))
    assert measured.content_hash != plain.content_hash
    assert abs(doses(measured)[0][:, 0].mean() - doses(plain)[0][:, 0].mean()) > 0.05


def test_the_copy_of_a_run_needs_no_other_file(tmp_path):
    study = Study.load(written(tmp_path))
    (tmp_path / "lot7.yaml").unlink()
    again = Study.parse(study.text, path=tmp_path / "elsewhere" / "study.yaml")
    assert again.content_hash == study.content_hash
    assert "# as measured" in study.text


def test_other_numbers_are_another_study(tmp_path):
    one = Study.load(written(tmp_path))
    two = Study.load(written(tmp_path, content=FILE.replace("90", "91")))
    assert one.content_hash != two.content_hash


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (FILE.replace("[90, 20, 6, 4]", "[90, 20, 6]"), "quadrants is"),
        (FILE.replace("30", "-30"), "stem_memory is"),
        (FILE + "more: 1\n", "unknown key 'more'"),
        ("just text\n", "holds no mapping"),
    ],
)
def test_a_file_that_is_none_is_told_with_its_line(tmp_path, content, words):
    with pytest.raises(StudyError, match=words) as caught:
        Study.load(written(tmp_path, content=content))
    problem = caught.value.problems[0]
    assert problem.field == "products.tscm.composition"
    assert problem.line is not None
    assert (
        "composition"
        in TEXT.replace(CHASSIS, f"{CHASSIS}composition").splitlines()[problem.line - 1]
    )


def test_a_file_that_is_not_there_is_told(tmp_path):
    study = written(tmp_path)
    (tmp_path / "lot7.yaml").unlink()
    with pytest.raises(StudyError, match="there is no file") as caught:
        Study.load(study)
    assert len(caught.value.problems) == 1


def test_only_t_cells_have_this_composition():
    from progenitor.manufacture import load_recipe
    from progenitor.study import sample_lots

    catalogue = default_catalogue()
    lots = sample_lots(catalogue, load_recipe(catalogue, "car_gmp"), lots=3, seed=1).product
    measured = MeasuredComposition((90.0, 20.0, 6.0, 4.0), (30.0, 60.0))
    with pytest.raises(InputError, match="holds gmp"):
        measured.applied_to(lots, np.full((5, 3), 0.5))
