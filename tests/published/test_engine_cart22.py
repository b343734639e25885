"""The 22-state CAR-T benchmark against a solution at tolerance 1e-12 by another solver.

Reference: CVODE at rtol 1e-12 and atol 1e-13; an independent Rosenbrock solution at 1e-11 agrees
with it to 6e-8. The error of a patient is the largest |y − ref| / (|ref| + 1e-3) over 22 states
and 11 days, and the benchmark's figure is the median over patients.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import (
    Dose,
    Model,
    ModelParameter,
    Observable,
    Reaction,
    ReactionSet,
    Rule,
    SolverOptions,
    Species,
    Status,
    Trajectories,
    sensitivities,
    simulate,
)

DATA = Path(__file__).parents[1] / "data" / "cart22"

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


def model() -> Model:
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
        observables=tuple(Observable(name, name, "1") for name in SPECIES),
    )
    return Model.build("cart22", [parts])


def table(name: str) -> dict[str, np.ndarray]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    columns = np.array(rows[1:], dtype=float).T
    return dict(zip(rows[0], columns, strict=True))


def doses(values: dict[str, np.ndarray]) -> list[Dose]:
    at = np.zeros(len(values["dose"]))
    product = {"Sb": 0.1, "Mb": 0.4, "Eb": 0.45, "Xb": 0.05}
    return [
        *(Dose("LD", at + day, values["LDd"]) for day in (1.0, 2.0)),
        *(Dose(s, at + 5.0, share * values["dose"]) for s, share in product.items()),
    ]


def run(count: int, days: np.ndarray, options: SolverOptions) -> Trajectories:
    patients = table("cart22_patients.csv")
    values = {name: column[:count] for name, column in patients.items()}
    return simulate(
        model(),
        values,
        times=np.tile(np.concatenate([[0.0], days]), (count, 1)),
        doses=doses(values),
        seed=1,
        draw=np.zeros(count, int),
        patient=np.arange(count),
        options=options,
    )


def errors(count: int, options: SolverOptions) -> np.ndarray:
    reference = table("cart22_reference.csv")
    days = np.unique(reference["day"])
    expected = np.stack([reference[s] for s in SPECIES], axis=1).reshape(-1, len(days), 22)
    found = run(count, days, options)
    assert (found.status == Status.OK).all()
    difference = np.abs(found.values[:, 1:] - expected[:count])
    return (difference / (np.abs(expected[:count]) + 1e-3)).max(axis=(1, 2))


def test_three_patients_agree_with_the_reference() -> None:
    assert np.median(errors(3, SolverOptions())) < 2e-4


def test_error_shrinks_with_the_tolerance() -> None:
    assert np.median(errors(3, SolverOptions(rtol=1e-9))) < 1e-5


@pytest.mark.slow
def test_all_patients_agree_with_the_reference() -> None:
    found = errors(64, SolverOptions())
    assert np.median(found) < 2e-4
    assert found.max() < 5e-3


MOVED = ("rho_e", "kmax", "hA", "T10")


def differences(step: float, days: np.ndarray, options: SolverOptions) -> np.ndarray:
    """Central differences by the logarithm of each parameter, from two runs each."""
    found = []
    for name in MOVED:
        values = {n: np.repeat(column[:3], 2) for n, column in table("cart22_patients.csv").items()}
        given = doses(values)
        values[name] = values[name] * np.tile(np.exp([step, -step]), 3)
        ran = simulate(
            model(),
            values,
            times=np.tile(days, (6, 1)),
            doses=given,
            seed=1,
            draw=np.zeros(6, int),
            patient=np.arange(6),
            options=options,
        )
        found.append((ran.values[::2] - ran.values[1::2]) / (2 * step))
    return np.stack(found, axis=3)


def test_sensitivities_are_the_limit_of_differences() -> None:
    """Errors of central differences fall with the square of the step until rounding stops them.

    That a hundredth of the error is left after a tenth of the step shows both that the derivatives
    are right and how right they are: the smallest step still agrees.
    """
    days = np.array([3.0, 6.0, 10.0, 20.0, 60.0, 200.0])
    options = SolverOptions(rtol=1e-10, atol_scale=1e-3)
    values = {name: column[:3] for name, column in table("cart22_patients.csv").items()}
    exact = sensitivities(
        model(),
        values,
        of=MOVED,
        times=np.tile(days, (3, 1)),
        doses=doses(values),
        log=True,
        options=options,
    )
    assert (exact.status == Status.OK).all()
    worst = []
    for step in (1e-2, 1e-3, 1e-4):
        found = differences(step, days, options)
        sizes = np.abs(exact.values)[..., None] + np.abs(found) + 1e-3
        worst.append((np.abs(exact.derivatives - found) / sizes).max(axis=(0, 1, 2)))
    errors_of = np.array(worst)
    ratios = errors_of[0] / errors_of[1]
    assert (np.abs(ratios / 100 - 1) < 0.05).all()
    assert errors_of[2].max() < 1e-5
    assert (errors_of[2] < errors_of[1]).sum() >= 3
