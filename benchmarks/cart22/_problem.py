"""The problem: 22 species, 75 parameters, 735 days with daily output, three moments of dosing.

Lymphodepletion acts from day 0 (an initial condition) and again on days 1 and 2; on day 5 the
product is given, split over four phenotypes. Cells are in millions, cytokines in pg/mL.
"""

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np

from progenitor.engine import (
    Dose,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    Species,
)

__all__ = [
    "CONDITIONING_DAYS",
    "DAYS",
    "OBSERVABLES",
    "PARAMETERS",
    "PRODUCT",
    "PRODUCT_DAY",
    "SPECIES",
    "Outputs",
    "doses",
    "model",
    "observed",
]

Outputs = Literal["all", "observables"]

DAYS: Final = np.arange(736.0)
"""Output days."""
CONDITIONING_DAYS: Final = (1.0, 2.0)
PRODUCT_DAY: Final = 5.0
PRODUCT: Final = {"Sb": 0.1, "Mb": 0.4, "Eb": 0.45, "Xb": 0.05}
"""Share of the dose that each phenotype gets."""
OBSERVABLES: Final = {
    "Cb": ("Eb", "Mb", "Sb", "Xb"),
    "Tt": ("T1", "T2"),
    "IL6": ("IL6",),
    "B": ("B",),
}
"""CAR-T cells in blood, tumour cells, interleukin 6 and B cells, each a sum of species."""

SPECIES = {
    "Sb": "0", "Mb": "0", "Eb": "0", "Xb": "0", "St": "0", "Mt": "0", "Et": "0", "Xt": "0",
    "T1": "T10", "T2": "T20", "H": "H0", "N": "N0", "Pb": "lamB/(kPB + muP)",
    "B": "kPB*lamB/(muB*(kPB + muP))", "IL6": "b6/d6", "IFN": "0", "IL15": "4", "Mph": "0",
    "LD": "LDd", "LDe": "0", "CRP": "1", "R": "sR/muR",
}  # fmt: skip

PER_DAY = [
    "rho_s", "rho_m", "rho_e", "rho15", "d_sm", "d_me", "d_em", "d_ex", "d_xe", "mu_s", "mu_m",
    "mu_e", "mu_x", "ki_s", "ki_m", "ki_e", "ko", "kmax", "r1", "r2", "mut", "lamH", "lamN",
    "kld", "sR", "rR", "muR", "krej", "lamB", "muP", "kPB", "muB", "kB", "pI", "dI", "pM", "dM",
    "p6", "b6", "d6", "b15", "p15", "d15", "c15", "pC", "dC", "keLD", "ke0",
]  # fmt: skip
PLAIN = [
    "K15", "Kct", "K_A", "hA", "phi", "wP", "a0", "K_E", "eps", "by", "KI", "Kc", "theta",
    "T10", "T20", "H0", "N0", "Rmax", "KR", "KC2", "KM", "Mmax", "K6", "h6", "K15c", "LDd",
    "dose",
]  # fmt: skip

RULES = {
    "aB": "B + T1*phi + a0", "aT": "Pb*wP + T1 + a0",
    "fb": "hill(aB, K_A, hA)", "ft": "hill(aT, K_A, hA)",
    "g15": "IL15/(IL15 + K15)",
    "Cb": "Eb + Mb + Sb + Xb", "Ct": "Et + Mt + St + Xt",
    "lb": "1 - Cb/Kct", "ltum": "1 - Ct/Kct",
    "gI": "IFN/(IFN + KM)", "Tt": "T1 + T2", "res": "1 - Tt/Kc",
    "q1": "T1**2/(T1**2 + theta**2)", "q2": "T2**2/(T2**2 + theta**2)",
    "act": "fb*(Eb + 0.3*Mb) + ft*(Et + 0.3*Mt)",
}  # fmt: skip
RATE_RULES = {
    "rej": "R*krej/(KR + R)", "ld": "LDe*kld",
    "kT": "kmax*(Et + 0.15*Mt + 0.2*Xt)/(Et + K_E + Mt + Tt*eps)",
    "kBl": "kB*(Eb + 0.15*Mb)/(B*eps + Eb + K_E + Mb)",
    "dsb": "d_sm*(fb + 0.05)", "dst": "d_sm*(ft + 0.05)",
    "dmb": "d_me*fb", "dmt": "d_me*ft", "dxb": "d_ex*fb", "dxt": "d_ex*ft",
    "deb": "d_em*(1 - fb)", "det": "d_em*(1 - ft)",
}  # fmt: skip

MOVES = {  # one species turns into another: (from, to, rate)
    "Sb_to_Mb": ("Sb", "Mb", "Sb*dsb"), "Mb_to_Eb": ("Mb", "Eb", "Mb*dmb"),
    "Eb_to_Mb": ("Eb", "Mb", "Eb*deb"), "Eb_to_Xb": ("Eb", "Xb", "Eb*dxb"),
    "Xb_to_Eb": ("Xb", "Eb", "Xb*d_xe"),
    "St_to_Mt": ("St", "Mt", "St*dst"), "Mt_to_Et": ("Mt", "Et", "Mt*dmt"),
    "Et_to_Mt": ("Et", "Mt", "Et*det"), "Et_to_Xt": ("Et", "Xt", "Et*dxt"),
    "Xt_to_Et": ("Xt", "Et", "Xt*d_xe"),
    "Sb_in": ("Sb", "St", "Sb*ki_s"), "St_out": ("St", "Sb", "St*ko"),
    "Mb_in": ("Mb", "Mt", "Mb*ki_m"), "Mt_out": ("Mt", "Mb", "Mt*ko"),
    "Eb_in": ("Eb", "Et", "Eb*ki_e"), "Et_out": ("Et", "Eb", "Et*ko"),
    "Xb_in": ("Xb", "Xt", "Xb*ki_e"), "Xt_out": ("Xt", "Xb", "Xt*ko"),
    "mutation": ("T1", "T2", "T1*mut"), "B_maturation": ("Pb", "B", "Pb*kPB"),
}  # fmt: skip
GAINS = {
    "Sb": "Sb*lb*(fb*rho_s + g15*rho15)", "Mb": "Mb*lb*(fb*rho_m + g15*rho15)",
    "Eb": "Eb*fb*lb*rho_e",
    "St": "St*ltum*(ft*rho_s + g15*rho15)", "Mt": "Mt*ltum*(ft*rho_m + g15*rho15)",
    "Et": "Et*ft*ltum*rho_e",
    "T1": "T1*q1*r1*res", "T2": "T2*q2*r2*res",
    "H": "H*g15*rho15*(1 - H/H0) + lamH*(H0 - H)", "N": "N*g15*rho15*(1 - N/N0) + lamN*(N0 - N)",
    "Pb": "lamB", "IL6": "Mph*p6 + b6", "IFN": "act*pI", "IL15": "b15 + gI*p15",
    "Mph": "gI*pM*(Mmax - Mph)", "LDe": "ke0*LD", "CRP": "pC*hill(IL6, K6, h6)",
    "R": "Cb*R*rR*(1 - R/Rmax)/(Cb + KC2) + sR",
}  # fmt: skip
LOSSES = {
    "Sb": "Sb*(mu_s + rej)", "Mb": "Mb*(mu_m + rej)", "Eb": "Eb*(mu_e + rej)",
    "Xb": "Xb*(mu_x + rej)", "St": "St*mu_s", "Mt": "Mt*mu_m", "Et": "Et*mu_e", "Xt": "Xt*mu_x",
    "T1": "T1*kT", "T2": "IFN*T2*by*kT/(IFN + KI)", "H": "H*ld", "N": "N*ld",
    "Pb": "Pb*(kT + ld + muP)", "B": "B*(kBl + ld + muB)", "IL6": "IL6*d6", "IFN": "IFN*dI",
    "IL15": "IL15*K15c*c15*(Cb + H + N)/(IL15 + K15c) + IL15*d15", "Mph": "Mph*dM",
    "LD": "LD*keLD", "LDe": "ke0*LDe", "CRP": "CRP*dC", "R": "R*(ld + muR)",
}  # fmt: skip


PARAMETERS: Final = (*PER_DAY, *PLAIN)
"""Names of the 75 parameters, in the order of the model."""


def model(outputs: Outputs) -> Model:
    """Return the model reporting all 22 species or the four observables."""
    shown = SPECIES if outputs == "all" else OBSERVABLES
    parts = ReactionSet(
        "cart22",
        species=tuple(
            Species(s, "1", initial, absolute_tolerance=1e-6) for s, initial in SPECIES.items()
        ),
        parameters=(
            *(ModelParameter(name, "1/day") for name in PER_DAY),
            *(ModelParameter(name, "1") for name in PLAIN),
        ),
        rules=(
            *(Rule(name, text, "1") for name, text in RULES.items()),
            *(Rule(name, text, "1/day") for name, text in RATE_RULES.items()),
        ),
        reactions=(
            *(Reaction(n, rate, {a: 1}, {b: 1.0}) for n, (a, b, rate) in MOVES.items()),
            *(Reaction(f"{s}_gain", rate, {}, {s: 1.0}) for s, rate in GAINS.items()),
            *(Reaction(f"{s}_loss", rate, {s: 1}) for s, rate in LOSSES.items()),
        ),
        observables=tuple(Observable(name, name, "1") for name in shown),
    )
    return Model.build("cart22", [parts])


def doses(patients: Mapping[str, np.ndarray]) -> list[Dose]:
    """Return what is given to each patient after day 0."""
    at = np.zeros(len(patients["dose"]))
    return [
        *(Dose("LD", at + day, patients["LDd"]) for day in CONDITIONING_DAYS),
        *(Dose(s, at + PRODUCT_DAY, share * patients["dose"]) for s, share in PRODUCT.items()),
    ]


def observed(states: np.ndarray) -> np.ndarray:
    """Sum states, (patient, day, species), into the four observables."""
    names = list(SPECIES)
    columns = [
        states[..., [names.index(part) for part in parts]].sum(axis=-1)
        for parts in OBSERVABLES.values()
    ]
    return np.stack(columns, axis=-1)
