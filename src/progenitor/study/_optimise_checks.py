"""What the section `optimise:` of a study file must satisfy beyond its shape."""

from pydantic import ValidationError

from progenitor.errors import CatalogueError, InputError
from progenitor.evidence import Catalogue
from progenitor.manufacture import load_recipe
from progenitor.study._optimise_section import OptimiseSection
from progenitor.study._probe import Probe
from progenitor.study._process_settings import process_settings

__all__ = ["check_optimise"]


def check_optimise(probe: Probe, catalogue: Catalogue | None) -> None:
    """Report a product that is not in the file, and settings its recipe does not have.

    Parameters
    ----------
    probe
        The study file; a malformed section is left to the schema.
    catalogue
        Where the recipe is; ``None`` skips the settings.
    """
    if not isinstance(probe.value("optimise"), dict):
        return
    products = probe.names("products")
    product = probe.value("optimise", "product")
    if product is not None:
        probe.known(("optimise", "product"), products, "product")
    name = product if product is not None else next(iter(products), None)
    recipe = probe.value("products", name, "recipe") if name in products else None
    if catalogue is None or recipe is None or not probe.names("optimise", "settings"):
        return
    try:
        section = OptimiseSection.model_validate(probe.value("optimise"))
        process_settings(catalogue, load_recipe(catalogue, recipe), section.settings)
    except (ValidationError, CatalogueError):
        return  # told by the schema, and by the check of names
    except InputError as error:
        for problem in error.problems:
            place = (problem.field or "optimise.settings").split(".", 2)
            key, _, side = place[-1].rpartition(".")
            path = (*place[:2], key, side) if side in {"low", "high"} else place
            probe.report(tuple(path), problem.message, problem.fix)
