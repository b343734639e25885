"""Writes the HTML report of a check of a model against data."""

import hashlib
from pathlib import Path

import progenitor
from progenitor.inference import ModelCheck, check_headline
from progenitor.report import figures, tables
from progenitor.report._page import drawings, render_page
from progenitor.report.figures._style import Chart

__all__ = ["render_check_report", "write_check_report"]


def write_check_report(
    check: ModelCheck,
    path: Path,
    *,
    reference: str = "",
    source: Path | None = None,
    notes: tuple[str, ...] = (),
) -> Path:
    """Write the report of a model check as one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    check
        As :func:`progenitor.inference.check_model` made it.
    path
        Where to write; an existing file is replaced, whole or not at all.
    reference
        The publication of the model.
    source
        The table of data; its name and SHA-256 are printed.
    notes
        What was made of the table's records.

    Returns
    -------
    Path
        ``path``.
    """
    from progenitor.study._durable import write_atomically

    page = render_check_report(check, reference=reference, source=source, notes=notes)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_atomically(path, page.encode())


def render_check_report(
    check: ModelCheck,
    *,
    reference: str = "",
    source: Path | None = None,
    notes: tuple[str, ...] = (),
) -> str:
    """Return the report as HTML text; every text is escaped.

    Parameters
    ----------
    check, reference, source, notes
        As :func:`write_check_report` takes them.
    """
    visual = check.visual
    facts = {"progenitor": progenitor.__version__, "seed": str(check.seed)}
    if source is not None:
        facts["table"] = source.name
        facts["SHA-256 of the table"] = hashlib.sha256(source.read_bytes()).hexdigest()
    return render_page(
        "check.html.j2",
        title=f"{check.model}: {check.title}",
        headline=check_headline(check),
        check=check,
        reference=reference,
        notes=notes,
        patients=visual.observed.subjects,
        observations=len(visual.observed),
        below=int(visual.observed.censored.sum()),
        outside=int((~visual.inside).sum()),
        percentiles=visual.inside.size,
        figures=drawings(lambda: _charts(check)),
        tables={
            "bins": tables.bin_table(check),
            "intervals": tables.interval_table(check),
            "errors": tables.error_table(check),
        },
        facts=facts,
    )


def _charts(check: ModelCheck) -> dict[str, Chart]:
    title, unit = check.title, check.unit
    return {
        "visual": figures.predictive_check(check.visual, title=title, unit=unit),
        "fit": figures.goodness_of_fit(check.fit, title=title, unit=unit),
    }
