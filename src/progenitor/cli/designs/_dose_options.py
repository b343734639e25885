"""Options and answers that the commands of dose-finding designs share."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from progenitor.trial import AbstractDoseFinding, DoseCharacteristics, DoseDecision, DoseState

__all__ = [
    "Cohort",
    "Current",
    "Cutoff",
    "EarlyStop",
    "Eliminated",
    "ExtraSafe",
    "Largest",
    "Npts",
    "Ntox",
    "Offset",
    "PSaf",
    "PTox",
    "Probabilities",
    "Start",
    "Target",
    "Titration",
    "TrialSeed",
    "Trials",
    "next_dose_answer",
    "plain_characteristics",
    "plain_decision",
    "show_characteristics",
    "show_decision",
]

Target = Annotated[
    float, typer.Option("--target", metavar="T", help="Target rate of dose-limiting toxicities.")
]
PSaf = Annotated[
    float | None,
    typer.Option("--p-saf", metavar="P", help="Highest rate that is too low; default 0.6 T."),
]
PTox = Annotated[
    float | None,
    typer.Option("--p-tox", metavar="P", help="Lowest rate that is too high; default 1.4 T."),
]
ExtraSafe = Annotated[
    bool, typer.Option("--extra-safe", help="Close dose 1 at cutoff minus offset already.")
]
Offset = Annotated[float, typer.Option("--offset", metavar="X", help="For --extra-safe.")]
Largest = Annotated[
    int, typer.Option("--n", metavar="N", help="Largest number of patients (of a trial).")
]
Cutoff = Annotated[
    float,
    typer.Option("--cutoff", metavar="X", help="Posterior probability that closes a dose."),
]
EarlyStop = Annotated[
    int | None,
    typer.Option("--early-stop", metavar="N", help="Stop at N patients at a dose to be kept."),
]
Npts = Annotated[str, typer.Option("--npts", metavar="N,N,…", help="Patients treated by dose.")]
Ntox = Annotated[
    str, typer.Option("--ntox", "--ndlt", metavar="N,N,…", help="Patients with toxicity.")
]
Current = Annotated[
    int | None,
    typer.Option("--current", metavar="D", help="Current dose, from 1; default the highest tried."),
]
Eliminated = Annotated[
    str, typer.Option("--eliminated", metavar="0,1,…", help="Doses closed before, 1 for closed.")
]
Start = Annotated[int, typer.Option("--start", metavar="D", help="First dose, from 1.")]
Titration = Annotated[
    bool,
    typer.Option("--titration", help="Single patients upwards until the first toxicity."),
]
Probabilities = Annotated[
    str,
    typer.Option(
        "--p", metavar="P,P,…", help="True rate of toxicities at each dose: simulate trials."
    ),
]
Cohort = Annotated[int, typer.Option("--cohort", metavar="C", help="Patients between decisions.")]
Trials = Annotated[
    int,
    typer.Option("--trials", "--nsim", "--ntrial", metavar="N", help="Trials to simulate."),
]
TrialSeed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the simulation.")]


def plain_decision(decision: "DoseDecision") -> dict[str, Any]:
    """Write a decision as plain data; doses are counted from 1, none is null."""
    return {
        "next_dose": decision.value + 1 if decision.value >= 0 else None,
        "label": decision.label,
        "message": decision.message,
        "evidence": dict(decision.evidence),
    }


def next_dose_answer(design: "AbstractDoseFinding", state: "DoseState") -> dict[str, Any]:
    """Answer where the next patients of one trial go, and why; doses are counted from 1."""
    found = design.next_dose(state)
    return plain_decision(design.explain(state)) | {
        "suspend": bool(found.suspend[0]),
        "stop": bool(found.stop[0]),
        "eliminated": [bool(closed) for closed in found.eliminated[0]],
    }


def plain_characteristics(found: "DoseCharacteristics") -> dict[str, Any]:
    """Write operating characteristics as plain data, every average with its Monte Carlo error."""
    return found.plain()


def show_characteristics(found: "DoseCharacteristics", p_true: Sequence[float] = ()) -> None:
    """Print operating characteristics as a table, a row for each dose."""
    from progenitor.cli._output import paragraph, table

    rows: list[list[str]] = []
    for dose in range(found.selected.size):
        rate = [f"{p_true[dose]:g}"] if len(p_true) else []
        pairs = (
            (100.0 * found.selected[dose], 100.0 * found.selected_error[dose]),
            (found.treated[dose], found.treated_error[dose]),
            (found.toxic[dose], found.toxic_error[dose]),
        )
        rows.append([str(dose + 1), *rate, *(f"{mean:.2f} ± {error:.2f}" for mean, error in pairs)])
    rate_head = ["true rate"] if len(p_true) else []
    table(["dose", *rate_head, "selected (%)", "patients", "toxicities"], rows)
    paragraph(
        f"{found.replicates:,} trials: no dose selected in {100.0 * found.none:.2f} ± "
        f"{100.0 * found.none_error:.2f} %, stopped early in {100.0 * found.stopped:.2f} ± "
        f"{100.0 * found.stopped_error:.2f} %, {found.patients:.2f} ± {found.patients_error:.2f} "
        f"patients, {found.toxicities:.2f} ± {found.toxicities_error:.2f} toxicities "
        "(± one Monte Carlo standard error)"
    )


def show_decision(answer: Mapping[str, Any]) -> None:
    """Print a decision as prose."""
    from progenitor.cli._output import paragraph

    paragraph(f"{answer['label']}: {answer['message']}")
