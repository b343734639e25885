"""What `boin`, `keyboard` and `mtpi` answer: boundaries, a dose for data, and simulated trials."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import typer

from progenitor.cli.designs._dose_options import next_dose_answer, show_characteristics
from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.trial import (
        AbstractDoseFinding,
        Boin,
        DoseCharacteristics,
        DoseState,
        DoseTrials,
        Keyboard,
        Mtpi,
    )

__all__ = [
    "DoseData",
    "Simulation",
    "dose_answer",
    "interval_answer",
    "protocol_text",
    "show_answer",
]


@final
@dataclass(frozen=True, slots=True)
class DoseData:
    """Lists of the command line about patients by dose; empty: not given."""

    npts: str = ""
    ntox: str = ""
    current: int | None = None
    eliminated: str = ""

    def state(self, lists: OptionLists) -> "DoseState | None":
        """Build the state of one trial; None where no data were given or they cannot be."""
        from progenitor.trial import DoseState

        if not self.npts and not self.ntox and self.current is None:
            return None
        treated, toxic = lists.whole("--npts", self.npts), lists.whole("--ntox", self.ntox)
        closed = lists.flags("--eliminated", self.eliminated)
        if not self.npts:
            lists.add("--npts", "no patients are given", "write --npts 3,6 --ntox 0,1")
        given = {"eliminated": closed} if self.eliminated else {}
        lists.same_length(npts=treated, ntox=toxic, **given)
        if not lists.good("--npts", "--ntox", "--eliminated"):
            return None
        level = None if self.current is None else self.current - 1
        return lists.attempt(
            lambda: DoseState.from_counts(treated, toxic, level=level, eliminated=closed or None)
        )


@final
@dataclass(frozen=True, slots=True)
class Simulation:
    """What the command line says about simulated trials; without ``p`` there are none.

    ``size`` is the option that says how many patients a trial has.
    """

    p: str
    n: int
    cohort: int
    trials: int
    seed: int
    start: int = 1
    titration: bool = False
    size: str = "--n"

    def rates(self, lists: OptionLists) -> tuple[float, ...]:
        """Read the true rates and note sizes that make no sense."""
        rates = lists.numbers("--p", self.p)
        if any(not 0.0 <= rate <= 1.0 for rate in rates):
            lists.add("--p", f"'{self.p}' are not all rates", "write rates from 0 to 1")
        for option, value in (
            (self.size, self.n),
            ("--cohort", self.cohort),
            ("--trials", self.trials),
        ):
            if value < 1:
                lists.add(option, f"{value} is less than 1", "give at least 1")
        if rates and not 1 <= self.start <= len(rates):
            lists.add("--start", f"{self.start} is not among {len(rates)} doses", "give 1 or more")
        return rates

    def run(
        self, design: "AbstractDoseFinding", rates: Sequence[float]
    ) -> "DoseCharacteristics | None":
        """Conduct the trials and average them; None where no rates were given."""
        from progenitor.trial import dose_characteristics

        return dose_characteristics(self.conduct(design, rates)) if rates else None

    def conduct(self, design: "AbstractDoseFinding", rates: Sequence[float]) -> "DoseTrials":
        """Conduct the trials."""
        from progenitor.trial import conduct_dose_finding, toxicity_outcomes

        outcomes = toxicity_outcomes(rates, patients=self.n, replicates=self.trials, seed=self.seed)
        return conduct_dose_finding(
            design, outcomes, cohort=self.cohort, start=self.start - 1, titration=self.titration
        )


def dose_answer(
    design: "AbstractDoseFinding",
    state: "DoseState | None",
    found: "DoseCharacteristics | None",
    rates: Sequence[float],
) -> dict[str, Any]:
    """Answer for data and simulated trials, where they were given."""
    content: dict[str, Any] = {}
    if state is not None:
        mtd = int(design.select(state)[0])
        content |= {"mtd": mtd + 1 if mtd >= 0 else None, **next_dose_answer(design, state)}
    if found is not None:
        content["operating_characteristics"] = {"p_true": list(rates), **found.plain()}
    return content


def interval_answer(
    make: Callable[[], "Boin | Keyboard | Mtpi"],
    data: DoseData,
    simulation: Simulation,
    *,
    as_json: bool,
) -> None:
    """Print boundaries, and answers for data and simulated trials where they were given."""
    from progenitor.cli._output import write_json

    lists = OptionLists()
    design = lists.attempt(make)
    rates = simulation.rates(lists)
    state = data.state(lists)
    lists.done()
    found = simulation.run(design, rates)
    rows = design.boundaries(simulation.n)
    if as_json:
        content = {"design": design.name, **design.numbers, "cohort": simulation.cohort}
        content |= {"boundaries": rows, **dose_answer(design, state, found, rates)}
        text = protocol_text(design, simulation.n, simulation.cohort)
        write_json(content | {"protocol": text})
        return
    shown = [row for row in rows if row["n"] and row["n"] % simulation.cohort == 0]
    _show_boundaries(shown or rows)
    show_answer(design, dose_answer(design, state, None, rates), found, rates)


def protocol_text(design: "AbstractDoseFinding", n: int, cohort: int) -> str:
    """Write the protocol paragraph: size and cohorts, then the design."""
    people = "one by one" if cohort == 1 else f"in cohorts of {cohort}"
    return f"Up to {n} patients are treated {people}. {design.description}"


def show_answer(
    design: "AbstractDoseFinding",
    content: dict[str, Any],
    found: "DoseCharacteristics | None",
    rates: Sequence[float],
) -> None:
    """Print the answer for data and simulated trials, then the protocol paragraph."""
    from progenitor.cli._output import paragraph

    if "label" in content:
        mtd = "no dose" if content["mtd"] is None else f"dose {content['mtd']}"
        typer.echo("")
        paragraph(f"Next: {content['message']}")
        paragraph(f"Selected if the trial ended now: {mtd}.")
    if found is not None:
        typer.echo("")
        show_characteristics(found, rates)
    typer.echo("")
    paragraph(design.description)


def _show_boundaries(rows: Sequence[dict[str, int | None]]) -> None:
    from progenitor.cli._output import table

    names = ("n", "escalate_if_le", "deescalate_if_ge", "eliminate_if_ge", "stop_lowest_if_ge")
    head = ["patients", "escalate if ≤", "de-escalate if ≥", "close if ≥", "stop at dose 1 if ≥"]
    table(head, [["–" if row[name] is None else str(row[name]) for name in names] for row in rows])
