"""A group-sequential design in words: the paragraph of a protocol, and what each look decided."""

from collections.abc import Sequence

import numpy as np

from progenitor.trial._decision import Decision, percent

__all__ = ["look_decision", "sequential_protocol"]


def sequential_protocol(
    info: Sequence[float],
    upper: Sequence[float],
    lower: Sequence[float],
    *,
    errors: tuple[float, float],
    means: tuple[float, float],
    largest: float,
    binding: bool,
    spending: str,
) -> str:
    """Write the paragraph of a protocol.

    Parameters
    ----------
    info, upper, lower
        Information and bounds of the looks (look,).
    errors
        Type I (one-sided) and type II error.
    means, largest
        Mean information under the null and the alternative hypothesis, and the largest, all as
        multiples of that of a trial with one look.
    binding, spending
        Whether futility must stop the trial; how the errors are spent, in words.

    Examples
    --------
    >>> sequential_protocol(
    ...     [1.0], [1.96], [-np.inf], errors=(0.025, 0.1), means=(1.0, 1.0), largest=1.0,
    ...     binding=False, spending="Pocock for efficacy",
    ... )[:47]
    'Group-sequential trial with 1 look at 100 % of '
    """
    times = ", ".join(percent(time) for time in info)
    looks = f"{len(info)} look{'s' if len(info) > 1 else ''}"
    text = (
        f"Group-sequential trial with {looks} at {times} of the information; {spending}. It stops "
        f"for success where Z is at or above {_listed(upper)} (one-sided type I error "
        f"{percent(errors[0])})."
    )
    if np.isfinite(lower).any():
        may = "must" if binding else "may"
        text += f" It {may} stop for futility where Z is below {_listed(lower)}."
    return text + (
        f" For a power of {percent(1.0 - errors[1])} it needs at most {largest:.4f} times the "
        f"patients or events of a trial with one look; {means[0]:.4f} times are expected under the "
        f"null hypothesis and {means[1]:.4f} times under the alternative."
    )


def look_decision(look: int, looks: int, z: float, upper: float, lower: float) -> Decision:
    """Say what the trial does after a look (0 the first) that found Z.

    Examples
    --------
    >>> print(look_decision(0, 3, 1.2, 3.471, -0.5))
    Look 1 of 3 found Z = 1.200, below 3.471: the trial goes on.
    """
    last = look + 1 == looks
    evidence = {"look": look + 1.0, "z": z, "upper": upper, "lower": lower}
    begin = f"Look {look + 1} of {looks} found Z = {z:.3f}"
    if z >= upper:
        message = f"{begin}, at or above {upper:.3f}: the trial ends with success."
        return Decision(value=True, message=message, label="success", evidence=evidence)
    if last or z < lower:
        message = f"{begin}, below {upper if last else lower:.3f}: the trial ends without success."
        label = "no success" if last else "stopped for futility"
        return Decision(value=False, message=message, label=label, evidence=evidence)
    message = f"{begin}, below {upper:.3f}: the trial goes on."
    return Decision(value=False, message=message, label="goes on", evidence=evidence)


def _listed(bounds: Sequence[float]) -> str:
    return ", ".join(f"{bound:.4f}" if np.isfinite(bound) else "never" for bound in bounds)
