"""Gating of synthetic panels whose truth is known, and panels that cannot be gated."""

from dataclasses import replace

import numpy as np
import pytest

from progenitor.assay import (
    MARKERS,
    Channel,
    CloudDoubt,
    Events,
    PanelTruth,
    gate_tscm,
    interval_draws,
    plain_gating,
    synthetic_panel,
)
from progenitor.errors import InputError
from progenitor.product import MEMORY_PHENOTYPES


def covered(seeds: range) -> tuple[int, int]:
    """Panels whose stem-memory share lies within the 95 % interval: realised, and drawn from."""
    realised = drawn = 0
    for seed in seeds:
        panel = synthetic_panel(PanelTruth.drawn(seed), seed=seed)
        try:
            found = gate_tscm(panel.events)
        except InputError:
            continue  # a panel that is refused is not within
        low, high = found.composition.intervals(interval_draws())["tscm"]
        realised += low <= panel.counts["tscm"] / sum(panel.counts.values()) <= high
        drawn += low <= panel.truth.shares[1] <= high
    return realised, drawn


def test_stem_memory_is_within_its_interval_in_twenty_panels():
    """Seeds 1000 to 1019; at 92 % each, fewer than 16 would come once in 200 times."""
    realised, drawn = covered(range(1000, 1020))
    assert realised >= 16
    assert drawn >= 16


@pytest.mark.slow
def test_stem_memory_is_within_its_interval_in_88_of_100_panels():
    """Seeds 2000 to 2099, which nothing was chosen by."""
    realised, drawn = covered(range(2000, 2100))
    assert realised >= 88
    assert drawn >= 88


def test_every_phenotype_and_the_helper_share_are_found():
    truth = PanelTruth(events=30_000)
    panel = synthetic_panel(truth, seed=4)
    found = gate_tscm(panel.events)
    assert np.abs(found.shares.mean - truth.shares).max() < 0.03
    assert found.helper["CD4"] == pytest.approx(truth.cd4, abs=0.02)
    for shares in found.subsets.values():
        assert np.abs(shares - truth.shares).max() < 0.04
    names = [of.name for of in found.populations]
    assert names == [
        "events", "cells", "single cells", "live", "CD3+", "CD4+ or CD8+",
    ]  # fmt: skip
    assert found.gated.sum() == found.populations[-1].count
    assert found.populations[-1].count == pytest.approx(sum(panel.counts.values()), rel=0.03)


def test_correction_takes_leaking_effectors_out():
    """Many of the cells within the stem-memory gates are others: counts alone are outside."""
    truth = PanelTruth(
        events=60_000, shares=(0.05, 0.02, 0.13, 0.4, 0.4), spread=0.3, dimness=0.25, dead=0.05
    )
    panel = synthetic_panel(truth, seed=2)
    found = gate_tscm(panel.events)
    real = panel.counts["tscm"] / sum(panel.counts.values())
    plain = found.gated[1] / found.gated.sum()
    assert abs(plain - real) > 0.2 * real
    assert abs(found.shares.mean[1] - real) < 0.5 * abs(plain - real)
    assert abs(found.shares.mean[1] - real) < 3 * found.shares.error[1]


def test_more_events_mean_less_doubt_and_five_thousand_carry_a_tenth():
    few, many = (
        gate_tscm(synthetic_panel(PanelTruth(events=of, spread=0.15), seed=6).events)
        for of in (7_000, 80_000)
    )
    counted = [of.shares.counting[1] / of.shares.mean[1] for of in (few, many)]
    placed = min(20_000, int(many.gated.sum())) / int(few.gated.sum())  # clouds are fitted to these
    assert counted[1] / counted[0] == pytest.approx(placed**-0.5, rel=0.35)
    relative = few.shares.error[1] / few.shares.mean[1]
    assert 1 / np.sqrt(few.gated[1]) < relative < 0.15  # Poisson counting alone, and the promise


def test_gates_do_not_depend_on_the_order_of_colours():
    panel = synthetic_panel(PanelTruth(events=8_000), seed=1)
    turned = np.array([*range(3), *range(9, 2, -1)])
    place = np.argsort(turned)
    assert panel.events.spillover is not None
    back = turned[3:] - 3
    other = Events(
        panel.events.values[:, turned],
        tuple(panel.events.channels[column] for column in turned),
        panel.events.spillover[np.ix_(back, back)],
        tuple(range(3, 10)),
    )
    assert place.size == 10
    one, two = gate_tscm(panel.events), gate_tscm(other)
    np.testing.assert_allclose(
        one.shares.mean, two.shares.mean, rtol=0.02, atol=0
    )  # sums in single precision, in another order


def test_ungatable_panels_say_what_is_missing():
    panel = synthetic_panel(PanelTruth(events=3_000), seed=1).events
    bare = tuple(replace(of, label="") for of in panel.channels)
    with pytest.raises(InputError) as caught:
        gate_tscm(replace(panel, channels=bare))
    assert {problem.field for problem in caught.value.problems} == {"CD3", "CD45RA", "CCR7", "CD95"}
    assert "--channel CD95=NAME" in str(caught.value)
    with pytest.raises(InputError, match="no channel Z for CD95"):
        gate_tscm(panel, channels={"CD95": "Z"})
    with pytest.raises(InputError, match="unknown marker 'CD19'"):
        gate_tscm(panel, channels={"CD19": "B710-A"})
    twice = (*panel.channels[:-1], Channel("X-A", "CD95 spare"))
    with pytest.raises(InputError, match="both seem to hold CD95"):
        gate_tscm(replace(panel, channels=twice))


def test_a_marker_that_does_not_divide_is_refused_and_can_be_gated_by_hand():
    """All cells CD95+: a product without naive cells needs a control."""
    truth = PanelTruth(events=8_000, shares=(0.0, 0.3, 0.3, 0.3, 0.1), other=0.0)
    events = synthetic_panel(truth, seed=1).events
    with pytest.raises(InputError, match="does not divide") as caught:
        gate_tscm(events)
    assert [problem.field for problem in caught.value.problems] == ["CD95"]
    assert "--fmo CD95=FILE.fcs" in str(caught.value)
    found = gate_tscm(events, thresholds={"CD95": (1200.0, "FMO")})
    assert found.shares.mean[1] == pytest.approx(0.3, abs=0.03)
    assert found.splits["CD95"][0].method == "FMO"
    assert any("without correction" in note for note in found.notes)


def test_nothing_but_debris_is_one_error():
    events = synthetic_panel(PanelTruth(events=500, debris=0.5), seed=1).events
    with pytest.raises(InputError) as caught:
        gate_tscm(replace(events, values=events.values[:60]))
    assert len(caught.value.problems) == 1


def test_missing_stains_are_notes_not_silence():
    events = synthetic_panel(PanelTruth(events=8_000, dead=0.0), seed=1).events
    keep = [
        place for place, of in enumerate(events.channels) if of.label not in {"CD4", "Viability"}
    ]
    fewer = Events(events.values[:, keep], tuple(events.channels[place] for place in keep))
    found = gate_tscm(fewer)
    assert sum("no viability dye" in note for note in found.notes) == 1
    assert sum("CD4 and CD8" in note for note in found.notes) == 1
    assert sum("no spillover matrix" in note for note in found.notes) == 1
    assert not found.helper


def test_plain_data_hold_shares_that_add_up():
    panel = synthetic_panel(PanelTruth(events=8_000), seed=1)
    plain = plain_gating(gate_tscm(panel.events))
    assert list(plain["composition"]) == list(MEMORY_PHENOTYPES)
    assert sum(of["share"] for of in plain["composition"].values()) == pytest.approx(1, abs=1e-9)
    assert all(of["low"] < of["share"] < of["high"] for of in plain["composition"].values())
    assert set(plain["gates"]) <= set(MARKERS)


def test_impossible_truths_are_refused_all_at_once():
    with pytest.raises(InputError) as caught:
        PanelTruth(events=3, shares=(0.5, 0.6, 0.0, 0.0, 0.0), spread=0.0, cd4=1.5)
    assert {problem.field for problem in caught.value.problems} == {
        "events", "shares", "spread", "cd4",
    }  # fmt: skip


def test_a_helper_that_does_not_divide_is_a_note():
    """All T cells CD8+: shares of phenotypes do not need CD4."""
    panel = synthetic_panel(PanelTruth(events=8_000, cd4=0.0), seed=2)
    found = gate_tscm(panel.events)
    assert any("CD4 does not divide" in note for note in found.notes)
    low, high = found.composition.intervals(interval_draws())["tscm"]
    assert low <= panel.counts["tscm"] / sum(panel.counts.values()) <= high


def test_without_size_or_pulse_shape_there_are_notes_and_wider_intervals():
    panel = synthetic_panel(PanelTruth(events=8_000), seed=2)
    keep = [i for i, of in enumerate(panel.events.channels) if not of.name.startswith("FSC")]
    assert panel.events.spillover is not None
    fewer = Events(
        panel.events.values[:, keep], tuple(panel.events.channels[i] for i in keep),
        panel.events.spillover, tuple(range(1, 8)),
    )  # fmt: skip
    found, whole = gate_tscm(fewer), gate_tscm(panel.events)
    assert sum("FSC-A" in note or "FSC-H" in note for note in found.notes) == 2
    assert found.shares.model[1] > whole.shares.model[1]


def test_doubt_comes_from_the_catalogue():
    panel = synthetic_panel(PanelTruth(events=8_000), seed=2)
    usual = gate_tscm(panel.events)
    wide = gate_tscm(panel.events, doubt=replace(CloudDoubt.shipped(), least=0.4))
    assert wide.shares.model[1] > 5 * usual.shares.model[1]
    assert wide.shares.mean.tolist() == usual.shares.mean.tolist()
