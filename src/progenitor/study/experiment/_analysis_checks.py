"""Comparisons, factorials, maps, expectations: arms and readouts that exist and fit them."""

from typing import Final

from progenitor.study._probe import Probe
from progenitor.study.experiment._form_checks import kind_of
from progenitor.study.experiment._readout_kinds import KINDS

__all__ = ["check_analyses"]

_MOST_SIMULATIONS: Final = 10_000_000
_MOST_POINTS: Final = 400
_Path = tuple[str | int, ...]


def check_analyses(probe: Probe) -> None:
    """Check what is made of the readouts, as far as the file itself tells."""
    arms, readouts = probe.names("arms"), probe.names("readouts")
    for position in range(probe.length("ends")):
        path: _Path = ("ends", position)
        probe.known(path, readouts, "readout")
        kind = kind_of(probe, probe.value(*path))
        if kind and not KINDS[kind].happens:
            probe.report(path, f"a readout of kind {kind} never ends", "name an event readout")
    for position in range(probe.length("comparisons")):
        _check_comparison(probe, ("comparisons", position))
    for position in range(probe.length("factorials")):
        _check_factorial(probe, ("factorials", position))
    for name in probe.names("maps"):
        _check_map(probe, ("maps", name))
    for position in range(probe.length("expectations")):
        path = ("expectations", position)
        probe.known((*path, "arm"), arms, "arm")
        probe.known((*path, "against"), arms, "arm")
        probe.known((*path, "readout"), readouts, "readout")
        _check_levels(probe, path)
        _check_measure(probe, path)
    for position in range(probe.length("comparators")):
        path = ("comparators", position)
        probe.known((*path, "arm"), arms, "arm")
        probe.known((*path, "against"), arms, "arm")
        probe.known((*path, "readout"), readouts, "readout")
        _check_measure(probe, path)
    _check_size(probe)


def _check_comparison(probe: Probe, path: _Path) -> None:
    names = probe.names("arms")
    pair = [probe.value(*path, "arms", place) for place in range(probe.length(*path, "arms"))]
    for place, arm in enumerate(pair):
        probe.known((*path, "arms", place), names, "arm")
        if arm in pair[:place]:
            probe.report(
                (*path, "arms", place), f"arm '{arm}' is compared with itself", "name two arms"
            )
    probe.known((*path, "readout"), probe.names("readouts"), "readout")
    _check_measure(probe, path, compared=True)


def _check_measure(probe: Probe, path: _Path, *, compared: bool = False) -> None:
    measure, kind = probe.value(*path, "measure"), kind_of(probe, probe.value(*path, "readout"))
    if measure in (None, "value"):
        return
    if not compared and probe.value(*path, "against") is None:
        probe.report(
            (*path, "measure"), f"a {measure} needs a second arm", "add 'against: …', an arm"
        )
    if not kind:
        return
    happens, share = KINDS[kind].happens, KINDS[kind].share
    if measure == "hazard_ratio" and not happens:
        probe.report((*path, "measure"), f"{kind} has no hazard ratio", "write difference or ratio")
    if measure == "ratio" and (happens or share):
        instead = "hazard_ratio or difference" if happens else "difference"
        probe.report(
            (*path, "measure"), f"{kind} is yes or no and has no ratio", f"write {instead}"
        )


def _check_levels(probe: Probe, path: _Path) -> None:
    if not {"above", "below"} & set(probe.names(*path)):
        probe.report(path, "no level says when it holds", "add 'above: …' or 'below: …'")


def _check_factorial(probe: Probe, path: _Path) -> None:
    arms = probe.names("arms")
    probe.known((*path, "readout"), probe.names("readouts"), "readout")
    for place in range(probe.length(*path, "arms")):
        probe.known((*path, "arms", place), arms, "arm")
    listed = probe.length(*path, "arms") or len(arms)
    factors = probe.length(*path, "factors")
    if factors and listed != 2**factors:
        probe.report(
            (*path, "factors"),
            f"{factors} factors make {2**factors} combinations, and there are {listed} arms",
            "list the arms of the design under 'arms', one for each combination",
        )
    kind = kind_of(probe, probe.value(*path, "readout"))
    if (
        probe.value(*path, "scale") == "ratio"
        and kind
        and (KINDS[kind].happens or KINDS[kind].share)
    ):
        probe.report((*path, "scale"), f"{kind} is yes or no and has no ratio", "write difference")


def _check_map(probe: Probe, path: _Path) -> None:
    arms = probe.names("arms")
    probe.known((*path, "arm"), arms, "arm")
    probe.known((*path, "against"), arms, "arm")
    probe.known((*path, "readout"), probe.names("readouts"), "readout")
    _check_measure(probe, path)
    if probe.value(*path, "answers") is True and not {"above", "below"} & set(probe.names(*path)):
        probe.report(
            (*path, "answers"),
            "a map without a rule has no answer",
            "say what benefit is: 'above: …' or 'below: …'",
        )
    points = 1
    for place in range(probe.length(*path, "axes")):
        axis = (*path, "axes", place)
        points *= max(1, probe.length(*axis, "values"))
        ways = [key for key in ("number", "given", "set") if probe.value(*axis, key) is not None]
        if len(ways) != 1 and isinstance(probe.value(*axis), dict):
            probe.report(
                axis,
                f"an axis changes one thing; this one changes {len(ways)}",
                "write one of 'number: …', 'given: …' or 'set: …'",
            )
        arm = probe.value(*path, "arm")
        if arm in arms and "given" in ways:
            probe.known((*axis, "given"), probe.names("arms", str(arm), "given"), "substance")
    if points > _MOST_POINTS:
        probe.report((*path, "axes"), f"{points} points are too many", f"{_MOST_POINTS} at most")


def _check_size(probe: Probe) -> None:
    draws, subjects = probe.value("uncertainty", "draws"), probe.value("subjects", "per_draw")
    groups = len(probe.names("arms")) * (1 + len(probe.names("structures")))
    if not (isinstance(draws, int) and isinstance(subjects, int)):
        return
    total = draws * subjects * groups
    if draws <= 10_000 and subjects <= 100_000 and total > _MOST_SIMULATIONS:
        probe.report(
            ("subjects", "per_draw"),
            f"{draws} draws of {subjects} subjects in {groups} groups are {total} simulations",
            f"ask for at most {_MOST_SIMULATIONS}: fewer draws or fewer subjects per draw",
        )
