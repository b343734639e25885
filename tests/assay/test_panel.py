"""Which channel stains what, as laboratories write it."""

import numpy as np
import pytest

from progenitor.assay import Channel, Events, find_markers
from progenitor.errors import InputError

SCATTER = (("FSC-A", ""), ("FSC-H", ""), ("SSC-A", ""), ("Time", ""))


def found(*channels: tuple[str, str]) -> dict[str, str]:
    """Marker -> name of its channel, scatter left out."""
    every = tuple(Channel(name, label) for name, label in (*SCATTER, *channels))
    columns = find_markers(Events(np.zeros((1, len(every))), every))
    return {m: every[c].name for m, c in columns.items() if not m.startswith("FSC")}


WRITTEN = {
    "labels": (("F-A", "CD45RA"), ("P-A", "CD197"), ("A-A", "CD95"), ("V-A", "CD3"),
               ("B-A", "7-AAD")),
    "dye behind": (("F-A", "CD45RA-FITC"), ("P-A", "CCR7 PE-Cy7"), ("A-A", "Fas_APC"),
                   ("V-A", "CD3e BV421"), ("B-A", "L/D")),
    "dye before": (("F-A", "FITC CD45RA"), ("P-A", "PE_CD197"), ("A-A", "BV421 :: CD95"),
                   ("V-A", "anti-CD3"), ("B-A", "Zombie NIR")),
    "two names": (("F-A", "CD45RA"), ("P-A", "CD197 (CCR7)"), ("A-A", "CD95/Fas"),
                  ("V-A", "hCD3"), ("B-A", "Live/Dead Aqua")),
    "small letters": (("F-A", "cd45ra"), ("P-A", "ccr7"), ("A-A", "cd95"), ("V-A", "cd3"),
                      ("B-A", "live dead")),
    "viability": (("F-A", "CD45RA"), ("P-A", "CCR-7"), ("A-A", "CD95"), ("V-A", "CD3"),
                  ("B-A", "FVS780")),
}  # fmt: skip


@pytest.mark.parametrize("channels", WRITTEN.values(), ids=WRITTEN)
def test_markers_are_known_however_they_are_written(channels):
    assert found(*channels) == {
        "viability": "B-A", "CD3": "V-A", "CD45RA": "F-A", "CCR7": "P-A", "CD95": "A-A",
    }  # fmt: skip


def test_names_tell_where_labels_do_not():
    named = [("CD45RA-FITC", ""), ("CCR7", "PE"), ("CD95", "APC"), ("CD3", "BV421"), ("L/D", "")]
    assert set(found(*named)) == {"viability", "CD3", "CD45RA", "CCR7", "CD95"}


def test_neighbours_and_detectors_are_not_mistaken():
    """CD45RO, CD38, CD95L and a detector named after a dye are not what is looked for."""
    good = (("F-A", "CD45RA"), ("P-A", "CCR7"), ("A-A", "CD95"), ("V-A", "CD3"))
    odd = (("PI-A", "Granzyme B"), ("DAPI-A", "CD38"), ("X-A", "CD45RO"), ("Y-A", "CD95L"))
    assert "viability" not in found(*good, *odd)
    heights = tuple((name.replace("-A", "-H"), label) for name, label in good)
    assert found(*good, *heights) == found(*good)


def test_a_wrong_channel_is_told_with_its_neighbours():
    every = tuple(Channel(n, s) for n, s in (*SCATTER, *WRITTEN["labels"]))
    with pytest.raises(InputError, match="did you mean CD45RA"):
        find_markers(Events(np.zeros((1, len(every))), every), {"CD45RA": "CD45AR"})
