"""What is told about Simon's two-stage designs, as plain data and as tables."""

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from progenitor.trial import SimonTwoStage

__all__ = ["given_design", "searched_designs", "show_simon"]

_SHOWN = ("r1", "n1", "r", "n", "en0", "pet0", "alpha", "power")


def given_design(
    p0: float, p1: float | None, numbers: tuple[int, int, int, int], x: int | None, level: float
) -> dict[str, Any]:
    """Work out a design that was given, and what a finished trial of it says."""
    from dataclasses import asdict

    from progenitor.trial import SimonTwoStage

    r1, n1, r, n = numbers
    # without a hoped-for rate the power has no meaning and is left out
    design = SimonTwoStage(p0, p1 if p1 is not None else (1.0 + p0) / 2.0, *numbers)
    plain = _plain(design)
    found: dict[str, Any] = {"design": plain}
    if p1 is None:
        del plain["power"]
        found["protocol"] = (
            f"Simon two-stage: stop after {n1} patients if at most {r1} respond, else treat {n} "
            f"and succeed if more than {r} respond. At a rate of {p0:g} it succeeds with "
            f"probability {design.alpha:.4f}, stops early with {design.pet0:.4f} and treats "
            f"{design.en0:.1f} patients on average."
        )
    else:
        found["protocol"] = design.description
    if x is not None:
        found["inference"] = asdict(design.inference(x, level=level))
    return found


def searched_designs(
    p0: float, p1: float, alpha: float, beta: float, nmax: int, x: int | None, level: float
) -> dict[str, Any]:
    """Search the optimal, the minimax and all admissible designs."""
    from dataclasses import asdict

    from progenitor.errors import InputError, Problem
    from progenitor.trial import SimonTwoStage

    designs = SimonTwoStage.admissible(p0=p0, p1=p1, alpha=alpha, beta=beta, n_max=nmax)
    (minimax, *_), (optimal, *_) = designs[0], designs[-1]
    found: dict[str, Any] = {"optimal": _plain(optimal), "minimax": _plain(minimax)}
    found["admissible"] = [_plain(d) | {"q_low": low, "q_high": high} for d, low, high in designs]
    found |= {"protocol": optimal.description, "protocol_minimax": minimax.description}
    if x is not None:
        kinds = (("optimal", optimal), ("minimax", minimax))
        fits = [(kind, design) for kind, design in kinds if x <= design.n]
        if not fits:
            text = f"{x} responders, but the largest of these designs treats {optimal.n} patients"
            fix = "give fewer responders, or the design of the trial as --r1, --n1, --r and --n"
            raise InputError([Problem(text, fix, field="--x")])
        found["inference"] = {k: asdict(design.inference(x, level=level)) for k, design in fits}
    return found


def _plain(design: "SimonTwoStage") -> dict[str, Any]:
    return {name: getattr(design, name) for name in _SHOWN}


def show_simon(found: dict[str, Any]) -> None:
    """Print designs as a table, and the protocol."""
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
