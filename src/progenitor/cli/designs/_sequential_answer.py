"""What is told about a group-sequential design, as plain data and as a table."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from progenitor.trial import GroupSequential

__all__ = ["sequential_answer", "show_sequential"]


def sequential_answer(found: "GroupSequential", fixed_n: float = 0.0) -> dict[str, Any]:
    """Write a group-sequential design as plain data; sizes where a fixed trial's is given."""
    from scipy.special import ndtr

    null, hoped = found.crossing(0.0), found.crossing(found.drift)
    means = {
        "en_ratio_h0": found.expected_information(0.0),
        "en_ratio_h1": found.expected_information(found.drift),
    }
    answer: dict[str, Any] = {
        "alpha": found.alpha,
        "beta": found.beta,
        "info": list(found.info),
        "z_bounds": list(found.z_bounds),
        "futility_bounds": list(found.futility_bounds),
        "binding": found.binding,
        "nominal_p": [float(ndtr(-bound)) for bound in found.z_bounds],
        "cumulative_alpha": null[0].cumsum().tolist(),
        "cumulative_power": hoped[0].cumsum().tolist(),
        "drift": found.drift,
        "inflation": found.inflation,
        **means,
        "n_ratio": [found.inflation * time for time in found.info],
        "upper_prob_h0": null[0].tolist(),
        "upper_prob_h1": hoped[0].tolist(),
        "lower_prob_h0": null[1].tolist(),
        "lower_prob_h1": hoped[1].tolist(),
        "protocol": found.description,
    }
    if fixed_n > 0.0:
        sizes = [fixed_n * ratio for ratio in answer["n_ratio"]]
        answer |= {"n": sizes} | {key.replace("_ratio", ""): fixed_n * means[key] for key in means}
    return answer


def show_sequential(answer: Mapping[str, Any]) -> None:
    """Print the looks as a table, and the protocol."""
    from progenitor.cli._output import paragraph, table

    columns = {
        "information": ("info", ".4g"),
        "success at Z": ("z_bounds", ".6f"),
        "nominal p": ("nominal_p", ".6f"),
        "futility below": ("futility_bounds", ".6f"),
        "alpha spent": ("cumulative_alpha", ".6f"),
        "power so far": ("cumulative_power", ".4f"),
        "size": ("n" if "n" in answer else "n_ratio", ".4f"),
    }

    def cell(value: float, form: str) -> str:
        return f"{value:{form}}" if math.isfinite(value) else "–"

    rows = [
        [str(look + 1), *(cell(answer[key][look], form) for key, form in columns.values())]
        for look in range(len(answer["info"]))
    ]
    table(["look", *columns], rows)
    paragraph(answer["protocol"])
