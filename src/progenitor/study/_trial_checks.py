"""What a trial of a study file must satisfy: the keys of its design, numbers that make sense."""

from typing import Any, Final

from progenitor.documents import suggestion
from progenitor.evidence import Catalogue
from progenitor.study._allocation_checks import check_allocation
from progenitor.study._disease_checks import may_have, observables_of
from progenitor.study._dose_checks import misspelt
from progenitor.study._probe import Probe
from progenitor.study._quantities import read_probability
from progenitor.study._time_zero_checks import check_time_zero
from progenitor.study._toxicity_lines import TOXICITIES
from progenitor.study._trial_section import DESIGNS, DesignKeys, Trial

__all__ = ["check_trials"]

_YEAR_DAYS: Final = 365.0
_LONGEST: Final = 5 * 365.25
_KEYS: Final = tuple(Trial.model_fields)
_MECHANISMS: Final = {"icans_grade": "neurotoxicity"}
_Path = tuple[str | int, ...]


def check_trials(probe: Probe, catalogue: Catalogue | None) -> None:
    """Check every trial; what the schema complained about is skipped."""
    for name in probe.names("trials"):
        path = ("trials", name)
        _check_arms(probe, path)
        _check_rates(probe, path)
        design = probe.value(*path, "design")
        keys = DESIGNS.get(design) if isinstance(design, str) else None
        if keys is None or not isinstance(probe.value(*path), dict):
            continue
        _check_keys(probe, path, design, keys)
        _check_endpoint(probe, path, keys)
        check_time_zero(probe, path)
        if keys.kind == "dose finding":
            _check_dose_finding(probe, path, catalogue)
        else:
            _check_one_dose(probe, path, keys)
        if keys.kind == "randomised":
            _check_randomised(probe, path)
            check_allocation(probe, path, catalogue)
        _check_looks(probe, path, design)


def _check_arms(probe: Probe, path: _Path) -> None:
    listed = [probe.value(*path, "arms", i) for i in range(probe.length(*path, "arms"))]
    for place, arm in enumerate(listed):
        probe.known((*path, "arms", place), probe.names("arms"), "arm")
        if arm in listed[:place]:
            probe.report(
                (*path, "arms", place), f"arm '{arm}' is listed twice", "list every arm once"
            )


def _check_rates(probe: Probe, path: _Path) -> None:
    null = probe.number(read_probability, *path, "null")
    hoped = probe.number(read_probability, *path, "alternative")
    if null is not None and hoped is not None and null >= hoped:
        probe.report(
            (*path, "null"),
            f"the null {null:.0%} is not below the alternative {hoped:.0%}",
            "give a null below the alternative, such as null '20 %', alternative '40 %'",
        )
    alpha = probe.number(read_probability, *path, "alpha")
    power = probe.number(read_probability, *path, "power")
    if alpha is not None and power is not None and alpha >= power:
        probe.report(
            (*path, "alpha"),
            f"alpha {alpha:g} is not below the power {power:g}",
            "give a small alpha and a large power, such as alpha 0.05, power 0.8",
        )


def _check_keys(probe: Probe, path: _Path, design: str, keys: DesignKeys) -> None:
    """Report what the design needs and has not, and what belongs to another design."""
    found = probe.value(*path)
    for key in keys.needs:
        if key not in found and not misspelt(probe, path, key, _KEYS):
            words = Trial.model_fields[key].description or ""
            probe.report(
                (*path, key), f"'{key}' is missing", f"add '{key}: …' ({words.rstrip('.')})"
            )
    for key in found:
        if key in _KEYS and key not in keys.all:
            probe.report(
                (*path, key),
                f"'{key}' does not belong to a {design} trial",
                f"leave it out; {design} has {', '.join(keys.all[3:])}",
            )
        elif key in _KEYS and found[key] is None:
            probe.report((*path, key), "nothing is written here", "give a value, or delete the key")


def _check_endpoint(probe: Probe, path: _Path, keys: DesignKeys) -> None:
    endpoint = probe.value(*path, "endpoint")
    if (endpoint == "pfs") != (keys.kind == "randomised") and endpoint is not None:
        choices = ["pfs"] if keys.kind == "randomised" else ["complete_response", "pfs_12_months"]
        if isinstance(endpoint, str) and endpoint in _ENDPOINTS:
            probe.report(
                (*path, "endpoint"),
                f"a {keys.kind} trial has no endpoint '{endpoint}'",
                suggestion(endpoint, choices),
            )
    last = _last_visit(probe)
    if endpoint == "pfs_12_months" and last < _YEAR_DAYS:
        probe.report(
            (*path, "endpoint"),
            f"12-month PFS cannot be read: the last response visit is on day {last:g}",
            "add a response visit at '365 day' or later",
        )


_ENDPOINTS: Final = ("complete_response", "objective_response", "pfs_12_months", "pfs")


def _last_visit(probe: Probe) -> float:
    visits = [
        probe.days("visits", "response", i) for i in range(probe.length("visits", "response"))
    ]
    return max((day for day in visits if day is not None), default=_LONGEST)


def _check_dose_finding(probe: Probe, path: _Path, catalogue: Catalogue | None) -> None:
    for key in ("window", "stagger", "arrival_every"):
        _check_days(probe, (*path, key), _last_visit(probe) if key == "window" else _LONGEST)
    _check_toxicity(probe, path, catalogue)
    arms = probe.length(*path, "arms")
    arm = probe.value(*path, "arms", 0)
    if arms > 1:
        probe.report(
            (*path, "arms"), f"doses of {arms} arms are sought at once", "name one arm for a trial"
        )
    if not isinstance(arm, str) or arm not in probe.names("arms"):
        return
    levels = probe.length("arms", arm, "doses")
    if not levels:
        probe.report(
            (*path, "arms", 0),
            f"arm '{arm}' has one dose",
            "give the arm 'doses: [\"1e6 cell/kg\", \"3e6 cell/kg\"]' in place of 'dose'",
        )
        return
    start, guesses = probe.value(*path, "start"), probe.length(*path, "skeleton")
    if isinstance(start, int) and start > levels:
        probe.report(
            (*path, "start"),
            f"dose level {start} is not among the {levels} of arm '{arm}'",
            f"count from 1 to {levels}",
        )
    if guesses and guesses != levels:
        probe.report(
            (*path, "skeleton"),
            f"{guesses} guesses for {levels} dose levels of arm '{arm}'",
            "give one rising guess for each level",
        )
    _check_rising(probe, (*path, "skeleton"), read_probability, "guess")
    cohort, patients = probe.value(*path, "cohort"), probe.value(*path, "patients")
    if isinstance(cohort, int) and isinstance(patients, int) and cohort > patients:
        probe.report(
            (*path, "cohort"), f"a cohort of {cohort} in {patients} patients", "give a smaller one"
        )


def _check_toxicity(probe: Probe, path: _Path, catalogue: Catalogue | None) -> None:
    listed = [probe.value(*path, "toxicity", i) for i in range(probe.length(*path, "toxicity"))]
    for place, event in enumerate(listed):
        if event in listed[:place]:
            probe.report(
                (*path, "toxicity", place), f"'{event}' is listed twice", "list every event once"
            )
        line = TOXICITIES.get(event) if isinstance(event, str) else None
        found = (
            None
            if line is None
            else observables_of(probe, probe.value(*path, "arms", 0), catalogue)
        )
        if line is not None and found is not None and line.observable not in {"", *found}:
            may = may_have(probe, catalogue, _MECHANISMS.get(line.observable, ""))
            probe.report(
                (*path, "toxicity", place),
                f"'{event}' is not modelled: the body of this disease and product has nothing "
                "that it could be read from",
                f"write 'also: [{may}]' under 'population', or leave the event out"
                if may
                else "leave the event out, or choose a disease or product that has it",
            )


def _check_one_dose(probe: Probe, path: _Path, keys: DesignKeys) -> None:
    for place in range(probe.length(*path, "arms")):
        arm = probe.value(*path, "arms", place)
        if isinstance(arm, str) and probe.length("arms", arm, "doses"):
            probe.report(
                (*path, "arms", place),
                f"arm '{arm}' has several doses",
                f"give an arm of a {keys.kind} trial one dose",
            )


def _check_randomised(probe: Probe, path: _Path) -> None:
    arms = probe.length(*path, "arms")
    if arms == 1 or arms > 3:
        probe.report(
            (*path, "arms"),
            "one arm cannot be compared" if arms == 1 else f"{arms} arms are too many to compare",
            "name the control first, then one or two arms to compare with it",
        )
    for key in ("accrual_days", "follow_up", "horizon"):
        _check_days(probe, (*path, key), _last_visit(probe) if key == "horizon" else _LONGEST)


def _check_looks(probe: Probe, path: _Path, design: str) -> None:
    _check_rising(probe, (*path, "looks"), _count, "look")
    last, patients = (
        probe.value(*path, "looks", probe.length(*path, "looks") - 1),
        probe.value(*path, "patients"),
    )
    known = isinstance(last, int) and isinstance(patients, int)
    if design == "group_sequential" and known and last > patients:
        probe.report(
            (*path, "looks"),
            f"{last} events cannot happen in {patients} patients",
            "give fewer events at the last look, or more patients",
        )


def _count(value: Any) -> float:
    """Read a whole number of patients or events."""
    return float(value) if isinstance(value, int) else float("inf")


def _check_days(probe: Probe, path: _Path, last: float) -> None:
    day = probe.days(*path)
    if day is not None and not 0.0 < day <= last:
        probe.report(
            path,
            f"{day:g} days are impossible here",
            f"give a time above 0 and of at most {last:g} days, the last visit or 5 years",
        )


def _check_rising(probe: Probe, path: _Path, read: Any, what: str) -> None:
    """Complain about a list whose values do not rise."""
    previous = 0.0
    for place in range(probe.length(*path)):
        value = probe.number(read, *path, place)
        if value is None:
            continue
        if not value > previous:
            probe.report(
                (*path, place),
                f"{what} {value:g} does not come after {previous:g}",
                "list them in rising order, each once, above 0",
            )
        previous = max(value, previous)
