"""A forecast in words and as plain data."""

from typing import Any

from progenitor.evidence import Catalogue, Ledger, LedgerRow, cite
from progenitor.programme._forecast import Belief, Forecast, PhaseSummary

__all__ = ["forecast_text", "plain_forecast"]


def plain_forecast(found: Forecast, catalogue: Catalogue) -> dict[str, Any]:
    """Write a forecast as plain data for JSON.

    Parameters
    ----------
    found
        The forecast.
    catalogue
        The one it was made with.
    """
    return {
        "programme": found.programme,
        "title": found.title,
        "question": found.question,
        "as_of": found.as_of.isoformat(),
        "deadline": found.deadline.isoformat(),
        "base_rate": _plain(found.base_rate),
        "base_rates": {name: _plain(belief) for name, belief in found.base_rates.items()},
        "model": _plain(found.model),
        "blend": {"probability": found.blend, "weight_of_model": found.weight_of_model},
        "by_date": [{"date": day.isoformat()} | _plain(belief) for day, belief in found.by_date],
        "candidates": {name: _plain(belief) for name, belief in found.candidates.items()},
        "phases": [
            {
                "phase": phase.name,
                "success": _plain(phase.success),
                "duration_years": phase.duration,
                "duration_low": phase.duration_low,
                "duration_high": phase.duration_high,
            }
            for phase in found.phases
        ],
        "simulated": dict(found.simulated),
        "leverage": [{"record": name, "share": share} for name, share in found.leverage],
        "records": [
            {
                "id": row.id,
                "title": row.title,
                "state": row.state,
                "trust": row.trust,
                "used": _used(row, found),
                "source": row.citation,
            }
            for row in Ledger.of(catalogue, found.records).rows
        ],
        "assumed": list(found.assumed),
        "references": cite(catalogue, found.records),
        "simulation": {
            "seed": found.seed,
            "draws": found.draws,
            "replicates": found.replicates,
            "catalogue": catalogue.content_hash,
        },
    }


def forecast_text(found: Forecast, catalogue: Catalogue) -> str:
    """Write a forecast as a page of Markdown.

    The base rate, the model's answer and the blend stand apart; then what went in, what would
    change the answer most, and every number with its source or the words that it has none.

    Parameters
    ----------
    found
        The forecast.
    catalogue
        The one it was made with.
    """
    rows = Ledger.of(catalogue, found.records).rows
    parts = [
        f"# {found.title}",
        f"As known on {found.as_of}; asked by {found.deadline}.",
        "## The answer",
        _table(
            ("", "probability", "5 % to 95 % of what is believed"),
            [
                ("base rate", *_cells(found.base_rate)),
                ("model", *_cells(found.model)),
                ("blend", _percent(found.blend), "–"),
            ],
        ),
        _answer_words(found, catalogue),
        "## By date, model",
        _table(
            ("by", "probability", "range"),
            [(str(day), *_cells(belief)) for day, belief in found.by_date],
        ),
        "## What went in",
        _table(
            ("phase", "success", "range", "median years", "range"),
            [_phase_cells(phase) for phase in found.phases],
        ),
        *(f"{name}: {words}." for name, words in found.simulated.items()),
        _table(
            ("candidate", "probability in time", "range"),
            [(name, *_cells(belief)) for name, belief in found.candidates.items()],
        ),
        "## What evidence would change the answer most",
        _table(
            ("record", "share of the variance between draws"),
            [(f"`{name}`", _percent(share)) for name, share in found.leverage[:8]],
        ),
        "## Every number",
        _assumed_words(found, len(rows)),
        _table(
            ("number", "used", "state", "source"),
            [(f"{r.title} (`{r.id}`)", _used(r, found), r.state, r.citation) for r in rows],
        ),
        _simulation_words(found, catalogue),
    ]
    return "\n\n".join(parts) + "\n"


def _cells(belief: Belief) -> tuple[str, str]:
    return _percent(belief.probability), _range(belief)


def _phase_cells(phase: PhaseSummary) -> tuple[str, ...]:
    if phase.duration == 0.0:
        return phase.name, *_cells(phase.success), "–", "–"
    spread = f"{phase.duration_low:.1f} to {phase.duration_high:.1f}"
    return phase.name, *_cells(phase.success), f"{phase.duration:.1f}", spread


def _answer_words(found: Forecast, catalogue: Catalogue) -> str:
    classes = "; ".join(
        f"{catalogue.parameter(name).title}: {_percent(belief.probability)} in time"
        for name, belief in found.base_rates.items()
    )
    return (
        f"The base rate is what became of programmes of the same kind, for one programme "
        f"({classes}). The model sends the named programmes, and an assumed number of others, "
        "through their phases, with part of their luck in common. The blend pools both in log odds "
        f"with weight {found.weight_of_model:g} on the model: a convention, not a finding."
    )


def _used(row: LedgerRow, found: Forecast) -> str:
    """Say what was drawn from: the record's distribution, or what it reports as data."""
    if row.id in found.observed:
        return f"{row.reported}: as data, Jeffreys posterior"
    return row.used


def _assumed_words(found: Forecast, count: int) -> str:
    return (
        f"{len(found.assumed)} of {count} numbers have no published source; they are assumed "
        "priors, wide on purpose, and marked so."
    )


def _simulation_words(found: Forecast, catalogue: Catalogue) -> str:
    return (
        f"Seed {found.seed}, {found.draws} draws of {found.replicates} worlds, catalogue "
        f"{catalogue.content_hash}. Monte Carlo standard error of the model's answer "
        f"{100.0 * found.model.standard_error:.2f} points. Research use only."
    )


def _plain(belief: Belief) -> dict[str, float]:
    return {
        "probability": belief.probability,
        "low": belief.low,
        "high": belief.high,
        "standard_error": belief.standard_error,
    }


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f} %"


def _range(belief: Belief) -> str:
    return f"{_percent(belief.low)} to {_percent(belief.high)}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
