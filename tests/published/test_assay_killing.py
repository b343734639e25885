"""CARRGODEX: real cell index of glioma PBT030 with CAR-T at three ratios (MIT; Brummer et al.)."""

from pathlib import Path

import numpy as np
import pytest

from progenitor.assay import fit_killing, killing_course
from progenitor.interop import read_killing

FILE = Path(__file__).parent / "data" / "carrgodex_pbt030.csv"
# fit_parameters.csv of the same repository, line PBT1 without dexamethasone: rho, 1/K, kappa_1,
# kappa_2, theta per hour and cell index; effectors at the start in cell index.
PUBLISHED = {
    "effectors_1_to_4": (0.302972074, 0.32303399, 0.556784512, 0.02420882, 8.60e-14, 0.25),
    "effectors_1_to_8": (0.230303627, 0.558779003, 0.399998831, 0.046346801, 0.023015543, 0.125),
    "effectors_1_to_20": (0.158646737, 0.735855735, 0.063431384, 0.085333041, 0.091327037, 0.05),
}


@pytest.mark.parametrize("well", PUBLISHED)
def test_our_fit_is_no_worse_than_the_published_numbers(well):
    *numbers, effectors = PUBLISHED[well]
    table = read_killing(FILE, wells={well: 0.1})
    first = table.start[well]
    fit = fit_killing(table.times, table.index[well], ratio=effectors / first)
    rho, inverse, kill, stimulate, death = numbers
    theirs = np.array([[rho, 1 / inverse / first, kill * first, stimulate * first, death]])
    x, _ = killing_course(
        theirs, fit.times, start=np.ones(1), effectors=np.array([effectors / first])
    )
    published = float(np.sqrt(((fit.observed - x[0]) ** 2).mean()))
    assert fit.residual <= 1.001 * published


@pytest.mark.parametrize("well", PUBLISHED)
def test_real_series_are_flagged(well):
    """Effectors settle, rest and tire: the form leaves structure in every one of these series."""
    table = read_killing(FILE, wells={well: PUBLISHED[well][-1]}, control="control")
    fit = fit_killing(
        table.times,
        table.index[well],
        ratio=PUBLISHED[well][-1] / table.start[well],
        control=table.control,
    )
    assert fit.misspecified
    assert fit.tests.runs_p < 1e-6
    assert fit.tests.correlation > 0.5
