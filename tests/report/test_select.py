"""Which results play a named part."""

import math
from dataclasses import replace

from progenitor.evidence import Ledger, Parameter, Used
from progenitor.evidence._wording import used_text
from progenitor.report._select import lower_limit, other_bands, outside_agreement
from progenitor.study.results import RunResult


def test_the_lower_limit_is_read_from_the_words_the_ledger_uses(result: RunResult) -> None:
    parameter = Parameter(
        "assay/car_t_lower_limit", "LLOQ", "LLOQ", "cell/uL", "setting", used=Used("fixed", 0.025)
    )
    row = replace(result.ledger.rows[0], used=used_text(parameter))
    assert lower_limit(Ledger((row,))) == 0.025


def test_a_run_without_a_lower_limit_draws_none(result: RunResult) -> None:
    assert math.isnan(lower_limit(Ledger(result.ledger.rows[1:])))


def test_the_other_bands_keep_their_order(result: RunResult) -> None:
    assert other_bands(result) == ["il6", "tumour"]


def test_only_ratios_outside_half_to_double_are_listed(result: RunResult) -> None:
    assert [comparison.day for comparison in outside_agreement(result)] == [90.0]
