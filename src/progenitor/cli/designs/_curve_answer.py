"""Questions and answers that the commands of designs on a one-parameter curve share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.cli.designs._interval_answer import Simulation
    from progenitor.trial import Crm, DoseState, DoseTrials, TiteCrm

__all__ = ["CurveQuestion", "give_answer", "simulated_answer"]


class CurveQuestion(NamedTuple):
    """What was written on the command line, before it is read."""

    target: float
    skeleton: str
    levels: str
    tox: str
    model: str
    scale: float
    intercept: float
    halfwidth: float
    nu: int | None
    nlevel: int | None
    cohort: int
    coherent: bool
    restricted: bool
    safety: float | None
    enough: int | None

    def read(
        self,
        kind: Callable[..., Any],
        lists: OptionLists,
        simulation: "Simulation",
        shares: tuple[float, ...] | None = None,
    ) -> "tuple[Any, DoseState, tuple[float, ...]]":
        """Read design, data and true rates; note everything that cannot be."""
        from progenitor.trial import DoseState

        design, truth = self._design(kind, lists), simulation.rates(lists)
        given, toxic = lists.levels("--levels", self.levels), self.toxic(lists)
        followed = {} if shares is None else {"followup": shares}
        lists.same_length(levels=given, tox=toxic, **followed)
        state = None
        if design is not None:
            if truth:
                lists.same_length(skeleton=design.skeleton, p=truth)
            if lists.good("--levels", "--tox", "--followup"):
                doses = len(design.skeleton)
                state = lists.attempt(
                    lambda: DoseState.from_sequence(given, toxic, doses, followed=shares)
                )
        return design, cast("DoseState", state), truth

    def toxic(self, lists: OptionLists) -> tuple[bool, ...]:
        """Read who had a toxicity."""
        return lists.flags("--tox", self.tox) if lists.good("--tox") else ()

    def _design(self, kind: Callable[..., Any], lists: OptionLists) -> Any:
        """Make a design of this kind; None if it cannot be."""
        guesses = self._guesses(lists)
        if not guesses:
            return None
        shape: dict[str, Any] = {name: getattr(self, name) for name in _SHAPE}
        shape["model"] = _MODELS[self.model]
        return lists.attempt(lambda: kind(target=self.target, skeleton=guesses, **shape))

    def _guesses(self, lists: OptionLists) -> tuple[float, ...]:
        """Read the skeleton, or make it from indifference intervals; empty if neither can be."""
        from progenitor.cli.designs._skeleton_answer import made_skeleton

        guesses = lists.numbers("--skeleton", self.skeleton)
        if self.model not in _MODELS:
            lists.add("--model", f"'{self.model}' is unknown", "write power or logistic")
        if self.skeleton and self.nu is not None:
            lists.add("--skeleton", "given as well as --nu", "give one of them")
        if not self.skeleton and (self.nu is None or self.nlevel is None):
            lists.add("--skeleton", "no prior guesses", "give --skeleton, or --nu and --nlevel")
        if not lists.good("--skeleton", "--model"):
            return ()
        if guesses or self.nu is None or self.nlevel is None:
            return guesses
        return made_skeleton(
            lists,
            target=self.target,
            halfwidth=self.halfwidth,
            nu=self.nu,
            levels=self.nlevel,
            model=self.model,
            intercept=self.intercept,
        )


_MODELS = {"power": "power", "empiric": "power", "logistic": "logistic"}
_SHAPE = ("model", "scale", "intercept", "cohort", "coherent", "restricted", "safety", "enough")


def _curve_answer(design: "Crm | TiteCrm", state: "DoseState") -> dict[str, Any]:
    """Answer with the estimates, the nearest dose and what the trial would do next."""
    from progenitor.cli.designs._dose_options import next_dose_answer

    fit = design.fit(state)
    return {
        "estimate": float(fit.estimate[0]),
        "post_var": float(fit.variance[0]),
        "p_tox": fit.p_tox[0].tolist(),
        "mtd": int(design.nearest(state)[0]) + 1,
        "prior": list(design.skeleton),
        "decision": next_dose_answer(design, state),
        "protocol": design.description,
    }


def simulated_answer(design: "Crm | TiteCrm", trials: "DoseTrials") -> dict[str, Any]:
    """Average trials; ``mtd`` counts the dose nearest by the curve, given to somebody or not.

    That is what published operating characteristics of the method count; ``selected`` counts what
    the design selects, of the doses that were given unless it is not restricted.
    """
    from dataclasses import replace

    import numpy as np

    from progenitor.trial import dose_characteristics

    nearest = np.where(trials.selected < 0, -1, design.nearest(trials.state))
    by_curve = dose_characteristics(replace(trials, selected=nearest))
    return {
        "found": dose_characteristics(trials),
        "mtd": by_curve.selected,
        "mtd_error": by_curve.selected_error,
    }


def give_answer(
    design: "Crm | TiteCrm",
    state: "DoseState",
    simulated: dict[str, Any] | None,
    truth: tuple[float, ...],
    *,
    as_json: bool,
) -> None:
    """Print the answer and what simulated trials did."""
    from progenitor.cli._output import paragraph, table, write_json
    from progenitor.cli.designs._dose_options import show_characteristics, show_decision

    answer = _curve_answer(design, state)
    if as_json:
        if simulated is not None:
            more = {name: simulated[name].tolist() for name in ("mtd", "mtd_error")}
            plain = simulated["found"].plain()
            answer |= {"operating_characteristics": {"p_true": list(truth), **more, **plain}}
        write_json(answer)
        return
    pairs = enumerate(zip(answer["prior"], answer["p_tox"], strict=True), start=1)
    rows = [[str(dose), f"{prior:.4f}", f"{now:.4f}"] for dose, (prior, now) in pairs]
    table(["dose", "prior guess", "estimate"], rows)
    paragraph(
        f"beta {answer['estimate']:.6f} (variance {answer['post_var']:.6f}); dose {answer['mtd']} "
        "is nearest to the target"
    )
    show_decision(answer["decision"])
    paragraph(answer["protocol"])
    if simulated is not None:
        show_characteristics(simulated["found"], truth)
        shares = ", ".join(f"{100.0 * share:.2f}" for share in simulated["mtd"])
        paragraph(
            f"By the curve alone, counting doses that nobody was given, the doses end nearest to "
            f"the target in {shares} % of trials."
        )
