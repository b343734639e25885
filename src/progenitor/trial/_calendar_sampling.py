"""Patients of a calendar resampled from a bank of doses, with times and losses drawn for each."""

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.engine import uniforms
from progenitor.errors import DesignError
from progenitor.trial._calendar_patients import CalendarPatients, ProductResult
from progenitor.trial._dose_bank import DoseBank

__all__ = ["sample_calendar_patients"]


def sample_calendar_patients(
    bank: DoseBank,
    *,
    patients: int,
    replicate: int,
    seed: int,
    gap: float,
    making: tuple[float, float],
    window: float,
    failure: float = 0.0,
    out_of_specification: float = 0.0,
    attempts: int = 1,
    hazard: float = 0.0,
    to_apheresis: float = 0.0,
    to_infusion: float = 0.0,
    screen_failure: float = 0.0,
) -> CalendarPatients:
    r"""Draw the patients of one trial: who they are from the bank, when things happen here.

    Gaps between arrivals and days to loss are exponential, days of manufacture and of a toxicity
    within the window uniform. A patient of the bank who achieves nothing has products that fail.
    Trial k has the same patients whatever the design and rules.

    Parameters
    ----------
    bank
        Achieved doses and toxicities.
    patients, replicate, seed
        Patients who come; number of the trial; seed of the study.
    gap
        Mean days between patients.
    making
        Shortest and longest days of manufacture.
    window
        Days of follow-up for a toxicity.
    failure, out_of_specification
        Chance of each attempt to fail, or to give a product outside its specification.
    attempts
        Attempts to make a product.
    hazard
        Of progression, death or withdrawal while waiting, 1/day.
    to_apheresis, to_infusion
        Days from consent to apheresis, and from the product to infusion.
    screen_failure
        Share of patients who are not eligible.

    Raises
    ------
    DesignError
        If a number makes no sense; lists every problem.

    Examples
    --------
    >>> bank = DoseBank.from_yields((1e6, 3e6), (0.1, 0.3), median=3e6, log_sd=0.5)
    >>> who = sample_calendar_patients(bank, patients=40, replicate=0, seed=1, gap=7.0,
    ...                                making=(14.0, 21.0), window=28.0, hazard=0.004)
    >>> who.patients, bool(np.all(who.making >= 14.0)), bool(np.all(np.diff(who.arrival) > 0.0))
    (40, True, True)
    """
    shares = {
        "failure": failure,
        "out_of_specification": out_of_specification,
        "failure and out_of_specification": failure + out_of_specification,
        "screen_failure": screen_failure,
    }
    waits = {"hazard": hazard, "to_apheresis": to_apheresis, "to_infusion": to_infusion}
    sizes, spans = {"patients": patients, "attempts": attempts}, {"gap": gap, "window": window}
    _check(shares, sizes, waits, spans, making)
    draws, place = np.full(patients, replicate), np.arange(patients)

    def chance(purpose: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return uniforms(seed, f"calendar:{purpose}", draws, place)

    drawn = bank.resample(patients=patients, replicates=1, seed=seed, first=replicate)
    achieved, toxic = drawn.achieved[0], drawn.toxic[0]
    tries = np.stack([chance(f"product {one}") for one in range(attempts)], axis=1)
    days = np.stack([chance(f"making {one}") for one in range(attempts)], axis=1)
    none = achieved.max(axis=1) <= 0.0
    loss = -np.log(chance("loss"))
    return CalendarPatients(
        arrival=np.cumsum(-gap * np.log(chance("arrival"))),
        eligible=chance("screening") >= screen_failure,
        to_apheresis=np.full(patients, to_apheresis),
        making=making[0] + (making[1] - making[0]) * days,
        result=_results(tries, none, failure, out_of_specification),
        loss=loss / hazard if hazard > 0.0 else np.full(patients, np.inf),
        to_infusion=np.full(patients, to_infusion),
        achieved=achieved,
        toxicity=np.where(toxic, (window * chance("onset"))[:, None], np.inf),
        end=np.full(patients, np.inf),
    )


def _results(
    tries: Float[np.ndarray, "patient attempt"],
    none: Bool[np.ndarray, " patient"],
    failure: float,
    out_of_specification: float,
) -> Int[np.ndarray, "patient attempt"]:
    """Return what came of each attempt; nothing ever for a patient without any dose."""
    failed = (tries < failure) | none[:, None]
    outside = ~failed & (tries < failure + out_of_specification)
    result = np.where(failed, ProductResult.FAILURE, ProductResult.SUCCESS)
    return np.where(outside, ProductResult.OUT_OF_SPECIFICATION, result).astype(np.int64)


def _check(
    shares: dict[str, float],
    sizes: dict[str, int],
    waits: dict[str, float],
    spans: dict[str, float],
    making: tuple[float, float],
) -> None:
    """Refuse numbers that make no sense, all problems at once."""
    wrong = [(name, value) for name, value in shares.items() if not 0.0 <= value <= 1.0]
    wrong += [(name, value) for name, value in sizes.items() if value < 1]
    wrong += [(name, value) for name, value in waits.items() if not value >= 0.0]
    wrong += [(name, value) for name, value in spans.items() if not value > 0.0]
    problems = [f"{name} {value:g}" for name, value in wrong]
    if not 0.0 <= making[0] <= making[1]:
        problems.append(f"manufacture of {making[0]:g} to {making[1]:g} days")
    if problems:
        raise DesignError(
            f"the patients cannot be drawn: {'; '.join(problems)}. Fix: give shares from 0 to 1, "
            "days in order, and at least one patient and attempt"
        )
