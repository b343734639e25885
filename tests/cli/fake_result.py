"""A finished run made up by hand, for tests of what the command line prints."""

from pathlib import Path

import numpy as np

from progenitor.cli.run import ENDPOINTS
from progenitor.evidence import Ledger
from progenitor.study.results import ArmResult, Estimate, RunResult


def estimate(value: float, unit: str) -> Estimate:
    return Estimate(value, 0.8 * value, 1.2 * value, unit, "label", 50)


def arm(name: str, title: str) -> ArmResult:
    nothing = np.zeros(0)
    units = {"vein_to_vein": "day", "cmax": "cell/uL", "tmax": "day"}
    return ArmResult(
        name=name,
        title=title,
        product=name,
        endpoints={
            key: estimate(27.0 if key in units else 0.42, units.get(key, "1")) for key in ENDPOINTS
        },
        bands={},
        composition={},
        lot_quality={},
        lot_units={},
        lot_failures={},
        lots=50,
        cost_lines={},
        best_change=nothing,
        best_response=np.zeros(0, dtype=np.int64),
        pfs_time=nothing,
        pfs_event=nothing,
        pfs_itt_time=nothing,
        pfs_itt_event=nothing,
        crs_grade=nothing,
        flow=(),
        designs=(),
    )


def result(run_dir: Path, *, failed: int = 0) -> RunResult:
    arms = {"conventional": arm("conventional", "Conventional CAR-T"), "tscm": arm("tscm", "Tscm")}
    return RunResult(
        study_name="tscm_vs_cart_dlbcl",
        title="Tscm or conventional",
        question={},
        study_text="",
        study_path=Path("s.yaml"),
        run_dir=run_dir,
        digest="0123456789abcdef" * 4,
        seed=1,
        draws=2,
        patients=100,
        failed=failed,
        status_counts={"ok": 100 - failed, "deadline": failed},
        seconds=12.5,
        headline="Tscm CAR-T persists longer.",
        weaknesses=("Simulated Cmax is 3.1 times the published one.", "40 % assumed numbers."),
        arms=arms,
        paired={},
        comparisons=(),
        ledger=Ledger(()),
        references=(),
        solver={},
        versions={},
        hashes={},
        solving_seconds=2.0,
        simulations=300,
    )
