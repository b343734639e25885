"""Gates drawn in another program and saved as GatingML, applied through FlowKit."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from progenitor.errors import InputError, MissingExtraError, Problem
from progenitor.product import MEMORY_PHENOTYPES, MeasuredComposition

__all__ = ["GateCount", "apply_gatingml", "composition_of_gates"]


@final
@dataclass(frozen=True, slots=True)
class GateCount:
    """Events of one gate.

    Parameters
    ----------
    name
        Path of the gate, such as ``"live/CD3+/Tscm"``.
    events
        Events within it.
    parent
        Events of the gate above.
    """

    name: str
    events: int
    parent: int

    @property
    def share(self) -> float:
        """Share of the parent; NaN where that is empty."""
        return self.events / self.parent if self.parent else float("nan")


def apply_gatingml(gates: Path | str, sample: Path | str) -> tuple[GateCount, ...]:
    """Count the events of a sample within every gate of a GatingML 2.0 file.

    Parameters
    ----------
    gates
        GatingML file.
    sample
        FCS file.

    Raises
    ------
    MissingExtraError
        Without FlowKit; says what to install.
    InputError
        When the gates cannot be read or do not fit the sample.
    """
    try:
        flowkit: Any = importlib.import_module("flowkit")
    except ImportError:
        raise MissingExtraError(
            "GatingML files are read with FlowKit, which is not installed. "
            "Fix: pip install 'progenitor[flow]'"
        ) from None
    gates, sample = Path(gates), Path(sample)
    if not gates.is_file():
        raise InputError([Problem("there is no such file", "give a GatingML file", str(gates))])
    if b"<!DOCTYPE" in gates.read_bytes() or b"<!ENTITY" in gates.read_bytes():
        fix = "export the gates again; they need no document type"
        raise InputError([Problem("it declares XML entities", fix, str(gates))])
    try:
        strategy: Any = flowkit.parse_gating_xml(str(gates))
    except Exception as error:  # noqa: BLE001 - whatever the library stumbles on is the file
        raise _refused(gates, "no GatingML 2.0 that can be read", error) from None
    from progenitor.interop._fcs import read_fcs

    events = read_fcs(sample)
    try:
        taken: Any = flowkit.Sample(
            events.values.astype(float),
            sample_id=sample.name,
            channel_labels=[channel.name for channel in events.channels],
        )
        results = strategy.gate_sample(taken)
        rows = results.report.to_dict("records")
    except Exception as error:  # noqa: BLE001 - a gate on a channel that is not there, and its like
        raise _refused(gates, f"the gates do not fit {sample}", error) from None
    counts: dict[str, int] = {"root": len(events)}
    for row in rows:
        path = [*row["gate_path"], row["gate_name"]]
        counts["/".join(path)] = int(row["count"])
    found = []
    for row in rows:
        path = [*row["gate_path"], row["gate_name"]]
        parent = counts.get("/".join(path[:-1]), len(events))
        found.append(GateCount("/".join(path[1:]), int(row["count"]), parent))
    return tuple(found)


def _refused(file: Path, what: str, error: Exception) -> InputError:
    words = " ".join(str(error).split())[:200] or type(error).__name__
    fix = "check the file in the program that wrote it"
    return InputError([Problem(f"{what}: {words}", fix, str(file))])


def composition_of_gates(counts: tuple[GateCount, ...], source: str) -> MeasuredComposition | None:
    """Return the composition that gates named naive, tscm, tcm, tem and teff tell, if all do.

    Parameters
    ----------
    counts
        From :func:`apply_gatingml`.
    source
        What was measured.

    Examples
    --------
    >>> names = ("naive", "Tscm", "TCM", "tem", "Teff")
    >>> counts = tuple(GateCount(f"live/{name}", 50, 250) for name in names)
    >>> composition_of_gates(counts, "a").quadrants
    (101.0, 50.5, 50.5, 50.5)
    """
    events = {of.name.rsplit("/", 1)[-1].lower(): of.events for of in counts}
    if not set(MEMORY_PHENOTYPES) <= set(events):
        return None
    naive, stem, *others = (events[name] + 0.5 for name in MEMORY_PHENOTYPES)
    return MeasuredComposition((naive + stem, *others), (stem, naive), source)
