"""Reads a parameter record from ``catalogue/parameters/`` and checks it against itself."""

import math
from collections.abc import Mapping
from typing import Any, Final, cast

from progenitor.documents import Document, suggestion
from progenitor.errors import InputError, Problem, UnitError
from progenitor.evidence._fields import Fields
from progenitor.evidence._parameter import (
    DISTRIBUTIONS,
    HOW,
    LEVELS,
    ROLES,
    SECOND_READINGS,
    Derivation,
    Directness,
    Distribution,
    Level,
    Parameter,
    Reported,
    Role,
    Used,
)
from progenitor.evidence.derivations import CENTRES, DERIVATIONS, arguments_of, derive
from progenitor.units import Quantity, convert, parse_quantity, scale

__all__ = ["DERIVED_TOLERANCE", "read_parameter"]

DERIVED_TOLERANCE: Final = 1e-2
"""Relative difference allowed between a derived and a used median: records round to 2-3 digits."""

_SPREADS: Final = {
    "lognormal": ("between_patient_cv", "uncertainty_cv"),
    "logitnormal": ("between_patient_sd", "uncertainty_sd"),
    "normal": ("between_patient_sd", "uncertainty_sd"),
    "fixed": (),
}
_ALL_SPREADS: Final = (*_SPREADS["lognormal"], *_SPREADS["normal"])
_FIXED_ROLES: Final = frozenset({"definition", "setting"})
_LARGEST_SPREAD: Final = 10.0


def read_parameter(document: Document, identifier: str, problems: list[Problem]) -> Parameter:
    """Read one parameter and add every problem with it to ``problems``.

    Parameters
    ----------
    document
        The file.
    identifier
        What its path says its id is.
    problems
        Where problems are added.
    """
    fields = Fields.root(document, problems)
    if fields.text("id") not in {"", identifier}:
        message = f"id is '{document.data['id']}' but the file is '{identifier}.yaml'"
        fields.refuse("id", message, f"write 'id: {identifier}', or move the file")
    before = len(problems)
    parameter = Parameter(
        id=identifier,
        title=fields.text("title"),
        symbol=fields.text("symbol", required=False),
        unit=fields.unit("unit"),
        role=cast("Role", fields.choice("role", ROLES)),
        reported=tuple(_reported(entry) for entry in fields.children("reported")),
        used=_used(fields.child("used")),
        derivation=_derivation(fields.child("derivation")),
        directness=_directness(fields.child("directness")),
        reason=fields.text("reason", required=False),
        notes=fields.text("notes", required=False),
        reading=fields.text("reading", required=False),
        calibrated=fields.flag("calibrated"),
    )
    fields.close()
    _check_role(parameter, fields)
    _check_reported(parameter, fields)
    if len(problems) == before:
        _check_derivation(parameter, fields)
    return parameter


def _reported(fields: Fields) -> Reported:
    has_range = fields.has("low") and fields.has("high")
    value = fields.number("value", required=not has_range)
    reported = Reported(
        source=fields.text("source"),
        quantity=fields.text("quantity"),
        value=math.nan if value is None else value,
        unit=fields.unit("unit"),
        low=fields.number("low", required=False),
        high=fields.number("high", required=False),
        interval=fields.text("interval", required=False),
        n=fields.count("n", required=False),
        population=fields.text("population", required=False),
        locator=fields.text("locator"),
        row=fields.text("row", required=False),
        how=fields.choice("how", HOW),
        second_reading=fields.choice("second_reading", SECOND_READINGS, "not read"),
    )
    low, high = reported.low, reported.high
    if low is not None and high is not None and low > high:
        fields.refuse("low", f"low is {low:g}, above high {high:g}", "swap them")
    if (low is not None or high is not None) and not reported.interval:
        fix = "say what low and high are: '95 % CI', 'IQR', 'range', 'SD'"
        fields.refuse("interval", "interval is missing", fix)
    fields.close()
    return reported


def _used(fields: Fields | None) -> Used | None:
    if fields is None:
        return None
    distribution = cast("Distribution", fields.choice("distribution", DISTRIBUTIONS))
    median = fields.number("median")
    spreads: dict[str, float] = {}
    for name in _ALL_SPREADS:
        wanted = name in _SPREADS[distribution]
        value = fields.number(name, required=wanted)
        if value is None:
            continue
        if not wanted:
            takes = " and ".join(_SPREADS[distribution]) or "no spread"
            fix = f"a {distribution} takes {takes}"
            fields.refuse(name, f"{name} does not belong to a {distribution}", fix)
        elif not 0.0 <= value <= _LARGEST_SPREAD:
            fix = f"give 0 to {_LARGEST_SPREAD:g}, as a fraction: 0.3 for 30 %"
            fields.refuse(name, f"{name} is {value:g}", fix)
        spreads[name] = value
    used = Used(
        distribution=distribution,
        median=math.nan if median is None else median,
        lower=fields.number("lower", required=False),
        upper=fields.number("upper", required=False),
        **spreads,
    )
    fields.close()
    if median is not None:
        _check_median(used, fields)
    return used


def _check_median(used: Used, fields: Fields) -> None:
    median, lower, upper = used.median, used.lower, used.upper
    if used.distribution == "lognormal" and median <= 0.0:
        fix = "give a median above zero, or use a normal"
        fields.refuse("median", f"median is {median:g} for a lognormal", fix)
    if used.distribution == "logitnormal" and not 0.0 < median < 1.0:
        fix = "give a fraction strictly between 0 and 1"
        fields.refuse("median", f"median is {median:g} for a logitnormal", fix)
    if lower is not None and upper is not None and lower >= upper:
        fields.refuse("lower", f"lower is {lower:g}, not below upper {upper:g}", "swap or widen")
    elif lower is not None and median < lower:
        fields.refuse("lower", f"lower is {lower:g}, above the median {median:g}", "lower it")
    elif upper is not None and median > upper:
        fields.refuse("upper", f"upper is {upper:g}, below the median {median:g}", "raise it")


def _derivation(fields: Fields | None) -> Derivation:
    if fields is None:
        return Derivation()
    name = fields.choice("name", sorted(DERIVATIONS))
    given: Mapping[str, Any] = {}
    inner = fields.child("arguments")
    if inner is not None:
        given = inner.data
    fields.close()
    if name not in DERIVATIONS or not fields.has("name"):
        return Derivation()
    wanted = arguments_of(name)
    for argument in given:
        if argument not in wanted:
            message = f"'{argument}' is not an argument of {name}"
            fields.refuse("arguments", message, suggestion(argument, wanted))
    arguments: dict[str, Quantity] = {}
    for argument in wanted:
        quantity = _argument(fields, name, argument, given.get(argument))
        if quantity is not None:
            arguments[argument] = quantity
    return Derivation(name, arguments)


def _argument(fields: Fields, name: str, argument: str, value: Any) -> Quantity | None:
    if value is None:
        fix = f"write 'arguments: {{{argument}: \"28 day\"}}' with the right number and unit"
        fields.refuse("arguments", f"{name} needs '{argument}'", fix)
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Quantity(float(value), "1")
    try:
        return parse_quantity(str(value))
    except UnitError as error:
        message, _, fix = str(error).partition("; ")
        fields.refuse("arguments", f"{argument}: {message}", fix or "write a number and a unit")
        return None


def _directness(fields: Fields | None) -> Directness:
    if fields is None:
        return Directness()
    names = ("species", "product", "setting", "indication")
    levels = {name: cast("Level", fields.choice(name, LEVELS)) for name in names}
    fields.close()
    return Directness(**levels)


def _check_role(parameter: Parameter, fields: Fields) -> None:
    """Refuse what a role may not have, and ask for what it must have."""
    role, used = parameter.role, parameter.used
    if role == "verification":
        if used is not None:
            fix = "remove 'used': a verification number is predicted, never put in"
            fields.refuse("used", "a verification record has a used distribution", fix)
        if parameter.calibrated:
            fields.refuse(
                "calibrated", "a verification record is calibrated", "remove 'calibrated'"
            )
    elif used is None and role != "building" and not fields.has("used"):
        fields.refuse("used", "used is missing", f"add it: a {role} number enters the model")
    elif used is not None and role in _FIXED_ROLES and used.distribution != "fixed":
        fix = f"write 'distribution: fixed', or make it a prior: a {role} is a choice, not a belief"
        fields.refuse("used", f"a {role} has a {used.distribution} distribution", fix)
    logit = used is not None and used.distribution == "logitnormal"
    if logit and not _is_plain_fraction(parameter.unit):
        fix = "write 'unit: 1' and give the median as a fraction"
        fields.refuse("unit", f"a logitnormal has unit '{parameter.unit}'", fix)
    if not parameter.reason and (parameter.calibrated or not parameter.reported):
        why = "the median was calibrated" if parameter.calibrated else "nothing is reported"
        fields.refuse("reason", f"reason is missing although {why}", "say why this number")


def _is_plain_fraction(unit: str) -> bool:
    try:
        return convert(1.0, unit, "1") == 1.0 and scale(unit) == 1.0
    except UnitError:
        return False


def _check_reported(parameter: Parameter, fields: Fields) -> None:
    """Refuse reported numbers that may not play the record's role."""
    role, reported = parameter.role, parameter.reported
    if role in {"building", "verification"} and fields.is_empty("reported"):
        fix = "add what a source reports, or make it a prior"
        fields.refuse("reported", f"a {role} record reports nothing", fix)
    carried_over = parameter.used is not None and role not in _FIXED_ROLES
    if reported and carried_over and not fields.has("directness"):
        fix = "add species, product, setting and indication: direct, partial or indirect"
        fields.refuse("directness", "directness is missing", fix)
    remembered = [position for position, entry in enumerate(reported) if entry.remembered]
    if not remembered:
        return
    if role in {"building", "verification"}:
        fix = "read it in the source, or make it a wide prior"
        fields.refuse("reported", f"a {role} record rests on memory", fix)
        return
    if remembered[0] == 0 and len(remembered) < len(reported):
        fix = "put a number that was read first"
        fields.refuse("reported", "the first reported number is from memory", fix)
    if len(remembered) == len(reported) and not parameter.reason:
        fix = "say why this number"
        fields.refuse("reason", "reason is missing although nothing was read", fix)


def _check_derivation(parameter: Parameter, fields: Fields) -> None:
    """Check that what was reported leads to what is used."""
    if not parameter.reported:
        if fields.has("derivation"):
            fields.refuse("derivation", "there is nothing reported to derive from", "remove it")
        return
    if parameter.calibrated and not fields.has("derivation"):
        return  # what is reported is the target of the fit, not the number itself
    name, arguments = parameter.derivation.name, parameter.derivation.arguments
    if name not in CENTRES and any(math.isnan(entry.value) for entry in parameter.reported):
        fix = f"add the value, or use the derivation {' or '.join(sorted(CENTRES))}"
        fields.refuse("derivation", f"{name} needs a value, but only a range is reported", fix)
        return
    try:
        derived = derive(name, parameter.reported, arguments).to(parameter.unit).value
    except UnitError as error:
        fix = "choose the derivation and units that lead to the parameter's unit"
        if parameter.calibrated:
            fix = "remove it: what is reported is the target of the fit, not the number itself"
        fields.refuse("derivation", f"{name}: {error}", fix)
        return
    except InputError as error:
        for problem in error.problems:
            fields.refuse("derivation", f"{name}: {problem.message}", problem.fix)
        return
    used = parameter.used
    if used is None or parameter.calibrated:
        return
    if not math.isclose(derived, used.median, rel_tol=DERIVED_TOLERANCE, abs_tol=0.0):
        message = f"median {used.median:g} is not {name} of what is reported, {derived:.4g}"
        fix = f"write 'median: {derived:.4g}', or 'calibrated: true' with the reason"
        fields.refuse("used", f"{message} {parameter.unit}", fix)
