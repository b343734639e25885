"""Models written in Antimony: read back they run as they did, by us and by libRoadRunner."""

import sys

import numpy as np
import pytest

from progenitor.engine import SolverOptions
from progenitor.errors import MissingExtraError
from progenitor.interop import (
    output_times,
    read_antimony,
    simulate_course,
    write_antimony,
    write_sbml,
)
from progenitor.library import simulate_population, typical_patient

NAMES = ("stein_2019", "kimmel_2021", "friberg_2002", "hardiansyah_2019")
FINE = SolverOptions(rtol=1e-9, atol_scale=1e-6, countable_threshold=0.0)
DAYS = output_times(0.0, 35.0, 36)


def needs_antimony() -> None:
    pytest.importorskip("antimony", reason="needs the extra: progenitor[antimony]")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read_back(name: str) -> None:
    needs_antimony()
    patient = typical_patient(name)
    text = write_antimony(patient.model, patient.parameters, doses=patient.doses)
    imported = read_antimony(text)
    course = simulate_course(imported, DAYS, parameters=imported.parameters, options=FINE)
    ours = simulate_population(
        name, patients=1, seed=1, typical=True, times=np.array([DAYS[1:]]), options=FINE
    )
    for shown in patient.model.observables:
        # An observable may be a species under another name, and ``normal`` is a word of Antimony.
        names = (shown.name, shown.expression, f"{shown.name}_")
        column = next(course.columns[one] for one in names if one in course.columns)
        right = ours.of(shown.name)[0]
        floor = 1e-9 * np.abs(column).max()
        assert np.allclose(column[1:] + floor, right + floor, rtol=1e-5, atol=0.0), shown.name


def test_libroadrunner_runs_the_text_as_it_runs_the_sbml() -> None:
    needs_antimony()
    roadrunner = pytest.importorskip("roadrunner", reason="needs the package libroadrunner")
    import antimony

    patient = typical_patient("friberg_2002")
    antimony.clearPreviousLoads()
    text = write_antimony(patient.model, patient.parameters, doses=patient.doses)
    assert antimony.loadAntimonyString(text) >= 0
    found = []
    for sbml in (
        antimony.getSBMLString(antimony.getMainModuleName()),
        write_sbml(patient.model, patient.parameters, doses=patient.doses),
    ):
        runner = roadrunner.RoadRunner(sbml)
        runner.timeCourseSelections = runner.model.getFloatingSpeciesIds()
        runner.integrator.relative_tolerance = 1e-10
        found.append(np.array(runner.simulate(0.0, 35.0, 36)))
    assert np.allclose(found[0], found[1], rtol=1e-9, atol=0.0)


def test_without_the_package_it_says_what_to_type(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "antimony", None)
    patient = typical_patient("stein_2019")
    with pytest.raises(MissingExtraError, match=r"writing Antimony .*progenitor\[antimony\]"):
        write_antimony(patient.model, patient.parameters)
