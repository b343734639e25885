"""The README picture: small, sharp, and losslessly packed."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from progenitor.report import write_picture
from progenitor.report._png import packed
from progenitor.study.results import RunResult


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def image(rows: bytes, width: int, height: int, colour: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def test_the_picture_is_a_png_of_at_most_250_kb(result: RunResult, tmp_path: Path) -> None:
    path = write_picture(result, tmp_path / "docs" / "picture.png")
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG")
    assert 20_000 < len(data) <= 250_000
    width, height = struct.unpack(">II", data[16:24])
    assert width > 1200
    assert height > 700


@pytest.mark.parametrize("filters", [[0, 0, 0], [1, 1, 1], [2, 2, 2], [0, 1, 2], [1, 2, 0]])
def test_packing_keeps_every_pixel(filters: list[int]) -> None:
    pixels = (np.arange(3 * 4 * 4) * 37 % 256).astype(np.uint8).reshape(3, 4, 4)
    rows = b""
    for index, kind in enumerate(filters):
        row = pixels[index]
        if kind == 1:
            row = row - np.vstack([np.zeros((1, 4), np.uint8), row[:-1]])
        elif kind == 2 and index:
            row = row - pixels[index - 1]
        rows += bytes([kind]) + row.tobytes()
    small = packed(image(rows, 4, 3, 6))
    place = small.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", small[place - 8 : place - 4])
    plain = np.frombuffer(zlib.decompress(small[place : place + length]), np.uint8).reshape(3, 13)
    assert (plain[:, 0] == 0).all()
    np.testing.assert_array_equal(plain[:, 1:].reshape(3, 4, 3), pixels[:, :, :3])


def test_other_kinds_of_picture_are_left_alone() -> None:
    grey = image(b"\x00\x01\x02\x03\x04" * 3, 4, 3, 0)
    assert packed(grey) == grey
    paeth = image((b"\x04" + bytes(16)) * 3, 4, 3, 6)
    assert packed(paeth) == paeth
