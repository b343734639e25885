r"""Which plants to keep, and who is served where: a set packing solved to the optimum.

With a binary :math:`x_{pmd}` for each patient, plant and day on which a line is taken, and
:math:`y_m` for each plant kept,

.. math::

    \min \sum_m H f_m y_m + \sum_{pmd} (c^{in} + c^{out})_{pmd}\, x_{pmd}
    \qquad \sum_{md} x_{pmd} = 1, \qquad
    \sum_{p} \sum_{d = t - \tau + 1}^{t} x_{pmd} \le L_m y_m , \qquad \sum_m y_m \le M .

Everything that follows from a patient's plant and day - modes of travel, return, cost - is worked
out beforehand, which leaves a few binaries per patient where flow formulations have thousands.

References
----------
Triantafyllou et al. A digital platform for the design of patient-centric supply chains. Sci Rep
2022;12:17365, doi:10.1038/s41598-022-21290-5 (the problem; its formulation is another).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.errors import InputError, Problem
from progenitor.manufacture._network import Network, Orders
from progenitor.manufacture._network_options import Options, network_options
from progenitor.manufacture._network_program import base_program, solve_program

__all__ = ["NetworkDesign", "checked_options", "described", "design_network"]


@final
@dataclass(frozen=True, slots=True)
class NetworkDesign:
    """A network as it is run at the least cost.

    Parameters
    ----------
    network, orders, horizon
        What was asked; days that plants are paid for.
    kept
        Whether each plant is kept, (plant,).
    plant, begins, returned
        Where each patient's lot is made, the day it takes a line and the day it is back,
        (patient,).
    inbound, outbound
        Index of the ways to travel, -1 for none, (patient,).
    costs
        Line → total; USD.
    gap
        How far from the optimum the total may still be, as a share of it.
    remakes
        Lots made again, per patient.
    violated
        Share of sampled futures in which the plants kept cannot hold all remakes.
    """

    network: Network
    orders: Orders
    horizon: int
    kept: Bool[np.ndarray, " plant"]
    plant: Int[np.ndarray, " patient"]
    begins: Int[np.ndarray, " patient"]
    returned: Int[np.ndarray, " patient"]
    inbound: Int[np.ndarray, " patient"]
    outbound: Int[np.ndarray, " patient"]
    costs: Mapping[str, float]
    gap: float
    remakes: float = 0.0
    violated: float = 0.0

    @property
    def total(self) -> float:
        """All costs; USD."""
        return float(sum(self.costs.values()))

    @property
    def cost_per_therapy(self) -> float:
        """Cost for each patient; USD."""
        return self.total / len(self.plant)

    @property
    def turnaround(self) -> Int[np.ndarray, " patient"]:
        """Days from collection or order to return, (patient,)."""
        return np.asarray(self.returned - self.orders.day)

    @property
    def load(self) -> Int[np.ndarray, "plant day"]:
        """Lines in use on each day, (plant, day)."""
        days = np.arange(self.horizon + 1)
        busy = (self.begins[:, np.newaxis] <= days) & (
            days < self.begins[:, np.newaxis] + self.network.hold_days
        )
        return np.stack([busy[self.plant == one].sum(axis=0) for one in range(len(self.kept))])


def design_network(
    network: Network,
    orders: Orders,
    *,
    horizon: int | None = None,
    relative_gap: float = 0.0,
    time_limit: float | None = None,
) -> NetworkDesign:
    """Find the cheapest network that returns every therapy in time.

    Parameters
    ----------
    network, orders
        Places and rules; who needs a therapy.
    horizon
        Days that plants are paid for, and by which everybody must be served; by default until the
        last may return.
    relative_gap
        Stop when the cost is proved to be within this share of the optimum.
    time_limit
        Stop after so many seconds with the best found; None for never.

    Raises
    ------
    InputError
        Listing every reason why no network can do it.

    Examples
    --------
    Two patients, one plant that takes a day to reach.

    >>> from progenitor.manufacture import Centre, Plant
    >>> journey = np.array([[[500.0]]]), np.array([[[1.0]]])
    >>> network = Network("one", (Centre("A"),), (Plant("P", 1, 100.0),), ("van",),
    ...                   *journey, *journey, materials=10.0)
    >>> design = design_network(network, Orders(np.array([0, 0]), np.array([0, 8])), horizon=30)
    >>> design.cost_per_therapy, design.turnaround
    (2510.0, array([17, 17]))
    """
    horizon, options = checked_options(network, orders, horizon)
    program = base_program(network, options, horizon=horizon, per_lot=options.journeys)
    found, gap = solve_program(
        program, len(options.patient), relative_gap=relative_gap, time_limit=time_limit
    )
    return described(network, orders, options, found, horizon=horizon, gap=gap)


def checked_options(network: Network, orders: Orders, horizon: int | None) -> tuple[int, Options]:
    """Check the orders; return the days paid for and the options of all patients.

    Raises
    ------
    InputError
        Listing everything that makes a network impossible.
    """
    problems = _order_problems(network, orders, horizon)
    if problems:
        raise InputError(problems)
    last = int(orders.day.max()) + network.return_limit if horizon is None else horizon
    options = network_options(network, orders, horizon=last)
    _refuse_overload(network, options)
    return last, options


def described(
    network: Network,
    orders: Orders,
    options: Options,
    found: Float[np.ndarray, " column"],
    *,
    horizon: int,
    gap: float,
    remakes: float = 0.0,
    violated: float = 0.0,
) -> NetworkDesign:
    """Say what binaries mean; ``remakes`` are lots made again for each patient."""
    count, patients = len(options.patient), len(orders.day)
    taken = np.flatnonzero(found[:count] > 0.5)
    chosen = np.empty(patients, dtype=np.int64)
    chosen[options.patient[taken]] = taken
    kept = found[count : count + len(network.plants)] > 0.5
    lots = patients * (1.0 + remakes)
    return NetworkDesign(
        network=network,
        orders=orders,
        horizon=horizon,
        kept=kept,
        plant=options.plant[chosen],
        begins=options.begins[chosen],
        returned=options.returns[chosen],
        inbound=options.inbound[chosen],
        outbound=options.outbound[chosen],
        costs={
            "plants": horizon
            * sum(
                one.cost_per_day
                for one, is_kept in zip(network.plants, kept, strict=True)
                if is_kept
            ),
            "materials": lots * network.materials,
            "quality control": lots * network.tests,
            "transport": float(options.journeys[chosen].sum()),
        },
        gap=gap,
        remakes=remakes,
        violated=violated,
    )


def _order_problems(network: Network, orders: Orders, horizon: int | None) -> list[Problem]:
    centres = len(network.centres)
    if orders.centre.shape != orders.day.shape or orders.day.size == 0:
        message = f"orders name {orders.centre.size} centres and {orders.day.size} days"
        return [Problem(message, "give a centre and a day for each patient", field="orders")]
    problems = []
    if not 0 <= orders.centre.min() <= orders.centre.max() < centres:
        message = f"centres of orders go from {orders.centre.min()} to {orders.centre.max()}"
        problems.append(Problem(message, f"give 0 to {centres - 1}", field="orders.centre"))
    if orders.day.min() < 0:
        message = f"an order is of day {orders.day.min()}"
        problems.append(Problem(message, "give days from 0 up", field="orders.day"))
    if horizon is not None and horizon < 1:
        message = f"horizon is {horizon}"
        problems.append(Problem(message, "give days from 1 up", field="horizon"))
    return problems


def _refuse_overload(network: Network, options: Options) -> None:
    """Refuse more lots at a time than the lines of the largest plants allowed can hold."""
    lines = sorted((one.lines for one in network.plants), reverse=True)[: network.maximum_plants]
    patients = int(options.patient.max()) + 1
    first = np.full(patients, np.iinfo(np.int64).max)
    last = np.zeros(patients, dtype=np.int64)
    np.minimum.at(first, options.patient, options.begins)
    np.maximum.at(last, options.patient, options.begins)
    days = np.unique(last)
    sure = (last[:, np.newaxis] <= days) & (days < first[:, np.newaxis] + network.hold_days)
    load = sure.sum(axis=0)
    if load.max(initial=0) > sum(lines):
        worst = int(load.argmax())
        allowed = "" if network.maximum_plants is None else f" of {len(lines)} plants"
        message = (
            f"{load[worst]} lots must be made at the same time on day {days[worst]}, "
            f"all lines{allowed} are {sum(lines)}"
        )
        fix = "give more lines, allow more plants, or spread the patients"
        raise InputError([Problem(message, fix, field="plants")])
