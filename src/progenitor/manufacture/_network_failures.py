r"""A network that holds even when lots fail: chance-constrained by sampled futures.

In each of many sampled futures some lots fail and are made again at the same plant. With
:math:`f_{sp}` = 1 where the lot of patient p fails in future s, and :math:`z_s` = 1 where the
network may fall short, the lines of every plant must suffice on every day of every other future,

.. math::

    \sum_{pd} x_{pmd} (o_{dt} + f_{sp}\, o_{d + \delta, t}) \le L_m y_m + B_s z_s,
    \qquad \sum_s z_s \le \varepsilon S .

Rows enter only where a plan falls short, so the last plan is the optimum for the futures sampled.
"""

from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import uniforms
from progenitor.errors import InputError, Problem
from progenitor.manufacture._network import Network, Orders
from progenitor.manufacture._network_design import NetworkDesign, checked_options, described
from progenitor.manufacture._network_options import Options
from progenitor.manufacture._network_program import (
    Program,
    base_program,
    occupation_rows,
    solve_program,
)

__all__ = ["Failures", "design_for_failures"]

_ROUNDS: Final = 200


@final
@dataclass(frozen=True, slots=True)
class Failures:
    """How lots fail.

    Parameters
    ----------
    probability
        That a lot fails at release.
    wait
        Whole days from there to the next lot on a line.
    futures
        How many are sampled.
    risk
        Share of futures in which the network may fall short.
    seed
        Of the futures.

    Raises
    ------
    InputError
        Listing every number that cannot be.
    """

    probability: float
    wait: int = 10
    futures: int = 20
    risk: float = 0.05
    seed: int = 1

    def __post_init__(self) -> None:
        shares = (("probability", self.probability), ("risk", self.risk))
        problems = [
            Problem(f"{name} is {value:g}", "give a share from 0 to below 1", field=name)
            for name, value in shares
            if not 0 <= value < 1
        ]
        problems += [
            Problem(f"{name} is {value:g}", f"give a whole number from {least}", field=name)
            for name, value, least in (("wait", self.wait, 0), ("futures", self.futures, 1))
            if value < least or value != int(value)
        ]
        if problems:
            raise InputError(problems)

    def sampled(self, patients: int) -> Bool[np.ndarray, "future patient"]:
        """Whether the lot of each patient fails in each future."""
        future, patient = np.divmod(np.arange(self.futures * patients), patients)
        chance = uniforms(self.seed, "network/failure", future, patient)
        return np.asarray((chance < self.probability).reshape(self.futures, patients))


def design_for_failures(
    network: Network,
    orders: Orders,
    failures: Failures,
    *,
    horizon: int | None = None,
    relative_gap: float = 1e-4,
    time_limit: float | None = None,
) -> NetworkDesign:
    """Find the cheapest network whose plants can hold remakes too, in all but a share of futures.

    Parameters
    ----------
    network, orders, horizon, relative_gap, time_limit
        As :func:`design_network` takes them; the time limit is of each round.
    failures
        How lots fail.

    Raises
    ------
    InputError
        Listing every reason why no network can do it.

    Examples
    --------
    Of two lots a week apart one line can hold both, but not the remake of the first.

    >>> from progenitor.manufacture import Centre, Plant
    >>> journey = np.array([[[500.0]] * 2]), np.array([[[1.0]] * 2])
    >>> back = np.array([[[500.0]]] * 2), np.array([[[1.0]]] * 2)
    >>> plants = Plant("small", 1, 100.0), Plant("large", 3, 120.0)
    >>> network = Network("two", (Centre("A"),), plants, ("van",), *journey, *back)
    >>> orders = Orders(np.zeros(2, dtype=int), np.array([0, 18]))
    >>> failures = Failures(0.5, wait=4, futures=50)
    >>> design_for_failures(network, orders, failures).kept
    array([False,  True])
    """
    horizon, options = checked_options(network, orders, horizon)
    fails = failures.sampled(len(orders.day))
    lots = 1.0 + fails.mean(axis=0)
    program = base_program(network, options, horizon=horizon, per_lot=options.journeys)
    program = program.extended(np.zeros(failures.futures))
    allowed = float(np.floor(failures.risk * failures.futures + 1e-9))  # 0.05 x 20 is 1, not 0.99…
    program = program.limited(_row_of_futures(program, failures.futures), np.array([allowed]))
    delay = network.make_days + network.test_days + failures.wait
    count = len(options.patient)
    for _ in range(_ROUNDS):
        found, gap = solve_program(program, count, relative_gap=relative_gap, time_limit=time_limit)
        short = _shortfalls(network, options, found, fails, delay)
        violated = np.unique(short[:, 0]).size
        if violated <= allowed:
            return described(
                network, orders, options, found, horizon=horizon, gap=gap,
                remakes=float(lots.mean() - 1.0), violated=violated / failures.futures,
            )  # fmt: skip
        program = _with_rows(program, network, options, fails, short, delay)
    message = f"no network was proved best in {_ROUNDS} rounds"
    raise InputError([Problem(message, "sample fewer futures, or allow more risk", field="risk")])


def _row_of_futures(program: Program, futures: int) -> Any:
    from scipy.sparse import csr_array

    row = np.zeros((1, len(program.cost)))
    row[0, -futures:] = 1.0
    return csr_array(row)


def _shortfalls(
    network: Network,
    options: Options,
    found: Float[np.ndarray, " column"],
    fails: Bool[np.ndarray, "future patient"],
    delay: int,
) -> Int[np.ndarray, "row 3"]:
    """Future, plant and day on which lines are most lacking, a row for each future and plant."""
    taken = np.flatnonzero(found[: len(options.patient)])
    patient, plant, begins = (x[taken] for x in (options.patient, options.plant, options.begins))
    days = int(begins.max()) + delay + network.hold_days + 1
    places = len(network.plants)
    lines = np.array([one.lines for one in network.plants])
    rows = []
    for future in range(len(fails)):
        again = fails[future, patient]
        starts = np.concatenate([begins, begins[again] + delay])
        where = np.concatenate([plant, plant[again]])
        change = np.zeros((places, days + 1), dtype=np.int64)
        np.add.at(change, (where, starts), 1)
        np.add.at(change, (where, starts + network.hold_days), -1)
        lacking = change.cumsum(axis=1) - lines[:, np.newaxis]
        worst = lacking.argmax(axis=1)
        rows += [
            (future, place, int(worst[place]))
            for place in range(places)
            if lacking[place, worst[place]] > 0
        ]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _with_rows(
    program: Program,
    network: Network,
    options: Options,
    fails: Bool[np.ndarray, "future patient"],
    short: Int[np.ndarray, "row 3"],
    delay: int,
) -> Program:
    """Ask for enough lines where a plan fell short."""
    from scipy.sparse import csr_array, hstack, vstack

    count, futures = len(options.patient), len(fails)
    blocks = []
    for future in np.unique(short[:, 0]):
        plant, day = short[short[:, 0] == future, 1:].T
        again = fails[future, options.patient].astype(float)
        held = occupation_rows(network, options, plant, day)
        held = held + occupation_rows(network, options, plant, day, after=delay, among=again)
        lines = np.array([float(network.plants[one].lines) for one in plant])
        shape = (len(plant), count + len(network.plants))
        held = held - csr_array((lines, (np.arange(len(plant)), count + plant)), shape=shape)
        slack = csr_array(
            (
                np.full(len(plant), -float(fails[future].sum())),
                (np.arange(len(plant)), np.full(len(plant), future)),
            ),
            shape=(len(plant), futures),
        )
        blocks.append(hstack([held, slack], format="csr"))
    return program.limited(vstack(blocks, format="csr"), np.zeros(len(short)))
