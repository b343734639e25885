"""What a study file must satisfy beyond its shape: names that exist, visits that can be reached."""

from typing import Any

from progenitor.documents import Document
from progenitor.errors import Problem
from progenitor.evidence import Catalogue
from progenitor.study._comparators import comparators
from progenitor.study._probe import Probe
from progenitor.study._quantities import read_probability, read_quantity

__all__ = ["study_problems"]

_HORIZON_DAYS = 5 * 365.25
_YEAR_DAYS = 365.0
_MOST_OUTCOMES = 10_000_000


def study_problems(document: Document, catalogue: Catalogue | None) -> list[Problem]:
    """List every problem that the shape of the file does not show.

    Parts of a file that are malformed are skipped here, since the schema has complained about
    them, so that one pass over a broken file finds everything that is wrong with it.

    Parameters
    ----------
    document
        The study file as read.
    catalogue
        Where recipes, chassis, diseases, hosts and comparators are looked up; ``None`` skips that.
    """
    probe = Probe(document)
    _check_arms(probe)
    _check_visits(probe)
    _check_trials(probe)
    _check_size(probe)
    if catalogue is not None:
        _check_names(probe, catalogue)
    return probe.problems


def _check_arms(probe: Probe) -> None:
    def dose(value: Any) -> float:
        return read_quantity(value, "cell/kg")

    for arm in probe.names("arms"):
        probe.known(("arms", arm, "product"), probe.names("products"), "product")
        aimed = probe.number(dose, "arms", arm, "dose")
        least = probe.number(dose, "arms", arm, "minimum_dose")
        if aimed is not None and least is not None and least > aimed:
            probe.report(
                ("arms", arm, "minimum_dose"),
                f"the minimum dose {least:g} cell/kg is above the dose {aimed:g} cell/kg",
                f"write at most '{aimed:g} cell/kg', or raise the dose",
            )


def _check_visits(probe: Probe) -> None:
    probe.increasing(
        ("visits", "response"), (0.0, _HORIZON_DAYS), "after infusion and within 5 years"
    )
    probe.increasing(
        ("regimen", "lymphodepletion", "days"),
        (-30.0, 0.0),
        "before infusion (day 0) and within 30 days of it, such as '-5 day'",
    )
    path = ("visits", "kinetics_until")
    until = probe.days(*path)
    if until is not None and not 0.0 < until <= _HORIZON_DAYS:
        probe.report(
            path,
            f"day {until:g} cannot be followed",
            "give a time after infusion and within 5 years, such as '28 day'",
        )


def _check_trials(probe: Probe) -> None:
    visits = [
        probe.days("visits", "response", i) for i in range(probe.length("visits", "response"))
    ]
    last = max((day for day in visits if day is not None), default=_HORIZON_DAYS)
    for trial in probe.names("trials"):
        path = ("trials", trial)
        listed = [probe.value(*path, "arms", i) for i in range(probe.length(*path, "arms"))]
        for position, arm in enumerate(listed):
            probe.known((*path, "arms", position), probe.names("arms"), "arm")
            if arm in listed[:position]:
                probe.report(
                    (*path, "arms", position), f"arm '{arm}' is listed twice", "list every arm once"
                )
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
        if probe.value(*path, "endpoint") == "pfs_12_months" and last < _YEAR_DAYS:
            probe.report(
                (*path, "endpoint"),
                f"12-month PFS cannot be read: the last response visit is on day {last:g}",
                "add a response visit at '365 day' or later",
            )


def _check_size(probe: Probe) -> None:
    draws = probe.value("uncertainty", "draws")
    patients = probe.value("population", "patients_per_draw")
    arms = len(probe.names("arms"))
    if (
        isinstance(draws, int)
        and isinstance(patients, int)
        and draws <= 10_000
        and patients <= 100_000
        and draws * patients * arms > _MOST_OUTCOMES
    ):
        probe.report(
            ("population", "patients_per_draw"),
            f"{draws} draws of {patients} patients in {arms} arms are {draws * patients * arms} "
            "simulations",
            f"ask for at most {_MOST_OUTCOMES}: fewer draws or fewer patients per draw",
        )


def _check_names(probe: Probe, catalogue: Catalogue) -> None:
    probe.known(("population", "disease"), catalogue.names("diseases"), "disease")
    probe.known(("population", "host"), catalogue.names("hosts"), "host")
    for product in probe.names("products"):
        probe.known(("products", product, "recipe"), catalogue.names("recipes"), "recipe")
        probe.known(("products", product, "chassis"), catalogue.names("chassis"), "chassis")
    known, seen = comparators(catalogue), set[str]()
    for position in range(probe.length("comparators")):
        path = ("comparators", position)
        value = probe.value(*path)
        if isinstance(value, str):
            probe.known(path, known, "comparator")
            if value in seen:
                probe.report(path, f"comparator '{value}' is listed twice", "list it once")
            seen.add(value)
