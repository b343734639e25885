"""What each metric is called, what it measures and how it is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from progenitor.kinetics._rules import KineticsRules

__all__ = ["Definition", "definitions"]


@final
@dataclass(frozen=True, slots=True)
class Definition:
    """A metric in words.

    Parameters
    ----------
    title
        As a table prints it.
    kind
        ``level``, ``day``, ``area`` (level times day), ``ratio``, or ``share`` for yes and no.
    text
        How it is found, in a sentence.
    """

    title: str
    kind: str
    text: str

    def unit(self, level: str) -> str:
        """Return the unit of the metric where levels have this one."""
        area = "day" if level == "1" else f"{level}*day"
        return {"level": level, "day": "day", "area": area}.get(self.kind, "1")


_ALWAYS: Final[Mapping[str, Definition]] = {
    "cmax": Definition("Cmax", "level", "highest quantifiable level"),
    "tmax": Definition("Tmax", "day", "first day of the highest level"),
    "clast": Definition("Clast", "level", "last quantifiable level"),
    "tlast": Definition(
        "Tlast", "day", "day of the last quantifiable level, whatever happened in between"
    ),
    "quantifiable_at_end": Definition(
        "Quantifiable at the last sample",
        "share",
        "whether the last sample was quantifiable, so that Tlast is a lower bound",
    ),
    "doubling_time": Definition(
        "Doubling time",
        "day",
        "ln 2 over the log-linear slope from the lowest quantifiable level before the peak to it",
    ),
    "fold_expansion": Definition(
        "Fold expansion", "ratio", "peak over the lowest quantifiable level before it"
    ),
    "fold_from_dose": Definition(
        "Fold expansion from the dose", "ratio", "peak over the level the dose alone would make"
    ),
    "contraction_half_life": Definition(
        "Contraction half-life",
        "day",
        "ln 2 over the log-linear slope of the first or only phase after the peak",
    ),
    "persistence_half_life": Definition(
        "Persistence half-life",
        "day",
        "ln 2 over the log-linear slope of the second phase after the peak",
    ),
    "phase_change": Definition(
        "Change of phase", "day", "day on which the lines of both phases meet"
    ),
    "terminal_half_life": Definition(
        "Terminal half-life",
        "day",
        "ln 2 over the slope of the last samples after the peak, as many as give the best "
        "adjusted R²",
    ),
    "time_below_limit": Definition(
        "Time below the limit",
        "day",
        "days below the limit of quantification between the first and the last sample",
    ),
}


def definitions(rules: KineticsRules) -> dict[str, Definition]:
    """Return every metric that these rules ask for, by name.

    Parameters
    ----------
    rules
        Choices of an analysis.

    Examples
    --------
    >>> found = definitions(KineticsRules(auc_end=90.0, days=(180.0,)))
    >>> found["auc_0_90"].title, found["auc_0_90"].unit("copy/ug"), "persistent_180" in found
    ('AUC day 0 to 90', 'copy/ug*day', True)
    """
    how = {
        "linear": "straight trapezoids",
        "log-down": "trapezoids, straight up and logarithmic down",
    }[rules.area]
    how += f"; samples below the limit: {rules.blq.words}"
    found = dict(_ALWAYS)
    if rules.contraction == "stripped":
        plain = found["contraction_half_life"]
        text = f"{plain.text}, less what the second phase explains"
        found["contraction_half_life"] = Definition(plain.title, plain.kind, text)
    for first, last in ((0.0, rules.auc_end), *rules.partial):
        title = f"AUC day {first:g} to {last:g}"
        found[f"auc_{first:g}_{last:g}"] = Definition(title, "area", how)
    found["auc_0_last"] = Definition("AUC day 0 to Tlast", "area", how)
    for day in rules.days:
        found[f"persistent_{day:g}"] = Definition(
            f"Quantifiable on day {day:g}",
            "share",
            "whether the level on that day is at or above the limit: straight between samples, "
            "0 for samples below it",
        )
    return found
