"""Writes the HTML report of a gated sample."""

import hashlib
from pathlib import Path

import progenitor
from progenitor.assay import TscmGating, interval_draws, plain_gating
from progenitor.report import figures
from progenitor.report._page import drawings, render_page

__all__ = ["render_flow_report", "write_flow_report"]


def write_flow_report(
    found: TscmGating, path: Path, *, source: Path | None = None, level: float = 0.95
) -> Path:
    """Write the report of a gated sample as one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    found
        From :func:`progenitor.assay.gate_tscm`.
    path
        Where to write; an existing file is replaced, whole or not at all.
    source
        The sample; its name and SHA-256 are printed.
    level
        Probability of the intervals.

    Returns
    -------
    Path
        ``path``.
    """
    from progenitor.study._durable import write_atomically

    page = render_flow_report(found, source=source, level=level)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_atomically(path, page.encode())


def render_flow_report(
    found: TscmGating, *, source: Path | None = None, level: float = 0.95
) -> str:
    """Return the report as HTML text; every text is escaped.

    Parameters
    ----------
    found, source, level
        As :func:`write_flow_report` takes them.
    """
    ends = found.composition.intervals(interval_draws(), level)
    plain = plain_gating(found, level=level)
    facts = {"progenitor": progenitor.__version__}
    if source is not None:
        facts["sample"] = source.name
        facts["SHA-256 of the sample"] = hashlib.sha256(source.read_bytes()).hexdigest()
    stem = plain["composition"]["tscm"]
    headline = (
        f"{100 * stem['share']:.1f} % of T cells are stem memory "
        f"({100 * level:g} % interval {100 * stem['low']:.1f} to {100 * stem['high']:.1f} %)."
    )
    return render_page(
        "flow.html.j2",
        title=source.name if source is not None else "Flow cytometry",
        headline=headline,
        level=f"{100 * level:g} %",
        notes=list(found.notes),
        populations=plain["populations"],
        gates=plain["gates"],
        composition=plain["composition"],
        doubt=plain["doubt"],
        helper=plain["helper"],
        t_cells=plain["t_cells"],
        figures=drawings(
            lambda: {
                "gates": figures.memory_gates(found),
                "shares": figures.memory_shares(found, ends),
            }
        ),
        facts=facts,
    )
