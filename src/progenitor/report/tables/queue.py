"""How lots waited in their facilities, and how much of each resource patients take."""

from collections.abc import Mapping

from progenitor.report._numbers import estimate_parts, number_text, shown
from progenitor.report.tables._table import Cell, Column, Table
from progenitor.study.results import Estimate, QueueResult

__all__ = ["queue_table", "resource_table"]


def queue_table(queues: Mapping[str, QueueResult]) -> Table:
    """Return one row per arm whose lots queue.

    Parameters
    ----------
    queues
        Queues by title of the arm.
    """
    return Table(
        caption=(
            "Waiting by arm; shares of everybody enrolled. Intervals are the central 90 % over "
            "parameter draws, ± the Monte Carlo standard error"
        ),
        columns=(
            Column("Arm"),
            Column("Patients a year", numeric=True),
            Column("Wait in the facility (days)", numeric=True),
            Column("Lost while waiting (%)", numeric=True),
            Column("Lost through the queue (%)", numeric=True),
        ),
        rows=tuple(
            (
                Cell(title, queue.facility),
                Cell(number_text(queue.per_year), small=f"streams of {queue.patients}"),
                *(_cell(one) for one in (queue.wait, queue.lost, queue.lost_in_queue)),
            )
            for title, queue in queues.items()
        ),
    )


def resource_table(queues: Mapping[str, QueueResult]) -> Table:
    """Return one row per arm and resource; more asked for than there is stands out.

    Parameters
    ----------
    queues
        Queues by title of the arm.
    """
    return Table(
        caption="What patients take of each resource, in % of what there is",
        columns=(
            Column("Resource"),
            Column("Units", numeric=True),
            Column("Asked for in the long run", numeric=True),
            Column("In use over a stream", numeric=True),
        ),
        rows=tuple(
            (
                Cell(one.name[:1].upper() + one.name[1:], title),
                Cell(str(one.units)),
                _share(one.demand, "weak" if one.demand.value > 1.0 else ""),
                _share(one.use),
            )
            for title, queue in queues.items()
            for one in queue.resources
        ),
    )


def _cell(estimate: Estimate) -> Cell:
    """Return value, interval and error; shares are printed in %."""
    estimate = shown(estimate)
    value, interval = estimate_parts(estimate)
    return Cell(value, interval, f"± {number_text(estimate.mcse, digits=2)}")


def _share(estimate: Estimate, mark: str = "") -> Cell:
    """Return value and interval in %; a mark for what deserves notice."""
    value, interval = estimate_parts(shown(estimate))
    return Cell(value, interval, mark=mark)
