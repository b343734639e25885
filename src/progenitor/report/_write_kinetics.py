"""Writes the HTML report of a kinetics analysis."""

import hashlib
from pathlib import Path

import progenitor
from progenitor.kinetics import Kinetics, plain_rules
from progenitor.report import figures, tables
from progenitor.report._kinetics_words import kinetics_headline, kinetics_weaknesses
from progenitor.report._page import drawings, render_page
from progenitor.report.figures._style import Chart

__all__ = ["render_kinetics_report", "write_kinetics_report"]

_OPEN = 40
"""Patients up to whom the table of all patients stands open."""


def write_kinetics_report(
    found: Kinetics,
    path: Path,
    *,
    title: str = "",
    source: Path | None = None,
    notes: tuple[str, ...] = (),
) -> Path:
    """Write the report of a kinetics analysis as one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    found
        An analysis.
    path
        Where to write; an existing file is replaced, whole or not at all.
    title
        Head of the page; by default the name of the source.
    source
        The table that was analysed; its name and SHA-256 are printed.
    notes
        What was made of the table's records.

    Returns
    -------
    Path
        ``path``.
    """
    from progenitor.study._durable import write_atomically

    page = render_kinetics_report(found, title=title, source=source, notes=notes)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_atomically(path, page.encode())


def render_kinetics_report(
    found: Kinetics,
    *,
    title: str = "",
    source: Path | None = None,
    notes: tuple[str, ...] = (),
) -> str:
    """Return the report as HTML text; every text is escaped.

    Parameters
    ----------
    found, title, source, notes
        As :func:`write_kinetics_report` takes them.
    """
    profiles = found.profiles
    facts = {"progenitor": progenitor.__version__}
    if source is not None:
        facts["table"] = source.name
        facts["SHA-256 of the table"] = hashlib.sha256(source.read_bytes()).hexdigest()
    return render_page(
        "kinetics.html.j2",
        title=title or (source.name if source is not None else "Cellular kinetics"),
        headline=kinetics_headline(found),
        weaknesses=kinetics_weaknesses(found, notes),
        patients=len(profiles.patients),
        samples=int(profiles.taken.sum()),
        below=int(profiles.below.sum()),
        quantifiable=int(profiles.found.any(axis=1).sum()),
        two_phases=int(found.phases.two.sum()),
        open_patients=len(profiles.patients) <= _OPEN,
        rules=plain_rules(found),
        choices=_choices(found),
        figures=drawings(lambda: _charts(found)),
        tables={
            "metrics": tables.metric_table(found),
            "shares": tables.share_table(found),
            "patients": tables.patient_table(found),
            "definitions": tables.definition_table(found),
        },
        facts=facts,
    )


def _choices(found: Kinetics) -> list[tuple[str, str]]:
    """Return the choices of the analysis as they are printed."""
    rules = found.rules
    partial = ", ".join(f"day {first:g} to {last:g}" for first, last in rules.partial)
    return [
        ("Below the limit", rules.blq.name),
        ("Trapezoids", rules.area),
        ("Areas", ", ".join(filter(None, (f"day 0 to {rules.auc_end:g}", partial)))),
        ("Without a sample on day 0", rules.start),
        ("First of two phases", rules.contraction),
        ("Persistence on day", ", ".join(f"{day:g}" for day in rules.days) or "none"),
    ]


def _charts(found: Kinetics) -> dict[str, Chart]:
    return {
        "levels": figures.individual_levels(found.profiles),
        "phases": figures.phase_fits(found),
        "spread": figures.metric_spread(found),
    }
