"""The locks are plain pins that satisfy pyproject.toml and agree with each other."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.+!]*")


def pins(file: Path) -> dict[str, str]:
    """Package to version; refuses a line that is anything but ``name==version``."""
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    odd = [line for line in lines if not PIN.fullmatch(line)]
    assert not odd, f"{file.name}: only name==version belongs in a lock, not {odd}"
    return {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in lines}


def unsatisfied(requirements: list[str], locked: dict[str, str]) -> list[str]:
    wanted = [Requirement(text) for text in requirements]
    return [
        str(need)
        for need in wanted
        if locked.get(canonicalize_name(need.name), "") not in need.specifier
    ]


def test_the_locks_satisfy_the_project(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    run = pins(root / "requirements.lock.txt")
    dev = pins(root / "requirements-dev.lock.txt")
    assert unsatisfied(project["dependencies"], run) == []
    assert unsatisfied([*project["dependencies"], *extras["dev"], *extras["docs"]], dev) == []


def test_the_locks_agree(root: Path) -> None:
    run = pins(root / "requirements.lock.txt")
    dev = pins(root / "requirements-dev.lock.txt")
    differing = {name: (version, dev.get(name)) for name, version in run.items()}
    differing = {name: pair for name, pair in differing.items() if pair[0] != pair[1]}
    assert not differing, f"run `make lock`: {differing}"
