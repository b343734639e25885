"""What a run tells of the facilities in which its lots waited."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from progenitor.manufacture import facility_resources
from progenitor.study._estimates import Endpoint, Table, described
from progenitor.study._plan import ArmSetup
from progenitor.study.results import ArmResult, QueueResult, QueueStratum, ResourceLoad

__all__ = ["queue_headline", "queue_result", "queue_weaknesses"]

_WAIT: Final = Endpoint("Wait in the facility", "mean", "day", "mean")
_LOST: Final = Endpoint("Lost while waiting", "proportion", "1", "of enrolled patients")
_QUEUE: Final = Endpoint("Lost through the queue", "proportion", "1", "of enrolled patients")
_DEMAND: Final = Endpoint("Asked for", "mean", "1", "of what there is, in the long run")
_USE: Final = Endpoint("In use", "mean", "1", "from the first arrival to the last lot")
_ENDS: Final = (5.0, 50.0, 95.0)


def queue_result(arm: ArmSetup, table: Table) -> QueueResult | None:
    """Summarise how the lots of an arm waited; None where they did not queue.

    Parameters
    ----------
    arm, table
        The arm and its rows.
    """
    section = arm.facility
    if section is None:
        return None
    listed = {one.name for one in section.resources}
    return QueueResult(
        facility=section.title,
        per_year=section.per_year,
        patients=section.patients,
        wait=described(table, "queue_wait", _WAIT),
        lost=described(table, "lost_waiting", _LOST),
        lost_in_queue=described(table, "lost_in_queue", _QUEUE),
        strata=_strata(arm, table),
        resources=tuple(
            ResourceLoad(
                one.name,
                one.units,
                described(table, f"resource_{place}_demand", _DEMAND),
                described(table, f"resource_{place}_use", _USE),
            )
            for place, one in enumerate(section.resources)
        ),
        never_short=tuple(one for one in facility_resources(arm.recipe) if one not in listed),
    )


def _strata(arm: ArmSetup, table: Table) -> tuple[QueueStratum, ...]:
    """Sum up waits by when patients came, for strata with patients in them."""
    section, wait = arm.facility, table.column("queue_wait")
    if section is None:
        return ()
    came, width = section.arrivals(wait.shape[1]).came_before, section.stratum
    infused = table.column("infused")
    found = []
    for first in range(0, section.patients, width):
        mine = (came >= first) & (came < first + width)
        if mine.any():
            low, middle, high = (float(q) for q in np.percentile(wait[:, mine], _ENDS))
            last = min(first + width, section.patients)
            share = float(infused[:, mine].mean())
            found.append(QueueStratum(first + 1, last, (low, middle, high), share))
    return tuple(found)


def queue_headline(arms: Mapping[str, ArmResult]) -> str:
    """Say how long lots wait, and who is infused; nothing where no lot queues.

    Parameters
    ----------
    arms
        Arms of the study.
    """
    said = [
        f"{arm.title} {arm.queue.wait.value:.0f} days on average, "
        f"{100 * arm.endpoints['infused'].value:.0f} % of the patients infused and "
        f"{100 * arm.queue.lost_in_queue.value:.1f} % lost through the queue"
        for arm in arms.values()
        if arm.queue is not None
    ]
    return f"Lots wait in their facility: {'; '.join(said)}. " if said else ""


def queue_weaknesses(arms: Mapping[str, ArmResult]) -> tuple[str, ...]:
    """Say which facilities are asked for more than they have, and what their queues leave out.

    Parameters
    ----------
    arms
        Arms of the study.
    """
    queues = {arm.arm_title: arm.queue for arm in arms.values() if arm.queue is not None}
    said = [words for title, queue in queues.items() if (words := _overloaded(title, queue))]
    if queues:
        said.append(
            "Lots queue for one product at a time, as if each arm had its facility to itself, and "
            "a lot that failed is not made again: arms of one trial that share a facility wait "
            "longer than each alone, remakes would make all wait longer."
        )
        said.append(
            "Who waits is seen to progress only by leaving, and is next looked at after infusion: "
            "a longer wait moves progression to later days since enrolment. A hazard ratio from "
            "enrolment therefore flatters the slower arm; who is infused, responses of everybody "
            "enrolled and the share free of progression at 12 months do so less or not at all."
        )
    return tuple(said)


def _overloaded(title: str, queue: QueueResult) -> str:
    """Say that a queue never settles; nothing of one that does."""
    over = [
        f"{one.demand.value:.2f} times its {one.name} ({one.units})"
        for one in queue.resources
        if one.demand.value > 1.0
    ]
    if not over:
        return ""
    first, last = queue.strata[0], queue.strata[-1]
    return (
        f"OVERLOAD: {queue.per_year:g} patients a year for {title} ask {queue.facility} for "
        f"{' and '.join(over)}. The wait grows with every patient and never settles, from "
        f"{first.wait[1]:.0f} days (median of patients {first.first} to {first.last}) to "
        f"{last.wait[1]:.0f} ({last.first} to {last.last}): the answer holds for streams of "
        f"{queue.patients} patients only."
    )
