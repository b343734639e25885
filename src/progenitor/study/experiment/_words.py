"""Arms and readouts in words, for tables and captions."""

from collections.abc import Iterable, Mapping
from typing import Final

from progenitor.evidence import Catalogue
from progenitor.study.experiment._amount import times_of
from progenitor.study.experiment._condition import NOTHING, Condition
from progenitor.study.experiment._file import ExperimentFile, Readout
from progenitor.study.experiment._plain_numbers import dose_text
from progenitor.study.experiment.results import ArmWords

__all__ = ["arm_words", "days_words", "name_words", "readout_words", "small_start"]

_SHOWN = 6
_NAMES: Final = {
    "gmp": "GMP",
    "tscm": "Tscm",
    "tcm": "Tcm",
    "teff": "Teff",
    "tex": "Tex",
    "hsc": "HSC",
    "naive": "naive T cells",
    "macrophage": "macrophages",
    "car": "CAR",
    "mhc_mismatch": "MHC mismatch",
    "tcr_edited": "TRAC edited",
    "b2m_edited": "B2M edited",
    "cd52_edited": "CD52 edited",
    "hla_selected": "HLA carriers only",
    "checkpoint_knockout": "share without PD-1",
    "off_tumour_antigen": "antigen on healthy tissue that the receptor sees",
    "host_oxidase": "competent share of the host's own neutrophils",
}
"""What readers call substances and inputs whose symbols do not say it."""


def name_words(name: str) -> str:
    """Return what a reader calls a substance or an input.

    Examples
    --------
    >>> name_words("gmp"), name_words("checkpoint_inhibitor")
    ('GMP', 'checkpoint inhibitor')
    """
    return _NAMES.get(name, name.replace("_", " "))


def days_words(days: Iterable[float]) -> str:
    """Write days as people do.

    Examples
    --------
    >>> days_words([0.0]), days_words([-5.0, -4.0]), days_words(range(0, 70, 7))
    ('day 0', 'days −5 and −4', '10 times, day 0 to 63')
    """
    listed = [f"{day:g}".replace("-", "−") for day in sorted(days)]
    if not listed:
        return "never"
    if len(listed) > _SHOWN:
        return f"{len(listed)} times, day {listed[0]} to {listed[-1]}"
    if len(listed) == 1:
        return f"day {listed[0]}"
    return f"days {', '.join(listed[:-1])} and {listed[-1]}"


def arm_words(
    catalogue: Catalogue, file: ExperimentFile, name: str, condition: Condition
) -> ArmWords:
    """Describe an arm.

    Parameters
    ----------
    catalogue, file
        Where its parts are named.
    name, condition
        The arm, as written and resolved.
    """
    arm, every = file.arms[name], file.every_arm
    chassis = "no cells"
    if arm.chassis != NOTHING:
        chassis = str(catalogue.entry("chassis", arm.chassis).data.get("title", arm.chassis))
    given = tuple(
        f"{name_words(what)} {dose_text(one.dose)}, {days_words(one.on or arm.on)}"
        for what, one in arm.given.items()
    )
    numbers = {**every.numbers, **arm.numbers}
    changes = [f"{name_words(what)}: {dose_text(text)}" for what, text in arm.set.items()]
    changes += [f"what if {_what_if(catalogue, what, text)}" for what, text in numbers.items()]
    changes += [
        f"{what.replace('_', ' ')} → {other.replace('_', ' ')}"
        for what, other in {**every.alternatives, **arm.alternatives}.items()
        if other in condition.body.mechanisms
    ]
    conditioning = days_words(condition.conditioning) if condition.conditioning else "none"
    return ArmWords(chassis, given, conditioning, tuple(changes))


def readout_words(file: ExperimentFile, readout: Readout) -> str:
    """Say what a readout is of each subject, and what is reported of an arm.

    Parameters
    ----------
    file, readout
        The readout and its experiment.
    """
    since = 0.0 if readout.since is None else readout.since
    until = file.looks.until if readout.until is None else readout.until
    window = f"day {since:g} to {until:g}"
    level = dose_text(str(readout.above if readout.above is not None else readout.below or 0))
    beyond = f"at or {'above' if readout.above is not None else 'below'} {level}"
    words = {
        "value_at": f"{readout.summary}, day {_day(readout.at)}",
        "area": f"{readout.summary} area under the course, {window}",
        "maximum": f"{readout.summary} of the highest, {window}",
        "lowest": f"{readout.summary} of the lowest, {window}",
        "time_of": f"{readout.summary} day of the highest, {window}",
        "event": f"share of subjects {beyond} by day {until:g}",
        "chance_event": f"share of subjects by day {until:g}",
        "share": f"share of subjects {beyond} on day {_day(readout.at)}",
        "fold_change": f"{readout.summary}, day {since:g} to {_day(readout.at)}",
    }
    said = words[readout.kind].replace("-", "−")
    if file.ends and readout.kind in {"value_at", "fold_change"}:
        return f"{said}, of those still followed"
    if file.ends and readout.kind == "share":
        counted = readout.after_end == "counts_as_no"
        return f"{said}, of all subjects" if counted else f"{said}, of those still followed"
    return said


def small_start(title: str) -> str:
    """Begin a title small inside a sentence, unless its first word is an abbreviation.

    Examples
    --------
    >>> small_start("Tumour on day 28"), small_start("UCART19 on day 28"), small_start("T cells")
    ('tumour on day 28', 'UCART19 on day 28', 'T cells')
    """
    word = title.split(maxsplit=1)[0] if title.split() else ""
    kept = any(letter.isupper() for letter in word[1:]) or (len(word) == 1 and word != "A")
    return title if kept else title[:1].lower() + title[1:]


def _day(day: float | None) -> str:
    return "–" if day is None else f"{day:g}"


def _what_if(catalogue: Catalogue, name: str, text: str) -> str:
    titles: Mapping[str, str] = {
        address: record.title for address, record in catalogue.parameters.items()
    }
    title = titles.get(name, name)
    factor = times_of(text)
    return (
        f"{title} were {dose_text(text)}"
        if factor is None
        else f"{title} were {factor:g} times as large"
    )
