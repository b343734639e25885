"""Questions and answers of the Bayesian logistic regression command."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.trial import Blrm, DoseCharacteristics, DoseState

__all__ = ["blrm_answer", "cut_limits", "give_blrm", "read_blrm"]


def read_blrm(
    lists: OptionLists, data: dict[str, str], pairs: dict[str, str], **numbers: Any
) -> "tuple[Blrm, DoseState, tuple[float, ...]]":
    """Read design, data and the doses asked; note everything that cannot be."""
    from progenitor.trial import Blrm

    given, asked = lists.numbers("--doses", data["doses"]), lists.numbers("--grid", data["grid"])
    rising = list(given) == sorted(set(given))
    levels = tuple(sorted({*given, *asked})) if rising else given
    options = {"mean": "--mu", "sd": "--sd", "cuts": "--cuts"}
    two = {name: _pair(lists, options[name], text) for name, text in pairs.items()}
    if numbers["quadrature"] not in ("cells", "points"):
        lists.add("--quadrature", f"'{numbers['quadrature']}' is unknown", "write cells or points")
    design = state = None
    if lists.good("--doses", "--grid", "--quadrature", *options.values()):
        design = lists.attempt(lambda: Blrm(doses=levels, **two, **numbers))
    nobody = (0,) * len(given)
    counts = lists.whole("--n", data["n"]) or nobody, lists.whole("--y", data["y"]) or nobody
    reached = lists.numbers("--achieved", data["achieved"])
    toxic = lists.flags("--tox", data["tox"])
    lists.same_length(doses=given, n=counts[0], y=counts[1])
    lists.same_length(achieved=reached, tox=toxic)
    if reached and (data["n"] or data["y"]):
        lists.add("--achieved", "given as well as --n", "give counts or achieved doses, not both")
    if data["y"] and not data["n"]:
        lists.add("--y", "toxicities of nobody", "give --n with --y")
    if any(not dose > 0.0 for dose in reached):
        lists.add("--achieved", "a dose is not above 0", "leave out patients who got no cells")
    if design and lists.good("--n", "--y", "--achieved", "--tox", "--doses"):
        state = lists.attempt(lambda: _state(given, levels, counts, reached, toxic))
    return cast("Blrm", design), cast("DoseState", state), asked or given


def cut_limits(lists: OptionLists, cuts: str, low: float | None, high: float | None) -> str:
    """Take both limits of the target interval together, or one by one."""
    if low is None and high is None:
        return cuts
    if low is None or high is None:
        lists.add("--cut-lo", "one limit without the other", "give --cut-lo and --cut-hi")
        return cuts
    return f"{low},{high}"


def blrm_answer(design: "Blrm", state: "DoseState", asked: tuple[float, ...]) -> dict[str, Any]:
    """Answer for every dose asked; the recommended dose ignores how far the trial has come."""
    import numpy as np

    from progenitor.cli.designs._dose_options import next_dose_answer

    fit = design.fit(state, asked)
    safe = fit.over[0] < design.overdose
    best = int(np.argmax(np.where(safe, fit.target[0], -1.0)))
    names = ("under", "target", "over")
    exact = replace(design, quadrature="cells").fit(state, asked)
    return {
        "grid": list(asked),
        "quadrature": design.quadrature,
        "exact": {f"p_{name}": getattr(exact, name)[0].tolist() for name in names},
        "mean": fit.mean[0].tolist(),
        "sd": fit.sd[0].tolist(),
        "p_under": fit.under[0].tolist(),
        "p_target": fit.target[0].tolist(),
        "p_over": fit.over[0].tolist(),
        "ewoc_dose": asked[best] if safe.any() else None,
        "levels": list(design.doses),
        "decision": next_dose_answer(design, state),
        "protocol": design.description,
    }


def give_blrm(
    answer: dict[str, Any],
    found: "DoseCharacteristics | None",
    truth: tuple[float, ...],
    *,
    as_json: bool,
) -> None:
    """Print the answer and what simulated trials did."""
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.cli.designs._dose_options import show_characteristics, show_decision

    if as_json:
        simulated: dict[str, Any] = {}
        if found is not None:
            simulated["operating_characteristics"] = {"p_true": list(truth), **found.plain()}
        write_json(answer | simulated)
        return
    keys = ("mean", "sd", "p_under", "p_target", "p_over")
    columns = zip(answer["grid"], *(answer[key] for key in keys), strict=True)
    rows = [[f"{dose:g}", *(f"{value:.4f}" for value in rest)] for dose, *rest in columns]
    table(["dose", "mean", "sd", "under", "on target", "over"], rows)
    names = ("p_under", "p_target", "p_over")
    pairs = (zip(answer[name], answer["exact"][name], strict=True) for name in names)
    most = max(abs(one - other) for columns in pairs for one, other in columns)
    if answer["quadrature"] == "points":
        paragraph(
            f"probabilities by counting the points of a plain grid, as published tables are made; "
            f"cut inside the cells of the grid they differ by up to {most:.4f}"
        )
    best = answer["ewoc_dose"]
    paragraph("no dose is safe enough" if best is None else f"best safe dose: {best:g}")
    show_decision(answer["decision"])
    paragraph(answer["protocol"])
    if found is not None:
        show_characteristics(found, truth)


def _pair(lists: OptionLists, option: str, text: str) -> Any:
    """Read two numbers, in brackets or not."""
    found = lists.numbers(option, text.strip().strip("[]()"))
    if len(found) != 2:
        lists.add(option, f"'{text}' is not two numbers", "write two like -1.4,0.5")
    return found


def _state(
    given: tuple[float, ...],
    levels: tuple[float, ...],
    counts: tuple[tuple[int, ...], tuple[int, ...]],
    reached: tuple[float, ...],
    toxic: tuple[bool, ...],
) -> "DoseState":
    """Place the patients at the levels of the design; an achieved dose at the nearest level."""
    import numpy as np

    from progenitor.trial import DoseState

    if reached:
        distance = np.abs(np.log(np.maximum(reached, 1e-300))[:, None] - np.log(levels))
        nearest = [int(level) for level in np.argmin(distance, axis=1)]
        return DoseState.from_sequence(nearest, toxic, doses=len(levels), achieved=reached)
    whole = np.zeros((2, len(levels)), dtype=np.int64)
    for dose, treated, seen in zip(given, *counts, strict=True):
        whole[:, levels.index(dose)] += (treated, seen)
    return DoseState.from_counts(whole[0], whole[1])
