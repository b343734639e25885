"""Assemble one model from what a chassis, a disease and a host name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from progenitor.body._mechanisms import find_mechanism
from progenitor.engine import Model
from progenitor.evidence import Catalogue
from progenitor.product import PHENOTYPES

__all__ = ["Body", "assemble"]

KINDS: Final = ("chassis", "diseases", "hosts")


@final
@dataclass(frozen=True, slots=True)
class Body:
    """A living-cell model ready to be given patients and a product.

    Parameters
    ----------
    model
        The assembled reactions, for the engine.
    mechanisms
        Names of the mechanisms inside, in order.
    symbols
        Symbol in the model → catalogue id of the number behind it.
    inputs
        Symbols the protocol supplies for each patient → unit.
    dose_species
        Product phenotype → species that receives it.
    conditioning_species
        Species that receives lymphodepleting chemotherapy.
    """

    model: Model
    mechanisms: tuple[str, ...]
    symbols: Mapping[str, str]
    inputs: Mapping[str, str]
    dose_species: Mapping[str, str]
    conditioning_species: str

    @property
    def parameter_ids(self) -> tuple[str, ...]:
        """Catalogue ids of every number the model uses, sorted."""
        return tuple(sorted(self.symbols.values()))


def assemble(catalogue: Catalogue, *, chassis: str, disease: str, host: str) -> Body:
    """Join the mechanisms of a chassis, a disease and a host into one model.

    Parameters
    ----------
    catalogue
        Where the three entries and every number live.
    chassis, disease, host
        Names of catalogue entries; each lists mechanisms.

    Raises
    ------
    CatalogueError
        When an entry or a number is not in the catalogue.
    ModelError
        When a mechanism is unknown or the parts do not fit each other.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> body = assemble(
    ...     default_catalogue(), chassis="tscm_car_t", disease="dlbcl", host="human_adult"
    ... )
    >>> body.dose_species["tscm"]
    'tscm_infused'
    """
    names = dict.fromkeys(
        str(name)
        for kind, entry in zip(KINDS, (chassis, disease, host), strict=True)
        for name in catalogue.entry(kind, entry).data["mechanisms"]
    )
    parts = [find_mechanism(name) for name in names]
    return Body(
        model=Model.build("body", [part.reaction_set(catalogue) for part in parts]),
        mechanisms=tuple(names),
        symbols={symbol: address for part in parts for symbol, address in part.symbols.items()},
        inputs={symbol: unit for part in parts for symbol, unit in part.inputs.items()},
        dose_species={phenotype: f"{phenotype}_infused" for phenotype in PHENOTYPES},
        conditioning_species="lymphodepletion",
    )
