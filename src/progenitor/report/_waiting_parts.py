"""Tables and figure of the facilities in which lots of a study wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from progenitor.report import figures, tables
from progenitor.report._page import Drawing, drawings
from progenitor.report.figures._palette import arm_labels
from progenitor.study.results import ArmResult, QueueResult

__all__ = ["WaitingParts", "waiting_parts"]


@final
@dataclass(frozen=True, slots=True)
class WaitingParts:
    """What the page shows of waiting; ``never_short`` no facility lists, and every lot finds."""

    never_short: tuple[str, ...]
    figures: Mapping[str, Drawing]
    tables: Mapping[str, tables.Table]


def waiting_parts(arms: Mapping[str, ArmResult]) -> WaitingParts | None:
    """Draw and tabulate the queues of a study; None where nothing queues.

    Parameters
    ----------
    arms
        Arms, one of each product: doses of an arm share its lots.
    """
    labels = arm_labels(arms)
    queues: dict[str, QueueResult] = {
        labels[name]: arm.queue for name, arm in arms.items() if arm.queue is not None
    }
    if not queues:
        return None
    unlisted = [set(queue.never_short) for queue in queues.values()]
    return WaitingParts(
        tuple(sorted(set.intersection(*unlisted))),
        drawings(lambda: {"waits": figures.queue_waits(arms)}),
        {"queues": tables.queue_table(queues), "resources": tables.resource_table(queues)},
    )
