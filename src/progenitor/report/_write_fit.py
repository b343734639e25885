"""Writes the HTML report of a fit."""

import hashlib
import math
from pathlib import Path

import progenitor
from progenitor.inference import Fit, FitRow, fit_headline
from progenitor.library import ReproductionRow
from progenitor.report import figures, tables
from progenitor.report._page import drawings, render_page
from progenitor.report.figures._style import Chart

__all__ = ["render_fit_report", "write_fit_report"]


def write_fit_report(
    fit: Fit, path: Path, *, proposed: str = "", source: Path | None = None
) -> Path:
    """Write the report of a fit as one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    fit
        As :func:`progenitor.inference.fit_body` made it.
    path
        Where to write; an existing file is replaced, whole or not at all.
    proposed
        What the fit proposes, see :func:`progenitor.inference.proposal`.
    source
        The fit file; its name and SHA-256 are printed.

    Returns
    -------
    Path
        ``path``.
    """
    from progenitor.study._durable import write_atomically

    page = render_fit_report(fit, proposed=proposed, source=source)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_atomically(path, page.encode())


def render_fit_report(fit: Fit, *, proposed: str = "", source: Path | None = None) -> str:
    """Return the report as HTML text; every text is escaped.

    Parameters
    ----------
    fit, proposed, source
        As :func:`write_fit_report` takes them.
    """
    file, sample = fit.file, fit.sample
    facts = {
        "progenitor": progenitor.__version__,
        "seed": str(file.seed),
        "catalogue": fit.catalogue_hash,
        "model": fit.model_hash,
    }
    if source is not None:
        facts["fit file"] = source.name
        facts["SHA-256 of the fit file"] = hashlib.sha256(source.read_bytes()).hexdigest()
    fitted = [row for row in fit.rows if row.fitted]
    return render_page(
        "fit.html.j2",
        title=file.title,
        headline=fit_headline(fit),
        fit=fit,
        draws=len(sample.weight),
        effective=f"{sample.effective:.0f}",
        largest=f"{100.0 * float(sample.weight.max()):.1f}",
        fitted=len(fitted),
        beside=len(fit.rows) - len(fitted),
        proposed=proposed,
        figures=drawings(lambda: _charts(fit)),
        tables={"numbers": tables.fitted_numbers_table(fit), "rows": tables.fit_table(fit.rows)},
        facts=facts,
    )


def _charts(fit: Fit) -> dict[str, Chart]:
    return {
        "numbers": figures.prior_posterior(fit.numbers),
        "ratios": figures.reproduction_ratios([_ratio(row) for row in fit.rows]),
    }


def _ratio(row: FitRow) -> ReproductionRow:
    """Return a row as the figure of ratios takes it."""
    target = row.target
    title = target.title if row.fitted else f"{target.title} ({row.stands})"
    return ReproductionRow(
        *(target.parameter_id, title, target.unit, target.value, target.low, target.high),
        *(target.interval, row.ours[1] if math.isfinite(row.ours[1]) else math.nan),
        *("", "", target.note),
    )
