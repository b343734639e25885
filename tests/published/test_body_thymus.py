"""The thymus against the counts of Thomas-Vaslin 2008, human output and recovery after a graft."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "body"))

from solid_bodies import CONDITIONING, GRAFT, body, course, medians, run

from progenitor.body import find_mechanism
from progenitor.engine import Model, ModelParameter, Observable, Reaction, ReactionSet, simulate
from progenitor.evidence import default_catalogue

ENTERING = 2e4
"""Progenitors a day that enter the thymus of a mouse in the paper."""
NO_TARGET = {"tumour_at_enrolment": 1e-6, "off_tumour_antigen": 0.0}


def published(name: str) -> float:
    return default_catalogue().parameter(f"observed/{name}").reported[0].value


def mouse_thymus() -> dict[str, float]:
    """The mechanism by itself at rest, fed with the progenitors of the paper."""
    catalogue, thymus = default_catalogue(), find_mechanism("thymus")
    stages = {
        "double_negative": ("n0", "n1", "n2", "n3"),
        "double_positive": ("p0", "p1", "p2", "p3", "p4", "p5", "p_late"),
    }
    fed = ReactionSet(
        "fed",
        parameters=(ModelParameter("supply", "cell/day"),),
        reactions=(Reaction("supplied", "supply", products={"lymphoid_progenitors": 1}),),
        observables=tuple(
            Observable(name, " + ".join(f"thymus_{stage}" for stage in parts), "cell")
            for name, parts in stages.items()
        ),
    )
    model = Model.build("thymus", [thymus.reaction_set(catalogue), fed])
    numbers = {
        symbol: catalogue.parameter(address).used.median  # type: ignore[union-attr]
        for symbol, address in thymus.symbols.items()
    }
    numbers |= {
        "supply": ENTERING,
        "thymus_seeding_rate": 1.0,
        "seeding_amplification": 1.0,
        "thymic_function": 1.0,
        "off_tumour_antigen": 0.0,
    }
    one = np.zeros(1, dtype=int)
    found = simulate(
        model,
        {name: np.array([value]) for name, value in numbers.items()},
        times=np.array([[0.0, 1000.0]]),
        seed=1,
        draw=one,
        patient=one,
    )
    return {name: float(found.observable(name)[0, -1]) for name in found.observables}


@pytest.mark.parametrize(
    ("ours", "theirs", "ratio"),
    [
        ("double_negative", "mouse_thymus_double_negative", 0.97),
        ("double_positive", "mouse_thymus_double_positive", 0.98),
        ("thymic_output_rate", "mouse_thymus_output", 0.95),
    ],
)
def test_cells_of_the_mouse_thymus(ours: str, theirs: str, ratio: float) -> None:
    """Verification: 1.34e6 and 4.357e7 cells, 2.9e6 cells a day; ours within 6 %."""
    assert mouse_thymus()[ours] / published(theirs) == pytest.approx(ratio, abs=0.02)


def young(days: list[float], **numbers: float) -> dict[str, np.ndarray]:
    """A young person after a graft of which every cell is told apart."""
    settings = {"edited_share": 1.0 - 1e-9, "thymic_function": 1.0, **NO_TARGET, **numbers}
    found = run(body(GRAFT), days, {"hsc_infused": 3.75e8}, conditioning=CONDITIONING, **settings)
    return {name: course(found, name) for name in found.observables}


def test_human_thymic_output_at_rest() -> None:
    """3.2e7 cells a day in the public model (rebuilt), 1e7-2.7e9 in people (verification)."""
    found = young([0.0, 8000.0])
    output = found["thymic_output_rate"][-1] / found["stem_cell_chimerism"][-1]
    assert output == pytest.approx(3.2e7, rel=0.05)
    reported = default_catalogue().parameter("observed/human_thymic_output").reported[0]
    assert reported.low is not None
    assert reported.high is not None
    assert reported.low < output < reported.high


def test_first_naive_t_cells_after_a_graft() -> None:
    """Verification: seen after 6 months; ours reach 1 per microlitre after 4 (ratio 0.7)."""
    days = [float(day) for day in range(0, 400, 5)]
    found = young(days)
    naive = found["product_naive_in_blood"][-len(days) :] / found["stem_cell_chimerism"][-1]
    first = days[int(np.argmax(naive > 1.0))]
    months = first / 30.4
    assert months / published("first_naive_t_cells") == pytest.approx(0.65, abs=0.15)


def test_lymphocytes_recover_as_slowly_as_after_a_graft() -> None:
    """Building: 87 T cells per microlitre after half a year in three of five, >1,000 in two."""
    found = run(body(GRAFT), [60.0, 180.0], {}, conditioning=CONDITIONING, **NO_TARGET)
    two_months, six_months = course(found, "lymphocytes_in_blood")[-2:]
    assert two_months < 250
    assert 87 < six_months < 1000
    assert medians(body(GRAFT))["lymphocyte_regrowth_rate"] < 0.1
