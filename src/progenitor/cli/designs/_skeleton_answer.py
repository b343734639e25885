"""A skeleton from indifference intervals, as commands ask for it."""

from progenitor.cli.designs._lists import OptionLists

__all__ = ["made_skeleton"]


def made_skeleton(
    lists: OptionLists,
    *,
    target: float,
    halfwidth: float,
    nu: int,
    levels: int,
    model: str,
    intercept: float,
) -> tuple[float, ...]:
    """Make the skeleton; note what cannot be, and give none then."""
    from progenitor.trial import indifference_skeleton

    made = lists.attempt(
        lambda: indifference_skeleton(
            target=target,
            halfwidth=halfwidth,
            nu=nu,
            levels=levels,
            model="logistic" if model == "logistic" else "power",
            intercept=intercept,
        )
    )
    return () if made is None else tuple(float(p) for p in made)
