"""What a randomised trial estimates, in the words of ICH E9(R1)."""

from collections.abc import Sequence

from progenitor.trial import Estimand, IntercurrentEvent

__all__ = ["estimand_of"]


def estimand_of(
    analysis_set: str, *, disease: str, arms: Sequence[str], stratified: bool
) -> tuple[tuple[str, str], ...]:
    """Name the five attributes of the estimand.

    Parameters
    ----------
    analysis_set
        ``itt`` or ``infused``.
    disease
        Title of the disease.
    arms
        Titles of the arms, the control first.
    stratified
        Whether the test is stratified.

    Examples
    --------
    >>> dict(estimand_of("itt", disease="B-ALL", arms=["A", "B"], stratified=False))["Treatments"]
    'B against A, as randomised'
    """
    itt = analysis_set == "itt"
    others = " and ".join(arms[1:])
    if itt:
        population = f"{disease}: everybody randomised, whether infused or not"
        variable = "Progression-free survival from randomisation (enrolment)"
        lines = Estimand(
            "itt",
            "enrolment",
            (
                IntercurrentEvent("leaving without infusion", "composite"),
                IntercurrentEvent("death", "composite"),
                IntercurrentEvent("infusion below the assigned dose", "treatment policy"),
            ),
        )
        events = "; ".join(event.description for event in lines.events)
    else:
        population = (
            f"{disease}: those infused. Who is infused depends on the arm, so randomisation does "
            "not protect the comparison"
        )
        variable = "Progression-free survival from infusion"
        events = "death: composite; infusion below the assigned dose: treatment policy"
    events += "; new anticancer therapy and cross-over do not occur in the model"
    test = "stratified log-rank test" if stratified else "log-rank test"
    return (
        ("Population", population),
        ("Treatments", f"{others} against {arms[0]}, as randomised"),
        ("Variable", variable),
        ("Intercurrent events", events),
        (
            "Summary measure",
            (
                f"Hazard ratio, tested by a {test}; differences of the restricted mean and of "
                "survival at the milestone stand beside it because hazards are not proportional"
            ),
        ),
    )
