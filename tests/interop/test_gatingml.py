"""Gates drawn elsewhere, applied through FlowKit: counts equal to plain comparisons."""

import numpy as np
import pytest

from progenitor.assay import PanelTruth, synthetic_panel
from progenitor.errors import InputError
from progenitor.interop import apply_gatingml, read_fcs, write_fcs

flowkit = pytest.importorskip("flowkit", reason="reading GatingML needs progenitor[flow]")

URL = "http://www.isac-net.org/std/Gating-ML/v2.0"
RECTANGLE = (
    '<gating:RectangleGate gating:id="{name}"{parent}><gating:dimension gating:{end}="{at}" '
    'gating:compensation-ref="uncompensated"><data-type:fcs-dimension data-type:name="{channel}"/>'
    "</gating:dimension></gating:RectangleGate>"
)


def gates(tmp_path, channel="B710-A"):
    rows = [
        RECTANGLE.format(name="live", parent="", end="max", at=3500, channel="V525-A"),
        RECTANGLE.format(
            name="bright", parent=' gating:parent_id="live"', end="min", at=1700, channel=channel
        ),
    ]
    path = tmp_path / "gates.xml"
    path.write_text(
        f'<gating:Gating-ML xmlns:gating="{URL}/gating" xmlns:data-type="{URL}/datatypes">'
        f"{''.join(rows)}</gating:Gating-ML>"
    )
    return path


@pytest.fixture
def sample(tmp_path):
    panel = synthetic_panel(PanelTruth(events=4000), seed=1)
    return write_fcs(panel.events, tmp_path / "panel.fcs")


def test_counts_are_those_of_the_gates(tmp_path, sample):
    found = apply_gatingml(gates(tmp_path), sample)
    values = read_fcs(sample).values
    live = values[:, 9] < 3500
    bright = live & (values[:, 3] >= 1700)
    assert [(of.name, of.events) for of in found] == [
        ("live", int(np.sum(live))), ("live/bright", int(np.sum(bright))),
    ]  # fmt: skip
    assert found[1].share == found[1].events / found[0].events
    assert flowkit.__version__


def test_gates_that_do_not_fit_are_one_error(tmp_path, sample):
    with pytest.raises(InputError, match="do not fit"):
        apply_gatingml(gates(tmp_path, "Z-A"), sample)
    broken = tmp_path / "broken.xml"
    broken.write_text("<Gating-ML>")
    with pytest.raises(InputError, match="no GatingML"):
        apply_gatingml(broken, sample)
    broken.write_text('<!DOCTYPE a [<!ENTITY b "c">]><a/>')
    with pytest.raises(InputError, match="XML entities"):
        apply_gatingml(broken, sample)
