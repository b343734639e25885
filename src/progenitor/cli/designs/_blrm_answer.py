"""Questions and answers of the Bayesian logistic regression command."""

from typing import TYPE_CHECKING, Any

from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.trial import Blrm, DoseCharacteristics, DoseState

__all__ = ["blrm_answer", "give_blrm", "read_blrm"]


def read_blrm(
    lists: OptionLists, data: dict[str, str], pairs: dict[str, str], **numbers: Any
) -> "tuple[Blrm, DoseState, tuple[float, ...]]":
    """Read design, data and the doses asked; complain about everything that cannot be."""
    from progenitor.trial import Blrm

    given, asked = lists.numbers("--doses", data["doses"]), lists.numbers("--grid", data["grid"])
    levels = tuple(sorted({*given, *asked}))
    options = {"mean": "--mu", "sd": "--sd", "cuts": "--cuts"}
    two = {name: _pair(lists, options[name], text) for name, text in pairs.items()}
    nobody = (0,) * len(given)
    counts = lists.whole("--n", data["n"]) or nobody, lists.whole("--y", data["y"]) or nobody
    lists.same_length(doses=given, n=counts[0], y=counts[1])
    reached, toxic = (
        lists.numbers("--achieved", data["achieved"]),
        lists.flags("--tox", data["tox"]),
    )
    lists.same_length(achieved=reached, tox=toxic)
    if reached and (data["n"] or data["y"]):
        lists.add("--achieved", "given as well as --n", "give counts or achieved doses, not both")
    if any(not dose > 0.0 for dose in reached):
        lists.add("--achieved", "a dose is not above 0", "leave out patients who got no cells")
    if numbers["quadrature"] not in ("cells", "points"):
        lists.add("--quadrature", f"'{numbers['quadrature']}' is unknown", "write cells or points")
    lists.done()
    design = Blrm(doses=levels, **two, **numbers)
    return design, _state(given, levels, counts, reached, toxic), asked or given


def blrm_answer(design: "Blrm", state: "DoseState", asked: tuple[float, ...]) -> dict[str, Any]:
    """Answer for every dose asked; the recommended dose ignores how far the trial has come."""
    import numpy as np

    from progenitor.cli.designs._dose_options import next_dose_answer

    fit = design.fit(state, asked)
    safe = fit.over[0] < design.overdose
    best = int(np.argmax(np.where(safe, fit.target[0], -1.0)))
    return {
        "grid": list(asked),
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
        simulated = {} if found is None else {"operating_characteristics": found.plain()}
        write_json(answer | simulated)
        return
    keys = ("mean", "sd", "p_under", "p_target", "p_over")
    columns = zip(answer["grid"], *(answer[key] for key in keys), strict=True)
    rows = [[f"{dose:g}", *(f"{value:.4f}" for value in rest)] for dose, *rest in columns]
    table(["dose", "mean", "sd", "under", "on target", "over"], rows)
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
