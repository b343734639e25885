"""Assemble one model from what a chassis, a disease and a host name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, final

from progenitor.body._mechanism import Mechanism
from progenitor.body._mechanisms import find_mechanism
from progenitor.documents import Document, suggestion
from progenitor.engine import Model
from progenitor.errors import CatalogueError, Problem
from progenitor.evidence import Catalogue

__all__ = ["Body", "assemble"]

KINDS: Final = ("chassis", "diseases", "hosts")
_CONDITIONING: Final = "lymphodepletion"
_IN_BLOOD: Final = ("car_t_in_blood",)
"""What a chassis is read by where it names no ``observables``: CAR-T cells."""


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
        What a product holds (a phenotype) → species that receives it.
    conditioning_species
        Species that receives lymphodepleting chemotherapy; empty where the host knows none.
    switches
        Inputs that a chassis, disease or host presets → value; an arm may set another.
    numbers
        Catalogue id → the id whose number takes its place here, for those who dose and read out.
    product_observables
        Observables fed by the product alone: zero without a dose, more after a larger one.
    """

    model: Model
    mechanisms: tuple[str, ...]
    symbols: Mapping[str, str]
    inputs: Mapping[str, str]
    dose_species: Mapping[str, str]
    conditioning_species: str
    switches: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    product_observables: tuple[str, ...] = ()

    @property
    def parameter_ids(self) -> tuple[str, ...]:
        """Catalogue ids of every number the model uses, sorted."""
        return tuple(sorted(self.symbols.values()))


def assemble(
    catalogue: Catalogue,
    *,
    chassis: str,
    disease: str,
    host: str,
    alternatives: Mapping[str, str] | None = None,
    also: Sequence[str] = (),
) -> Body:
    """Join the mechanisms of a chassis, a disease and a host into one model.

    Besides ``mechanisms`` each entry may hold ``numbers`` (catalogue id a mechanism names → the id
    of the number that takes its place here, so that a mouse brings its own body weight) and
    ``switches`` (input → preset value); a chassis says under ``given`` which species receives what
    the product holds and under ``observables`` what it is read by. Where they disagree the host
    outranks the disease and that the chassis. An entry that asks for another form of a mechanism
    that some other entry may list names it under ``alternatives``; those given here outrank it.
    Mechanisms that a disease lists under ``may_have`` are left out unless asked for by ``also``.

    Parameters
    ----------
    catalogue
        Where the three entries and every number live.
    chassis, disease, host
        Names of catalogue entries; each lists mechanisms.
    alternatives
        Mechanism → the structural alternative that takes its place.
    also
        Mechanisms wanted among those that the disease may have.

    Raises
    ------
    CatalogueError
        When an entry or a number is not in the catalogue, an alternative takes the place of
        nothing, or a mechanism asked for is none that the disease may have; lists every one.
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
    entries = [
        catalogue.entry(kind, entry)
        for kind, entry in zip(KINDS, (chassis, disease, host), strict=True)
    ]
    listed = dict.fromkeys(str(name) for entry in entries for name in entry.data["mechanisms"])
    listed |= dict.fromkeys(_wanted(entries[1], disease, also))
    names = _chosen(_preferred(tuple(listed), entries), alternatives or {})
    numbers = _joined(entries, "numbers")
    parts = [_with_numbers(find_mechanism(name), numbers) for name in names]
    inputs = {symbol: unit for part in parts for symbol, unit in part.inputs.items()}
    switches = _joined(entries, "switches")
    return Body(
        model=Model.build("body", [part.reaction_set(catalogue) for part in parts]),
        mechanisms=names,
        symbols={symbol: address for part in parts for symbol, address in part.symbols.items()},
        inputs=inputs,
        dose_species=dict(entries[0].data["given"]),
        conditioning_species=_CONDITIONING if _CONDITIONING in names else "",
        switches={name: float(value) for name, value in switches.items() if name in inputs},
        numbers=numbers,
        product_observables=tuple(entries[0].data.get("observables", _IN_BLOOD)),
    )


def _wanted(entry: Document, disease: str, also: Sequence[str]) -> tuple[str, ...]:
    """Return the mechanisms asked for, refused where the disease may not have them."""
    may = [str(name) for name in entry.data.get("may_have", ())]
    problems = [
        Problem(f"the disease '{disease}' may not have '{name}'", suggestion(name, may))
        for name in also
        if name not in may
    ]
    if problems:
        raise CatalogueError(problems)
    return tuple(also)


def _chosen(names: tuple[str, ...], alternatives: Mapping[str, str]) -> tuple[str, ...]:
    problems = [
        Problem(f"'{name}' has an alternative but is no mechanism here", suggestion(name, names))
        for name in alternatives
        if name not in names
    ]
    if problems:
        raise CatalogueError(problems)
    return tuple(dict.fromkeys(alternatives.get(name, name) for name in names))


def _preferred(names: tuple[str, ...], entries: list[Document]) -> tuple[str, ...]:
    """Return the mechanisms in those forms that the entries themselves ask for."""
    wanted = _joined(entries, "alternatives")
    return tuple(dict.fromkeys(str(wanted.get(name, name)) for name in names))


def _joined(entries: list[Document], part: str) -> dict[str, Any]:
    """One mapping of all entries; later entries outrank earlier ones."""
    return {key: value for entry in entries for key, value in entry.data.get(part, {}).items()}


def _with_numbers(mechanism: Mechanism, numbers: Mapping[str, str]) -> Mechanism:
    """Give a mechanism the numbers of this host, disease or chassis under the same symbols."""
    taken = {name: numbers[name] for name in mechanism.parameters if name in numbers}
    return replace(mechanism, substitutes=taken) if taken else mechanism
