"""Non-compartmental metrics of two classic data sets as Phoenix WinNonlin reports them.

Theophylline: 12 people, one oral dose (Boeckmann, Sheiner, Beal 1994, NONMEM Users Guide part V).
Indometacin: 6 people, sampled from 0.25 h on, analysed as if given by mouth, so that the area
begins at 0 (Kwan et al. 1976, J Pharmacokinet Biopharm 4:255).

The results are those that the R package NonCompart 0.8.0 keeps of WinNonlin for its own tests
(Bae KS; Gabrielsson and Weiner's rules), with seven figures or more. Hours stand for days here.
"""

import numpy as np
import pytest

from progenitor.kinetics import BlqRule, Kinetics, KineticsRules, Profiles, analyse_kinetics

# Two lines for each person: times, then levels.
THEOPHYLLINE = """
0 .25 .57 1.12 2.02 3.82 5.1 7.03 9.05 12.12 24.37
.74 2.84 6.57 10.5 9.66 8.58 8.36 7.47 6.89 5.94 3.28
0 .27 .52 1 1.92 3.5 5.02 7.03 9 12 24.3
0 1.72 7.91 8.31 8.33 6.85 6.08 5.4 4.55 3.01 .9
0 .27 .58 1.02 2.02 3.62 5.08 7.07 9 12.15 24.17
0 4.4 6.9 8.2 7.8 7.5 6.2 5.3 4.9 3.7 1.05
0 .35 .6 1.07 2.13 3.5 5.02 7.02 9.02 11.98 24.65
0 1.89 4.6 8.6 8.38 7.54 6.88 5.78 5.33 4.19 1.15
0 .3 .52 1 2.02 3.5 5.02 7.02 9.1 12 24.35
0 2.02 5.63 11.4 9.33 8.74 7.56 7.09 5.9 4.37 1.57
0 .27 .58 1.15 2.03 3.57 5 7 9.22 12.1 23.85
0 1.29 3.08 6.44 6.32 5.53 4.94 4.02 3.46 2.78 .92
0 .25 .5 1.02 2.02 3.48 5 6.98 9 12.05 24.22
.15 .85 2.35 5.02 6.58 7.09 6.66 5.25 4.39 3.53 1.15
0 .25 .52 .98 2.02 3.53 5.05 7.15 9.07 12.1 24.12
0 3.05 3.05 7.31 7.56 6.59 5.88 4.73 4.57 3 1.25
0 .3 .63 1.05 2.02 3.53 5.02 7.17 8.8 11.6 24.43
0 7.37 9.03 7.14 6.33 5.66 5.67 4.24 4.11 3.16 1.12
0 .37 .77 1.02 2.05 3.55 5.05 7.08 9.38 12.1 23.7
.24 2.89 5.22 6.41 7.83 10.21 9.18 8.02 7.14 5.68 2.42
0 .25 .5 .98 1.98 3.6 5.02 7.03 9.03 12.12 24.08
0 4.86 7.24 8 6.81 5.87 5.22 4.45 3.62 2.69 .86
0 .25 .5 1 2 3.52 5.07 7.07 9.03 12.05 24.15
0 1.25 3.96 7.82 9.72 9.75 8.57 6.59 6.11 4.57 1.17
"""
INDOMETACIN = """
.25 .5 .75 1 1.25 2 3 4 5 6 8
1.5 .94 .78 .48 .37 .19 .12 .11 .08 .07 .05
.25 .5 .75 1 1.25 2 3 4 5 6 8
2.03 1.63 .71 .7 .64 .36 .32 .2 .25 .12 .08
.25 .5 .75 1 1.25 2 3 4 5 6 8
2.72 1.49 1.16 .8 .8 .39 .22 .12 .11 .08 .08
.25 .5 .75 1 1.25 2 3 4 5 6 8
1.85 1.39 1.02 .89 .59 .4 .16 .11 .1 .07 .07
.25 .5 .75 1 1.25 2 3 4 5 6 8
2.05 1.04 .81 .39 .3 .23 .13 .11 .08 .1 .06
.25 .5 .75 1 1.25 2 3 4 5 6 8
2.31 1.44 1.03 .84 .64 .42 .24 .17 .13 .1 .09
"""

# Tmax, Cmax, Tlast, Clast, AUC to Tlast linear, the same linear up and logarithmic down, terminal
# half-life, number of samples behind it
THEOPHYLLINE_RESULTS = (
    "1.12 10.5 24.37 3.28 148.92305 147.2347485 14.30437757 3",
    "1.92 8.33 24.3 0.9 91.5268 88.73127549 6.659341563 4",
    "1.02 8.2 24.17 1.05 99.2865 95.87819779 6.766087377 3",
    "1.07 8.6 24.65 1.15 106.7963 102.6336232 6.981246661 3",
    "1 11.4 24.35 1.57 121.2944 118.1793538 8.002264041 4",
    "1.15 6.44 23.85 0.92 73.77555 71.69701499 7.894997868 7",
    "3.48 7.09 24.22 1.15 90.7534 87.96922744 7.846668261 4",
    "2.02 7.56 24.12 1.25 88.55995 86.80656348 8.510037883 6",
    "0.63 9.03 24.43 1.12 86.32615 83.93743601 8.405998807 3",
    "3.55 10.21 23.7 2.42 138.3681 135.5760701 9.246915823 3",
    "0.98 8 24.08 0.86 80.0936 77.89347233 7.261236515 3",
    "3.52 9.75 24.15 1.17 119.9775 115.2202082 6.286508164 3",
)
INDOMETACIN_RESULTS = (
    "0.25 1.5 8 0.05 1.74125 1.71936529 4.378127012 3",
    "0.25 2.03 8 0.08 2.9325 2.8891436 2.29306317 9",
    "0.25 2.72 8 0.08 2.93375 2.881711339 1.642946808 10",
    "0.25 1.85 8 0.07 2.4775 2.444245862 1.615440942 10",
    "0.25 2.05 8 0.06 1.95375 1.921198431 2.742446122 8",
    "0.25 2.31 8 0.09 2.8725 2.841313828 1.960698569 9",
)


def analysed(people: str, method: str) -> Kinetics:
    rows = np.array([list(map(float, line.split())) for line in people.strip().splitlines()])
    time, level = rows[::2], rows[1::2]
    profiles = Profiles.of(time, level, below=level == 0.0, unit="mg/L")
    return analyse_kinetics(profiles, KineticsRules(blq=BlqRule.parse("m7"), area=method))


@pytest.mark.parametrize(
    ("people", "results"),
    [(THEOPHYLLINE, THEOPHYLLINE_RESULTS), (INDOMETACIN, INDOMETACIN_RESULTS)],
    ids=["theophylline", "indometacin"],
)
def test_every_metric_is_that_of_winnonlin(people: str, results: tuple[str, ...]) -> None:
    """1e-8: the results are printed with seven to ten figures, the areas of indometacin with
    eight."""
    expected = np.array([list(map(float, result.split())) for result in results]).T
    linear, log_down = analysed(people, "linear"), analysed(people, "log-down")
    names = ("tmax", "cmax", "tlast", "clast", "auc_0_last")
    found = [linear.metrics[name].values for name in names]
    found += [log_down.metrics["auc_0_last"].values, linear.metrics["terminal_half_life"].values]
    for metric, values, published in zip((*names, "log-down", "t½"), found, expected, strict=False):
        np.testing.assert_allclose(values, published, rtol=1e-8, atol=0, err_msg=metric)
    np.testing.assert_array_equal(linear.terminal.count, expected[7])
