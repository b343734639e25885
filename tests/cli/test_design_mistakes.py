"""Design commands outside of dose finding: every mistake is named at once, with its option."""

import importlib
import json

import pytest
import typer
from typer.testing import CliRunner

GOOD = {
    "assurance": "--r1 3 --n1 13 --r 12 --n 43 --a 12 --b 28",
    "beta-difference": "--y 5 --n 9 --alpha-s 20 --beta-s 35 --delta 0.15",
    "binom-ci": "--x 6 --n 12 --p0 0.2",
    "bop2": "--looks 20,40 --p0 0.25 --p1 0.45 --lambda 0.845 --gamma 0.36",
    "conditional-power": "--z 1.2 --t 0.5",
    "forecast-scores": "--p 0.9,0.2,0.6,0.1 --y 1,0,0,0",
    "group-sequential": "--k 3 --futility hsd:-2",
    "predictive-probability": "--p0 0.6 --nmax 40 --theta-t 0.9 --y 16 --n 23",
    "simon": "--p0 0.2 --r1 3 --n1 13 --r 12 --n 43 --x 13",
    "survival-size": "--hr 0.7 --median 12 --accrual 24 --follow-up 12",
    "toxicity-boundary": "--plo 0.2 --phi 0.4 --looks 5,10,15",
    "toxicity-stop": "--tolerable 0.3 --cut 0.9 --looks 5,10",
    "two-proportions": "--x1 27 --n1 50 --x2 15 --n2 50",
    "voi": "--coef 2 --mean 0 --sd 1",
}
BAD = {
    "assurance --n-total 1 --prior-mean 0 --prior-sd -1 --sigma 0 --alpha 3": (
        "--n-total: is 1", "--prior-sd: is -1", "--sigma: is 0", "--alpha: is 3",
    ),
    "assurance --r1 5 --n1 3 --r 1 --n 2 --a 0 --b 1": (
        "--n1: 3 patients in stage one of 2", "--r1: is 5", "--r: is 1", "--a: is 0",
    ),
    "beta-difference --y 5 --n 3 --alpha-s -1 --beta-s 0 --delta 4": (
        "--y: 5 responders of 3", "--alpha-s: is -1", "--beta-s: is 0", "--delta: is 4",
    ),
    "binom-ci --x 5 --n 3 --level 4 --p0 3": ("--x: 5 of 3", "--level: is 4", "--p0: is 3"),
    "bop2 --looks 10,5 --p0 2 --p1 0.4 --rates 2": (
        "--looks: looks after 10, 5", "--p0: is 2", "--rates: 2 is not", "--alpha: is needed",
    ),
    "conditional-power --z nan --t 0": ("--z: the number is nan", "--t: the information is 0"),
    "forecast-scores --p 0.2,3 --y 1,2 --bins 0": (
        "--p: 3 is not", "--y: 2 is neither", "--bins: is 0",
    ),
    "group-sequential --k 3 --info 0.5,1 --alpha 0.7 --spending foo --binding --fixed-n -4": (
        "--k: 3 looks and 2", "--alpha: the one-sided error is 0.7", "--spending: the spending",
        "--binding: there is no futility", "--fixed-n: is -4",
    ),
    "predictive-probability --p0 2 --nmax 30 --theta-t 4 --theta-l 0.5 --theta-u 0.4 --nmin 50": (
        "--p0: is 2", "--theta-t: is 4", "--theta-l: is 0.5", "--nmin: is 50 of 30",
    ),
    "predictive-probability --p0 0.2 --nmax 30 --theta-t 0.9 --y 3 --n 2": ("--y: 3 responders",),
    "simon --p0 0.4 --p1 0.2 --alpha 0 --beta 2 --nmax 1": (
        "--p1: is 0.2, not above --p0 0.4", "--alpha: is 0", "--beta: is 2", "--nmax: is 1",
    ),
    "simon --p0 0.2 --p1 0.4 --alpha 0.05 --beta 0.2 --x 100": ("--x: 100 responders",),
    "simon --p0 0.2 --r1 14 --n1 13 --r 50 --n 43 --x 44 --level 2": (
        "--r1: is 14", "--r: is 50", "--x: 44 responders of 43", "--level: is 2",
    ),
    "survival-size --hr 1 --median -1 --accrual 6 --follow-up 6 --dropout 2": (
        "--hr: the hazard ratio is 1", "--median: the number is -1", "--dropout: drop-out is 2",
    ),
    "toxicity-boundary --plo 0.4 --phi 0.2 --looks 5,3 --error 4 --delta 3": (
        "--unacceptable: is 0.2", "--looks: looks after 5, 3", "--error: is 4", "--delta: is 3",
    ),
    "toxicity-stop --tolerable 2 --cut 3 --a -1 --rates 3": (
        "--tolerable: is 2", "--cut: is 3", "--prior-a: is -1", "--rates: 3 is not", "--n: is need",
    ),
    "toxicity-stop --tolerable 0.2 --cut 0.9 --n 20 --looks 5,30": ("--looks: the last look",),
    "two-proportions --x1 5 --n1 3 --x2 -1 --n2 0 --level 3": (
        "--x1: 5 of 3", "--n2: is 0", "--level: is 3",
    ),
    "voi --coef 1,2 --mean 1 --sd -1,0": ("--coef: lists differ in length", "--sd: is -1"),
}  # fmt: skip


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    for name in GOOD:
        plain = name.replace("-", "_")
        module = importlib.import_module(f"progenitor.cli.designs.{plain}")
        made.command()(getattr(module, plain))
    return made


@pytest.mark.parametrize("command", GOOD)
def test_answers_with_a_protocol(app: typer.Typer, command: str) -> None:
    """In JSON and in words, the same paragraph; and the help shows how to ask."""
    words = [command, *GOOD[command].split()]
    answer = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    protocol = answer["protocol"]
    assert len(protocol.split()) > 12
    assert protocol.endswith(".")
    shown = " ".join(CliRunner().invoke(app, words).stdout.split())
    assert protocol in shown
    assert f"progenitor design {command}" in CliRunner().invoke(app, [command, "--help"]).stdout


@pytest.mark.parametrize("command", BAD)
def test_every_mistake_is_named(app: typer.Typer, command: str) -> None:
    done = CliRunner().invoke(app, command.split())
    assert done.exit_code == 2, done.output
    for piece in BAD[command]:
        assert piece in done.stderr
    count = len(BAD[command])
    assert done.stderr.rstrip().endswith(f"{count} problem{'s' if count > 1 else ''}")
    assert done.stderr.count("Fix: ") == count
