"""A fit file: which body is fitted, what is free, and which published numbers it is fitted to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from progenitor.body import Body
from progenitor.documents import load_document
from progenitor.errors import InputError
from progenitor.evidence import Catalogue
from progenitor.inference._fit_fields import FitFields
from progenitor.inference._fit_targets import FitTarget, read_targets
from progenitor.manufacture import Recipe, load_recipe

__all__ = ["FitFile", "Given", "Sampling", "load_fit"]

_SECTIONS: Final = (
    "fit",
    "title",
    "body",
    "product",
    "inputs",
    "alternatives",
    "conditioning",
    "closely_until",
    "response",
    "seed",
    "sampling",
    "discrepancy",
    "free",
    "others",
    "targets",
    "beside",
)
_OTHERS: Final = ("vary", "hold")


@final
@dataclass(frozen=True, slots=True)
class Given:
    """What patients are given.

    Parameters
    ----------
    recipe
        How the product is made, or None where cells are given as they are.
    per_kilogram
        Cells per kilogram of a product that is made.
    cells
        Phenotype → cells, of a product that is given as it is.
    conditioning
        Days of conditioning; infusion is day 0.
    inputs
        Symbols of the body set for everybody.
    """

    recipe: Recipe | None
    per_kilogram: float
    cells: Mapping[str, float]
    conditioning: tuple[float, ...]
    inputs: Mapping[str, float]


@final
@dataclass(frozen=True, slots=True)
class Sampling:
    """How the posterior is sampled.

    Parameters
    ----------
    draws, rounds
        Draws in each round of adaptive importance sampling.
    patients
        Virtual patients of each draw.
    """

    draws: int
    rounds: int
    patients: int


@final
@dataclass(frozen=True, slots=True)
class FitFile:
    """A fit as a file describes it, checked against the catalogue.

    Parameters
    ----------
    name, title
        Of the fit.
    body_name, body
        ``chassis/disease/host``, and the model.
    given
        What patients receive.
    closely_until, visits
        Last day on which peaks are looked for, and days of response assessment.
    seed
        Same seed, same result.
    sampling
        How.
    discrepancy
        How far the model may be from the truth: standard deviation on the log or logit scale.
    free
        Catalogue ids whose medians are fitted.
    hold_others
        Whether every other number is taken as known.
    targets
        Building records that are fitted to.
    beside
        Records that are predicted and never fitted.
    """

    name: str
    title: str
    body_name: str
    body: Body
    given: Given
    closely_until: float
    visits: tuple[float, ...]
    seed: int
    sampling: Sampling
    discrepancy: float
    free: tuple[str, ...]
    hold_others: bool
    targets: tuple[FitTarget, ...]
    beside: tuple[FitTarget, ...]

    @property
    def disease(self) -> str:
        """The disease of the body."""
        return self.body_name.split("/")[1]


def load_fit(
    source: Path | str, catalogue: Catalogue, *, name: str | None = None, fitted: bool = True
) -> FitFile:
    """Read and check a fit file.

    Parameters
    ----------
    source
        A path, or the text itself.
    catalogue
        What its names refer to.
    name
        What errors call the text.
    fitted
        Whether there must be something to fit; without, the file may hold only ``beside``.

    Raises
    ------
    InputError
        Listing every problem with its line: unknown names, quantities without a unit, free
        numbers the body does not use, and targets that are kept for verification.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> load_fit("fit: a", default_catalogue(), name="a.yaml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: a.yaml:1: title: 'title' is missing. Fix: ...
    """
    document = load_document(source, name=name)
    fields = FitFields(document)
    if not isinstance(document.data, dict):
        raise InputError([document.problem((), "this is no fit", "write 'fit: NAME' and so on")])
    fields.known((), _SECTIONS)
    title, fit_name = fields.text("title"), fields.text("fit")
    body_name, body = fields.body(catalogue)
    read = _Read(fields, catalogue, body)
    given = read.given()
    sampling = Sampling(
        draws=fields.whole(("sampling", "draws"), 20, 100_000),
        rounds=fields.whole(("sampling", "rounds"), 1, 20),
        patients=fields.whole(("sampling", "patients"), 1, 100_000),
    )
    visits = fields.days(("response",), optional=True)
    free = read.free(fitted=fitted)
    targets, beside = (
        read_targets(document, part, catalogue, body, fields.problems, visits=bool(visits))
        for part in ("targets", "beside")
    )
    if fitted and not targets and not fields.problems:
        fields.refuse(("targets",), "there is nothing to fit to", "name building records")
    file = FitFile(
        name=fit_name,
        title=title,
        body_name=body_name,
        body=body if body is not None else _NOTHING,
        given=given,
        closely_until=fields.quantity(("closely_until",), "day"),
        visits=visits,
        seed=fields.whole(("seed",), 0, 2**63 - 1),
        sampling=sampling,
        discrepancy=fields.number(("discrepancy",), 0.0) if fitted else 1.0,
        free=free,
        hold_others=fields.choice("others", _OTHERS) == "hold",
        targets=targets,
        beside=beside,
    )
    if fields.problems:
        raise InputError(sorted(fields.problems, key=lambda problem: problem.line or 0))
    return file


_NOTHING: Final = Body.__new__(Body)
"""Stands for a body that could not be assembled, until its problems are raised."""


@final
@dataclass(frozen=True, slots=True)
class _Read:
    """Parts of a file that depend on the body."""

    fields: FitFields
    catalogue: Catalogue
    body: Body | None

    def given(self) -> Given:
        """Read product, conditioning and inputs."""
        fields, product = self.fields, self.fields.mapping(("product",))
        inputs = {
            name: fields.number(("inputs", name), float("-inf"))
            for name in fields.mapping(("inputs",), optional=True)
        }
        conditioning = fields.days(("conditioning",), optional=True)
        cells = {
            name: fields.quantity(("product", "given", name), "cell")
            for name in fields.mapping(("product", "given"), optional=True)
        }
        fields.known(("product",), ("recipe", "dose", "given"))
        recipe, dose = None, 0.0
        if "recipe" in product:
            recipe = self._recipe(str(product["recipe"]))
            dose = fields.quantity(("product", "dose"), "cell/kg")
        elif product and not cells:
            fix = "give 'recipe' and 'dose', or 'given' with cells of each phenotype"
            fields.refuse(("product",), "nothing is given", fix)
        self._check_inputs(inputs, cells, made=recipe is not None)
        return Given(recipe, dose, cells, conditioning, inputs)

    def _recipe(self, name: str) -> Recipe | None:
        known = self.catalogue.names("recipes")
        if name not in known:
            self.fields.unknown(("product", "recipe"), "recipe", name, known)
            return None
        return load_recipe(self.catalogue, name)

    def _check_inputs(
        self, inputs: Mapping[str, float], cells: Mapping[str, float], *, made: bool
    ) -> None:
        if self.body is None:
            return
        for name in inputs:
            if name not in self.body.inputs:
                self.fields.unknown(("inputs", name), "input", name, self.body.inputs)
        for name in cells:
            if name not in self.body.dose_species:
                where = ("product", "given", name)
                self.fields.unknown(where, "phenotype", name, self.body.dose_species)
        ours = {"bridging_stop_day", *(["vector_copies_per_car_cell"] if made else [])}
        for name in self.body.inputs:
            if name not in {*inputs, *self.body.switches, *ours}:
                message = f"the body asks for the input '{name}'"
                self.fields.refuse(("inputs",), message, f"write '{name}: …' under inputs")

    def free(self, *, fitted: bool) -> tuple[str, ...]:
        """Read which numbers are fitted."""
        names = self.fields.names(("free",), optional=not fitted)
        used = set(self.body.parameter_ids) if self.body is not None else set()
        for index, name in enumerate(names):
            if self.body is None:
                continue
            if name not in used:
                self.fields.unknown(("free", index), "number of this body", name, used)
                continue
            record = self.catalogue.parameter(name)
            if record.used is None or record.used.distribution == "fixed":
                message = f"'{name}' is {record.role} and fixed: it has no prior to move within"
                self.fields.refuse(("free", index), message, "name a number with a distribution")
        return names
