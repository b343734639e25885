"""A suite of our own with the layout of the SBML Test Suite, whose answers are known."""

import math
import os
from pathlib import Path

from progenitor.testing._suite_verdict import SuiteVerdict

DECAY = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
  <model id="decay">
    <listOfCompartments>
      <compartment id="C" spatialDimensions="3" size="2" constant="true"/>
    </listOfCompartments>
    <listOfSpecies>
      <species id="S" compartment="C" initialAmount="100" hasOnlySubstanceUnits="false"
               boundaryCondition="false" constant="false"/>
    </listOfSpecies>
    <listOfParameters>
      <parameter id="k" value="0.1" constant="true"/>
    </listOfParameters>
    <listOfReactions>
      <reaction id="death" reversible="false">
        <listOfReactants>
          <speciesReference species="S" stoichiometry="1" constant="true"/>
        </listOfReactants>
        <kineticLaw>
          <math xmlns="http://www.w3.org/1998/Math/MathML">
            <apply><times/><ci>k</ci><ci>S</ci><ci>C</ci></apply>
          </math>
        </kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
"""
TIMES = [float(step) for step in range(11)]


def write_case(
    above: Path,
    name: str,
    *,
    settings: str,
    results: str,
    model: str = DECAY,
    kind: str = "TimeCourse",
    file: str = "sbml-l3v2.xml",
) -> Path:
    folder = above / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}-settings.txt").write_text(settings, encoding="utf-8")
    (folder / f"{name}-results.csv").write_text(results, encoding="utf-8")
    (folder / f"{name}-model.m").write_text(f"(*\ntestType:   {kind}\n*)\n", encoding="utf-8")
    (folder / f"{name}-{file}").write_text(model, encoding="utf-8")
    return folder


def settings(**changed: str) -> str:
    words = {
        "start": "0",
        "duration": "10",
        "steps": "10",
        "variables": "S",
        "absolute": "1e-9",
        "relative": "1e-4",
        "amount": "S",
        "concentration": "",
    }
    return "".join(f"{key}: {value}\n" for key, value in {**words, **changed}.items())


def course(scale: float = 1.0, header: str = "time,S") -> str:
    """The decay of S from 100 (times a scale), a tenth a day."""
    rows = [f"{time},{scale * 100.0 * math.exp(-0.1 * time)!r}" for time in TIMES]
    return "\n".join([header, *rows]) + "\n"


def deaths() -> str:
    """Mean and standard deviation of a pure death process from 100: a binomial law."""
    rows = []
    for time in TIMES:
        alive = math.exp(-0.1 * time)
        rows.append(f"{time},{100 * alive!r},{math.sqrt(100 * alive * (1 - alive))!r}")
    return "\n".join(["time,S-mean,S-sd", *rows]) + "\n"


def judge_or_die(folder: Path) -> SuiteVerdict:
    if folder.name == "bad":
        os._exit(9)
    return SuiteVerdict(folder.name, "pass")
