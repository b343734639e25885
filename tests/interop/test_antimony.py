"""Models in Antimony: the 22-state benchmark, short texts with known answers, and refusals."""

import csv
import math
import sys
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import SolverOptions, Status, simulate
from progenitor.errors import InputError, MissingExtraError
from progenitor.interop import ImportedModel, read_antimony

pytest.importorskip("antimony", reason="reading Antimony needs the extra: progenitor[antimony]")

DATA = Path(__file__).parents[1] / "data" / "cart22"


def table(name: str) -> dict[str, np.ndarray]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return dict(zip(head, np.array(rows, dtype=float).T, strict=True))


def at(imported: ImportedModel, name: str, time: float) -> float:
    one = np.zeros(1, dtype=int)
    found = simulate(
        imported.model,
        {key: np.array([value]) for key, value in imported.parameters.items()},
        times=np.array([[time]]),
        seed=0,
        draw=one,
        patient=one,
    )
    return float(found.observable(imported.symbols[name])[0, 0])


def test_the_benchmark_reproduces_its_reference() -> None:
    """Another solver's solution at 1e-12; allowed is what our own transcription reaches."""
    patients, reference = table("cart22_patients.csv"), table("cart22_reference.csv")
    count, days = 4, np.unique(reference["day"])
    imported = read_antimony(DATA / "cart22.ant")
    states = [name for name in reference if name not in ("patient", "day")]
    assert len(states) == 22
    names = [name for name in imported.parameters if name in patients]
    assert len(names) >= 70
    values = {name: np.full(count, value) for name, value in imported.parameters.items()}
    values |= {name: patients[name][:count] for name in names}
    found = simulate(
        imported.model,
        values,
        times=np.tile(days, (count, 1)),
        seed=0,
        draw=np.zeros(count, dtype=int),
        patient=np.arange(count),
        options=SolverOptions(rtol=1e-8),
    )
    assert (found.status == Status.OK).all()
    ours = np.stack([found.observable(imported.symbols[name]) for name in states], axis=2)
    right = np.stack([reference[name] for name in states], axis=1).reshape(-1, len(days), 22)
    error = np.abs(ours - right[:count]) / (np.abs(right[:count]) + 1e-3)
    assert error.max() < 1e-5


def test_text_is_read_as_well_as_a_file(tmp_path: Path) -> None:
    text = "drug -> ; k*drug; k = 0.1; drug = 100"
    (tmp_path / "decay.ant").write_text(text, encoding="utf-8")
    for given in (text, tmp_path / "decay.ant", str(tmp_path / "decay.ant")):
        found = at(read_antimony(given), "drug", 10.0)
        assert found == pytest.approx(100.0 * math.exp(-1.0), rel=1e-5, abs=0.0)


def test_submodels_are_flattened() -> None:
    text = """
    model decay(S, k)
      S -> ; k*S; k = 1;
    end
    model both
      A: decay(x, a); B: decay(x, b);
      x = 8; a = 0.25; b = 0.5;
    end
    """
    found = at(read_antimony(text), "x", 2.0)
    assert found == pytest.approx(8.0 * math.exp(-1.5), rel=1e-5, abs=0.0)


def test_nothing_is_left_of_a_model_read_before() -> None:
    read_antimony("model first\n y' = 1; y = 1;\nend")
    assert "y" not in read_antimony("model second\n x' = 1; x = 1;\nend").symbols


def test_a_wrong_line_is_named() -> None:
    with pytest.raises(InputError) as caught:
        read_antimony("model m\n  k = 1;\n  x' = -k*;\nend\n")
    (problem,) = caught.value.problems
    assert problem.line == 3
    assert "not Antimony" in problem.message


@pytest.mark.parametrize("line", ['import "other.ant"', '  import "/etc/passwd";'])
def test_other_files_are_not_read(tmp_path: Path, line: str) -> None:
    (tmp_path / "m.ant").write_text(f"// a comment\n{line}\nx = 1;\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"m.ant:2: imports another file"):
        read_antimony(tmp_path / "m.ant")


def test_a_comment_may_speak_of_imports() -> None:
    text = '/* import "a"\nimport "b" */ x -> ; k*x; k = 1; x = 1 // import "c"\n'
    assert "x" in read_antimony(text).symbols


def test_a_missing_file_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_antimony(tmp_path / "nothing.ant")


def test_without_the_package_the_message_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "antimony", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'progenitor\[antimony\]'"):
        read_antimony("x = 1;")
