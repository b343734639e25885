"""Shared by the tests of kinetics: one patient analysed, as plain numbers."""

from collections.abc import Callable

import numpy as np
import pytest

from progenitor.kinetics import Kinetics, KineticsRules, Profiles, analyse_kinetics

One = Callable[..., Kinetics]


@pytest.fixture
def one() -> One:
    """Analyse one patient: days, levels, limit, and rules by name."""

    def analysed(
        time: list[float] | np.ndarray,
        level: list[float] | np.ndarray,
        limit: float = float("nan"),
        below: list[bool] | None = None,
        **rules: object,
    ) -> Kinetics:
        profiles = Profiles.of(
            np.asarray(time, dtype=float),
            np.asarray(level, dtype=float)[None, :],
            lower_limit=limit,
            below=None if below is None else np.array([below]),
        )
        return analyse_kinetics(profiles, KineticsRules(**rules))  # type: ignore[arg-type]

    return analysed
