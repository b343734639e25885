"""The SBML Test Suite itself, where it is: ``../shared/conformance`` or $PROGENITOR_SBML_SUITE.

The suite is LGPL and not part of this repository. A case passes or is refused by name; nothing
else. Of all its time courses and other cases together at least 85 % pass.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from progenitor.testing._suite_case import SuiteCase
from progenitor.testing._suite_folder import case_folders
from progenitor.testing._suite_verdict import SuiteVerdict
from progenitor.testing.sbml_suite import run_suite

pytest.importorskip("libsbml", reason="reading SBML needs the extra: progenitor[sbml]")

WHERE = Path(
    os.environ.get("PROGENITOR_SBML_SUITE") or Path(__file__).parents[3] / "shared" / "conformance"
)
EVERY = 23
"""One case in so many is run each time; the others only in the slow tests."""

pytestmark = pytest.mark.skipif(
    not WHERE.is_dir(), reason="no SBML Test Suite: put its folder into PROGENITOR_SBML_SUITE"
)


@pytest.fixture(scope="module")
def unpacked() -> Iterator[Path]:
    """A folder above all cases, semantic and stochastic."""
    with case_folders(WHERE) as found:
        yield Path(os.path.commonpath(found))


@pytest.fixture(scope="module")
def semantic(unpacked: Path) -> list[str]:
    cases = [SuiteCase.read(file.parent) for file in unpacked.rglob("*-settings.txt")]
    return sorted(case.name for case in cases if not case.stochastic)


def failures(verdicts: Sequence[SuiteVerdict]) -> dict[str, str]:
    return {v.case: v.reason for v in verdicts if v.status not in ("pass", "unsupported")}


def test_a_sample_of_cases_passes_or_is_refused(unpacked: Path, semantic: list[str]) -> None:
    verdicts = run_suite(unpacked, only=semantic[::EVERY])
    assert len(verdicts) >= 39
    assert failures(verdicts) == {}
    assert Counter(v.status for v in verdicts)["pass"] >= 0.85 * len(verdicts)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_every_case_passes_or_is_refused(unpacked: Path, engine: str) -> None:
    verdicts = run_suite(unpacked, engine=engine, jobs=2)
    assert failures(verdicts) == {}
    assert all(v.reason for v in verdicts if v.status == "unsupported")
    assert Counter(v.status for v in verdicts)["pass"] >= 0.85 * len(verdicts)


@pytest.mark.slow
def test_every_stochastic_case_is_within_its_ranges(unpacked: Path) -> None:
    """10,000 runs; a value fails that is outside its range twice, on other random numbers."""
    verdicts = run_suite(unpacked, stochastic=True, runs=10_000, seed=1, jobs=2)
    assert failures(verdicts) == {}
    assert Counter(v.status for v in verdicts)["pass"] >= 15
