"""How long a million events take to read and to gate: `python -m benchmarks.flow`."""

import tempfile
import time
from pathlib import Path

from progenitor.assay import PanelTruth, gate_tscm, synthetic_panel
from progenitor.interop import read_fcs, write_fcs

EVENTS = 1_000_000
LIMIT = 2.0


def main() -> None:
    """Time the third of three runs."""
    with tempfile.TemporaryDirectory() as folder:
        panel = synthetic_panel(PanelTruth(events=EVENTS), seed=1)
        path = write_fcs(panel.events, Path(folder, "panel.fcs"))
        for _ in range(3):
            start = time.perf_counter()
            events = read_fcs(path)
            read = time.perf_counter()
            gate_tscm(events)
            done = time.perf_counter()
    print(f"flow: {EVENTS} events read in {read - start:.2f} s, gated in {done - read:.2f} s "
          f"(wanted: below {LIMIT:g} s)")  # fmt: skip


if __name__ == "__main__":
    main()
