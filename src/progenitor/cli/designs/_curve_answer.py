"""Questions and answers that the commands of designs on a one-parameter curve share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from progenitor.cli.designs._lists import OptionLists

if TYPE_CHECKING:
    from progenitor.trial import Crm, DoseCharacteristics, DoseState, TiteCrm

__all__ = ["CurveQuestion", "curve_answer", "give_answer"]


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
    safety: float | None
    enough: int | None

    def design(self, kind: Callable[..., Any], lists: OptionLists) -> Any:
        """Make a design of this kind; complain about everything that cannot be."""
        guesses = self._guesses(lists)
        shape: dict[str, Any] = {name: getattr(self, name) for name in _SHAPE}
        shape["model"] = _MODELS[self.model]
        return kind(target=self.target, skeleton=guesses, **shape)

    def patients(self, lists: OptionLists) -> tuple[tuple[int, ...], tuple[bool, ...]]:
        """Read the dose of each patient, from 0, and whether there was a toxicity."""
        given, toxic = lists.levels("--levels", self.levels), lists.flags("--tox", self.tox)
        lists.same_length(levels=given, tox=toxic)
        return given, toxic

    def _guesses(self, lists: OptionLists) -> tuple[float, ...]:
        """Read the skeleton, or make it from indifference intervals."""
        from progenitor.trial import indifference_skeleton

        guesses = lists.numbers("--skeleton", self.skeleton)
        if not self.skeleton and (self.nu is None or self.nlevel is None):
            lists.add("--skeleton", "no prior guesses", "give --skeleton, or --nu and --nlevel")
        if self.model not in _MODELS:
            lists.add("--model", f"'{self.model}' is unknown", "write power or logistic")
        lists.done()
        if guesses or self.nu is None or self.nlevel is None:
            return guesses
        made = indifference_skeleton(
            target=self.target,
            halfwidth=self.halfwidth,
            nu=self.nu,
            levels=self.nlevel,
            model="logistic" if self.model == "logistic" else "power",
            intercept=self.intercept,
        )
        return tuple(float(p) for p in made)


_MODELS = {"power": "power", "empiric": "power", "logistic": "logistic"}
_SHAPE = ("model", "scale", "intercept", "cohort", "coherent", "safety", "enough")


def curve_answer(design: "Crm | TiteCrm", state: "DoseState") -> dict[str, Any]:
    """Answer with the estimates, the nearest dose and what the trial would do next."""
    import numpy as np

    from progenitor.cli.designs._dose_options import next_dose_answer

    fit = design.fit(state)
    p_tox = fit.p_tox[0]
    return {
        "estimate": float(fit.estimate[0]),
        "post_var": float(fit.variance[0]),
        "p_tox": p_tox.tolist(),
        "mtd": int(np.argmin(np.abs(p_tox - design.target))) + 1,
        "prior": list(design.skeleton),
        "decision": next_dose_answer(design, state),
        "protocol": design.description,
    }


def give_answer(
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
    pairs = enumerate(zip(answer["prior"], answer["p_tox"], strict=True), start=1)
    rows = [[str(dose), f"{prior:.4f}", f"{now:.4f}"] for dose, (prior, now) in pairs]
    table(["dose", "prior guess", "estimate"], rows)
    paragraph(
        f"beta {answer['estimate']:.6f} (variance {answer['post_var']:.6f}); dose {answer['mtd']} "
        "is nearest to the target"
    )
    show_decision(answer["decision"])
    paragraph(answer["protocol"])
    if found is not None:
        show_characteristics(found, truth)
