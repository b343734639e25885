"""Switches of a body that an arm sets."""

from progenitor.body import assemble
from progenitor.documents import suggestion
from progenitor.errors import ProgenitorError
from progenitor.evidence import Catalogue
from progenitor.study._probe import Probe
from progenitor.study._wording import shorten

__all__ = ["check_switches"]


def check_switches(probe: Probe, catalogue: Catalogue) -> None:
    """Check that every switch an arm sets is one of the body its product meets.

    Parameters
    ----------
    probe
        The study file.
    catalogue
        Where chassis, disease and host are looked up; what is wrong with them is reported
        elsewhere.
    """
    disease, host = (probe.value("population", part) for part in ("disease", "host"))
    for arm in probe.names("arms"):
        asked = probe.names("arms", arm, "set")
        product = probe.value("arms", arm, "product")
        if not asked or not isinstance(product, str):
            continue
        chassis = probe.value("products", product, "chassis")
        try:
            switches = assemble(
                catalogue, chassis=str(chassis), disease=str(disease), host=str(host)
            ).switches
        except ProgenitorError:
            continue
        for name in asked:
            if name not in switches:
                fix = suggestion(name, switches) if switches else "leave it out: there is none"
                probe.report(
                    ("arms", arm, "set", name),
                    f"'{shorten(name)}' is no switch of '{shorten(str(chassis))}' here",
                    fix,
                )
