"""`progenitor design boin12`: next dose by toxicity and response, and simulated trials."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._dose_options import (
    Cohort,
    Largest,
    Probabilities,
    Trials,
    TrialSeed,
)
from progenitor.cli.designs._interval_answer import (
    Simulation,
    dose_answer,
    protocol_text,
    show_answer,
)
from progenitor.cli.designs._lists import OptionLists
from progenitor.cli.designs._utility_answer import desirability, read_cohorts

if TYPE_CHECKING:
    from progenitor.trial import Boin12, DoseCharacteristics

__all__ = ["boin12"]

PhiT = Annotated[float, typer.Option("--phi-t", metavar="P", help="Most toxicities accepted.")]
PhiE = Annotated[float, typer.Option("--phi-e", metavar="P", help="Fewest responses accepted.")]
U1 = Annotated[float, typer.Option("--u1", metavar="U", help="Utility of response alone.")]
U2 = Annotated[float, typer.Option("--u2", metavar="U", help="Utility of neither.")]
U3 = Annotated[float, typer.Option("--u3", metavar="U", help="Utility of both.")]
U4 = Annotated[float, typer.Option("--u4", metavar="U", help="Utility of toxicity alone.")]
NStar = Annotated[
    int, typer.Option("--n-star", metavar="N", help="Patients before doses above are left out.")
]
CutoffT = Annotated[
    float,
    typer.Option("--cutoff-t", "--c-t", metavar="X", help="Probability of too much toxicity."),
]
CutoffE = Annotated[
    float,
    typer.Option("--cutoff-e", "--c-e", metavar="X", help="Probability of too few responses."),
]
Doses = Annotated[int, typer.Option("--doses", "--n-doses", metavar="K", help="Number of doses.")]
Outcomes = Annotated[
    str,
    typer.Option(
        "--outcomes",
        metavar="TEXT",
        help="Cohorts in order: dose, then a letter for each patient: E response, T toxicity, "
        "B both, N neither.",
    ),
]
Responses = Annotated[
    str, typer.Option("--response", metavar="P,P,…", help="True rate of responses, with --p.")
]


@exits
def boin12(
    phi_t: PhiT,
    phi_e: PhiE,
    u2: U2 = 40.0,
    u3: U3 = 60.0,
    u1: U1 = 100.0,
    u4: U4 = 0.0,
    n_star: NStar = 6,
    cutoff_t: CutoffT = 0.95,
    cutoff_e: CutoffE = 0.9,
    doses: Doses = 5,
    outcomes: Outcomes = "",
    p: Probabilities = "",
    response: Responses = "",
    n: Largest = 36,
    cohort: Cohort = 3,
    trials: Trials = 10_000,
    seed: TrialSeed = 1,
    as_json: AsJson = False,
) -> None:
    """Say where the next patients go, by toxicity and response; select the optimal dose.

    With --p and --response it simulates trials in which response and toxicity are independent.

    For example:
      progenitor design boin12 --phi-t 0.35 --phi-e 0.25 --outcomes "1NNN 2ENT 3ETT 2EEN"
      progenitor design boin12 --phi-t 0.3 --phi-e 0.25 --doses 3 --outcomes "1NNE 2EBN" --json
      progenitor design boin12 --phi-t 0.3 --phi-e 0.25 --p 0.05,0.1,0.3 --response 0.1,0.4,0.5
    """
    from progenitor.cli._output import write_json
    from progenitor.trial import Boin12

    lists = OptionLists()
    rates = Simulation(p, n, cohort, trials, seed).rates(lists)
    answers = lists.numbers("--response", response)
    if any(not 0.0 <= rate <= 1.0 for rate in answers):
        lists.add("--response", f"'{response}' are not all rates", "write rates from 0 to 1")
    lists.same_length(p=rates, response=answers)
    if not p and not outcomes:
        lists.add("--outcomes", "neither data nor rates are given", "write --outcomes or --p")
    state = read_cohorts(outcomes, doses, lists) if outcomes else None
    design = lists.attempt(lambda: Boin12(phi_t, phi_e, u2, u3, u1, u4, n_star, cutoff_t, cutoff_e))
    lists.done()
    found = _simulate(design, rates, answers, (n, cohort, trials, seed)) if rates else None
    content = dose_answer(design, state, found, rates)
    if state is not None:
        content["obd"] = content["mtd"]
        content |= desirability(design, state)
    if as_json:
        head = {"design": design.name, **design.numbers}
        text = protocol_text(design, n, cohort)
        write_json(head | content | {"protocol": text})
        return
    show_answer(design, content, found, rates)


def _simulate(
    design: "Boin12",
    p_tox: Sequence[float],
    p_response: Sequence[float],
    sizes: tuple[int, int, int, int],
) -> "DoseCharacteristics":
    from progenitor.trial import conduct_dose_finding, dose_characteristics, toxicity_outcomes

    n, cohort, trials, seed = sizes
    toxic = toxicity_outcomes(p_tox, patients=n, replicates=trials, seed=seed)
    purpose = "dose-finding:response"
    answers = toxicity_outcomes(
        p_response, patients=n, replicates=trials, seed=seed, purpose=purpose
    )
    done = conduct_dose_finding(design, toxic, cohort=cohort, responses=answers)
    return dose_characteristics(done)
