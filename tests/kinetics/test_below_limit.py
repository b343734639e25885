"""What stands for samples below the limit: one course worked by hand for every rule.

Days   0   1   3   5   7   10  14  21  28  (limit 10)
Level  –   –   20  –   100 40  –   –   30  then day 42 and day 60 below again.
Before the first quantifiable sample: days 0 and 1. Within: day 5 (before the peak), days 14 and 21
(after it). After the last: days 42 and 60.
"""

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.kinetics import BLQ_RULES, BlqRule

NAN = float("nan")
DAYS = [0.0, 1.0, 3.0, 5.0, 7.0, 10.0, 14.0, 21.0, 28.0, 42.0, 60.0]
LEVEL = [3.0, 9.9, 20.0, 2.0, 100.0, 40.0, 5.0, 5.0, 30.0, 1.0, 0.0]

# Areas from day 0 to day 60, or to 28 where the samples do not reach, by hand: widths times mean
# heights.
BY_HAND = {
    # 0 0 20 . 100 40 . . 30 0 0: triangle 1-3, 3-7, 7-10, 10-28, 28-42
    "profile": (60.0, 20.0 + 240.0 + 210.0 + 630.0 + 210.0),
    # nothing after day 28
    "zero-first": (28.0, 20.0 + 240.0 + 210.0 + 630.0),
    # from 0 on day 0 straight to 20 on day 3
    "m1": (28.0, 30.0 + 240.0 + 210.0 + 630.0),
    # 5 5 20 5 100 40 5 5 30 5 5
    "m5": (60.0, 5 + 25 + 25 + 105 + 210 + 90 + 35 + 122.5 + 245 + 90),
    # . . 20 . 100 40 5 . 30 5 .: 0-3, 3-7, 7-10, 10-14, 14-28, 28-42
    "m6": (42.0, 30.0 + 240.0 + 210.0 + 90.0 + 245.0 + 245.0),
    # 0 0 20 0 100 40 0 0 30 0 0
    "m7": (60.0, 20.0 + 20.0 + 100.0 + 210.0 + 80.0 + 0.0 + 105.0 + 210.0),
    # half before, ignored within, half after
    "half/drop/half": (60.0, 5 + 25 + 240 + 210 + 630 + 245 + 90),
}


@pytest.mark.parametrize("rule", BY_HAND)
def test_the_area_by_hand(one, rule: str) -> None:
    end, right = BY_HAND[rule]
    found = one(DAYS, LEVEL, 10.0, blq=BlqRule.parse(rule), auc_end=end)
    assert found.metrics[f"auc_0_{end:g}"].values[0] == pytest.approx(right, rel=1e-14)
    if end < 60.0:
        longer = one(DAYS, LEVEL, 10.0, blq=BlqRule.parse(rule), auc_end=60.0).metrics["auc_0_60"]
        assert np.isnan(longer.values[0])
        assert longer.reason(0).name == "ENDS_EARLY"


def test_every_named_rule_is_worked_by_hand() -> None:
    assert set(BLQ_RULES) <= set(BY_HAND)


def test_rules_decide_about_areas_and_nothing_else(one) -> None:
    """Peaks, slopes and last levels are those of quantifiable samples under every rule."""
    every = [one(DAYS, LEVEL, 10.0, blq=rule).metrics for rule in BLQ_RULES.values()]
    for name, metric in every[0].items():
        if metric.kind != "area":
            values = {float(np.nan_to_num(found[name].values[0], nan=-1.0)) for found in every}
            assert len(values) == 1, name
    expected = {"cmax": 100.0, "tmax": 7.0, "clast": 30.0, "tlast": 28.0, "fold_expansion": 5.0}
    assert {name: float(every[0][name].values[0]) for name in expected} == expected


def test_the_area_to_tlast_ends_there(one) -> None:
    found = one(DAYS, LEVEL, 10.0, blq=BlqRule.parse("profile"))
    assert found.metrics["auc_0_last"].values[0] == 20.0 + 240.0 + 210.0 + 630.0


def test_without_a_day_0_the_area_begins_at_0_or_not_at_all(one) -> None:
    days, level = [2.0, 4.0, 28.0], [10.0, 30.0, 6.0]
    begun = one(days, level)
    assert begun.metrics["auc_0_28"].values[0] == 10.0 + 40.0 + 432.0
    assert begun.assumed_start.tolist() == [True]
    refused = one(days, level, start="sampled")
    assert np.isnan(refused.metrics["auc_0_28"].values[0])
    assert refused.metrics["auc_0_28"].reason(0).name == "STARTS_LATE"
    assert refused.assumed_start.tolist() == [False]


@pytest.mark.parametrize("rule", ["m2", "M3", "m4"])
def test_likelihoods_are_refused_with_the_reason(rule: str) -> None:
    with pytest.raises(InputError, match=r"is the likelihood of .*; areas and slopes have none"):
        BlqRule.parse(rule)


@pytest.mark.parametrize("rule", ["m8", "", "zero/drop", "zero/drop/nothing", "profil"])
def test_unknown_rules_are_refused_with_what_is_known(rule: str) -> None:
    with pytest.raises(InputError, match=r"there is no BLQ rule .* write before/within/after"):
        BlqRule.parse(rule)


@pytest.mark.parametrize("rule", ["m5", "m6", "half/drop/drop"])
def test_half_the_limit_needs_a_limit(one, rule: str) -> None:
    with pytest.raises(InputError, match="needs the limit of quantification"):
        one([0.0, 7.0], [NAN, 5.0], below=[True, False], blq=BlqRule.parse(rule))


@pytest.mark.parametrize("rule", ["profile", "m1", "m7"])
def test_other_rules_need_only_the_mark(one, rule: str) -> None:
    found = one([0.0, 7.0], [NAN, 5.0], below=[True, False], blq=BlqRule.parse(rule))
    assert found.metrics["auc_0_last"].values[0] == 17.5


def test_each_sample_has_its_own_limit() -> None:
    level, limit = np.array([[NAN, 9.0, NAN]]), np.array([[4.0, 4.0, 6.0]])
    found = BlqRule.parse("m5").levels(level, np.isnan(level), limit)
    assert found.tolist() == [[2.0, 9.0, 3.0]]
