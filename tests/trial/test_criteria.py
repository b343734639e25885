"""Numbers of published criteria come from the catalogue, and what is chosen stands."""

import dataclasses

import pytest

from progenitor.errors import CatalogueError
from progenitor.evidence import default_catalogue
from progenitor.trial import endpoints, published_endpoint
from progenitor.trial._criteria import address

CATALOGUE = default_catalogue()
CHOICES: dict[str, dict[str, object]] = {
    "Cytopenia": {"line": "neutrophils"},
    "OxidasePositiveNeutrophils": {"by_day": 180.0, "until_day": 365.0},
}
SOURCED = [
    name
    for name in endpoints.__all__
    if dataclasses.is_dataclass(getattr(endpoints, name))
    and any(item.metadata for item in dataclasses.fields(getattr(endpoints, name)))
]


@pytest.mark.parametrize("name", SOURCED)
def test_every_address_leads_to_a_number(name: str) -> None:
    made = published_endpoint(getattr(endpoints, name), CATALOGUE, **CHOICES.get(name, {}))
    assert not any("nan" in repr(getattr(made, item.name)) for item in dataclasses.fields(made))


def test_published_numbers_say_where_they_stand() -> None:
    """Each definition that an endpoint reads has a source, or a reason for having none."""
    for name in SOURCED:
        for item in dataclasses.fields(getattr(endpoints, name)):
            for identifier in item.metadata.get("numbers", ()):
                record = CATALOGUE.parameter(identifier)
                assert record.reported or record.reason, identifier


def test_a_wrong_address_is_told_by_name() -> None:
    @dataclasses.dataclass
    class Wrong:
        limit: float = dataclasses.field(metadata=address("endpoint/recist_partial_decreas"))

    with pytest.raises(CatalogueError, match="recist_partial_decrease"):
        published_endpoint(Wrong, CATALOGUE)


def test_known_numbers() -> None:
    """The numbers that a reader would look for, once, as printed in the criteria."""
    assert published_endpoint(endpoints.GraftVersusHostDisease, CATALOGUE).bilirubin == (
        2.0,
        3.0,
        6.0,
        15.0,
    )
    cytopenia = published_endpoint(endpoints.Cytopenia, CATALOGUE, line="platelets")
    assert cytopenia.platelets == (75_000.0, 50_000.0, 25_000.0)
    lugano = published_endpoint(endpoints.LuganoResponse, CATALOGUE)
    assert (lugano.partial_decrease, lugano.measurable_size) == (0.5, 2.25)
