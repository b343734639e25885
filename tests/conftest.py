"""What every test runs under: a fixed Hypothesis profile and types checked while the code runs."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from beartype import BeartypeConf, beartype
from beartype.roar import BeartypeDecorHintException
from hypothesis import HealthCheck, settings
from jaxtyping import install_import_hook

# The same examples everywhere and no timing verdicts; HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# A shell that starts tests in the background has them ignore Ctrl-C; children would inherit it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

INTEGERS_ARE_NUMBERS = BeartypeConf(is_pep484_tower=True)  # 1 is a float, as type checkers hold

# Called once a solver step, an expression node or a line of a file: plain numbers and text, many
# times. Checking them makes the tests five to ten times slower and finds nothing about arrays.
UNCHECKED = ("progenitor.documents.", "progenitor.engine.", "progenitor.units.")
CHECKED_ANYWAY = {
    "progenitor.engine._accuracy",
    "progenitor.engine._protocol",
    "progenitor.engine._simulate",
    "progenitor.engine._streams",
    "progenitor.engine._trajectories",
}


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Check arguments and results against annotations while the function runs.

    A few annotations cannot be checked at run time (``Self`` in a method decorated by itself, a
    protocol that is not for ``isinstance``); such a function stays unchecked.
    """
    try:
        return beartype(function, conf=INTEGERS_ARE_NUMBERS)
    except BeartypeDecorHintException:
        return function


def modules_to_check() -> list[str]:
    """Every module but the unchecked ones.

    A package is left out: its ``__init__`` has nothing to check and its name means all within.
    """
    source = Path(__file__).parents[1] / "src"
    files = [file for file in sorted(source.rglob("*.py")) if file.name != "__init__.py"]
    names = [".".join(file.relative_to(source).with_suffix("").parts) for file in files]
    return [name for name in names if name in CHECKED_ANYWAY or not name.startswith(UNCHECKED)]


# Anything imported before this line stays unchecked: no progenitor import may stand above it.
RUN_TIME_CHECKS = install_import_hook(modules_to_check(), f"{__name__}.checked")
