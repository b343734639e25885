"""Kept machine code is whole or made anew, whatever happened to the files or their folder."""

import ctypes
import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import Model, Observable, Reaction, ReactionSet, Species
from progenitor.engine import _kernels as kernels
from progenitor.engine import _object_cache as object_cache
from progenitor.engine._object_cache import cache_directory, cached


class Maker:
    """Makes content and counts how often."""

    def __init__(self, content: bytes = b"machine code " * 100) -> None:
        self.content, self.calls = content, 0

    def __call__(self) -> bytes:
        self.calls += 1
        return self.content


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PROGENITOR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_was_made_is_kept_by_its_key(folder: Path) -> None:
    one, other = Maker(b"one"), Maker(b"other")
    assert [cached("a", one), cached("a", other), cached("b", other)] == [b"one", b"one", b"other"]
    assert (one.calls, other.calls) == (1, 1)
    assert len(list(folder.iterdir())) == 2
    assert folder.stat().st_mode & 0o077 == 0


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda whole: b"",
    "cut in the digest": lambda whole: whole[:20],
    "cut in the content": lambda whole: whole[:-1],
    "grown": lambda whole: whole + b"\0",
    "first bit": lambda whole: bytes([whole[0] ^ 1]) + whole[1:],
    "middle bit": lambda whole: whole[:700] + bytes([whole[700] ^ 16]) + whole[701:],
    "last bit": lambda whole: whole[:-1] + bytes([whole[-1] ^ 128]),
    "another file": lambda whole: b"\x7fELF" + bytes(len(whole)),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_is_made_again_and_repaired(folder: Path, damage: str) -> None:
    make = Maker()
    cached("a", make)
    (file,) = folder.iterdir()
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    assert [cached("a", make), cached("a", make)] == [make.content] * 2
    assert make.calls == 2


def test_a_folder_in_place_of_an_entry_does_no_harm(folder: Path) -> None:
    make = Maker()
    cached("a", make)
    (file,) = folder.iterdir()
    file.unlink()
    file.mkdir()
    assert cached("a", make) == make.content
    assert not list(folder.glob("*.new"))


def test_set_to_nothing_it_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGENITOR_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    make = Maker()
    assert [cached("a", make), cached("a", make)] == [make.content] * 2
    assert make.calls == 2
    assert cache_directory() is None
    assert not list(tmp_path.iterdir())


def test_where_nothing_can_be_written_everything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands where the folder should be: even root cannot write there."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("PROGENITOR_CACHE", str(tmp_path / "file" / "cache"))
    make = Maker()
    assert [cached("a", make), cached("a", make)] == [make.content] * 2
    assert make.calls == 2


def test_a_full_disk_leaves_no_litter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    make = Maker()
    assert cached("a", make) == make.content
    assert not list(folder.iterdir())


def without_home(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> Path:
    """No folder is named, the home cannot be written, temporary files are elsewhere."""
    (temporary / "home").touch()
    monkeypatch.delenv("PROGENITOR_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(temporary / "home" / "nobody"))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(temporary))
    return temporary / f"progenitor-cache-{os.getuid()}"


def test_a_home_that_cannot_be_written_is_replaced_by_a_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = without_home(monkeypatch, tmp_path)
    assert cache_directory() == expected
    make = Maker()
    assert [cached("a", make), cached("a", make)] == [make.content] * 2
    assert make.calls == 1
    assert expected.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("how", ["open to all", "a link"])
def test_a_folder_that_others_could_write_to_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """What is in it is executed."""
    expected = without_home(monkeypatch, tmp_path)
    if how == "a link":
        (tmp_path / "theirs").mkdir()
        expected.symlink_to(tmp_path / "theirs")
    else:
        expected.mkdir()
        expected.chmod(0o777)
    assert cache_directory() is None


def test_the_longest_unused_are_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_cache, "_KEPT", 3)
    makers = {name: Maker(name.encode()) for name in "abcde"}
    for age, name in enumerate("abc"):
        cached(name, makers[name])
        for file in folder.iterdir():
            if file.stat().st_mtime > 10_000:
                os.utime(file, (age, age))
    cached("a", makers["a"])  # used: the oldest is now b
    cached("d", makers["d"])
    assert len(list(folder.iterdir())) == 3
    cached("a", makers["a"])
    cached("b", makers["b"])
    assert [makers[name].calls for name in "abd"] == [1, 2, 1]


def test_what_a_killed_writer_left_is_swept_a_day_later(folder: Path) -> None:
    folder.mkdir()
    for name, age in (("old.new", 200_000), ("young.new", 10)):
        (folder / name).touch()
        then = (folder / name).stat().st_mtime - age
        os.utime(folder / name, (then, then))
    cached("a", Maker())
    assert {file.name for file in folder.glob("*.new")} == {"young.new"}


WRITER = """
import hashlib, sys
from progenitor.engine._object_cache import cached
for turn in range(3):
    for n in range(40):
        content = hashlib.sha256(str(n).encode()).digest() * 3000
        if cached(f"key {n}", lambda: content) != content:
            sys.exit(f"{n} is torn")
"""


def test_processes_that_write_at_once_do_not_tear_entries(folder: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", WRITER]) for _ in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0] * 3
    assert len(list(folder.glob("*.o"))) == len(list(folder.iterdir())) == 40


def test_a_writer_that_is_killed_leaves_the_entry_old_or_new(folder: Path) -> None:
    script = (
        "from progenitor.engine import _object_cache as c\n"
        "print('ready', flush=True)\n"
        "folder = c.cache_directory()\n"
        "while True: c._write(folder, folder / 'a.o', b'x' * 2_000_000)\n"
    )
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        while not (folder / "a.o").exists():
            assert process.poll() is None
        process.kill()
        process.wait()
        process.stdout.close()
        assert (folder / "a.o").stat().st_size == 2_000_000


def test_a_model_is_compiled_again_where_its_code_was_damaged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = ReactionSet(
        "kept",
        species=(Species("kept", "1", initial="3"),),
        reactions=(Reaction("r", "2*kept", {"kept": 1}),),
        observables=(Observable("double", "2*kept", "1"),),
    )
    model = Model.build("kept", [part], time_unit="1")
    for _ in range(3):
        monkeypatch.setattr(kernels, "_loaded", {})
        code = kernels.compile_kernels(model, lanes=4)
        table = code.workspace()
        call = ctypes.CFUNCTYPE(None, ctypes.c_int64)
        table[code.layout.at] = [1.0, 2.0, 3.0, 4.0]
        call(code.addresses["observe"])(table.ctypes.data)
        assert np.array_equal(table[code.layout.observed], [2.0, 4.0, 6.0, 8.0])
        (file,) = folder.glob("*.o")
        file.write_bytes(file.read_bytes()[:1000])
