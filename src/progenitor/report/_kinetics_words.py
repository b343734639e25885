"""What a kinetics analysis says first, and what is weak about it, in words."""

from collections.abc import Iterator

import numpy as np

from progenitor.kinetics import Kinetics, Reason, summarise_metric
from progenitor.report._numbers import count_text, number_text, unit_text

__all__ = ["kinetics_headline", "kinetics_weaknesses"]

_GENERAL = (Reason.NOT_SAMPLED, Reason.NEVER_QUANTIFIABLE)
_LATER = 90.0
"""Persistence in the headline is that of the asked day nearest to this one."""


def kinetics_headline(found: Kinetics) -> str:
    """Return the answer in one or two sentences."""
    metrics, unit = found.metrics, unit_text(found.profiles.unit)
    peak = summarise_metric(metrics["cmax"])
    if not peak.count:
        return "No level was quantifiable in any patient."
    height = f"{number_text(peak.geometric_mean)} {unit}".rstrip()
    spread = number_text(100.0 * peak.geometric_cv)
    day = number_text(summarise_metric(metrics["tmax"]).median, digits=2)
    text = f"Levels peak at {height} (geometric mean of {count_text(peak.count)} patients, CV "
    text += f"{spread} %) on day {day} (median)"
    halves = []
    for name, words in (
        ("contraction_half_life", "then halve every"),
        ("persistence_half_life", "and, where a second phase is seen, every"),
    ):
        summary = summarise_metric(metrics[name])
        if summary.count:
            days = number_text(summary.median, digits=2)
            halves.append(
                f"{words} {days} days (median, n\u00a0=\u00a0{count_text(summary.count)})"
            )
    text += f", {' '.join(halves)}" if halves else ""
    return f"{text}.{_persistence(found)}"


def _persistence(found: Kinetics) -> str:
    days = sorted(found.rules.days, key=lambda day: abs(day - _LATER))
    for day in days:
        summary = summarise_metric(found.metrics[f"persistent_{day:g}"])
        if summary.count:
            share = f"{100.0 * summary.mean:.0f} %"
            return (
                f" On day {day:g} cells are quantifiable in {share} of the "
                f"{count_text(summary.count)} patients followed that long."
            )
    return ""


def kinetics_weaknesses(found: Kinetics, notes: tuple[str, ...]) -> list[str]:
    """Return what a reader should know before leaning on the metrics, worst first."""
    return [
        *_missing(found),
        *_samples(found),
        *(f"{note[0].upper()}{note[1:]}." for note in notes),
    ]


def _missing(found: Kinetics) -> Iterator[str]:
    total = count_text(len(found.profiles.patients))
    peak = summarise_metric(found.metrics["cmax"])
    for reason in _GENERAL:
        if count := peak.missing.get(reason, 0):
            yield f"{count_text(count)} of {total} patients: {reason.words}; they have no metric."
    for metric in found.metrics.values():
        own = {why: n for why, n in summarise_metric(metric).missing.items() if why not in _GENERAL}
        if own:
            words = ", ".join(f"{count_text(n)} {why.words}" for why, n in own.items())
            yield f"{metric.title}: none for {count_text(sum(own.values()))} ({words})."


def _samples(found: Kinetics) -> Iterator[str]:
    profiles = found.profiles
    total = count_text(len(profiles.patients))
    if count := int(found.assumed_start.sum()):
        yield (
            f"{count_text(count)} of {total} patients have no level on day 0: their areas begin "
            "with a straight line from 0 there."
        )
    taken, below = int(profiles.taken.sum()), int(profiles.below.sum())
    if below:
        yield (
            f"{count_text(below)} of {count_text(taken)} samples ({100.0 * below / taken:.0f} %) "
            f"are below the limit; areas take them as {found.rules.blq.words}."
        )
    late = int(np.nansum(found.metrics["quantifiable_at_end"].values))
    if late:
        yield (
            f"{count_text(late)} of {total} patients were quantifiable at their last sample: their "
            "Tlast is a lower bound."
        )
