"""How patients of a randomised trial are allocated, and when it is futile: what must fit."""

from typing import Final

from progenitor.errors import InputError
from progenitor.evidence import Catalogue
from progenitor.study._probe import Probe
from progenitor.trial import ErrorSpending

__all__ = ["check_allocation"]

_TUMOURS: Final = ("tumour_growth", "tumour_growth_clones")


def check_allocation(
    probe: Probe, path: tuple[str | int, ...], catalogue: Catalogue | None
) -> None:
    """Check strata, blocks and futility of a randomised trial.

    Parameters
    ----------
    probe, path
        The file, and where the trial stands.
    catalogue
        Where diseases are looked up, if there is one.
    """
    _check_strata(probe, path, catalogue)
    block, arms = probe.value(*path, "block"), probe.length(*path, "arms")
    if isinstance(block, int) and arms > 1 and block % arms:
        probe.report(
            (*path, "block"),
            f"{arms} arms do not stand equally often in a block of {block}",
            f"give a multiple of {arms}, such as {2 * arms}",
        )
    futility, design = probe.value(*path, "futility"), probe.value(*path, "design")
    if isinstance(futility, str):
        try:
            ErrorSpending.parse(futility)
        except InputError as error:
            for problem in error.problems:
                probe.report((*path, "futility"), problem.message, problem.fix)
    asked = design == "group_sequential" and probe.value(*path, "binding") is not None
    if asked and futility is None:
        probe.report(
            (*path, "binding"),
            "nothing says when the trial is futile",
            "add 'futility: ldof', or leave 'binding' out",
        )


def _check_strata(probe: Probe, path: tuple[str | int, ...], catalogue: Catalogue | None) -> None:
    factors = [
        probe.value(*path, "stratify_by", place)
        for place in range(probe.length(*path, "stratify_by"))
    ]
    for place, factor in enumerate(factors):
        if factor in factors[:place]:
            probe.report(
                (*path, "stratify_by", place), f"'{factor}' is listed twice", "list it once"
            )
    disease = probe.value("population", "disease")
    if not factors or catalogue is None or disease not in catalogue.names("diseases"):
        return
    mechanisms = catalogue.entry("diseases", disease).data.get("mechanisms", ())
    if not set(_TUMOURS) & set(mechanisms):
        probe.report(
            (*path, "stratify_by"),
            f"patients with '{disease}' have no tumour",
            "leave 'stratify_by' out",
        )
