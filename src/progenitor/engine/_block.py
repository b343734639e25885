"""What the compiled driver works on: the problem of some patients, and a block of lanes.

Named tuples of arrays, because Numba understands those.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float64, Int, Int8, Int64, UInt64

from progenitor.engine._kernel_code import FUNCTIONS
from progenitor.engine._kernels import Kernels
from progenitor.engine._layout import Layout

__all__ = ["Block", "Codes", "Outputs", "Problem", "codes", "make_block"]

_MOST_PENDING: Final = 64
_PENDING_EACH: Final = 4


class Codes(NamedTuple):
    """Addresses of a model's functions."""

    initial: int
    statics: int
    start: int
    step: int
    dense: int
    output: int
    between: int
    observe: int
    triggers: int
    due: int
    actions: int
    flows: int
    switches: int
    rates: int
    accept: int
    course: int
    report: int


class Problem(NamedTuple):
    """What is asked: it is read only.

    Parameters
    ----------
    at, code
        Rows of a workspace and addresses of functions.
    parameters, times, outputs
        Of each patient; how many of the times are asked for.
    offsets, item_times, kinds, targets, amounts
        What is done to patients; see :class:`~progenitor.engine._schedule.Schedule`.
    tolerances, nonnegative
        Of each species.
    once, stops, fragile, early, at_start
        Of each event: whether it fires once, ends the patient, is withdrawn when its trigger
        turns false, takes values when it fires, and may fire at the start.
    first_action, assigned
        Where each event's assignments begin (and the last one's end), and their species.
    edge_events
        Event of each comparison in triggers made of several.
    sums
        Whether there are observables and all are sums of species.
    countable, source_offsets, sources
        Positions of countable species; for each reaction that brings one in (of all, in turn) the
        positions among countable species that it needs.
    ways
        Where each countable species' ways in begin among the rows of ``source_offsets``.
    keys, draws, patients
        Keys of random streams of countable species, and what each row is.
    clock
        Seconds now, and whether to give up everything.
    relative, max_steps, deadline, max_firings, threshold, leap
        Solver options.
    root
        Relative width to which the time of an event is found.
    look
        Longest time between looks at triggers.
    """

    at: Layout
    code: Codes
    parameters: Float64[np.ndarray, "patient parameter"]
    times: Float64[np.ndarray, "patient time"]
    outputs: Int64[np.ndarray, " patient"]
    offsets: Int64[np.ndarray, " patient_and_end"]
    item_times: Float64[np.ndarray, " item"]
    kinds: Int8[np.ndarray, " item"]
    targets: Int64[np.ndarray, " item"]
    amounts: Float64[np.ndarray, " item"]
    tolerances: Float64[np.ndarray, " species"]
    nonnegative: Bool[np.ndarray, " species"]
    once: Bool[np.ndarray, " event"]
    stops: Bool[np.ndarray, " event"]
    fragile: Bool[np.ndarray, " event"]
    early: Bool[np.ndarray, " event"]
    at_start: Bool[np.ndarray, " event"]
    first_action: Int64[np.ndarray, " event_and_end"]
    assigned: Int64[np.ndarray, " assignment"]
    edge_events: Int64[np.ndarray, " edge"]
    sums: bool
    countable: Int64[np.ndarray, " countable"]
    ways: Int64[np.ndarray, " countable_and_end"]
    source_offsets: Int64[np.ndarray, " way_and_end"]
    sources: Int64[np.ndarray, " source"]
    keys: UInt64[np.ndarray, "countable 2"]
    draws: Int64[np.ndarray, " patient"]
    patients: Int64[np.ndarray, " patient"]
    clock: Float64[np.ndarray, " 2"]
    relative: float
    max_steps: int
    deadline: float
    max_firings: int
    threshold: float
    leap: float
    root: float
    look: float


class Outputs(NamedTuple):
    """What is answered: a row for each patient."""

    values: Float[np.ndarray, "patient time observable"]
    event_times: Float64[np.ndarray, "patient event"]
    status: Int8[np.ndarray, " patient"]
    steps: Int64[np.ndarray, " patient"]
    stopped_at: Float64[np.ndarray, " patient"]
    clipped: Int64[np.ndarray, " patient"]


class Block(NamedTuple):
    """Where the lanes stand.

    Parameters
    ----------
    workspace, address
        Rows of numbers that the model's functions read and write, and where they lie.
    lane
        Floating-point numbers of each lane.
    count
        Whole numbers of each lane.
    restored
        What was set back to zero of each species.
    true, armed, withdrawn
        Of each event.
    edges
        Which comparisons' left side was not the smaller.
    pending_time, pending_event, pending_epoch, pending_ready, pending_values
        Actions that wait.
    switch_times
        When expressions switch.
    mode, number, population, streams, path, path_length, nodes
        Of each countable species.
    """

    workspace: Float[np.ndarray, "row lane"]
    address: int
    lane: Float64[np.ndarray, "lane number"]
    count: Int64[np.ndarray, "lane number"]  # type: ignore[assignment]  # not tuple.count
    restored: Float64[np.ndarray, "lane species"]
    true: Bool[np.ndarray, "lane event"]
    armed: Bool[np.ndarray, "lane event"]
    withdrawn: Int64[np.ndarray, "lane event"]
    edges: Bool[np.ndarray, "lane edge"]
    pending_time: Float64[np.ndarray, "lane pending"]
    pending_event: Int64[np.ndarray, "lane pending"]
    pending_epoch: Int64[np.ndarray, "lane pending"]
    pending_ready: Bool[np.ndarray, "lane pending"]
    pending_values: Float64[np.ndarray, "lane pending assignment"]
    switch_times: Float64[np.ndarray, "lane switch"]
    mode: Int64[np.ndarray, "lane countable"]
    number: Int64[np.ndarray, "lane countable"]
    population: Float64[np.ndarray, "lane countable 5"]
    streams: UInt64[np.ndarray, "lane countable word"]
    path: Float64[np.ndarray, "lane countable point 3"]
    path_length: Int[np.ndarray, "lane countable"]
    nodes: Float64[np.ndarray, "lane rate 4"]


LANE_NUMBERS: Final = 16
COUNTS: Final = 24
PATH: Final = 512
STREAM: Final = 11


def codes(kernels: Kernels) -> Codes:
    """Addresses of a model's functions."""
    return Codes(*(kernels.addresses[name] for name in FUNCTIONS))


def make_block(kernels: Kernels) -> Block:
    """Make an empty block for a model."""
    model, lanes = kernels.model, kernels.lanes
    events = len(model.events)
    countable = sum(species.countable for species in model.species)
    assignments = max((len(event.assignments) for event in model.events), default=0)
    pending = _MOST_PENDING + _PENDING_EACH * events if events else 1
    workspace = kernels.workspace()

    def zeros(*shape: int, kind: Any = np.float64) -> Any:
        return np.zeros((lanes, *shape), kind)

    return Block(
        workspace=workspace,
        address=workspace.ctypes.data,
        lane=zeros(LANE_NUMBERS),
        count=zeros(COUNTS, kind=np.int64),
        restored=zeros(len(model.species)),
        true=zeros(events, kind=np.bool_),
        armed=zeros(events, kind=np.bool_),
        withdrawn=zeros(events, kind=np.int64),
        edges=zeros(len(kernels.edge_events), kind=np.bool_),
        pending_time=zeros(pending),
        pending_event=zeros(pending, kind=np.int64),
        pending_epoch=zeros(pending, kind=np.int64),
        pending_ready=zeros(pending, kind=np.bool_),
        pending_values=zeros(pending, assignments),
        switch_times=zeros(max(kernels.layout.rates - kernels.layout.switches, 1)),
        mode=zeros(countable, kind=np.int64),
        number=zeros(countable, kind=np.int64),
        population=zeros(countable, 5),
        streams=zeros(countable, STREAM, kind=np.uint64),
        path=zeros(countable, PATH if countable else 1, 3),
        path_length=zeros(countable, kind=np.int64),
        nodes=zeros(3 * countable, 4),
    )
