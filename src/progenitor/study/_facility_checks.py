"""What the facilities of a study must satisfy: lots that can queue, patients who can come."""

from typing import Final

from pydantic import ValidationError

from progenitor.errors import CatalogueError, InputError
from progenitor.evidence import Catalogue
from progenitor.manufacture import facility_problems, facility_resources, load_recipe
from progenitor.study._facility_section import FacilitySection
from progenitor.study._probe import Probe
from progenitor.study._trial_section import DESIGNS

__all__ = ["check_facilities"]

_YEAR: Final = 365.25
_NEAR: Final = 1.05
"""How far the patients of a trial may exceed those of a stream: they come at random."""


def check_facilities(probe: Probe, catalogue: Catalogue | None) -> None:
    """Check every facility with the products made in it and the trials of these.

    Parameters
    ----------
    probe
        The study file; what the schema complained about is skipped.
    catalogue
        Where recipes are; ``None`` skips what they need.
    """
    names = probe.names("facilities")
    made: dict[str, list[str]] = {name: [] for name in names}
    for product in probe.names("products"):
        probe.known(("products", product, "facility"), names, "facility")
        facility = probe.value("products", product, "facility")
        if isinstance(facility, str) and facility in made:
            made[facility].append(product)
    for name, products in made.items():
        if not products:
            probe.report(
                ("facilities", name),
                f"no product is made in '{name}'",
                f"write 'facility: {name}' under a product, or leave it out",
            )
        section = _section(probe, name)
        if section is not None:
            _check_resources(probe, name, section, products, catalogue)
            for product in products:
                _check_trials(probe, section, product)


def _section(probe: Probe, name: str) -> FacilitySection | None:
    """Return a facility that the schema has nothing against."""
    try:
        return FacilitySection.model_validate(probe.value("facilities", name))
    except ValidationError:
        return None


def _check_resources(
    probe: Probe,
    name: str,
    section: FacilitySection,
    products: list[str],
    catalogue: Catalogue | None,
) -> None:
    path = ("facilities", name, "resources")
    try:
        facility = section.facility()
    except InputError as error:
        for problem in error.problems:
            probe.report(path, problem.message, problem.fix)
        return
    if catalogue is None:
        return
    used: set[str] = set()
    for product in products:
        recipe = probe.value("products", product, "recipe")
        try:
            made = load_recipe(catalogue, recipe)
        except (CatalogueError, InputError):
            return  # told by the check of names
        used.update(facility_resources(made))
        for problem in facility_problems(made, facility):
            probe.report(("products", product, "facility"), problem.message, problem.fix)
    for place, resource in enumerate(section.resources):
        if products and resource.name not in used:
            probe.report(
                (*path, place, "name"),
                f"'{resource.name}' is needed by no recipe made there",
                f"give one of {', '.join(sorted(used))}",
            )


def _check_trials(probe: Probe, section: FacilitySection, product: str) -> None:
    """Report trials that enrol faster, or longer, than patients come to the facility."""
    for name in probe.names("trials"):
        path = ("trials", name)
        listed = [probe.value(*path, "arms", i) for i in range(probe.length(*path, "arms"))]
        mine = [arm for arm in listed if isinstance(arm, str) and _product(probe, arm) == product]
        design = probe.value(*path, "design")
        keys = DESIGNS.get(design) if isinstance(design, str) else None
        if not mine or keys is None:
            continue
        patients, day = probe.value(*path, "patients"), probe.days(*path, "accrual_days")
        if keys.kind == "randomised" and isinstance(patients, int) and day is not None and day > 0:
            key, each = "accrual_days", patients / len(listed)
            yearly = each * _YEAR / day
        elif keys.kind == "dose finding" and (gap := probe.days(*path, "arrival_every")):
            key, each, yearly = "arrival_every", 0.0, _YEAR / max(gap, 1e-9)
        else:
            continue
        who = f"the arm of '{product}'"
        if yearly > _NEAR * section.per_year:
            probe.report(
                (*path, key),
                f"{yearly:.0f} patients a year enter {who}, and {section.per_year:g} come to its "
                "facility",
                f"give the facility 'per_year: {yearly:.0f}' or more, or a slower trial",
            )
        come = day * section.per_year / _YEAR if each and day is not None else 0.0
        if come > _NEAR * section.patients:
            probe.report(
                (*path, key),
                f"{come:.0f} patients come to the facility while {who} is filled, and a stream "
                f"ends after {section.patients}",
                f"give the facility 'patients: {come:.0f}'",
            )


def _product(probe: Probe, arm: str) -> object:
    return probe.value("arms", arm, "product")
