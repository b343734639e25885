"""The disease of a study: what it may have besides, by which criteria it responds."""

from progenitor.body import assemble
from progenitor.documents import suggestion
from progenitor.errors import ProgenitorError
from progenitor.evidence import Catalogue
from progenitor.study._criteria import CRITERIA
from progenitor.study._probe import Probe

__all__ = ["check_disease", "may_have", "observables_of"]


def check_disease(probe: Probe, catalogue: Catalogue) -> None:
    """Check that the disease has criteria of response and may have what is asked for besides."""
    path = ("population", "disease")
    disease = probe.value(*path)
    if not isinstance(disease, str) or disease not in catalogue.names("diseases"):
        return
    entry = catalogue.entry("diseases", disease).data
    if entry.get("response") not in CRITERIA:
        with_criteria = [
            name
            for name in catalogue.names("diseases")
            if catalogue.entry("diseases", name).data.get("response") in CRITERIA
        ]
        probe.report(
            path,
            f"the disease '{disease}' has no criteria of response, which this kind of study reads",
            f"choose one of {', '.join(with_criteria)}, or write an `experiment:`",
        )
    may = [str(name) for name in entry.get("may_have", ())]
    for place in range(probe.length("population", "also")):
        name = probe.value("population", "also", place)
        if isinstance(name, str) and name not in may:
            always = name in entry.get("mechanisms", ())
            fix = "leave it out" if always or not may else suggestion(name, may)
            has = "always has" if always else "may not have"
            probe.report(
                ("population", "also", place), f"the disease '{disease}' {has} '{name}'", fix
            )


def may_have(probe: Probe, catalogue: Catalogue | None, mechanism: str) -> str:
    """Return the mechanism if the disease of the study may have it, else nothing."""
    disease = probe.value("population", "disease")
    if catalogue is None or disease not in catalogue.names("diseases"):
        return ""
    may = catalogue.entry("diseases", disease).data.get("may_have", ())
    return mechanism if mechanism in may else ""


def observables_of(probe: Probe, arm: object, catalogue: Catalogue | None) -> frozenset[str] | None:
    """Return what can be observed in the body of an arm, or nothing where it cannot be assembled.

    What is wrong with the names is reported elsewhere.
    """
    if catalogue is None or not isinstance(arm, str):
        return None
    product = probe.value("arms", arm, "product")
    if not isinstance(product, str):
        return None
    listed = [
        probe.value("population", "also", place)
        for place in range(probe.length("population", "also"))
    ]
    try:
        body = assemble(
            catalogue,
            chassis=str(probe.value("products", product, "chassis")),
            disease=str(probe.value("population", "disease")),
            host=str(probe.value("population", "host")),
            also=tuple(str(name) for name in listed),
        )
    except ProgenitorError:
        return None
    return frozenset(one.name for one in body.model.observables)
