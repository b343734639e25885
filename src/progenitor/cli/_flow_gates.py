"""What `progenitor flow` does with a sample: gate it, write and show what was found."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from progenitor.errors import InputError, Problem

if TYPE_CHECKING:
    from progenitor.product import MeasuredComposition

__all__ = ["gate_by_file", "gate_by_itself"]


def gate_by_itself(
    sample: Path,
    *,
    channels: Sequence[str],
    thresholds: Sequence[str],
    fmo: Sequence[str],
    interval: float,
    composition: Path | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Gate a sample from its own densities.

    Raises
    ------
    InputError
        Listing every option and everything in the sample that cannot be.
    """
    from progenitor.assay import gate_tscm, plain_gating
    from progenitor.cli._output import write_json
    from progenitor.interop import read_fcs

    problems: list[Problem] = []
    named = _pairs(channels, "--channel", "CD95=R660-A", problems)
    given = _given(thresholds, fmo, problems)
    if not 0 < interval < 1:
        message = f"an interval of {interval:g} is none"
        problems.append(Problem(message, "give a probability, such as 0.95", field="--interval"))
    if problems:
        raise InputError(problems)
    start = time.perf_counter()
    events = read_fcs(sample)
    limits = given(named)
    found = gate_tscm(events, channels=named, thresholds=limits)
    seconds = time.perf_counter() - start
    answer = {
        "file": str(sample), "gate": "tscm", **plain_gating(found, level=interval),
        "seconds": seconds,
    }  # fmt: skip
    if composition is not None:
        _write(found.composition, composition)
    if report is not None:
        from progenitor.report import write_flow_report

        write_flow_report(found, report, source=sample, level=interval)
    if as_json:
        write_json(answer)
        return
    _show(answer)
    for path in filter(None, (composition, report)):
        typer.echo(f"written: {path}")


def gate_by_file(gates: Path, sample: Path, *, composition: Path | None, as_json: bool) -> None:
    """Count a sample within gates drawn elsewhere.

    Raises
    ------
    InputError
        When the gates do not fit, or a composition is asked of gates that do not name it.
    """
    from progenitor.cli._output import percent, table, write_json
    from progenitor.interop import apply_gatingml, composition_of_gates

    counts = apply_gatingml(gates, sample)
    measured = composition_of_gates(counts, str(sample))
    if composition is not None:
        if measured is None:
            fix = "name five gates naive, tscm, tcm, tem and teff, or leave --composition out"
            raise InputError([Problem("its gates name no composition", fix, str(gates))])
        _write(measured, composition)
    rows = [{"name": of.name, "events": of.events, "of_parent": of.share} for of in counts]
    answer: dict[str, Any] = {"file": str(sample), "gate": str(gates), "populations": rows}
    if measured is not None:
        from progenitor.assay import plain_composition

        answer["dirichlet"] = plain_composition(measured)
    if as_json:
        write_json(answer)
        return
    table(["gate", "events", "of parent"],
          [[of.name, str(of.events), percent(of.share)] for of in counts])  # fmt: skip
    if composition is not None:
        typer.echo(f"written: {composition}")


def _pairs(
    words: Sequence[str], option: str, example: str, problems: list[Problem]
) -> dict[str, str]:
    """Read MARKER=VALUE."""
    found: dict[str, str] = {}
    for word in words:
        marker, sign, value = word.partition("=")
        if not (sign and marker.strip() and value.strip()):
            problems.append(Problem(f"'{word}' is not MARKER=VALUE", f"write {option} {example}",
                                    field=option))  # fmt: skip
        else:
            found[marker.strip()] = value.strip()
    return found


def _given(thresholds: Sequence[str], fmo: Sequence[str], problems: list[Problem]) -> Any:
    """Return what turns channel names into given gates; list what cannot be read."""
    from progenitor.assay import MARKERS

    numbers: dict[str, float] = {}
    for marker, value in _pairs(thresholds, "--threshold", "CD95=1200", problems).items():
        try:
            numbers[marker] = float(value)
        except ValueError:
            problems.append(Problem(f"'{value}' is no intensity", "write --threshold CD95=1200",
                                    field="--threshold"))  # fmt: skip
    files = _pairs(fmo, "--fmo", "CD95=without_cd95.fcs", problems)
    for option, marker in [("--threshold", m) for m in numbers] + [("--fmo", m) for m in files]:
        if marker not in MARKERS:
            known = f"known: {', '.join(MARKERS)}"
            problems.append(Problem(f"unknown marker '{marker}'", known, field=option))
    for marker in numbers.keys() & files.keys():
        problems += [Problem(f"{marker} has a threshold and an FMO", "give one of them",
                                field="--fmo")]  # fmt: skip

    def limits(channels: dict[str, str]) -> dict[str, tuple[float, str]]:
        from progenitor.assay import fmo_threshold
        from progenitor.interop import read_fcs

        gates = {marker: (value, "given") for marker, value in numbers.items()}
        for marker, file in files.items():
            gates[marker] = (fmo_threshold(read_fcs(file), marker, channels), "FMO")
        return gates

    return limits


def _write(measured: "MeasuredComposition", path: Path) -> None:
    from progenitor.assay import plain_composition
    from progenitor.cli._table_file import write_table

    lines = ["# Measured by flow cytometry: name this file as the composition of a product.\n"]
    lines += [f"{key}: {json.dumps(value)}\n" for key, value in plain_composition(measured).items()]
    write_table("".join(lines), path)


def _show(answer: dict[str, Any]) -> None:
    from progenitor.cli._output import number, paragraph, table

    typer.echo(f"{answer['file']}: {answer['t_cells']} T cells ({answer['seconds']:.1f} s)")
    table(
        ["population", "events", "of parent"],
        [
            [of["name"], str(of["events"]), _percent(of["of_parent"])]
            for of in answer["populations"]
        ],
    )
    typer.echo("")
    table(
        ["gate", "intensity", "found by", "apart"],
        [
            [name, number(of["intensity"]), of["method"], number(of["apart"])]
            for name, of in answer["gates"].items()
        ],
    )
    typer.echo("")
    head = f"{100 * answer['interval']:g} % interval"
    table(
        ["T cells", "share", head, "within gates"],
        [
            [
                name,
                _percent(of["share"]),
                f"{_percent(of['low'])} to {_percent(of['high'])}",
                _percent(of["within_gates"]),
            ]
            for name, of in answer["composition"].items()
        ],
    )
    for name, share in answer["helper"].items():
        typer.echo(f"{name}+: {_percent(share)} of T cells")
    for note in answer["notes"]:
        paragraph(note, bullet="  - ")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
