"""Arms that are given something on some day, looks that can be made, readouts that can be read."""

from typing import Any, Final

from progenitor.study._probe import Probe
from progenitor.study.experiment._condition import NOTHING
from progenitor.study.experiment._readout_kinds import KINDS

__all__ = ["check_form", "horizon", "kind_of"]

_LONGEST: Final = 20 * 365.25
_EARLIEST: Final = -180.0
_MOST_LOOKS: Final = 5_000
_COMMON: Final = frozenset({"title", "kind", "observable", "over", "better"})
_OWN: Final = frozenset({key for kind in KINDS.values() for key in kind.keys})


def check_form(probe: Probe) -> None:
    """Check what needs nothing but the file itself."""
    _check_empty(probe, probe.document.data, ())
    _check_looks(probe)
    for arm in probe.names("arms"):
        _check_arm(probe, arm)
    _check_days(probe, ("every_arm", "conditioning"))
    arms = probe.names("arms")
    if arms and all(probe.value("arms", arm, "chassis") == NOTHING for arm in arms):
        probe.report(
            ("arms",),
            "no arm has a chassis",
            "give at least one arm a chassis; the others may stay 'none'",
        )
    for name in probe.names("readouts"):
        _check_readout(probe, name)


def horizon(probe: Probe) -> float:
    """Return the last day of looks, or the longest there may be where it is malformed."""
    until = probe.days("looks", "until")
    return until if until is not None and 0.0 < until <= _LONGEST else _LONGEST


def kind_of(probe: Probe, readout: Any) -> str:
    """Return the kind of a readout, or nothing where it or its kind is unknown."""
    kind = probe.value("readouts", readout, "kind") if isinstance(readout, str) else None
    return kind if isinstance(kind, str) and kind in KINDS else ""


def _check_empty(probe: Probe, value: Any, path: tuple[str | int, ...]) -> None:
    """Refuse a key with nothing behind it: what was meant is not known."""
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = [(key, of) for key, of in value.items() if isinstance(key, str)]
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, of in items:
        if of is None:
            probe.report((*path, key), "nothing is written here", "give a value, or delete the key")
        else:
            _check_empty(probe, of, (*path, key))


def _check_looks(probe: Probe) -> None:
    until, every = probe.days("looks", "until"), probe.days("looks", "every")
    if until is not None and not 0.0 < until <= _LONGEST:
        probe.report(
            ("looks", "until"),
            f"day {until:g} cannot be followed",
            "give a time after day 0 and within 20 years, such as '120 day'",
        )
    last = horizon(probe)
    if every is not None and not 0.0 < every <= last:
        probe.report(
            ("looks", "every"),
            f"looks every {every:g} days cannot be made",
            f"give a time above zero and at most '{last:g} day'",
        )
    elif every is not None and last / every > _MOST_LOOKS:
        probe.report(
            ("looks", "every"),
            f"{last / every:.0f} looks are too many",
            f"look at most {_MOST_LOOKS} times: every '{last / _MOST_LOOKS:.2g} day' or more",
        )
    _check_days(probe, ("looks", "plus"))


def _check_arm(probe: Probe, arm: str) -> None:
    given, path = probe.names("arms", arm, "given"), ("arms", arm)
    own = {
        name: probe.length(*path, "given", name, "on")
        for name in given
        if isinstance(probe.value(*path, "given", name), dict)
    }
    without = [name for name in given if not own.get(name)]
    if without and not probe.length(*path, "on"):
        probe.report(
            (*path, "given", without[0]),
            f"on no day is '{without[0]}' given",
            'add \'on: ["0 day"]\' to the arm, or to what is given: {dose: …, on: ["0 day"]}',
        )
    if probe.length(*path, "on") and not without:
        probe.report((*path, "on"), "nothing is given on these days", "delete it, or add 'given'")
    _check_days(probe, (*path, "on"))
    _check_days(probe, (*path, "conditioning"))
    for name in own:
        _check_days(probe, (*path, "given", name, "on"))


def _check_days(probe: Probe, path: tuple[str | int, ...]) -> None:
    last = horizon(probe)
    probe.increasing(
        path,
        (_EARLIEST, last + 1e-9),
        f"from half a year before day 0 to day {last:g}, the last look",
    )


def _check_readout(probe: Probe, name: str) -> None:
    """Keys that belong to the kind, a level where it needs one, days that are looked at."""
    kind, path = kind_of(probe, name), ("readouts", name)
    if not kind:
        return
    present = set(probe.names(*path))
    for key in sorted(present - _COMMON - set(KINDS[kind].keys)):
        if key in _OWN:
            words = " and ".join(KINDS[kind].keys) or "none of its own"
            probe.report(
                (*path, key),
                f"'{key}' means nothing for {kind}",
                f"delete it; its keys are {words}",
            )
    for key in KINDS[kind].needs:
        if key not in present:
            probe.report((*path, "kind"), f"{kind} needs '{key}'", f"add '{key}: …' to the readout")
    levels = present & {"above", "below"}
    if KINDS[kind].level and len(levels) != 1:
        probe.report(
            (*path, "kind"),
            f"{kind} needs one level, above or below; it has {len(levels)}",
            "write 'above: …' to reach it from below, or 'below: …'",
        )
    _check_window(probe, path)


def _check_window(probe: Probe, path: tuple[str, ...]) -> None:
    last = horizon(probe)
    days = {key: probe.days(*path, key) for key in ("at", "since", "until")}
    for key, day in days.items():
        if day is not None and not _EARLIEST < day <= last:
            probe.report(
                (*path, key),
                f"day {day:g} is not looked at",
                f"give a day up to the last look, '{last:g} day'",
            )
    since = 0.0 if days["since"] is None else days["since"]
    for key in ("at", "until"):
        end = days[key]
        if end is not None and "since" in probe.names(*path) and end <= since:
            probe.report(
                (*path, key),
                f"day {end:g} does not come after day {since:g}",
                "let the window end after it begins",
            )
