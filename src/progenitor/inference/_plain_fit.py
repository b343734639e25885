"""A fit as plain data, and what it says first in words."""

from collections.abc import Sequence
from typing import Any

from progenitor.inference._fit import Fit, FitRow, FittedNumber

__all__ = ["fit_headline", "plain_fit", "plain_fit_rows"]


def fit_headline(fit: Fit) -> str:
    """Return the answer in two sentences.

    Parameters
    ----------
    fit
        A finished fit.
    """
    fitted = [row for row in fit.rows if row.fitted]
    near = sum(0.8 <= row.ratio <= 1.25 for row in fitted)
    moved = max(fit.numbers, key=lambda one: one.shrinkage)
    return (
        f"{near} of {len(fitted)} published numbers are met within 0.8 to 1.25 after the fit, "
        f"which rests on {fit.sample.effective:.0f} effective draws of {len(fit.sample.weight)}. "
        f"The data say most about {moved.number.record.title[0].lower()}"
        f"{moved.number.record.title[1:]} ({100 * max(moved.shrinkage, 0.0):.0f} % of the prior "
        "variance removed)."
    )


def plain_fit(fit: Fit, proposed: str) -> dict[str, Any]:
    """Return a fit as plain data for JSON.

    Parameters
    ----------
    fit
        A finished fit.
    proposed
        What it proposes.
    """
    file, sample = fit.file, fit.sample
    return {
        "fit": file.name,
        "title": file.title,
        "body": file.body_name,
        "seed": file.seed,
        "catalogue": fit.catalogue_hash,
        "model": fit.model_hash,
        "draws": len(sample.weight),
        "rounds": file.sampling.rounds,
        "patients_per_draw": file.sampling.patients,
        "effective_sample_size": sample.effective,
        "largest_weight": float(sample.weight.max()),
        "failed": sample.failed,
        "headline": fit_headline(fit),
        "weaknesses": list(fit.weaknesses),
        "numbers": [_number(one) for one in fit.numbers],
        "rows": plain_fit_rows(fit.rows),
        "proposal": proposed,
    }


def plain_fit_rows(rows: Sequence[FitRow]) -> list[dict[str, Any]]:
    """Return published numbers beside ours as plain data.

    Parameters
    ----------
    rows
        Of a fit or a prediction.
    """
    return [
        {
            "id": row.target.parameter_id,
            "title": row.target.title,
            "role": row.target.role,
            "stands": row.stands,
            "read": row.target.question.read,
            "unit": row.target.unit,
            "published": row.target.value,
            "published_low": row.target.low,
            "published_high": row.target.high,
            "interval": row.target.interval,
            "count": row.target.count,
            "prior": list(row.prior),
            "ours": list(row.ours),
            "ratio": row.ratio,
            "patients": list(row.patients),
            "inside": row.inside,
            "note": row.target.note,
        }
        for row in rows
    ]


def _number(one: FittedNumber) -> dict[str, Any]:
    record = one.number.record
    return {
        "id": record.id,
        "title": record.title,
        "unit": record.unit,
        "prior": list(one.prior),
        "posterior": list(one.posterior),
        "shift": one.shift,
        "shrinkage": one.shrinkage,
    }
