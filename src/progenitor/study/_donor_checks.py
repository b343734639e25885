"""Cells of another donor must be given to a body that can meet them as strangers."""

from typing import Final

from progenitor.errors import CatalogueError, InputError
from progenitor.evidence import Catalogue
from progenitor.manufacture import load_recipe
from progenitor.product import PHENOTYPES
from progenitor.study._probe import Probe

__all__ = ["check_donors"]

_BANK: Final = "bank"
_MISMATCH: Final = "mhc_mismatch"


def check_donors(probe: Probe, catalogue: Catalogue) -> None:
    """Report banked T-cell products whose chassis knows neither rejection nor graft against host.

    Parameters
    ----------
    probe, catalogue
        The study file, and where its recipes and chassis are; unknown names are told elsewhere.
    """
    known = [name for name in catalogue.names("chassis") if _meets_strangers(catalogue, name)]
    for product in probe.names("products"):
        recipe = probe.value("products", product, "recipe")
        chassis = probe.value("products", product, "chassis")
        if recipe not in catalogue.names("recipes") or chassis not in catalogue.names("chassis"):
            continue
        if chassis in known or not _is_t_cell(catalogue, chassis) or not _banked(catalogue, recipe):
            continue
        probe.report(
            ("products", product, "chassis"),
            f"lots of '{recipe}' come from another donor, and a body of '{chassis}' takes them for "
            "the patient's own",
            f"take a chassis that is rejected: {', '.join(known)}",
        )


def _banked(catalogue: Catalogue, recipe: str) -> bool:
    try:
        return any(step.step.name == _BANK for step in load_recipe(catalogue, recipe).steps)
    except (CatalogueError, InputError):
        return False


def _meets_strangers(catalogue: Catalogue, chassis: str) -> bool:
    switches = catalogue.entry("chassis", chassis).data.get("switches", {})
    return _MISMATCH in switches and _is_t_cell(catalogue, chassis)


def _is_t_cell(catalogue: Catalogue, chassis: str) -> bool:
    given = catalogue.entry("chassis", chassis).data.get("given", {})
    return set(PHENOTYPES) <= set(given)
