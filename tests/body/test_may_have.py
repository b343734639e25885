"""A mechanism that a disease may have is left out unless asked for."""

import pytest

from progenitor.body import assemble
from progenitor.errors import CatalogueError
from progenitor.evidence import default_catalogue

LYMPHOMA = {"chassis": "conventional_car_t", "disease": "dlbcl", "host": "human_adult"}


def test_lymphoma_has_neurotoxicity_only_if_asked():
    catalogue = default_catalogue()
    plain = assemble(catalogue, **LYMPHOMA)
    asked = assemble(catalogue, **LYMPHOMA, also=["neurotoxicity"])
    assert "neurotoxicity" not in plain.mechanisms
    assert set(asked.mechanisms) - set(plain.mechanisms) == {"neurotoxicity"}
    assert "icans_grade" in {one.name for one in asked.model.observables}
    assert "icans_grade" not in {one.name for one in plain.model.observables}


def test_what_a_disease_may_not_have_is_refused():
    with pytest.raises(CatalogueError, match="may not have 'thymus'"):
        assemble(default_catalogue(), **LYMPHOMA, also=["thymus"])
