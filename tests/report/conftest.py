"""A synthetic finished run with numbers of the size a real one has; nothing here is a result."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from progenitor.engine import stream
from progenitor.evidence import Ledger, LedgerRow
from progenitor.study.results import (
    ArmResult,
    Band,
    DesignResult,
    Estimate,
    FlowStep,
    PublishedComparison,
    RunResult,
)

PATIENTS = 120
PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)
KIMMEL = "Kimmel GJ et al. 2021, Proc R Soc B, doi:10.1098/rspb.2021.0229"


def _normal(purpose: str, size: int) -> np.ndarray:
    return stream(7, purpose).standard_normal(size)


def _band(label: str, unit: str, days: np.ndarray, median: np.ndarray, spread: float) -> Band:
    z = np.array([-1.645, -0.674, 0.0, 0.674, 1.645])
    return Band(label, unit, days, PERCENTILES, median * np.exp(spread * z[:, None]))


def _bands(peak: float, decay: float, floor: float) -> dict[str, Band]:
    days = np.concatenate([np.arange(0.0, 29.0), np.arange(30.0, 731.0, 10.0)])
    rise = peak * np.exp(-0.5 * ((np.minimum(days, 10.0) - 10.0) / 3.0) ** 2)
    fall = np.exp(-decay * np.maximum(days - 10.0, 0.0))
    blood = rise * ((1 - floor) * fall + floor * np.exp(-0.003 * days))
    il6 = 4 + 900 * np.exp(-0.5 * ((days - 6) / 2.5) ** 2)
    tumour = 40 * np.exp(-0.25 * np.minimum(days, 30)) * np.exp(0.006 * np.maximum(days - 30, 0))
    return {
        "car_t_in_blood": _band("CAR⁺ T cells in blood", "cell/uL", days, blood, 0.9),
        "transgene_in_blood": _band("CAR transgene in blood", "copy/ug", days, 160 * blood, 0.9),
        "il6": _band("IL-6 in blood", "pg/mL", days, il6, 0.8),
        "tumour": _band("Tumour size (SPD)", "cm^2", days, tumour, 1.0),
    }


def _endpoints(shift: float) -> dict[str, Estimate]:
    return {
        "released": Estimate(
            94.2 - shift, 90.1 - shift, 97.0 - shift, "%", "Lots released", 500, 1.0
        ),
        "vein_to_vein": Estimate(
            31.0 - 1.2 * shift,
            28.4 - 1.2 * shift,
            35.2 - shift,
            "day",
            "Vein-to-vein time, median",
            470,
            0.2,
        ),
        "cmax": Estimate(42.1 + 3 * shift, 21.4, 88.3, "cell/uL", "Cmax, median", 452, 1.9),
        "tmax": Estimate(9.8 + 0.3 * shift, 8.1, 12.4, "day", "Tmax, median", 452, 0.1),
        "orr": Estimate(61.3 + shift, 48.0, 73.9, "%", "ORR, infused", 452, 2.1),
        "cr": Estimate(42.7 + shift, 30.2, 56.1, "%", "CR, infused", 452, 2.2),
        "pfs_12": Estimate(38.0 + shift, 26.2, 50.8, "%", "PFS at 12 months, ITT", 500, 2.0),
        "crs_3": Estimate(13.4 - 0.5 * shift, 7.0, 22.6, "%", "CRS grade ≥ 3", 452, 1.4),
        "persistence_12": Estimate(
            22.1 + 4 * shift, 9.8, 41.0, "%", "Persistence at 12 months", 452, 1.7
        ),
    }


def _design(name: str, success: float) -> DesignResult:
    return DesignResult(
        design=name,
        endpoint="complete response",
        analysis_set="infused",
        description="Null 20 %, alternative 40 %, α 0.05, power 0.80",
        numbers={"r₁": 4.0, "n₁": 18.0, "r": 10.0, "n": 33.0},
        success=Estimate(success, 0.35, 0.98, "1", "P(success)", 5000, 0.006),
        expected_patients=Estimate(29.8, 25.1, 32.6, "", "Expected patients", 5000, 0.08),
        early_stop=Estimate(0.14, 0.01, 0.48, "1", "P(early stop)", 5000, 0.005),
        replicates=5000,
        between_draw_share=0.72,
        example=(
            "Stage 1 enrolled 18 patients; 9 reached complete response, more than r₁ = 4, so the "
            "trial went on. After 33 patients 15 responded, more than r = 10: the treatment is "
            "declared worth a Phase III."
        ),
    )


def _patients(key: str, cure: float) -> dict[str, np.ndarray]:
    n, lost = PATIENTS, PATIENTS // 10
    z, noise = _normal(f"{key}-response", n), _normal(f"{key}-noise", n)
    infused = np.arange(n) >= lost
    change = np.where(infused, np.clip(-100 + 130 * np.exp(z - 1.1), -100, 240) - 15, np.nan)
    change = np.maximum(change, -100)
    response = np.select(
        [~infused, change < -85, change < -50, change < 40], [0, 4, 3, 2], default=1
    )
    progression = np.where(noise > 1.2 - cure, 1e9, 60 + 240 * np.exp(0.9 * noise))
    end = np.where(z > 0.9, 540.0, 730.0)
    wait = 30 + 4 * _normal(f"{key}-wait", n)
    time = np.minimum(progression, end)
    event = (progression <= end).astype(float)
    grade = np.clip(np.floor(1.4 + 1.05 * noise), 0, 5)
    return {
        "best_change": change,
        "best_response": response,
        "pfs_time": np.where(infused, time, np.nan),
        "pfs_event": np.where(infused, event, np.nan),
        "pfs_itt_time": np.where(infused, time + wait, 12 + 0.5 * wait),
        "pfs_itt_event": np.where(infused, event, 1.0),
        "crs_grade": np.where(infused, grade, np.nan),
    }


def _lots(key: str, stem: float) -> dict[str, np.ndarray]:
    n = PATIENTS
    z = [_normal(f"{key}-lot-{name}", n) for name in range(5)]
    parts = np.exp(
        np.stack([stem + 0.6 * z[0], 0.2 + 0.4 * z[1], -stem + 0.4 * z[2], -1.2 + 0.5 * z[3]])
    )
    shares = parts / parts.sum(axis=0)
    shares[:, -(n // 25) :] = np.nan
    return dict(zip(("tscm", "tcm", "teff", "tex"), shares, strict=True))


def _quality(key: str, size: float) -> dict[str, np.ndarray]:
    z = [_normal(f"{key}-quality-{name}", PATIENTS) for name in range(5)]
    failed = np.arange(PATIENTS) >= PATIENTS - PATIENTS // 25
    values = {
        "yield": size * np.exp(0.9 * z[0]),
        "viability": 100 / (1 + np.exp(-2.2 - 0.5 * z[1])),
        "vcn_per_car_cell": 1.9 * np.exp(0.35 * z[2]),
        "vein_to_vein": 29 + 3.4 * z[3] + np.exp(z[4]),
        "cost": 88_000 * np.exp(0.12 * z[4]),
    }
    return {name: np.where(failed, np.nan, value) for name, value in values.items()}


def build_arm(key: str, title: str, *, stem: float, size: float, shift: float) -> ArmResult:
    released = 480 - int(shift)
    return ArmResult(
        name=key,
        title=title,
        product=f"{key}_car_t",
        endpoints=_endpoints(shift),
        bands=_bands(60.0 + 5 * shift, 0.16 - 0.01 * shift, 0.004 * (1 + shift)),
        composition=_lots(key, stem),
        lot_quality=_quality(key, size),
        lot_units={
            "yield": "cell",
            "viability": "%",
            "vcn_per_car_cell": "copy/cell",
            "vein_to_vein": "day",
            "cost": "USD",
        },
        lot_failures={
            "viability below specification": 9,
            "too few cells": 7 + int(shift),
            "contaminated": 4,
        },
        lots=500,
        cost_lines={
            "vector": 27_500.0,
            "quality_control": 21_000.0 + 400 * shift,
            "labour": 18_400.0 - 900 * shift,
            "clean_room": 9_800.0 - 700 * shift,
            "media_and_cytokines": 6_200.0,
            "apheresis": 4_900.0,
        },
        flow=(
            FlowStep("Enrolled, apheresed (ITT)", 500),
            FlowStep("Lot released", released, {"lot failed release": 500 - released}),
            FlowStep(
                "Lymphodepleted",
                458,
                {
                    "died while waiting": 11,
                    "progressed, no longer fit to be treated": released - 469,
                },
            ),
            FlowStep("Infused", 452, {"infection before infusion": 6}),
            FlowStep("Followed to 24 months or event", 449, {"simulation not solved": 3}),
        ),
        designs=(
            _design("Simon two-stage (optimal)", 0.79 + shift / 100),
            _design("Exact binomial", 0.82),
        ),
        **_patients(key, 0.05 * shift),
    )


def _comparison(
    day: float | None,
    quantity: str,
    unit: str,
    simulated: float,
    published: tuple[float, float, float],
    role: str,
) -> PublishedComparison:
    value, low, high = published
    return PublishedComparison(
        arm="conventional",
        quantity=quantity,
        unit=unit,
        simulated=Estimate(
            simulated, 0.6 * simulated, 1.7 * simulated, unit, quantity, 452, 0.03 * simulated
        ),
        published=value,
        published_low=low,
        published_high=high,
        interval="IQR" if np.isfinite(low) else "",
        parameter_id=f"observed/{quantity.lower().replace(' ', '_')}",
        citation=KIMMEL if unit == "cell/uL" else "Awasthi R et al. 2020, Blood Adv",
        population="LBCL, ZUMA-1 patients (axi-cel)"
        if unit == "cell/uL"
        else "DLBCL, JULIET (tisa-cel)",
        role=role,
        ratio=simulated / value,
        day=day,
        caveat="",
    )


def build_comparisons() -> tuple[PublishedComparison, ...]:
    nan = float("nan")
    return (
        _comparison(7.0, "Level in blood, day 7", "cell/uL", 33.0, (27.5, 16.5, 57.5), "building"),
        _comparison(14.0, "Level in blood, day 14", "cell/uL", 17.2, (9.1, 3.8, 31.1), "building"),
        _comparison(
            28.0, "Level in blood, day 28", "cell/uL", 2.9, (2.1, 0.6, 6.1), "verification"
        ),
        _comparison(
            90.0, "Level in blood, day 90", "cell/uL", 0.34, (0.1, 0.01, 0.4), "verification"
        ),
        _comparison(None, "Tmax", "day", 9.8, (9.0, nan, nan), "verification"),
        _comparison(
            28.0, "Transgene, day 28", "copy/ug", 930.0, (640.0, 200.0, 2100.0), "building"
        ),
        _comparison(None, "Cmax", "copy/ug", 6900.0, (5530.0, nan, nan), "verification"),
    )


def build_ledger() -> Ledger:
    kinds = (("assumed", "D"), ("provisional", "B"), ("checked", "A"), ("disputed", "C"))
    rows = [
        LedgerRow(
            id=f"t_cell/quantity_{index}",
            title=f"Division rate of effector CAR-T cells, variant {index}",
            state=state,
            trust=trust,
            role="building" if index % 3 else "prior",
            unit="1/day",
            used="lognormal, median 1.15 1/day, CV 30 % between patients, 15 % uncertain",
            reported="nothing reported" if state == "assumed" else "Doubling time 0.78 day, n = 90",
            citation="no source"
            if state == "assumed"
            else "Stein AM et al. 2019, CPT:PSP, Table 1",
            spread=0.15,
            reason="No one has measured it in people." if state == "assumed" else "",
        )
        for index, (state, trust) in ((n, kinds[n % 4]) for n in range(25))
    ]
    limit = replace(
        rows[2],
        id="assay/car_t_lower_limit",
        title="Lower limit of quantification of CAR-T cells in blood",
        unit="cell/uL",
        role="setting",
        used="fixed at 0.01 cell/uL",
    )
    return Ledger((limit, *rows))


def build_result() -> RunResult:
    conventional = build_arm("conventional", "Conventional CAR-T", stem=-0.9, size=3.1e8, shift=0.0)
    tscm = build_arm("tscm", "Tscm CAR-T", stem=1.1, size=0.9e8, shift=5.0)
    return RunResult(
        study_name="tscm_vs_cart_dlbcl",
        title="Tscm CAR-T or conventional CAR-T in relapsed/refractory DLBCL",
        question={
            "of_interest": (
                "Does a Tscm product give more durable complete responses than a conventional one "
                "at the same dose?"
            ),
            "context_of_use": (
                "Choosing which product to carry into a single-arm Phase II. Not for dosing a "
                "patient."
            ),
            "influence": "medium",
            "consequence": "medium",
        },
        study_text="study: tscm_vs_cart_dlbcl\nseed: 20261121\n",
        study_path=Path("studies/tscm_vs_cart_dlbcl.yaml"),
        run_dir=Path("runs/tscm_vs_cart_dlbcl-3fa9c1"),
        digest="3fa9c1d2" * 8,
        seed=20261121,
        draws=20,
        patients=1000,
        failed=6,
        status_counts={"OK": 994, "STEP_LIMIT": 4, "DEADLINE": 2},
        seconds=212.4,
        headline=(
            "On the same 500 virtual patients, Tscm CAR-T reaches complete response 5.0 percentage "
            "points more often than conventional CAR-T (90 % interval −4.1 to 13.8): the "
            "simulation cannot tell the two apart."
        ),
        weaknesses=(
            (
                "Day-90 blood level of conventional CAR-T is 3.4 times the published one (0.34 "
                "against 0.1 cells/µL): late persistence is too high."
            ),
            (
                "7 of 26 parameters are assumed, among them the renewal probability of Tscm, which "
                "decides the answer."
            ),
            "6 of 1\u202f000 patients could not be solved and are counted as missing.",
        ),
        arms={"conventional": conventional, "tscm": tscm},
        paired={
            "cr": Estimate(5.0, -4.1, 13.8, "%", "CR, infused", 452, 1.3),
            "orr": Estimate(4.8, -5.2, 14.1, "%", "ORR, infused", 452, 1.4),
            "pfs_12": Estimate(5.1, -3.0, 12.9, "%", "PFS at 12 months, ITT", 500, 1.2),
            "crs_3": Estimate(-2.5, -6.9, 1.4, "%", "CRS grade ≥ 3", 452, 0.9),
            "persistence_12": Estimate(20.0, 6.8, 33.5, "%", "Persistence at 12 months", 452, 1.6),
            "vein_to_vein": Estimate(-6.0, -7.8, -4.2, "day", "Vein-to-vein time", 452, 0.1),
            "cmax": Estimate(1.36, 0.81, 2.2, "ratio", "Cmax, ratio of medians", 452, 0.05),
        },
        comparisons=build_comparisons(),
        ledger=build_ledger(),
        references=(
            (
                "Kimmel GJ, Locke FL, Altrock PM. (2021). The roles of T cell competition and "
                "stochastic extinction events in CAR T cell therapy. Proc R Soc B. "
                "https://doi.org/10.1098/rspb.2021.0229"
            ),
            (
                "Stein AM, Grupp SA, Levine JE, et al. (2019). Tisagenlecleucel model-based "
                "cellular kinetic analysis. CPT:PSP. https://doi.org/10.1002/psp4.12388"
            ),
        ),
        solver={
            "method": "LSODA",
            "rtol": 1e-6,
            "largest relative error found": 3.1e-5,
            "re-solved": "1 % of patients at rtol 1e-8",
        },
        versions={"progenitor": "0.1.0", "numpy": "2.4.6", "python": "3.11.2"},
        hashes={
            "catalogue": "b1946ac92492d2347c6235b4d2611184",
            "model": "591785b794601e212b260e25925636fd",
        },
    )


@pytest.fixture(scope="session")
def result() -> RunResult:
    return build_result()


@pytest.fixture
def without() -> Callable[[RunResult], RunResult]:
    """Empty a run as if every lot had failed and nobody had been infused."""

    def empty(run: RunResult) -> RunResult:
        gone = np.full(PATIENTS, np.nan)
        nothing = Estimate(np.nan, np.nan, np.nan, "%", "ORR, infused", 0, note="nobody infused")
        arms = {
            name: replace(
                arm,
                endpoints={"orr": nothing},
                bands={
                    key: replace(band, values=np.full_like(band.values, np.nan))
                    for key, band in arm.bands.items()
                },
                composition=dict.fromkeys(arm.composition, gone),
                lot_quality=dict.fromkeys(arm.lot_quality, gone),
                cost_lines={},
                best_change=gone,
                best_response=np.zeros(PATIENTS, dtype=int),
                pfs_time=gone,
                pfs_event=gone,
                pfs_itt_time=gone,
                pfs_itt_event=gone,
                crs_grade=gone,
                flow=(),
                designs=(),
            )
            for name, arm in run.arms.items()
        }
        return replace(run, arms=arms, paired={"orr": nothing}, comparisons=())

    return empty
