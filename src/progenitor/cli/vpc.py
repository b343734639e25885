"""`progenitor vpc`: a published model checked against a table of measured levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, final

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson

if TYPE_CHECKING:
    from progenitor.inference import Binning, ModelCheck, Scatter
    from progenitor.interop import CheckData
    from progenitor.library import PublishedModel

__all__ = ["vpc"]

ModelName = Annotated[
    str, typer.Argument(metavar="MODEL", help="library:NAME, as `models list` prints it.")
]
Table = Annotated[
    Path, typer.Argument(metavar="DATA.csv", help="A row for each sample: ID, TIME, DV, …")
]
Observable = Annotated[
    str, typer.Option("--observable", metavar="NAME", help="What DV is; default the first.")
]
Replicates = Annotated[
    int, typer.Option("--replicates", metavar="N", min=20, help="Simulated copies of the data.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of everything random.")]
Stratify = Annotated[
    str, typer.Option("--stratify", metavar="COLUMN", help="Look at groups of patients apart.")
]
Corrected = Annotated[
    bool, typer.Option("--prediction-corrected", help="Correct for doses, covariates, days.")
]
Bins = Annotated[
    str,
    typer.Option(
        "--bins",
        metavar="RULE",
        help="gaps (visits), gaps:N (at most N), count:N (equal counts) or days 0,7,14,28.",
    ),
]
Percentiles = Annotated[
    str, typer.Option("--percentiles", metavar="P,P,…", help="Which percentiles to compare.")
]
Level = Annotated[
    float, typer.Option("--level", metavar="L", help="Share of copies inside an interval.")
]
Lloq = Annotated[
    float | None,
    typer.Option("--lloq", metavar="X", help="Lower limit of quantification, in the unit of DV."),
]
LloqColumn = Annotated[
    str, typer.Option("--lloq-column", metavar="NAME", help="Column of limits; default LLOQ.")
]
Unit = Annotated[
    str, typer.Option("--unit", metavar="U", help="Unit of DV; default that of the model.")
]
TimeUnit = Annotated[str, typer.Option("--time-unit", metavar="U", help="Unit of TIME.")]
Dvid = Annotated[str, typer.Option("--dvid", metavar="N", help="Which analyte of column DVID.")]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="COLUMN", help="A column without a meaning; repeatable."),
]
Variant = Annotated[
    str,
    typer.Option("--variant", metavar="V", help="A named set of numbers, as `models show` lists."),
]
Param = Annotated[
    list[str] | None,
    typer.Option("--param", "-p", metavar="ID=VALUE", help="Change a number; repeatable."),
]
Scattered = Annotated[
    str,
    typer.Option(
        "--scatter",
        metavar="KIND:SD",
        help="Assay error not published: log:0.3, proportional:0.2 or additive:5.",
    ),
]
Between = Annotated[
    list[str] | None,
    typer.Option(
        "--between", metavar="ID=CV", help="A number that varies between patients; repeatable."
    ),
]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE.html", help="Write a report with figures.")
]


@exits
def vpc(
    model: ModelName,
    table: Table,
    observable: Observable = "",
    replicates: Replicates = 500,
    seed: Seed = 1,
    stratify: Stratify = "",
    corrected: Corrected = False,
    bins: Bins = "gaps",
    percentiles: Percentiles = "5,50,95",
    level: Level = 0.95,
    lloq: Lloq = None,
    lloq_column: LloqColumn = "",
    unit: Unit = "",
    time_unit: TimeUnit = "day",
    dvid: Dvid = "",
    ignore: Ignore = None,
    variant: Variant = "",
    param: Param = None,
    scatter: Scattered = "",
    between: Between = None,
    report: Report = None,
    as_json: AsJson = False,
) -> None:
    """Check a published model against measured levels: visual predictive check and fit.

    Copies of the data are simulated: as many patients, on the same days, with variability between
    patients and assay error as published. Percentiles of the data are set beside the same
    percentiles of the copies. One outside its interval is what the model does not explain; of a
    true model one in twenty lies outside by chance.

    The table has columns ID, TIME and DV (the level), and may have EVID and AMT (doses, which
    replace the model's own), MDV, DVID, BLQ or CENS (1 below the limit) and LLOQ; DV may say BLQ or
    <50. A column named like a number of the model gives it for each patient. Everything wrong with
    the table is told at once, with its line.

    Many publications give no variability. Then say what to assume: --scatter for assay error,
    --between for a number of the model that varies between patients.

    With --prediction-corrected, patients of different doses or covariates can share bins: values
    are multiplied by the typical prediction of the bin over their own. npde, tests of it and four
    figures of fit are made in any case; --report shows them.

    For example:
      progenitor vpc library:stein_2019 qpcr.csv --lloq 50 --report check.html
      progenitor vpc library:stein_2019 qpcr.csv --lloq 50 --stratify DISEASE --replicates 1000
      progenitor vpc library:brekkan_2018 anc.csv --observable neutrophils --prediction-corrected
      progenitor vpc library:kimmel_2021 flow.csv --scatter log:0.3 --between car_t_at_start=0.8
      progenitor vpc library:stein_2019 qpcr.csv --bins 0,5,12,20,45,120,400 --json
    """
    from progenitor.cli._table_file import check_target
    from progenitor.inference import observable_of
    from progenitor.library import find_model

    check_target(report)
    rules = {"binning": _binning(bins), "percentiles": _ranks(percentiles), "level": level}
    chosen = find_model(model)
    name = observable_of(chosen, observable)
    reading = {
        "lower_limit": lloq,
        "limit_column": lloq_column,
        "unit": unit,
        "time_unit": time_unit,
        "dvid": dvid,
        "stratify": stratify,
        "ignore": ignore or (),
    }
    sizes = (chosen, name, replicates, seed, variant, tuple(param or ()), corrected)
    asked = _Asked(*sizes, _scatter(scatter), tuple(between or ()))
    data, found = _checked(asked, table, reading, rules)
    if report is not None:
        _write(found, data, chosen, table, report)
    if as_json:
        _print_json(table, data, found)
    else:
        _show(table, data, found, report)


@final
@dataclass(frozen=True, slots=True)
class _Asked:
    """Which copies of the data a person asked for."""

    model: "PublishedModel"
    observable: str
    replicates: int
    seed: int
    variant: str
    changes: tuple[str, ...]
    corrected: bool
    scatter: "Scatter | None"
    between: tuple[str, ...]


def _binning(text: str) -> "Binning":
    """Read a rule of bins."""
    from progenitor.errors import InputError, Problem
    from progenitor.inference import ByCount, ByEdges, ByGaps

    kind, _, size = text.partition(":")
    try:
        if kind == "gaps":
            return ByGaps(int(size)) if size else ByGaps()
        if kind == "count":
            return ByCount(int(size))
        return ByEdges(tuple(float(word) for word in text.split(",")))
    except ValueError:
        fix = "write --bins gaps, gaps:8, count:8 or days such as 0,7,14,28"
        raise InputError([Problem(f"'{text}' is no rule of bins", fix, field="--bins")]) from None


def _ranks(text: str) -> tuple[float, ...]:
    """Read percentiles."""
    from progenitor.errors import InputError, Problem

    try:
        return tuple(float(word) for word in text.split(","))
    except ValueError:
        fix = "write --percentiles 5,50,95"
        problem = Problem(f"'{text}' are no percentiles", fix, field="--percentiles")
        raise InputError([problem]) from None


def _scatter(text: str) -> "Scatter | None":
    """Read an assay error."""
    from progenitor.errors import InputError, Problem
    from progenitor.inference import Scatter

    if not text:
        return None
    kind, _, sd = text.partition(":")
    try:
        return Scatter(kind, float(sd))
    except ValueError:
        fix = "write --scatter log:0.3, proportional:0.2 or additive:5"
        problem = Problem(f"'{text}' is not KIND:SD", fix, field="--scatter")
        raise InputError([problem]) from None


def _checked(
    asked: _Asked, table: Path, reading: Mapping[str, Any], rules: Mapping[str, Any]
) -> tuple["CheckData", "ModelCheck"]:
    """Read the table, simulate copies of it, and check."""
    from progenitor.cli._model_names import parameter_changes
    from progenitor.evidence import default_catalogue
    from progenitor.inference import Assumed, check_model, simulate_replicates
    from progenitor.interop import read_check_data

    catalogue = default_catalogue()
    changes = parameter_changes(list(asked.changes))
    assumed = Assumed(asked.scatter, parameter_changes(list(asked.between)))
    data = read_check_data(
        table,
        asked.model,
        catalogue,
        observable=asked.observable,
        variant=asked.variant,
        **reading,
    )
    copies = simulate_replicates(
        asked.model,
        data.layout,
        observable=asked.observable,
        replicates=asked.replicates,
        seed=asked.seed,
        variant=asked.variant,
        changes=changes,
        assumed=assumed,
        catalogue=catalogue,
    )
    found = check_model(data.measured, copies, seed=asked.seed, corrected=asked.corrected, **rules)
    return data, found


def _write(
    found: "ModelCheck", data: "CheckData", model: "PublishedModel", table: Path, report: Path
) -> None:
    from progenitor.evidence import default_catalogue
    from progenitor.report import write_check_report

    catalogue = default_catalogue()
    reference = catalogue.source(catalogue.table(model.name).source).reference
    write_check_report(found, report, reference=reference, source=table, notes=data.notes)


def _print_json(table: Path, data: "CheckData", found: "ModelCheck") -> None:
    from progenitor.cli._output import write_json
    from progenitor.inference import plain_check

    write_json({"file": str(table), "notes": list(data.notes)} | plain_check(found))


def _show(table: Path, data: "CheckData", found: "ModelCheck", report: Path | None) -> None:
    """Print the answer, what is weak, the bins, and where the report is."""
    from progenitor.cli._output import paragraph
    from progenitor.inference import check_headline

    visual = found.visual
    unit = f" ({found.unit})" if found.unit not in ("", "1") else ""
    typer.echo(
        f"{table}: {len(data.patients)} patients, {len(visual.observed)} observations{unit}, "
        f"{int(visual.observed.censored.sum())} below the limit"
    )
    for note in (*data.notes, *found.weaknesses):
        paragraph(note, bullet="  - ")
    typer.echo("")
    paragraph(check_headline(found))
    typer.echo("")
    _show_bins(found)
    typer.echo("")
    _show_errors(found)
    if report is not None:
        typer.echo(f"written: {report}")


def _show_bins(found: "ModelCheck") -> None:
    from progenitor.cli._output import number
    from progenitor.cli._output import table as draw

    visual = found.visual
    several, limited = len(visual.observed.strata) > 1, bool(visual.observed.limit.size)
    limited = limited and any(below == below for below in visual.below.tolist())
    rows = []
    for index in range(len(visual.stratum)):
        start, end = f"{float(visual.start[index]):.4g}", f"{float(visual.end[index]):.4g}"
        cells = [visual.observed.strata[int(visual.stratum[index])]] if several else []
        cells += [start if start == end else f"{start}–{end}", str(int(visual.count[index]))]
        for row in range(len(visual.percentiles)):
            value, low, high = (
                float(part[row, index]) for part in (visual.percentile, visual.low, visual.high)
            )
            mark = "" if visual.inside[row, index] else " *"
            shown = number(value) if value == value else "<LLOQ"
            cells.append(f"{shown} ({number(low)}–{number(high)}){mark}")
        if limited:
            cells.append(_share(found, index))
        rows.append(cells)
    head = [*(["stratum"] if several else []), "days", "n"]
    head += [f"{one:g} %" for one in visual.percentiles] + (["below LLOQ"] if limited else [])
    level = f"{100 * visual.level:g} %"
    kind = "Prediction-corrected percentiles" if visual.corrected else "Percentiles"
    typer.echo(f"{kind}: observed ({level} interval of simulated copies); * outside")
    draw(head, rows)


def _share(found: "ModelCheck", index: int) -> str:
    """Write the fraction below the limit."""
    visual = found.visual
    value, low, high = (
        100.0 * float(part[index]) for part in (visual.below, visual.below_low, visual.below_high)
    )
    if value != value:
        return "–"
    return f"{value:.0f} % ({low:.0f}–{high:.0f}){'' if low <= value <= high else ' *'}"


def _p(value: float) -> str:
    return "<0.001" if value < 1e-3 else f"{value:.2g}"


def _show_errors(found: "ModelCheck") -> None:
    from progenitor.cli._output import table as draw

    tests = found.fit.tests
    typer.echo(f"Prediction errors (npde) of {tests.count} observations")
    draw(
        ["", "found", "expected", "p"],
        [
            ["mean", f"{tests.mean:.3f} ± {tests.mean_se:.3f}", "0", _p(tests.p_mean)],
            [
                "variance",
                f"{tests.variance:.3f} ± {tests.variance_se:.3f}",
                "1",
                _p(tests.p_variance),
            ],
            ["normality", "", "", _p(tests.p_normality)],
            ["all three", "", "", _p(tests.p_global)],
        ],
    )
