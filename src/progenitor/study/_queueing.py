"""Lots wait in the facility in which they are made: the queue runs first, then the patients.

The patients of a draw are streams, one after the other: patient p is the (p mod n)-th of stream
p div n. A stream is always simulated whole, so that nobody's wait depends on how a run is cut.
"""

from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import uniforms
from progenitor.manufacture import Batch, LotRoute, lot_route, run_facility, slot_days
from progenitor.study._facility_section import FacilitySection
from progenitor.trial import waiting_attrition

__all__ = ["Queue", "Streams", "delayed", "demand", "lost_in_queue", "queued"]

_YEAR: Final = 365.25
_ARRIVAL: Final = "facility/arrival"
_Patients = Int[np.ndarray, " patient"]


@final
@dataclass(frozen=True, slots=True)
class Streams:
    """The whole streams that some patients belong to.

    Parameters
    ----------
    draw, patient
        Everybody of the streams, stream after stream, (stream x size,).
    size
        Patients of a stream.
    where
        Place of each of those patients among everybody, (patient,).
    """

    draw: Int[np.ndarray, " member"]
    patient: Int[np.ndarray, " member"]
    size: int
    where: _Patients

    @classmethod
    def of(cls, draw: _Patients, patient: _Patients, *, size: int) -> "Streams":
        """Find the streams of some patients.

        Examples
        --------
        >>> found = Streams.of(np.array([7, 7]), np.array([1, 2]), size=2)
        >>> found.draw.tolist(), found.patient.tolist(), found.where.tolist()
        ([7, 7, 7, 7], [0, 1, 2, 3], [1, 2])
        """
        keys, where = np.unique(np.stack([draw, patient // size]), axis=1, return_inverse=True)
        members = keys[1][:, np.newaxis] * size + np.arange(size)
        return cls(
            np.repeat(keys[0], size), members.ravel(), size, where.ravel() * size + patient % size
        )


@final
@dataclass(frozen=True, slots=True)
class Queue:
    """What waiting in the facility did to the lots of some patients.

    Parameters
    ----------
    collected
        Day on which the patient came, since the stream began, (patient,).
    wait
        Days waited for all resources together, (patient,).
    later
        Days by which the lot comes later than the recipe says, whose own wait for a slot the queue
        replaces, (patient,).
    demand
        Share of all there is of a resource that patients ask for in the long run, if everybody
        held it as long as this lot does, (patient, resource).
    utilisation
        Share of the resource in use over the stream of the patient, (patient, resource).
    """

    collected: Float[np.ndarray, " patient"]
    wait: Float[np.ndarray, " patient"]
    later: Float[np.ndarray, " patient"]
    demand: Float[np.ndarray, "patient resource"]
    utilisation: Float[np.ndarray, "patient resource"]


def queued(section: FacilitySection, batch: Batch, streams: Streams, *, seed: int) -> Queue:
    """Let the lots of whole streams wait; nothing is made twice, and a failed lot frees its place.

    Parameters
    ----------
    section
        The facility, and how many patients come.
    batch
        Lots of everybody in ``streams``, in order.
    streams
        Who comes one after the other.
    seed
        Of the days on which they come: the same for every product.
    """
    facility, size = section.facility(), streams.size
    gaps = -np.log(uniforms(seed, _ARRIVAL, streams.draw, streams.patient)) * _YEAR
    arrivals = np.cumsum(gaps.reshape(-1, size) / section.per_year, axis=1)
    route = lot_route(batch, facility)
    run = run_facility(
        facility,
        route.stages,
        arrivals,
        route.durations.reshape(*arrivals.shape, -1),
        stops=route.stops.reshape(*arrivals.shape, 1),
    )
    wait, where = run.wait.ravel(), streams.where
    return Queue(
        collected=arrivals.ravel()[where],
        wait=wait[where],
        later=(wait - slot_days(batch))[where],
        demand=demand(section, route)[where],
        utilisation=run.utilisation[where // size],
    )


def demand(section: FacilitySection, route: LotRoute) -> Float[np.ndarray, "lot resource"]:
    """Return the share of each resource asked for in the long run, if every lot were like this one.

    Parameters
    ----------
    section
        The facility, and how many patients come.
    route
        Days the lots hold each resource, without waiting.
    """
    held = np.stack(
        [
            route.durations[:, [one.name in stage.needs for stage in route.stages]].sum(axis=1)
            for one in section.resources
        ],
        axis=1,
    )
    units = np.array([one.units for one in section.resources])
    return np.asarray(held * section.per_year / _YEAR / units)


def delayed(batch: Batch, queue: Queue) -> Batch:
    """Return the lots of the patients with the days that the queue gave them."""
    product = replace(batch.product, vein_to_vein=batch.product.vein_to_vein + queue.later)
    return replace(batch, product=product, decided_day=batch.decided_day + queue.later)


def lost_in_queue(
    hazard: Float[np.ndarray, " patient"],
    batch: Batch,
    queue: Queue,
    lost: Bool[np.ndarray, " patient"],
    chance: Float[np.ndarray, " patient"],
) -> Bool[np.ndarray, " patient"]:
    """Return who is lost while waiting and would not be, had nobody stood in the way, (patient,).

    Parameters
    ----------
    hazard
        Of being lost, 1/day.
    batch
        Lots with the days that the queue gave them.
    queue
        What the queue did.
    lost
        Who is lost.
    chance
        The same numbers by which that was decided.
    """
    product = batch.product
    wait = np.where(product.released, product.vein_to_vein - queue.wait, np.inf)
    without, day = waiting_attrition(hazard, wait, chance)
    failed = np.where(product.released, np.inf, batch.decided_day - queue.wait)
    return lost & ~(without & ~(failed < day))
