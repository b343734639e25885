"""The logicle scale against the C code of its authors, as FlowUtils ships it."""

import flowutils.transforms
import numpy as np
import pytest

from progenitor.assay import Logicle
from progenitor.errors import InputError

VALUES = np.concatenate([-np.logspace(4, 0, 40), [0.0], np.logspace(-1, 5.4, 200)])


@pytest.mark.parametrize("linear", [0.2, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("negative", [0.0, 0.5])
@pytest.mark.parametrize("decades", [4.5, 5.0])
def test_scale_and_inverse_equal_the_published_code(linear, negative, decades):
    ours = Logicle(262144.0, linear, decades, negative)
    settings = {"t": 262144.0, "m": decades, "w": linear, "a": negative}
    theirs = flowutils.transforms.logicle(VALUES, None, **settings)
    assert np.abs(ours.of(VALUES) - theirs).max() < 1e-12  # rounding of the same root
    assert np.abs(ours.inverse(theirs) - VALUES).max() < 1e-6  # of 262144


def test_impossible_scales_are_refused():
    for wrong in ({"top": 0.0}, {"linear": 3.0}, {"decades": -1.0}, {"negative": 9.0}):
        with pytest.raises(InputError, match="no logicle scale"):
            Logicle(**wrong)
