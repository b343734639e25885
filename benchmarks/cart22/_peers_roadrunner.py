"""libRoadRunner: SBML, made from ``cart22.ant`` by antimony, compiled by LLVM, solved by CVODE.

Parameters and initial values of a patient are set in two calls by position; the model is compiled
once, with the newer of its two compilers at its highest level. Doses are the model's own events;
restarting by hand at each dose instead takes as long. Everything but the tolerances stays as it
comes: BDF up to order 5, dense finite-difference Jacobian; lower orders and other compilers were
tried and are not faster. CVODE tells of tiny steps right after a dose on standard error, and gives
up a patient now and then, which is counted as failed.
"""

from pathlib import Path
from typing import Any, Final, final

import numpy as np

from benchmarks.cart22._peer_code import constants_of, peer_code
from benchmarks.cart22._problem import DAYS, PARAMETERS, SPECIES

__all__ = ["Roadrunner"]

MODEL: Final = Path(__file__).parents[1] / "data" / "cart22" / "cart22.ant"
ABSOLUTE: Final = 1e-8
MOST_STEPS: Final = 100_000


@final
class Roadrunner:
    """Solve patients with libRoadRunner."""

    def __init__(self) -> None:
        self._code = peer_code()
        self._runner = _runner()
        self._runner.timeCourseSelections = list(SPECIES)
        names = list(self._runner.model.getGlobalParameterIds())
        self._parameters = [names.index(name) for name in PARAMETERS]
        self._species = [names.index(name) for name in SPECIES]

    def solve(self, patients: dict[str, np.ndarray], rtol: float) -> np.ndarray:
        """Return daily values, (patient, day, species)."""
        integrator = self._runner.getIntegrator()
        integrator.setValue("relative_tolerance", rtol)
        integrator.setValue("absolute_tolerance", ABSOLUTE)
        integrator.setValue("maximum_num_steps", MOST_STEPS)
        table = np.stack([patients[name] for name in PARAMETERS], axis=1)
        first, _ = constants_of(self._code, patients)
        found = np.empty((len(table), len(DAYS), len(SPECIES)))
        for row, parameters in enumerate(table):
            self._runner.reset()
            self._runner.model.setGlobalParameterValues(self._parameters, parameters)
            self._runner.model.setGlobalParameterValues(self._species, first[row])
            try:
                found[row] = self._runner.simulate(DAYS[0], DAYS[-1], len(DAYS))
            except RuntimeError:
                found[row] = np.nan  # the step became too small; counted as failed
        return found


def _runner() -> Any:
    import antimony
    import roadrunner

    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(MODEL.read_text(encoding="utf-8")) < 0:
        raise RuntimeError(antimony.getLastError())
    config = roadrunner.Config
    config.setValue(config.LLVM_BACKEND, config.LLJIT)
    config.setValue(config.LLJIT_OPTIMIZATION_LEVEL, config.AGGRESSIVE)
    return roadrunner.RoadRunner(antimony.getSBMLString(antimony.getModuleNames()[-1]))
