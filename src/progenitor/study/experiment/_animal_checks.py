"""A planned mouse study: arms that exist, mice that are whole, numbers that can be measured."""

from collections.abc import Mapping
from typing import Final

from pydantic_core import PydanticCustomError

from progenitor.body import Body
from progenitor.documents import suggestion
from progenitor.study._probe import Probe
from progenitor.study._wording import shorten
from progenitor.study.experiment._amount import amount_in, read_amount
from progenitor.study.experiment._condition import number_ids
from progenitor.units import dimension

__all__ = ["SECTION", "check_animal_bodies", "check_animal_trial"]

SECTION: Final = "animal_trial"
_MOST_ROWS: Final = 200_000_000
_MOST_DAYS: Final = 400


def check_animal_trial(probe: Probe) -> None:
    """Check what needs nothing but the file itself."""
    if not isinstance(probe.value(SECTION), Mapping):
        return
    arms = probe.names("arms")
    for key in ("control", "equal_arm"):
        probe.known((SECTION, key), arms, "arm")
    if len(arms) == 1:
        probe.report((SECTION,), "one arm cannot be compared", "add a control arm")
    if probe.length("ends"):
        fix = "leave 'ends' empty; 'humane_volume' ends the course of a mouse"
        probe.report(("ends",), "courses that end hide what a planned study would see", fix)
    _check_whole_mice(probe)
    _check_days(probe)
    _check_volume(probe)
    for key, least in (("donors", 2), ("per_donor", 1)):
        for place in range(probe.length(SECTION, "vary", key)):
            value = probe.value(SECTION, "vary", key, place)
            if isinstance(value, int) and not least <= value <= 50:
                fix = f"give {least} to 50"
                probe.report((SECTION, "vary", key, place), f"{value} is not a size", fix)
    _check_size(probe)


def check_animal_bodies(probe: Probe, bodies: Mapping[str, Body]) -> None:
    """Check names inside the models: what is measured, and what differs between donors."""
    if not isinstance(probe.value(SECTION), Mapping):
        return
    units = {one.name: one.unit for body in bodies.values() for one in body.model.observables}
    asked = probe.value(SECTION, "volume")
    name = "tumour_cells_total" if asked is None else asked
    path = (SECTION,) if asked is None else (SECTION, "volume")
    if isinstance(name, str) and name not in units:
        probe.report(path, f"unknown observable '{shorten(name)}'", suggestion(name, units))
    elif isinstance(name, str) and units[name] != "cell" and not _is_volume(units[name]):
        fix = "name an observable in cells, or one that is a volume"
        probe.report(path, f"'{name}' is in {units[name]}", fix)
    for arm, body in bodies.items():
        if name not in {one.name for one in body.model.observables} and name in units:
            fix = "choose an observable that all arms have"
            probe.report(path, f"arm '{arm}' has no '{name}'", fix)
    known = {own for body in bodies.values() for own in number_ids(body)}
    for place in range(probe.length(SECTION, "donor_numbers")):
        probe.known((SECTION, "donor_numbers", place), known, "number of these models")


def _check_whole_mice(probe: Probe) -> None:
    subjects = probe.value("subjects", "per_draw")
    donors = probe.value(SECTION, "bank_donors")
    if not (isinstance(subjects, int) and isinstance(donors, int)) or donors < 2:
        return
    if subjects % donors or subjects < 2 * donors:
        fix = f"give a multiple of {donors}, at least {2 * donors}"
        words = f"{subjects} subjects are no whole number of mice for {donors} donors each"
        probe.report(("subjects", "per_draw"), words, fix)


def _check_days(probe: Probe) -> None:
    until = probe.days(SECTION, "measurements", "until")
    every = probe.days(SECTION, "measurements", "every")
    last = probe.days("looks", "until")
    if until is None or every is None:
        return
    if not 0.0 < every <= until:
        fix = "give a time above 0 that is not after 'until'"
        probe.report((SECTION, "measurements", "every"), f"every {every:g} days", fix)
    elif until / every > _MOST_DAYS:
        fix = f"measure at most {_MOST_DAYS} times"
        probe.report((SECTION, "measurements", "every"), f"every {every:g} days", fix)
    if last is not None and until > last:
        fix = f"end by day {last:g}, or look longer"
        words = f"day {until:g} is after the last look"
        probe.report((SECTION, "measurements", "until"), words, fix)


def _check_volume(probe: Probe) -> None:
    try:
        limit = amount_in(read_amount(probe.value(SECTION, "humane_volume")), "mm3")
    except PydanticCustomError:
        if isinstance(probe.value(SECTION, "humane_volume"), str | int | float):
            fix = "write a volume, such as '1500 mm3'"
            probe.report((SECTION, "humane_volume"), "this is no volume", fix)
        return
    if limit <= 0.0:
        fix = "write a volume above 0, such as '1500 mm3'"
        probe.report((SECTION, "humane_volume"), f"the volume is {limit:g} mm3", fix)


def _check_size(probe: Probe) -> None:
    """Refuse more measurements than memory holds."""
    sizes = [probe.value(SECTION, key) for key in ("donors", "per_donor", "replicates")]
    draws = probe.value("uncertainty", "draws")
    until = probe.days(SECTION, "measurements", "until")
    every = probe.days(SECTION, "measurements", "every")
    if not all(isinstance(one, int) for one in (*sizes, draws)) or not (until and every):
        return
    donors, mice, replicates = sizes
    widest = max([donors, *_whole(probe, "donors")]) * max([mice, *_whole(probe, "per_donor")])
    rows = widest * len(probe.names("arms")) * replicates * draws * (until / every + 1.0)
    if rows > _MOST_ROWS:
        fix = "conduct fewer studies, or smaller ones under 'vary'"
        words = f"{replicates} studies in {draws} draws make {rows:.0f} measurements"
        probe.report((SECTION, "replicates"), words, fix)


def _whole(probe: Probe, key: str) -> list[int]:
    found = probe.value(SECTION, "vary", key)
    return [one for one in found if isinstance(one, int)] if isinstance(found, list) else []


def _is_volume(unit: str) -> bool:
    return dimension(unit) == dimension("mm3")
