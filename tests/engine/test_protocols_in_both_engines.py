"""Any protocol of doses, infusions, changes and resets gives the same in both engines."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from progenitor.engine import (
    Change,
    Dose,
    Event,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Reset,
    SolverOptions,
    Species,
    simulate,
)

MODEL = Model.build(
    "m",
    [
        ReactionSet(
            "p",
            species=(
                Species("depot", "1", initial="start"),
                Species("centre", "1"),
                Species("fired", "1"),
            ),
            parameters=tuple(
                ModelParameter(name, unit)
                for name, unit in (
                    ("start", "1"),
                    ("ka", "1/day"),
                    ("most", "1/day"),
                    ("limit", "1"),
                    ("until", "day"),
                )
            ),
            reactions=(
                Reaction("absorption", "ka*depot", {"depot": 1}, {"centre": 1}),
                Reaction("loss", "most*centre/(1 + centre)", {"centre": 1}),
                Reaction("pulse", "piecewise(most, time < until, 0)", {}, {"depot": 1}),
            ),
            events=(
                Event(
                    "high",
                    "centre > limit",
                    {"centre": "centre/2", "fired": "fired + 1"},
                    delay="0.25",
                    once=False,
                ),
            ),
            observables=tuple(Observable(n, n, "1") for n in ("depot", "centre", "fired")),
        )
    ],
)
DAYS = st.sampled_from([np.nan, -1.3, 0.0, 0.7, 1.0, 1.9, 3.1, 4.6])
CHANGED = {
    "start": (0.0, 3.0),
    "ka": (0.0, 0.4, 2.0),
    "most": (0.1, 1.5),
    "limit": (0.31, 2.17, 50.0),
    "until": (0.0, 2.3, 3.7),
}


@st.composite
def protocols(draw: st.DrawFn) -> list[Dose | Change | Reset]:
    def column(values: st.SearchStrategy[float]) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=3, max_size=3)))

    items: list[Dose | Change | Reset] = []
    for _ in range(draw(st.integers(1, 5))):
        match draw(st.integers(0, 4)):
            case 0:
                items.append(Reset(column(DAYS)))
            case 1 | 2:
                name = draw(st.sampled_from(sorted(CHANGED)))
                items.append(Change(name, column(DAYS), column(st.sampled_from(CHANGED[name]))))
            case _:
                amounts = column(st.sampled_from([0.0, 0.4, 5.0]))
                lasting = column(st.sampled_from([np.nan, 0.0, 0.3, 2.2]))
                name = draw(st.sampled_from(["depot", "centre"]))
                items.append(
                    Dose(name, column(DAYS), amounts, lasting, draw(st.integers(0, 2)), 1.1)
                )
    return items


@settings(max_examples=80, deadline=None)
@given(protocols(), st.floats(0.0, 4.0), st.floats(0.1, 3.0))
def test_both_engines_agree(
    protocol: list[Dose | Change | Reset], until: float, most: float
) -> None:
    values = {"start": 1.0, "ka": 1.1, "most": most, "limit": 1.3, "until": until}
    times = np.array(
        [[-0.5, 0.2, 1.0, 2.5, 4.6, 8.0], [0.0, 1.9, 3.1, *[np.nan] * 3], [4.6] + [np.nan] * 5]
    )
    found = [
        simulate(
            MODEL,
            {name: np.full(3, value) for name, value in values.items()},
            times=times,
            doses=protocol,
            seed=1,
            draw=np.zeros(3, int),
            patient=np.arange(3),
            options=SolverOptions(rtol=1e-9, atol_scale=1e-4, engine=engine),
        )
        for engine in ("fast", "reference")
    ]
    assert found[0].status.tolist() == found[1].status.tolist()
    # Event times are found to 1e-10 of a day; amounts halved there are off by as much.
    np.testing.assert_allclose(found[0].values, found[1].values, rtol=2e-6, atol=2e-7)
    np.testing.assert_allclose(found[0].event_times, found[1].event_times, rtol=1e-6, atol=1e-6)
