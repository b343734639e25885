"""`progenitor design simon`: two-stage designs, and inference after one."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from progenitor.cli._exits import exits
from progenitor.cli._options import AsJson
from progenitor.cli.designs._binary_options import P0, given

if TYPE_CHECKING:
    from progenitor.trial import SimonTwoStage

__all__ = ["simon"]

HopedFor = Annotated[
    float | None, typer.Option("--p1", metavar="P", help="Response rate hoped for.")
]
Alpha = Annotated[
    float | None, typer.Option("--alpha", metavar="A", help="Type I error to stay below.")
]
Beta = Annotated[
    float | None, typer.Option("--beta", metavar="B", help="Type II error to stay below.")
]
NMax = Annotated[int, typer.Option("--nmax", metavar="N", help="Largest trial considered.")]
Responders = Annotated[
    int | None, typer.Option("--x", metavar="X", help="Responders in all: inference.")
]
Level = Annotated[float, typer.Option("--level", metavar="L", help="Level of each limit.")]
R1 = Annotated[int | None, typer.Option("--r1", metavar="R", help="Of a given design.")]
N1 = Annotated[int | None, typer.Option("--n1", metavar="N", help="Of a given design.")]
R = Annotated[int | None, typer.Option("--r", metavar="R", help="Of a given design.")]
N = Annotated[int | None, typer.Option("--n", metavar="N", help="Of a given design.")]

_SHOWN = ("r1", "n1", "r", "n", "en0", "pet0", "alpha", "power")


@exits
def simon(
    p0: P0,
    p1: HopedFor = None,
    alpha: Alpha = None,
    beta: Beta = None,
    nmax: NMax = 200,
    x: Responders = None,
    level: Level = 0.95,
    r1: R1 = None,
    n1: N1 = None,
    r: R = None,
    n: N = None,
    as_json: AsJson = False,
) -> None:
    """Find Simon's two-stage designs: optimal, minimax and those between; or infer after one.

    With --p1, --alpha and --beta every design up to --nmax is searched, exactly. With --r1, --n1,
    --r and --n the design is given. --x adds what a finished trial says about the rate: the
    unbiased estimate (UMVUE), p-value and one-sided limits of Koyama and Chen.

    For example:
      progenitor design simon --p0 0.2 --p1 0.4 --alpha 0.05 --beta 0.2
      progenitor design simon --p0 0.2 --p1 0.4 --alpha 0.05 --beta 0.2 --nmax 100 --x 13 --json
      progenitor design simon --p0 0.2 --r1 3 --n1 13 --r 12 --n 43 --x 13
    """
    from progenitor.cli._output import write_json

    if any(value is not None for value in (r1, n1, r, n)):
        given(r1=r1, n1=n1, r=r, n=n)
        found = _given_design(p0, p1, (r1 or 0, n1 or 0, r or 0, n or 0), x, level)
    else:
        given(p1=p1, alpha=alpha, beta=beta)
        found = _searched(p0, p1 or 0.0, alpha or 0.0, beta or 0.0, nmax, x, level)
    if as_json:
        write_json(found)
    else:
        _show(found)


def _given_design(
    p0: float, p1: float | None, numbers: tuple[int, int, int, int], x: int | None, level: float
) -> dict[str, Any]:
    from dataclasses import asdict

    from progenitor.trial import SimonTwoStage

    # without a hoped-for rate the power has no meaning and is left out
    design = SimonTwoStage(p0, p1 if p1 is not None else (1.0 + p0) / 2.0, *numbers)
    plain = _plain(design)
    found: dict[str, Any] = {"design": plain}
    if p1 is None:
        del plain["power"]
    else:
        found["protocol"] = design.description
    if x is not None:
        found["inference"] = asdict(design.inference(x, level=level))
    return found


def _searched(
    p0: float, p1: float, alpha: float, beta: float, nmax: int, x: int | None, level: float
) -> dict[str, Any]:
    from dataclasses import asdict

    from progenitor.trial import SimonTwoStage

    designs = SimonTwoStage.admissible(p0=p0, p1=p1, alpha=alpha, beta=beta, n_max=nmax)
    (minimax, *_), (optimal, *_) = designs[0], designs[-1]
    found: dict[str, Any] = {"optimal": _plain(optimal), "minimax": _plain(minimax)}
    found["admissible"] = [_plain(d) | {"q_low": low, "q_high": high} for d, low, high in designs]
    found |= {"protocol": optimal.description, "protocol_minimax": minimax.description}
    if x is not None:
        kinds = (("optimal", optimal), ("minimax", minimax))
        fits = [(kind, design) for kind, design in kinds if x <= design.n]
        found["inference"] = {k: asdict(design.inference(x, level=level)) for k, design in fits}
    return found


def _plain(design: "SimonTwoStage") -> dict[str, Any]:
    return {name: getattr(design, name) for name in _SHOWN}


def _show(found: dict[str, Any]) -> None:
    from progenitor.cli._output import paragraph, table

    kinds = [kind for kind in ("optimal", "minimax", "design") if kind in found]
    rows: list[tuple[str, dict[str, Any]]] = [(kind, found[kind]) for kind in kinds]
    rows += [
        (f"best for q {row['q_low']:.2f}–{row['q_high']:.2f}", row)
        for row in found.get("admissible", [])[1:-1]
    ]
    table(
        ["design", "r1/n1", "r/n", "EN(p0)", "PET(p0)", "alpha", "power"],
        [
            [name, f"{row['r1']}/{row['n1']}", f"{row['r']}/{row['n']}"]
            + [f"{row[key]:.4f}" if key in row else "–" for key in _SHOWN[4:]]
            for name, row in rows
        ],
    )
    if "protocol" in found:
        typer.echo("")
        paragraph(found["protocol"])
    inference = found.get("inference", {})
    for kind, row in {"": inference}.items() if "umvue" in inference else inference.items():
        typer.echo("")
        name = f"After the {kind} design" if kind else "After the trial"
        paragraph(
            f"{name}, {row['responders']} of {row['patients']} responders: rate {row['umvue']:.4f} "
            f"(unbiased; {row['naive']:.4f} as counted), p = {row['p_value']:.6f}, one-sided "
            f"{row['level']:.0%} limits {row['lower']:.4f} and {row['upper']:.4f}."
        )
