"""What a study file must satisfy beyond its shape: names that exist, visits that can be reached."""

from progenitor.documents import Document
from progenitor.errors import Problem
from progenitor.evidence import Catalogue
from progenitor.manufacture import load_recipe
from progenitor.product import PHENOTYPES
from progenitor.study._comparators import comparators
from progenitor.study._disease_checks import check_disease
from progenitor.study._donor_checks import check_donors
from progenitor.study._dose_checks import check_doses
from progenitor.study._facility_checks import check_facilities
from progenitor.study._optimise_checks import check_optimise
from progenitor.study._probe import Probe
from progenitor.study._switch_checks import check_switches
from progenitor.study._trial_checks import check_trials

__all__ = ["study_problems"]

_HORIZON_DAYS = 5 * 365.25
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
    check_trials(probe, catalogue)
    check_facilities(probe, catalogue)
    _check_size(probe)
    check_optimise(probe, catalogue)
    if catalogue is not None:
        _check_names(probe, catalogue)
        check_donors(probe, catalogue)
    return probe.problems


def _check_arms(probe: Probe) -> None:
    for arm in probe.names("arms"):
        probe.known(("arms", arm, "product"), probe.names("products"), "product")
        check_doses(probe, arm)


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


def _check_size(probe: Probe) -> None:
    draws = probe.value("uncertainty", "draws")
    patients = probe.value("population", "patients_per_draw")
    arms = sum(max(1, probe.length("arms", arm, "doses")) for arm in probe.names("arms"))
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
    check_disease(probe, catalogue)
    check_switches(probe, catalogue)
    for product in probe.names("products"):
        probe.known(("products", product, "recipe"), catalogue.names("recipes"), "recipe")
        probe.known(("products", product, "chassis"), catalogue.names("chassis"), "chassis")
        _check_composition(probe, catalogue, product)
    known, seen = comparators(catalogue), set[str]()
    for position in range(probe.length("comparators")):
        path = ("comparators", position)
        value = probe.value(*path)
        if isinstance(value, str):
            probe.known(path, known, "comparator")
            other = known[value].disease if value in known else None
            treated = probe.value("population", "disease")
            if other is not None and treated in catalogue.names("diseases") and other != treated:
                probe.report(
                    path,
                    f"comparator '{value}' is about the disease '{other}', not '{treated}'",
                    "leave it out, or take one of "
                    + (", ".join(n for n, c in known.items() if c.disease == treated) or "none"),
                )
            if value in seen:
                probe.report(path, f"comparator '{value}' is listed twice", "list it once")
            seen.add(value)


def _check_composition(probe: Probe, catalogue: Catalogue, product: str) -> None:
    """Refuse a composition by CD45RA, CCR7 and CD95 where the recipe makes no T cells."""
    recipe = probe.value("products", product, "recipe")
    given = probe.value("products", product, "composition")
    if given is None or recipe not in catalogue.names("recipes"):
        return
    gives = load_recipe(catalogue, str(recipe)).gives
    if gives != PHENOTYPES:
        probe.report(
            ("products", product, "composition"),
            f"'{recipe}' makes {', '.join(gives)}, and this composition is one of T cells",
            "leave it out; it can be given for T-cell products",
        )
