"""Designs by name, and the answer of the feasibility command."""

from typing import TYPE_CHECKING, cast

from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.trial import AbstractDoseFinding, DoseBank, FeasibilityComparison

__all__ = ["give_feasibility", "named_design", "yield_bank"]


def named_design(
    lists: OptionLists, name: str, *, target: float, levels: int, cohort: int
) -> "AbstractDoseFinding":
    """Make a design of its name with usual numbers; note what cannot be (then it is none)."""
    from progenitor.trial import Boin, Crm, Keyboard, indifference_skeleton

    def make() -> "AbstractDoseFinding":
        if name != "crm":
            return Boin(target=target) if name == "boin" else Keyboard(target=target)
        half = min(0.05, target / 2.0, (1.0 - target) / 2.0)
        guess = indifference_skeleton(
            target=target, halfwidth=half, nu=(levels + 1) // 2, levels=levels
        )
        return Crm(target=target, skeleton=tuple(float(p) for p in guess), cohort=cohort)

    if name not in ("boin", "keyboard", "crm"):
        lists.add("--design", f"'{name}' is unknown", "write boin, keyboard or crm")
        return cast("AbstractDoseFinding", None)
    return lists.attempt(make)


def yield_bank(
    lists: OptionLists,
    levels: tuple[float, ...],
    truth: tuple[float, ...],
    seed: int,
    shape: dict[str, float],
) -> "DoseBank":
    """Draw patients whose yields are log-normal; note what cannot be (then there are none)."""
    from progenitor.trial import DoseBank

    if not lists.good("--doses", "--p"):
        return cast("DoseBank", None)
    return lists.attempt(
        lambda: DoseBank.from_yields(
            *(levels, truth),
            median=shape["median"],
            log_sd=shape["log_sd"],
            failure=shape["failure"],
            tolerance=shape["tolerance"],
            seed=seed,
        )
    )


def give_feasibility(
    found: "FeasibilityComparison", levels: tuple[float, ...], protocol: str, *, as_json: bool
) -> None:
    """Print the comparison."""
    from progenitor.cli._output import paragraph, table, write_json

    if as_json:
        write_json({"doses": list(levels), **found.plain(), "protocol": protocol})
        return
    truth = zip(
        levels, found.feasibility, found.toxicity_if_given, found.toxicity_as_assigned, strict=True
    )
    rows = [
        [
            *(f"{dose:g}", f"{100 * share:.1f}", f"{100 * given:.1f}", f"{100 * assigned:.1f}"),
            *(f"{100 * result.selected[level]:.1f}" for result in found.policies),
        ]
        for level, (dose, share, given, assigned) in enumerate(truth)
    ]
    head = ["dose", "feasible (%)", "toxic if given (%)", "toxic as assigned (%)"]
    table([*head, *(f"chosen: {result.policy} (%)" for result in found.policies)], rows)
    paragraph(found.summary)
    paragraph(protocol)
