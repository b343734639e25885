"""`progenitor kinetics`: metrics of cellular kinetics from a table of levels."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.interop import Observations
    from progenitor.kinetics import Kinetics, KineticsRules, MetricSummary

__all__ = ["kinetics"]

_SHOWN: Final = (
    ("cmax", "Cmax"),
    ("tmax", "Tmax"),
    ("", "AUC"),
    ("tlast", "Tlast"),
    ("doubling_time", "doubling"),
    ("fold_expansion", "fold"),
    ("contraction_half_life", "contraction"),
    ("persistence_half_life", "persistence"),
    ("time_below_limit", "below"),
)

Table = Annotated[
    Path, typer.Argument(metavar="FILE.csv", help="A row for each sample: ID, TIME, DV, …")
]
Lloq = Annotated[
    float | None,
    typer.Option("--lloq", metavar="X", help="Lower limit of quantification, in the unit of DV."),
]
LloqColumn = Annotated[
    str, typer.Option("--lloq-column", metavar="NAME", help="Column of limits; default LLOQ.")
]
Blq = Annotated[
    str,
    typer.Option(
        "--blq",
        metavar="RULE",
        help="Samples below the limit in areas: profile, zero-first, m1, m5, m6, m7 or "
        "before/within/after with zero, drop, half, first-half.",
    ),
]
Unit = Annotated[str, typer.Option("--unit", metavar="U", help="Unit of DV, such as copies/ug.")]
TimeUnit = Annotated[str, typer.Option("--time-unit", metavar="U", help="Unit of TIME.")]
Dvid = Annotated[str, typer.Option("--dvid", metavar="N", help="Which analyte of column DVID.")]
AucEnd = Annotated[float, typer.Option("--auc-end", metavar="D", help="Last day of the AUC.")]
Auc = Annotated[
    list[str] | None,
    typer.Option("--auc", metavar="A-B", help="A further AUC, from day A to B; repeatable."),
]
Method = Annotated[
    str, typer.Option("--method", metavar="NAME", help="Trapezoids: linear or log-down.")
]
Day = Annotated[
    list[float] | None,
    typer.Option("--day", metavar="D", help="Ask persistence on a day; repeatable."),
]
Start = Annotated[
    str,
    typer.Option(
        "--start",
        metavar="NAME",
        help="AUC without a sample on day 0: zero there, or sampled only.",
    ),
]
Contraction = Annotated[
    str,
    typer.Option("--contraction", metavar="NAME", help="First of two phases: line or stripped."),
]
Volume = Annotated[
    str,
    typer.Option("--volume", metavar="V", help="Where the dose goes ('5 L'): fold from the dose."),
]
DoseUnit = Annotated[str, typer.Option("--dose-unit", metavar="U", help="Unit of AMT.")]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE.html", help="Write a report with figures.")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE.csv", help="Write every metric as CSV."),
]


@exits
def kinetics(
    table: Table,
    lloq: Lloq = None,
    lloq_column: LloqColumn = "",
    blq: Blq = "profile",
    unit: Unit = "1",
    time_unit: TimeUnit = "day",
    dvid: Dvid = "",
    auc_end: AucEnd = 28.0,
    auc: Auc = None,
    method: Method = "linear",
    day: Day = None,
    start: Start = "zero",
    contraction: Contraction = "line",
    volume: Volume = "",
    dose_unit: DoseUnit = "cell",
    report: Report = None,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Find Cmax, Tmax, AUC, half-lives and persistence of cells in each patient of a table.

    The table has columns ID, TIME and DV (the level), and may have EVID and AMT (doses: days are
    counted from the first), MDV, DVID (several analytes), BLQ or CENS (1 below the limit) and LLOQ.
    DV may say BLQ or <50. Everything wrong with the table is told at once, with its line.

    A metric that a patient's samples do not give has no value and a reason; the summary counts
    them. Half-lives, doubling time and fold expansion use quantifiable samples only; --blq decides
    about areas.

    For example:
      progenitor kinetics qpcr.csv --lloq 50 --unit copies/ug
      progenitor kinetics qpcr.csv --lloq 50 --unit copies/ug --blq m6 --report kinetics.html
      progenitor kinetics flow.csv --lloq-column LIMIT --unit cell/uL --time-unit hour --auc 0-7
      progenitor kinetics flow.csv --dvid 2 --unit cell/uL --volume "5 L" --json
    """
    from progenitor.cli._table_file import check_target, write_table
    from progenitor.interop import metrics_csv, read_observations
    from progenitor.kinetics import analyse_kinetics

    check_target(output)
    check_target(report)
    rules = _rules(blq, method, auc_end, auc or [], day, start, contraction)
    read = read_observations(
        table,
        lower_limit=lloq,
        limit_column=lloq_column,
        unit=unit,
        time_unit=time_unit,
        dvid=dvid,
        volume=volume,
        dose_unit=dose_unit,
    )
    found = analyse_kinetics(read.profiles, rules)
    if output is not None:
        write_table(metrics_csv(found), output)
    if report is not None:
        from progenitor.report import write_kinetics_report

        write_kinetics_report(found, report, source=table, notes=read.notes)
    if as_json:
        _print_json(table, read, found)
        return
    _show(table, read, found)
    for path in filter(None, (output, report)):
        typer.echo(f"written: {path}")


def _rules(
    blq: str,
    method: str,
    auc_end: float,
    partial: Sequence[str],
    days: Sequence[float] | None,
    start: str,
    contraction: str,
) -> "KineticsRules":
    """Put the choices together; complain about all that cannot be."""
    from progenitor.errors import InputError, Problem
    from progenitor.kinetics import BLQ_RULES, BlqRule, KineticsRules

    problems: list[Problem] = []
    rule, pairs = BLQ_RULES["profile"], []
    try:
        rule = BlqRule.parse(blq)
    except InputError as error:
        problems += error.problems
    for word in partial:
        first, _, last = word.partition("-")
        try:
            pairs.append((float(first), float(last)))
        except ValueError:
            problems.append(Problem(f"'{word}' is not A-B", "write --auc 0-7", field="--auc"))
    asked: dict[str, Any] = {} if days is None else {"days": tuple(days)}
    try:
        rules = KineticsRules(
            rule, method, auc_end, tuple(pairs), start=start, contraction=contraction, **asked
        )
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return rules


def _print_json(table: Path, read: "Observations", found: "Kinetics") -> None:
    from progenitor.cli._output import write_json
    from progenitor.kinetics import plain_patients, plain_rules, plain_summary

    write_json(
        {
            "file": str(table),
            "unit": found.profiles.unit,
            "rules": plain_rules(found),
            "notes": list(read.notes),
            "summary": plain_summary(found),
            "patients": plain_patients(found),
        }
    )


def _show(table: Path, read: "Observations", found: "Kinetics") -> None:
    from progenitor.cli._output import number, paragraph
    from progenitor.cli._output import table as draw

    profiles = found.profiles
    unit = "" if profiles.unit == "1" else f" ({profiles.unit})"
    typer.echo(
        f"{table}: {len(profiles.patients)} patients, {int(profiles.taken.sum())} samples{unit}, "
        f"{int(profiles.below.sum())} below the limit"
    )
    notes = [*read.notes, f"areas take samples below the limit as: {found.rules.blq.words}"]
    if count := int(found.assumed_start.sum()):
        notes.append(f"{count} patients have no level on day 0: their areas begin at 0 there")
    for note in notes:
        paragraph(note, bullet="  - ")
    typer.echo("")
    end = f"auc_0_{found.rules.auc_end:g}"
    shown = [(found.metrics[key or end], title) for key, title in _SHOWN]
    draw(
        ["patient", *(title for _, title in shown)],
        [
            [name, *(number(float(metric.values[row])) for metric, _ in shown)]
            for row, name in enumerate(profiles.patients)
        ],
    )
    typer.echo("")
    _show_summary(found)


def _show_summary(found: "Kinetics") -> None:
    from progenitor.cli._output import number, percent
    from progenitor.cli._output import table as draw
    from progenitor.kinetics import summarise_metric

    summaries = {name: summarise_metric(metric) for name, metric in found.metrics.items()}
    rows, shares = [], []
    for name, summary in summaries.items():
        metric, missing = found.metrics[name], str(summary.not_estimable)
        unit = "" if metric.unit == "1" else metric.unit
        if metric.kind == "share":
            shares.append([metric.title, str(summary.count), missing, percent(summary.mean)])
            continue
        values = (summary.geometric_mean, 100.0 * summary.geometric_cv, summary.median)
        ranks = (summary.p5, summary.p25, summary.p75, summary.p95)
        cells = [number(value) for value in (*values, *ranks)]
        rows.append([metric.title, unit, str(summary.count), missing, *cells])
    head = ["metric", "unit", "n", "none", "geo. mean", "CV %", "median", "5 %", "25 %", "75 %"]
    draw([*head, "95 %"], rows)
    typer.echo("")
    draw(["share of patients", "n", "none", "yes"], shares)
    typer.echo("")
    _show_reasons(found, summaries)


def _show_reasons(found: "Kinetics", summaries: Mapping[str, "MetricSummary"]) -> None:
    """Say why patients have no value; what holds for nearly every metric is said once."""
    from progenitor.cli._output import paragraph
    from progenitor.kinetics import Reason

    general = (Reason.NOT_SAMPLED, Reason.NEVER_QUANTIFIABLE)
    for reason in general:
        if count := summaries["cmax"].missing.get(reason, 0):
            paragraph(f"{count} patients: {reason.words}", bullet="  - ")
    for name, summary in summaries.items():
        own = {why: count for why, count in summary.missing.items() if why not in general}
        if own:
            words = ", ".join(f"{count} {reason.words}" for reason, count in own.items())
            paragraph(f"no value for '{found.metrics[name].title}': {words}", bullet="  - ")
