"""What every test runs under: a fixed Hypothesis profile and types checked while the code runs."""

import os
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

INTEGERS_ARE_NUMBERS = BeartypeConf(is_pep484_tower=True)  # 1 is a float, as type checkers hold

# Called once a solver step or once a node of a file; they take and give plain numbers and text.
INNER_LOOPS = {
    "progenitor.engine._agenda",
    "progenitor.engine._emit",
    "progenitor.engine._expressions",
    "progenitor.engine._ieee",
    "progenitor.engine._patient",
    "progenitor.engine._program",
    "progenitor.engine._stepper",
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
    """Every module of the package but the innermost loops, which would become five times slower."""
    source = Path(__file__).parents[1] / "src"
    names = [
        ".".join(file.relative_to(source).with_suffix("").parts) for file in source.rglob("*.py")
    ]
    return [
        name.removesuffix(".__init__")
        for name in sorted(names)
        if name not in INNER_LOOPS and not name.startswith("progenitor.documents.")
    ]


# Anything imported before this line stays unchecked: no progenitor import may stand above it.
RUN_TIME_CHECKS = install_import_hook(modules_to_check(), f"{__name__}.checked")
