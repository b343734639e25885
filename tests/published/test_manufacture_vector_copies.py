"""Vector copies against share transduced: ARI-0001 batches (Castella 2018, Table 2)."""

import numpy as np
import pytest

from progenitor.evidence import default_catalogue
from progenitor.manufacture._copies import transduced_share

# batch, receptor-positive share, copies per cell, as printed
BATCHES = [("ARI0001/01", 0.260, 1.45), ("ARI0001/02", 0.419, 2.32), ("ARI0001/03", 0.397, 2.51)]


@pytest.mark.parametrize(("share", "copies"), [batch[1:] for batch in BATCHES])
def test_poisson_would_need_four_to_five_times_fewer_copies(share: float, copies: float) -> None:
    assert 4.0 < copies / -np.log1p(-share) < 5.1  # 4.3 to 5.0 in the three batches


@pytest.mark.parametrize("position", range(3))
def test_recorded_shapes_reproduce_the_batches(position: int) -> None:
    record = default_catalogue().parameter("manufacture/transduction_dispersion")
    shape = np.array([record.reported[position].value])
    _, share, copies = BATCHES[position]
    # shapes are rounded to three digits
    np.testing.assert_allclose(
        transduced_share(np.array([copies]), shape), share, rtol=5e-3, atol=0
    )


def test_the_median_lot_lies_among_the_batches() -> None:
    catalogue = default_catalogue()
    used = catalogue.parameter("manufacture/transduction_dispersion").used
    assert used is not None
    shares = transduced_share(np.array([1.45, 2.51]), np.full(2, used.median))
    assert 0.26 <= shares[0] <= shares[1] <= 0.42
