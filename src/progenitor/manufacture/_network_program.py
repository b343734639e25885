"""The set packing of a network as rows and columns, and its solution by HiGHS.

Columns are the options, then the plants, then what an extension adds.
"""

from dataclasses import dataclass, replace
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.errors import InputError, Problem
from progenitor.manufacture._network import Network
from progenitor.manufacture._network_options import Options

__all__ = ["Program", "base_program", "occupation_rows", "solve_program"]

_FRACTION: Final = 1e-6
"""How far from a whole number a binary may come out of the solver."""


@final
@dataclass(frozen=True, slots=True)
class Program:
    """A linear program over binaries.

    Parameters
    ----------
    cost
        (column,); USD.
    rows
        Sparse matrix (row, column).
    lower, upper
        Limits of the rows, (row,).
    """

    cost: Float[np.ndarray, " column"]
    rows: Any
    lower: Float[np.ndarray, " row"]
    upper: Float[np.ndarray, " row"]

    def extended(self, cost: Float[np.ndarray, " more"]) -> "Program":
        """Return the program with more columns, which no row knows yet."""
        from scipy.sparse import csr_array, hstack

        blank = csr_array((self.rows.shape[0], len(cost)))
        both = hstack([self.rows, blank], format="csr")
        return replace(self, cost=np.concatenate([self.cost, cost]), rows=both)

    def limited(self, rows: Any, upper: Float[np.ndarray, " more"]) -> "Program":
        """Return the program with more rows that stay below a limit."""
        from scipy.sparse import vstack

        return replace(
            self,
            rows=vstack([self.rows, rows], format="csr"),
            lower=np.concatenate([self.lower, np.full(len(upper), -np.inf)]),
            upper=np.concatenate([self.upper, upper]),
        )


def base_program(
    network: Network, options: Options, *, horizon: int, per_lot: Float[np.ndarray, " option"]
) -> Program:
    """Return the program: each patient once, no more lots than lines, no more plants than allowed.

    Parameters
    ----------
    network, options, horizon
        Places and rules, ways to serve, days that plants are paid for.
    per_lot
        What serving a patient this way costs besides plants, (option,); USD.
    """
    from scipy.sparse import csr_array, vstack

    count, plants = len(options.patient), len(network.plants)
    patients = int(options.patient.max()) + 1
    ones = np.ones(count)
    columns = count + plants
    shape = (patients, columns)
    once = csr_array((ones, (options.patient, np.arange(count))), shape=shape)
    plant, day = _binding_days(options)
    held = occupation_rows(network, options, plant, day)
    lines = np.array([float(one.lines) for one in network.plants])
    full = csr_array(
        (-lines[plant], (np.arange(len(plant)), count + plant)), shape=(len(plant), columns)
    )
    blocks = [once, held + full]
    lower = [np.ones(patients), np.full(len(plant), -np.inf)]
    upper = [np.ones(patients), np.zeros(len(plant))]
    if network.maximum_plants is not None:
        row = np.concatenate([np.zeros(count), np.ones(plants)])[np.newaxis]
        blocks.append(csr_array(row))
        lower.append(np.array([-np.inf]))
        upper.append(np.array([float(network.maximum_plants)]))
    keep = horizon * np.array([one.cost_per_day for one in network.plants])
    return Program(
        cost=np.concatenate([per_lot, keep]),
        rows=vstack(blocks, format="csr"),
        lower=np.concatenate(lower),
        upper=np.concatenate(upper),
    )


def occupation_rows(
    network: Network,
    options: Options,
    plant: Int[np.ndarray, " row"],
    day: Int[np.ndarray, " row"],
    *,
    after: int = 0,
    among: Float[np.ndarray, " option"] | None = None,
) -> Any:
    """Return, for a plant and a day in each row, which options occupy a line then.

    Parameters
    ----------
    network, options
        Rules and ways to serve.
    plant, day
        Of each row.
    after
        Days by which occupation begins later, for a lot that is made again.
    among
        Weight of each option, all 1 by default.
    """
    from scipy.sparse import csr_array

    count = len(options.patient)
    order = np.lexsort((options.begins, options.plant))
    far = int(options.begins.max(initial=0)) + int(day.max(initial=0)) + network.hold_days + 2
    key = options.plant[order] * far + options.begins[order]
    first = np.searchsorted(key, plant * far + np.maximum(day - after - network.hold_days + 1, 0))
    last = np.searchsorted(key, plant * far + np.minimum(day - after, far - 1), side="right")
    size = np.where(day >= after, np.maximum(last - first, 0), 0)
    row = np.repeat(np.arange(len(plant)), size)
    within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    column = order[np.repeat(first, size) + within]
    weight = np.ones(len(column)) if among is None else among[column]
    shape = (len(plant), count + len(network.plants))
    return csr_array((weight, (row, column)), shape=shape)


def _binding_days(options: Options) -> tuple[Int[np.ndarray, " row"], Int[np.ndarray, " row"]]:
    """Plants and days on which a lot may begin: use of lines is greatest on one of them."""
    pairs = np.unique(np.stack([options.plant, options.begins], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def solve_program(
    program: Program, options: int, *, relative_gap: float, time_limit: float | None
) -> tuple[Float[np.ndarray, " column"], float]:
    """Return the binaries and the gap that is left.

    Rows of consecutive days nearly always have whole corners: the options are first left free to
    be fractions, and only when they are is the whole solved with binaries alone.

    Parameters
    ----------
    program
        To solve.
    options
        How many of its columns, the first, are options.
    relative_gap, time_limit
        When to stop; seconds.

    Raises
    ------
    InputError
        When nothing satisfies all rows, or nothing was found in time.
    """
    whole = np.ones(len(program.cost))
    plants_only = np.where(np.arange(len(whole)) < options, 0.0, 1.0)
    found, gap = _solved(program, plants_only, relative_gap, time_limit)
    if np.abs(found - np.round(found)).max() > _FRACTION:
        found, gap = _solved(program, whole, relative_gap, time_limit)
    return np.asarray(np.round(found)), gap


def _solved(
    program: Program,
    integrality: Float[np.ndarray, " column"],
    relative_gap: float,
    time_limit: float | None,
) -> tuple[Float[np.ndarray, " column"], float]:
    from scipy.optimize import Bounds, LinearConstraint, milp

    settings: dict[str, Any] = {"mip_rel_gap": relative_gap}
    if time_limit is not None:
        settings["time_limit"] = time_limit
    answer = milp(
        program.cost,
        integrality=integrality,
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(program.rows, program.lower, program.upper),
        options=settings,
    )
    if answer.x is None:
        late = answer.status == 1
        message = "no network was found in time" if late else "no network can make all lots in time"
        fix = (
            "give more time" if late else "give more lines, more plants, or a longer time to return"
        )
        raise InputError([Problem(message, fix, field="plants")])
    return answer.x, float(answer.mip_gap or 0.0)
