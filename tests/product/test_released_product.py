"""A lot is released or failed, never both, and never half described."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from progenitor.errors import InputError
from progenitor.product import PHENOTYPES, ReleasedProduct


def product(**changes: Any) -> ReleasedProduct:
    ones = np.ones(2)
    fields: dict[str, Any] = {
        "product": "demo",
        "lot": np.array([4, 9]),
        "released": np.array([True, False]),
        "failure": np.array([0, 1]),
        "failure_reasons": ("none", "low viability"),
        "cells": np.array([[1e6, 2e6, 6e6, 1e6], [0.0, 0.0, 0.0, 0.0]]),
        "viability": ones,
        "car_fraction": ones,
        "vcn_per_cell": ones,
        "vcn_per_car_cell": ones,
        "cost": ones,
        "process_days": ones,
        "vein_to_vein": np.array([30.0, np.nan]),
    }
    return ReleasedProduct(**{**fields, **changes})


def test_phenotypes_have_their_order() -> None:
    assert PHENOTYPES == ("tscm", "tcm", "teff", "tex")


def test_total_and_composition() -> None:
    lots = product()
    np.testing.assert_array_equal(lots.total, [1e7, 0.0])
    np.testing.assert_allclose(lots.composition[0], [0.1, 0.2, 0.6, 0.1], rtol=1e-12, atol=0)
    assert np.isnan(lots.composition[1]).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"released": np.array([True, True])}, "lot 9: released is True with failure code 1"),
        ({"failure": np.array([0, 2])}, "lot 9: failure code 2"),
    ],
)
def test_refuses_contradictions(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        product(**changes)


def test_lists_every_wrong_shape() -> None:
    lots = product()
    unchecked = ReleasedProduct.__post_init__
    for name in ("cost", "vein_to_vein"):
        object.__setattr__(lots, name, np.ones(3))
    object.__setattr__(lots, "cells", np.ones((2, 3)))
    with pytest.raises(InputError) as caught:
        unchecked(lots)
    assert [problem.field for problem in caught.value.problems] == ["cost", "vein_to_vein", "cells"]


def test_is_immutable() -> None:
    assert replace(product(), product="other").product == "other"
    with pytest.raises(AttributeError):
        product().product = "other"  # type: ignore[misc]
