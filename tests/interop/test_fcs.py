"""Flow cytometry files: every instrument file of another reader, and what must be refused."""

import importlib.resources
import warnings
from pathlib import Path

import fcsparser
import fcsparser.api
import numpy as np
import pytest

from progenitor.assay import Channel, Events, PanelTruth, synthetic_panel
from progenitor.engine import stream
from progenitor.errors import InputError
from progenitor.interop import fcs_bytes, read_fcs, read_fcs_keywords, read_fcs_raw, write_fcs

FILES = Path(str(importlib.resources.files("fcsparser"))) / "tests" / "data" / "FlowCytometers"
WHOLE = (
    "Cytek_xP5/Cytek_xP5.fcs",
    "FACSCaliburHTS/Sample_Well_A02.fcs",
    "Fortessa/FCS_3.0_Fortessa_PBS_Specimen_001_A1_A01.fcs",
    "HTS_BD_LSR-II/HTS_BD_LSR_II_Mixed_Specimen_001_D6_D06.fcs",
    "MiltenyiBiotec/FCS2.0/EY_2013-07-19_PBS_FCS_2.0_Custom_Without_Add_Well_A1.001.fcs",
    "MiltenyiBiotec/FCS3.0/FCS3.0_Custom_Compatible.fcs",
    "MiltenyiBiotec/FCS3.1/EY_2013-07-19_PBS_FCS_3.1_Custom_Add_Well_A1.001.fcs",
    "MiltenyiBiotec/FCS3.1/EY_2013-07-19_PBS_FCS_3.1_Custom_Without_Add_Well_A1.001.fcs",
    "MiltenyiBiotec/FCS3.1/EY_2013-07-19_PBS_FCS_3.1_Well_A1.001.fcs",
    "MiltenyiBiotec/FCS3.1/SG_2014-09-26_Duplicate_Names.fcs",
    "cyflow_cube_8/cyflow_cube_8.fcs",
    "fake_large_fcs/fake_large_fcs.fcs",
)
BROKEN = ("corrupted/corrupted.fcs", "cytek-nl-2000/sample_header.fcs")


class Swappable(np.ndarray):
    """An array as the other reader knows it: NumPy 2 took ``newbyteorder`` away from arrays."""

    def newbyteorder(self) -> np.ndarray:
        return self.view(self.dtype.newbyteorder())


@pytest.fixture
def reference(monkeypatch):
    """The other reader, made to run with NumPy 2."""
    theirs = fcsparser.api.fromfile
    monkeypatch.setattr(fcsparser.api, "fromfile", lambda *a, **k: theirs(*a, **k).view(Swappable))

    def read(path: Path):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about segments it does not read
            return fcsparser.parse(str(path))

    return read


def test_every_file_that_ships_is_looked_at():
    found = {str(path.relative_to(FILES)) for path in FILES.rglob("*.fcs")}
    assert found == {*WHOLE, *BROKEN}


@pytest.mark.parametrize("name", WHOLE, ids=lambda name: name.split("/")[0])
def test_instrument_files_read_equal_to_the_other_reader(name, reference):
    meta, table = reference(FILES / name)
    raw = read_fcs_raw(FILES / name)
    assert np.array_equal(raw.astype(np.float32), table.to_numpy())
    events = read_fcs(FILES / name)
    assert len(events) == int(meta["$TOT"])
    assert [of.name for of in events.channels] == [
        meta[f"$P{number}N"].strip() for number in range(1, raw.shape[1] + 1)
    ]


def test_text_of_a_file_without_events_is_read():
    words = read_fcs_keywords(FILES / BROKEN[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the end of the text
        meta = fcsparser.parse(str(FILES / BROKEN[1]), meta_data_only=True)
    assert words["$TOT"] == str(meta["$TOT"])
    assert words["$P3N"] == meta["$P3N"]


@pytest.mark.parametrize(
    ("name", "words"), [(BROKEN[0], "no FCS file"), (BROKEN[1], "the file is cut off")]
)
def test_broken_files_are_one_clear_error(name, words):
    with pytest.raises(InputError, match=words) as caught:
        read_fcs(FILES / name)
    assert len(caught.value.problems) == 1


def made(
    *, kind="F", bits=32, order="1,2,3,4", data: bytes | None = None, drop=(), **words: str
) -> bytes:
    """An FCS file of two channels and three events, with faults asked for."""
    values = np.array([[1, 2], [30, 400], [5, 1000]])
    sort = {"F": "f4", "D": "f8", "I": f"u{bits // 8}"}[kind]
    end = "<" if order.startswith("1") else ">"
    data = values.astype(f"{end}{sort}").tobytes() if data is None else data
    text = {"$BYTEORD": order, "$DATATYPE": kind, "$MODE": "L", "$PAR": "2", "$TOT": "3"}
    for number, name in ((1, "FSC-A"), (2, "B1-A")):
        text |= {f"$P{number}N": name, f"$P{number}B": str(bits), f"$P{number}E": "0,0"}
        text[f"$P{number}R"] = "1024"
    text |= {key.replace("_", "$"): value for key, value in words.items()}
    pairs = "".join(f"{key}/{value}/" for key, value in text.items() if key not in drop)
    body = f"/{pairs}".encode()
    begin = 58 + len(body)
    offsets = (58, begin - 1, begin, begin + len(data) - 1, 0, 0)
    return b"FCS3.0    " + "".join(f"{of:8d}" for of in offsets).encode() + body + data


def read(tmp_path, content: bytes) -> Events:
    path = tmp_path / "a.fcs"
    path.write_bytes(content)
    return read_fcs(path)


@pytest.mark.parametrize("order", ["1,2,3,4", "4,3,2,1"])
@pytest.mark.parametrize(("kind", "bits"), [("F", 32), ("D", 64), ("I", 16), ("I", 32), ("I", 24)])
def test_every_kind_of_number_in_both_orders(tmp_path, kind, bits, order):
    if bits == 24:  # three bytes of four: those at the wide end are zero
        wide = np.array([[1, 2], [30, 400], [5, 1000]], dtype="<u4" if order[0] == "1" else ">u4")
        part = slice(0, 3) if order[0] == "1" else slice(1, 4)
        data = wide.view(np.uint8).reshape(3, 2, 4)[:, :, part].tobytes()
        content = made(kind=kind, bits=24, order=order, data=data)
    else:
        content = made(kind=kind, bits=bits, order=order)
    assert read(tmp_path, content).values.tolist() == [[1, 2], [30, 400], [5, 1000]]


def test_bits_beyond_the_range_are_masked(tmp_path):
    data = (np.array([[1, 2], [30, 400], [5, 1000]]) | 0b1100_0000_0000_0000).astype("<u2")
    content = made(kind="I", bits=16, data=data.tobytes(), _P1R="16384", _P2R="16384")
    assert read(tmp_path, content).values.tolist() == [[1, 2], [30, 400], [5, 1000]]


def test_log_amplifiers_and_gains_are_undone(tmp_path):
    content = made(kind="I", bits=16, _P1G="2", _P2E="4,0.1")
    values = read(tmp_path, content).values
    assert values[:, 0].tolist() == [0.5, 15, 2.5]
    expected = 0.1 * 10 ** (4 * np.array([2, 400, 1000]) / 1024)
    np.testing.assert_allclose(values[:, 1], expected, rtol=1e-14, atol=0)  # the same formula
    unstated = read(tmp_path, made(kind="I", bits=16, _P2E="4,0")).values  # 0 means 1 here
    np.testing.assert_allclose(unstated[:, 1], 10 * expected, rtol=1e-14, atol=0)


WRONG = {
    "empty": (b"", "the file is empty"),
    "not FCS": (b"PK\x03\x04 something", "no FCS file"),
    "version": (b"FCS4.0" + made()[6:], "FCS4.0 is not read"),
    "header": (made()[:40], "the header ends"),
    "text": (made()[:90], "the text ends"),
    "data": (made()[:-5], "the file is cut off"),
    "PnR": (made(drop=("$P2R",)), r"\$P2R is missing"),
    "PnB": (made(drop=("$P1B",)), r"\$P1B is missing"),
    "PnN": (made(drop=("$P2N",)), r"\$P2N is missing"),
    "TOT": (made(drop=("$TOT",)), r"\$TOT is missing"),
    "no events": (made(_TOT="0"), "holds no event"),
    "order": (made(_BYTEORD="3,4,1,2"), r"\$BYTEORD is '3,4,1,2'"),
    "histogram": (made(_MODE="C"), r"\$MODE is 'C'"),
    "ASCII": (made(_DATATYPE="A"), r"\$DATATYPE is 'A'"),
    "PnE": (made(_P1E="4"), r"\$P1E is '4'"),
    "bits": (made(_P1B="12"), r"\$P1B is 12"),
    "range": (made(_P1R="many"), r"\$P1R is 'many'"),
    "wrong order": (made(_BYTEORD="4,3,2,1"), "make no sense in the byte order 4,3,2,1"),
    "wrong order, integers": (
        made(
            kind="I",
            bits=16,
            data=(np.arange(1, 201) * 37 % 1024).astype("<u2").tobytes(),
            _BYTEORD="4,3,2,1",
            _TOT="100",
        ),
        "make no sense",
    ),
    "spillover": (made(_SPILLOVER="2,FSC-A,B9-A,1,0,0,1"), "names channels that are not there: B9"),
    "singular": (made(_SPILLOVER="2,FSC-A,B1-A,1,1,1,1"), "cannot be inverted"),
    "spillover size": (made(_SPILLOVER="2,FSC-A,B1-A,1,0,0"), "holds 3 numbers for 2 channels"),
    "spillover twice": (made(_SPILLOVER="2,B1-A,B1-A,1,0,0,1"), "names a channel twice"),
    "spillover text": (made(_SPILLOVER="²,FSC-A,B1-A,1,0,0,1"), "no number of channels"),
    "too many channels": (made(_PAR="5"), r"\$PAR is 5 and 2 channels are described"),
    "too few channels": (made(_PAR="1"), r"\$PAR is 1 and 2 channels are described"),
    "parts of channels": (made(_PAR="2.5"), r"\$PAR is '2.5'"),
    "absurd amplifier": (made(_P1E="400,1"), r"\$P1E is '400,1'"),
    "amplifier of nothing": (made(_P1E="nan,0"), r"\$P1E is 'nan,0'"),
    "absurd gain": (made(_P1G="1e-300"), r"\$P1G is 1e-300"),
    "absurd bits": (made(_P2B="1e300"), r"\$P2B is '1e300'"),
    "events in the header": (made()[:26] + b"      20" + made()[34:], "within the header"),
    "not a number": (
        made(data=np.array([[1, 2], [np.nan, 4], [5, 6]], dtype="<f4").tobytes()),
        "1 of 3 events hold a value that is no number",
    ),
}


@pytest.mark.parametrize(("content", "words"), WRONG.values(), ids=WRONG.keys())
def test_every_fault_is_one_clear_error_with_a_way_out(tmp_path, content, words):
    with pytest.raises(InputError, match=words) as caught:
        read(tmp_path, content)
    assert len(caught.value.problems) == 1 or "P1B" in words
    assert all(problem.fix and "a.fcs" in str(problem) for problem in caught.value.problems)


def test_all_faults_are_told_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path, made(drop=("$P1R", "$P2N"), _BYTEORD="2,1,4,3"))
    assert {problem.field for problem in caught.value.problems} == {"$P1R", "$P2N", "$BYTEORD"}


def test_what_is_written_is_read_again_by_both(tmp_path, reference):
    values = np.array([[1.5, -20.0], [3.25, 1e5]], dtype=np.float32)
    spill = np.array([[1.0, 0.25], [0.0, 1.0]])
    channels = (Channel("A|B", "CD3", 1e5), Channel("C", "CD95"))
    events = Events(values, channels, spill, (0, 1))
    path = write_fcs(events, tmp_path / "a.fcs")
    again = read_fcs(path)
    assert np.array_equal(again.values, values)
    assert again.channels == channels
    assert again.spillover is not None
    assert again.spillover.tolist() == spill.tolist()
    assert np.array_equal(reference(path)[1].to_numpy(), values)
    assert path.read_bytes() == fcs_bytes(events)


def test_empty_values_are_read_where_the_standard_way_loses_channels(tmp_path):
    events = read(tmp_path, made(_P1S=""))
    assert [of.name for of in events.channels] == ["FSC-A", "B1-A"]
    assert read(tmp_path, made(_P1S="a//b")).channels[0].label == "a/b"


def test_a_header_that_moved_does_not_move_the_events(tmp_path):
    """Events lie where the segment of the right length is; the other one is told."""
    content = made(_BEGINDATA="00000000", _ENDDATA="00000000")
    begin = int(content[26:34])
    content = content.replace(b"$BEGINDATA/00000000", b"$BEGINDATA/%08d" % begin)
    content = content.replace(b"$ENDDATA/00000000", b"$ENDDATA/%08d" % (begin + 23))
    moved = content[:26] + b"%8d%8d" % (begin - 8, begin + 23) + content[42:]
    found = read(tmp_path, moved)
    assert np.array_equal(found.values, read(tmp_path, content).values)
    assert any("elsewhere" in note for note in found.notes)


def damaged(content: bytes, seed: int) -> bytes:
    """Cut off, changed in its header, its text or its events, shortened or lengthened."""
    random = stream(seed, "test damaged")
    kind, data = int(random.integers(5)), bytearray(content)
    text = content.index(b"$TOT")
    if kind == 0:
        return bytes(data[: int(random.integers(len(data)))])
    if kind in {1, 2, 3}:
        low, high = {1: (0, 58), 2: (256, text + 40), 3: (0, len(data))}[kind]
        for place in random.integers(low, high, 4):
            data[place] = int(random.integers(256))
        return bytes(data)
    place = int(random.integers(256, text))
    return bytes(data[:place] + bytes(random.integers(0, 256, 3).tolist()) + data[place + 9 :])


def test_damaged_files_are_read_or_refused_and_nothing_else(tmp_path):
    """600 files; each is events, or one error whose every problem has a way out."""
    content = fcs_bytes(synthetic_panel(PanelTruth(events=500), seed=1).events)
    refused = []
    for seed in range(600):
        try:
            assert len(read(tmp_path, damaged(content, seed))) > 0
        except InputError as error:
            refused.append(error)
    assert len(refused) > 200
    assert all(problem.fix for error in refused for problem in error.problems)
    assert max(len(str(error)) for error in refused) < 20_000
