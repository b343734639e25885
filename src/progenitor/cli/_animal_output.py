"""What `progenitor run` prints of a planned mouse study: for people, and for machines."""

from typing import Any

import typer

__all__ = ["plain_animal_trial", "show_animal_trial"]


def plain_animal_trial(found: Any) -> dict[str, Any] | None:
    """Arrange a planned mouse study for machines; the keys are promised.

    Parameters
    ----------
    found
        What the experiment holds of it; None where it plans none.
    """
    if found is None:
        return None
    return {
        "title": found.title,
        "control": found.control,
        "plan": dict(found.plan),
        "studies": found.studies,
        "arms": {
            name: {
                "growth_difference_per_day": _share(arm.effect),
                "power_batches": _share(arm.batches),
                "power_mixed_model": _share(arm.mixed),
                "claimed_mice": _share(arm.mice),
                "power_log_rank": _share(arm.log_rank),
                "hazard_ratio": _share(arm.hazard_ratio),
                "power_batches_by_draw": arm.per_draw.tolist(),
                "share_of_doubt": arm.between,
            }
            for name, arm in found.arms.items()
        },
        "type_i_error": [
            {
                "truth": one.words,
                "batches": _share(one.batches),
                "mice": _share(one.mice),
                "log_rank": _share(one.log_rank),
            }
            for one in found.equal
        ],
        "coverage": {"batches": _share(found.cover_batches), "mice": _share(found.cover_mice)},
        "sizes": [
            {
                "donors": size.donors,
                "per_donor": size.per_donor,
                "mice": size.total,
                "power_batches": {name: one.value for name, one in size.batches.items()},
                "claimed_mice": {name: one.value for name, one in size.mice.items()},
            }
            for size in found.sizes
        ],
        "imbalance": {"blocked": found.imbalance_blocked, "simple": found.imbalance_simple},
        "study_drawn": found.example.study + 1,
    }


def show_animal_trial(found: Any) -> None:
    """Print power by arm, and how often arms that are equal are found different.

    Parameters
    ----------
    found
        The planned study.
    """
    from progenitor.cli._output import paragraph, percent, table

    typer.echo("")
    paragraph(f"{found.title}: {found.studies:,} studies conducted (± Monte Carlo error)")
    heads = ["slower than control", "batches", "mixed model", "mice claim", "log-rank"]
    rows = [
        [arm.title, *(_percent(one) for one in (arm.batches, arm.mixed, arm.mice, arm.log_rank))]
        for arm in found.arms.values()
    ]
    table(heads, rows)
    typer.echo("")
    rows = [
        [one.words, *(_percent(each) for each in (one.batches, one.mice, one.log_rank))]
        for one in found.equal
    ]
    table(["type I error", "batches", "mice", "log-rank"], rows)
    cover = percent(found.cover_batches.value), percent(found.cover_mice.value)
    paragraph(f"Joint limits hold the truth in {cover[0]} (batches) and {cover[1]} (mice).")


def _share(one: Any) -> dict[str, float]:
    return {"value": one.value, "low": one.low, "high": one.high, "mcse": one.mcse}


def _percent(one: Any) -> str:
    return f"{100 * one.value:.1f} ± {100 * one.mcse:.1f} %"
