"""Exact single-stage designs against A'Hern's approach as published.

Khan, Sarker, Hackshaw 2012, British Journal of Cancer 107:1801–1809, doi:10.1038/bjc.2012.444:
10 % against 20 % with 5 % and 80 % asks for 78 patients (exact errors 4.53 % and 80.81 %); 65
patients are enough at 5.67 % and 77.7 %. The paper cuts digits off (80.8179 % is printed 80.81 %).
"""

import pytest

from progenitor.trial import ExactBinomial

CUT = 1e-4  # percentages are printed to two decimals, cut and not rounded


def test_ten_against_twenty_per_cent() -> None:
    design = ExactBinomial.search(p0=0.1, p1=0.2, alpha=0.05, power=0.8)
    assert design.n == 78
    assert design.alpha == pytest.approx(0.0453, abs=CUT)
    assert design.power == pytest.approx(0.8081, abs=CUT)


def test_trading_error_for_patients() -> None:
    relaxed = ExactBinomial.search(p0=0.1, p1=0.2, alpha=0.0568, power=0.776)
    assert relaxed.n == 65
    assert relaxed.alpha == pytest.approx(0.0567, abs=CUT)
    assert relaxed.power == pytest.approx(0.777, abs=1e-3)
