"""Published models on the command line: listed, shown, cited, simulated and exported."""

import csv
import io
import json
import re

import numpy as np
import pytest

from progenitor.cli import main
from progenitor.evidence import default_catalogue
from progenitor.library import library_models, simulate_population

STEIN = "library:stein_2019"


def told(capfd, *words: str):
    assert main([*words, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def refused(capfd, *words: str) -> str:
    assert main(list(words)) == 2
    return str(capfd.readouterr().err)


def test_published_models_are_listed(capfd) -> None:
    rows = {row["name"]: row for row in told(capfd, "models", "list") if row["kind"] == "library"}
    assert set(rows) == {f"library:{name}" for name in library_models()}
    row = rows[STEIN]
    assert row["year"] == 2019
    assert row["numbers"] == len(default_catalogue().table("stein_2019").parameters)
    assert main(["models", "list"]) == 0
    out = capfd.readouterr().out
    assert re.search(rf"^{STEIN} +2019 +\d+ +Tisagenlecleucel", out, re.MULTILINE)


def test_a_published_model_shows_everything(capfd) -> None:
    shown = told(capfd, "models", "show", STEIN)
    assert "  d expanding/dt = growth_rate*comedication*expanding" in shown["equations"]
    numbers = {row["symbol"]: row for row in shown["parameters"]}
    assert numbers["peak_level"] | {"notes": "", "title": ""} == {
        "symbol": "peak_level",
        "written": "Cmax",
        "title": "",
        "value": 24_000.0,
        "unit": "copies/ug",
        "spread": "CV 95.7 %",
        "source": "Stein AM et al. 2019, Table 1",
        "state": default_catalogue().parameter("stein_2019/peak_level").state,
        "trust": default_catalogue().parameter("stein_2019/peak_level").trust,
        "notes": "",
    }
    assert {row["name"] for row in shown["variants"]} == {"tocilizumab", "steroids"}
    assert "residual_sd" in shown["observables"][0]["scatter"]
    assert shown["reported"][0]["value"] == 24_000
    assert "nlmixr2lib" in shown["notes"]
    assert main(["models", "show", STEIN]) == 0
    out = capfd.readouterr().out
    for words in ("Cmax", "Variants (2)", "Paper and code", "reproduces: Cmax", "10.1002/psp4"):
        assert words in out


@pytest.mark.parametrize("name", library_models())
def test_every_published_model_can_be_shown(name: str, capfd) -> None:
    assert main(["models", "show", f"library:{name}"]) == 0
    assert "Rates of change" in capfd.readouterr().out


def test_equations_are_shown_as_latex_alone(capfd) -> None:
    assert main(["models", "show", STEIN, "--latex"]) == 0
    out = capfd.readouterr().out
    assert out.startswith("% Rates of change\n\\begin{align*}\n")
    assert out.count("\\begin{align*}") == out.count("\\end{align*}") == 5


def test_papers_are_cited(capfd) -> None:
    assert main(["models", "cite", STEIN]) == 0
    assert "Stein AM, Grupp SA, Levine JE" in " ".join(capfd.readouterr().out.split())
    assert main(["models", "cite", "library:hardiansyah_2019", "--bibtex"]) == 0
    out = capfd.readouterr().out
    assert out.startswith("@article{hardiansyah_2019,")
    assert out.count("@article{") >= 2  # a later paper digitised its figures
    body = told(capfd, "models", "cite", "conventional_car_t/dlbcl/human_adult")
    assert len(body) > 5
    assert main(["models", "cite", "conventional_car_t/dlbcl/human_adlut"]) == 2


def test_the_command_of_the_issue(capfd) -> None:
    found = told(capfd, "simulate", STEIN, "--patients", "1000")
    assert (found["simulated"], found["failed"]) == (1000, 0)
    assert found["seconds"] > 0
    level = found["percentiles"]["level"]
    assert set(level) == {"unit", "p5", "p25", "p50", "p75", "p95"}
    assert len(level["p50"]) == len(found["days"])
    for low, high in (("p5", "p25"), ("p25", "p50"), ("p50", "p75"), ("p75", "p95")):
        assert (np.array(level[low]) <= np.array(level[high])).all()
    kinetics = found["kinetics"]
    # The paper's typical values and variances, within 20 %.
    for metric, key, published in (
        ("cmax", "geometric_mean", 24_000),
        ("cmax", "p5", 6_372),
        ("cmax", "p95", 90_390),
        ("tmax", "geometric_mean", 9.3),
        ("tmax", "p5", 3.374),
        ("tmax", "p95", 25.64),
        ("doubling_time", "geometric_mean", 0.78),
        ("contraction_half_life", "geometric_mean", 4.3),
        ("persistence_half_life", "geometric_mean", 220),
    ):
        assert kinetics[metric][key] == pytest.approx(published, rel=0.2, abs=0.0), (metric, key)


def test_both_doors_lead_to_the_same_patients(capfd) -> None:
    words = [STEIN, "--patients", "30", "--seed", "4"]
    one, other = (told(capfd, *door, *words) for door in (["simulate"], ["models", "simulate"]))
    assert {**one, "seconds": 0} == {**other, "seconds": 0}
    assert one != told(capfd, "simulate", STEIN, "--patients", "30", "--seed", "5")


def test_visits_variants_numbers_and_the_end_are_as_asked(capfd) -> None:
    words = [STEIN, "--typical", "--visits", "28,0,7"]
    plain = told(capfd, "simulate", *words)
    assert plain["days"] == [0.0, 7.0, 28.0]
    assert plain["simulated"] == 1
    treated = told(capfd, "simulate", *words, "--variant", "tocilizumab")
    assert treated["percentiles"]["level"]["p50"][2] > plain["percentiles"]["level"]["p50"][2]
    twice = told(capfd, "simulate", *words, "--param", "peak_level=48000")
    ratio = np.array(twice["percentiles"]["level"]["p50"]) / plain["percentiles"]["level"]["p50"]
    assert np.allclose(ratio, 2.0, rtol=1e-4, atol=0.0)  # the model is linear in Cmax
    assert told(capfd, "simulate", STEIN, "--typical", "--end", "50")["days"][-1] == 50.0
    assert told(capfd, "simulate", *words, "--lloq", "1e9")["kinetics"]["cmax"]["n"] == 0


def test_residual_error_widens_what_is_seen(capfd) -> None:
    words = [STEIN, "--patients", "400", "--visits", "0,365"]
    plain, seen = (told(capfd, "simulate", *words, *more) for more in ([], ["--residual"]))
    widths = []
    for found in (plain, seen):
        level = found["percentiles"]["level"]
        widths.append(np.log(level["p95"][0] / level["p5"][0]))
    # Log-variance at infusion 0.65 + 2.4, and 0.56^2 of the assay; 400 patients, 4 standard errors.
    expected = 2 * 1.6448536 * np.sqrt([3.05, 3.05 + 0.56**2])
    assert np.allclose(widths, expected, rtol=0.25, atol=0.0)
    assert widths[1] > widths[0]


def test_the_table_holds_every_patient(tmp_path, capfd) -> None:
    path = tmp_path / "patients.csv"
    words = ["--patients", "3", "--visits", "0,7,28", "--output", str(path)]
    assert main(["simulate", STEIN, *words]) == 0
    assert "Every patient is in" in capfd.readouterr().out
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    assert [row["ID"] for row in rows] == ["1"] * 3 + ["2"] * 3 + ["3"] * 3
    days = np.tile([0.0, 7.0, 28.0], (3, 1))
    own = simulate_population("stein_2019", patients=3, seed=1, times=days).of("level")
    levels = [float(row["level"]) for row in rows]
    assert levels == own.ravel().tolist()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["models", "show", "library:stien_2019"], "did you mean 'stein_2019'"),
        (["models", "show", "stein_2018"], "did you mean 'library:stein_2019'"),
        (["models", "simulate", "library:stien_2019"], "did you mean 'stein_2019'"),
        (["simulate", "library:stien_2019"], "did you mean 'stein_2019'"),
        (["simulate", STEIN, "--variant", "steroid"], "did you mean 'steroids'"),
        (["simulate", STEIN, "--param", "peak_levle=1"], "did you mean 'peak_level'"),
        (["simulate", STEIN, "--param", "peak_level"], "is not ID=VALUE"),
        (["simulate", STEIN, "--observable", "levle"], "did you mean 'level'"),
        (["simulate", STEIN, "--patients", "0"], "give 1 or more"),
        (["simulate", STEIN, "--visits", "0,abc"], "write days with commas"),
        (["simulate", STEIN, "--visits", "0,1e4"], "no visit on day 10000"),
        (["simulate", STEIN, "--end", "-1"], "give a day after the start"),
        (["simulate", STEIN, "--points", "5", "--amounts"], "2 problems"),
        (["simulate", STEIN, "--engine", "fats"], "fast or reference"),
        (["simulate", "model.xml", "--patients", "5", "--typical"], "2 problems"),
        (["models", "export", STEIN, "--to", "sbl"], "did you mean 'sbml'"),
        (["models", "export", STEIN, "--to", "nonmem", "--variant", "x"], "no variant 'x'"),
        (["models", "export", "conventional_car_t/dlbcl/human_adult", "--to", "sbml"], "library"),
        (["models", "cite", "nothing"], "unknown model 'nothing'"),
    ],
)
def test_a_mistake_is_answered_with_the_way_out(words, expected, capfd) -> None:
    error = refused(capfd, *words)
    assert expected in error
    assert "Traceback" not in error


def test_c_and_latex_are_exported_of_any_model(capfd) -> None:
    for name in ("conventional_car_t/dlbcl/human_adult", STEIN):
        for form, sign in (("c", "double"), ("latex", "\\begin{align*}")):
            assert main(["models", "export", name, "--to", form]) == 0
            assert sign in capfd.readouterr().out


def test_a_model_in_a_file_is_exported_too(tmp_path, capfd) -> None:
    pytest.importorskip("antimony", reason="needs the extra: progenitor[antimony]")
    path, written = tmp_path / "drug.ant", tmp_path / "drug.xml"
    path.write_text("drug -> ; k*drug; k = 0.1; drug = 100", encoding="utf-8")
    assert main(["models", "export", str(path), "--to", "sbml", "-o", str(written)]) == 0
    words = ["--end", "10", "--points", "2"]
    assert main(["simulate", str(written), *words]) == 0
    last = capfd.readouterr().out.splitlines()[-1].split(",")
    assert float(last[1]) == pytest.approx(100 * np.exp(-1.0), rel=1e-6, abs=0.0)
    assert main(["models", "export", str(path), "--to", "nonmem"]) == 2
    assert "no doses of its own" in capfd.readouterr().err


def test_the_doses_are_exported_as_a_table(tmp_path, capfd) -> None:
    path = tmp_path / "doses.csv"
    words = ["models", "export", "library:barros_2021", "--to", "nonmem", "-o", str(path)]
    assert main([*words, "--variant", "four_weekly_doses"]) == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    doses = [float(row["TIME"]) for row in rows if row["EVID"] == "1"]
    assert np.diff(doses).tolist() == [7.0, 7.0, 7.0]


@pytest.mark.parametrize("name", ["stein_2019", "kimmel_2021", "friberg_2002", "park_2025"])
def test_what_is_exported_runs_as_here_in_libroadrunner(name: str, tmp_path) -> None:
    """Typical patient, doses included; tolerances far below what is allowed to differ."""
    roadrunner = pytest.importorskip("roadrunner", reason="needs the package libroadrunner")
    from progenitor.engine import SolverOptions

    path = tmp_path / "model.xml"
    assert main(["models", "export", f"library:{name}", "--to", "sbml", "-o", str(path)]) == 0
    runner = roadrunner.RoadRunner(str(path))
    runner.integrator.relative_tolerance = 1e-11
    runner.integrator.absolute_tolerance = 1e-14
    runner.integrator.maximum_num_steps = 1_000_000
    days = np.linspace(0.0, 60.0, 61)
    options = SolverOptions(rtol=1e-9, atol_scale=1e-6, countable_threshold=0.0)
    ours = simulate_population(
        name, patients=1, seed=1, typical=True, times=days[None, :], options=options
    )
    known = [*runner.model.getFloatingSpeciesIds(), *runner.model.getGlobalParameterIds()]
    shown = library_models()[name].observables
    columns = []
    for one in shown:
        names = (f"observable_{one.name}", one.name, one.expression)
        columns.append(next(symbol for symbol in names if symbol in known))
    runner.timeCourseSelections = columns
    theirs = np.array(runner.simulate(times=days.tolist()))
    right = ours.values[0]
    floor = 1e-9 * np.abs(right).max(axis=0)
    assert np.allclose(theirs + floor, right + floor, rtol=1e-5, atol=0.0)
