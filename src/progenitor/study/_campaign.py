r"""What becomes of patients whose lot failed: given all the same, made again, or nothing.

A lot that misses a line of which the physician may judge is given with the catalogue's
probability. Otherwise another attempt is made, from the cells kept in reserve if they suffice to
seed a culture and from a new collection if not. Two attempts with cells of one donor are alike: on
the scale on which a number varies,

.. math:: z_2 = \rho z_1 + \sqrt{1 - \rho^2}\, z', \qquad z' \sim N(0, 1)

with :math:`\rho` from the catalogue (``manufacture/donor_share_of_variation``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float, Int

from progenitor.cohort import Numbers, sample_numbers
from progenitor.engine import uniforms
from progenitor.errors import InputError, Problem
from progenitor.evidence import Catalogue
from progenitor.manufacture import DOSE_LINES, Batch, Recipe, doses_of, manufacture, split_cost

__all__ = ["OUTCOMES", "Campaign", "run_campaign"]

OUTCOMES: Final = (
    "released at first",
    "released after another attempt",
    "given out of specification",
    "never given",
)
"""What may become of a patient's manufacture, in the order of the codes."""

_OFFERED: Final = ("low viability", "low receptor expression", "below minimum dose")
"""Reasons that leave the decision to the physician where no specification says otherwise."""

_POLICY: Final = (
    "manufacture/donor_share_of_variation",
    "manufacture/out_of_specification_use",
    "manufacture/remake_attempted",
    "manufacture/restart_wait",
)
_OTHER_LOTS: Final = 10_000_000
"""Distance of the lot numbers of one attempt from those of the next."""


@final
@dataclass(frozen=True, slots=True)
class Campaign:
    """Manufacture for many patients, to the end.

    Parameters
    ----------
    outcome
        Index into ``OUTCOMES``, (patient,).
    attempts
        Lots begun, (patient,).
    collections
        Collections, (patient,).
    remakes, remade
        Attempts after the first, and those of them that were released.
    day
        From the first collection to infusion, (patient,); day; NaN where never given.
    cost
        Of all attempts, (patient,); USD.
    doses
        Doses made, (patient,): those of a bank, 1 where a lot is one dose, 0 where none was given.
    batches
        The lots of each attempt, those of the first for all patients.
    """

    outcome: Int[np.ndarray, " patient"]
    attempts: Int[np.ndarray, " patient"]
    collections: Int[np.ndarray, " patient"]
    remakes: int
    remade: int
    day: Float[np.ndarray, " patient"]
    cost: Float[np.ndarray, " patient"]
    doses: Float[np.ndarray, " patient"]
    batches: tuple[Batch, ...]

    @property
    def shares(self) -> Mapping[str, float]:
        """Outcome → share of patients."""
        return {name: float((self.outcome == code).mean()) for code, name in enumerate(OUTCOMES)}

    @property
    def first_failure(self) -> float:
        """Share of patients whose first lot missed its specification."""
        return float((self.outcome != 0).mean())

    @property
    def cost_per_dose(self) -> float:
        """Everything spent on all attempts over the doses made, and the delivery of one; USD."""
        bills = [split_cost(batch)[DOSE_LINES[0]] for batch in self.batches]
        paid = sum(float(bill.sum()) for bill in bills)
        journeys = np.concatenate([bill[bill > 0] for bill in bills])
        made = float(self.doses.sum())
        each = float(journeys.mean()) if journeys.size else 0.0
        return (float(self.cost.sum()) - paid) / made + each if made > 0 else float("nan")


def run_campaign(
    catalogue: Catalogue,
    recipe: Recipe,
    *,
    seed: int,
    draw: Int[np.ndarray, " patient"],
    patient: Int[np.ndarray, " patient"],
    attempts: int = 2,
) -> Campaign:
    """Make a lot for each patient and, where it fails, decide and try again.

    Parameters
    ----------
    catalogue, recipe
        Where the numbers live, and how lots are made.
    seed
        Seed of every random stream.
    draw, patient
        Parameter draw and number of each patient.
    attempts
        Most lots begun for one patient, from 1.

    Raises
    ------
    InputError
        When fewer than one attempt is asked for.

    Examples
    --------
    >>> from progenitor.evidence import default_catalogue
    >>> from progenitor.manufacture import load_recipe
    >>> catalogue, who = default_catalogue(), np.arange(300)
    >>> made = run_campaign(
    ...     catalogue, load_recipe(catalogue, "car_gmp"), seed=1, draw=who, patient=who
    ... )
    >>> made.outcome.shape, round(sum(made.shares.values()), 9)
    ((300,), 1.0)
    """
    if attempts < 1:
        message = f"attempts is {attempts}"
        raise InputError([Problem(message, "allow at least one attempt", field="attempts")])
    work = _Work(catalogue, recipe, seed, draw, patient)
    return work.run(attempts)


@final
@dataclass(frozen=True, slots=True)
class _Work:
    """Everything the attempts share."""

    catalogue: Catalogue
    recipe: Recipe
    seed: int
    draw: Int[np.ndarray, " patient"]
    patient: Int[np.ndarray, " patient"]

    def run(self, attempts: int) -> Campaign:
        numbers = self.numbers(self.draw, self.patient)
        policy = sample_numbers(
            self.catalogue, _POLICY, seed=self.seed, draw=self.draw, patient=self.patient
        )
        first = self.make(numbers, np.arange(len(self.patient)), 0)
        released = first.product.released
        outcome = np.where(released, 0, 3)
        begun, collected = np.ones_like(outcome), np.ones_like(outcome)
        day, cost = first.product.vein_to_vein.copy(), first.product.cost.copy()
        doses = np.where(released, doses_of(first), 0.0)
        batches, batch, who = [first], first, np.arange(len(self.patient))
        spent_days = np.zeros(len(self.patient))
        remakes = remade = 0
        for attempt in range(1, attempts + 1):
            failed = who[~batch.product.released]
            rows = np.flatnonzero(~batch.product.released)
            given = _offered(batch)[rows] & self.chance(
                "given as it is", attempt, failed, policy["manufacture/out_of_specification_use"]
            )
            at_end = spent_days[failed] + batch.decided_day[rows]
            outcome[failed[given]] = 2
            doses[failed[given]] = doses_of(batch)[rows[given]]
            day[failed[given]] = at_end[given] + _after_release(self.recipe, numbers, failed)[given]
            tried = ~given & self.chance(
                "another attempt", attempt, failed, policy["manufacture/remake_attempted"]
            )
            if attempt == attempts or not tried.any():
                break
            who, rows = failed[tried], rows[tried]
            fresh = ~_kept_enough(batch)[rows]
            collected[who] += fresh
            begun[who] += 1
            spent_days[who] = at_end[tried] + policy["manufacture/restart_wait"][who]
            numbers = self.again(numbers, policy["manufacture/donor_share_of_variation"], attempt)
            batch = self.make(numbers, who, attempt)
            batches.append(batch)
            ok = batch.product.released
            outcome[who[ok]] = 1
            doses[who[ok]] = doses_of(batch)[ok]
            day[who[ok]] = spent_days[who[ok]] + batch.product.vein_to_vein[ok]
            saved = np.where(fresh, 0.0, batch.cost_lines.get("apheresis", np.zeros(len(who))))
            cost[who] += batch.product.cost - saved
            remakes, remade = remakes + len(who), remade + int(ok.sum())
        return Campaign(
            outcome, begun, collected, remakes, remade, day, cost, doses, tuple(batches)
        )

    def numbers(self, draw: Int[np.ndarray, " lot"], lot: Int[np.ndarray, " lot"]) -> Numbers:
        ids = self.recipe.parameter_ids
        return sample_numbers(self.catalogue, ids, seed=self.seed, draw=draw, patient=lot)

    def make(self, numbers: Numbers, who: Int[np.ndarray, " lot"], attempt: int) -> Batch:
        chosen = {name: values[who] for name, values in numbers.items()}
        lot = self.patient[who] + attempt * _OTHER_LOTS
        return manufacture(self.recipe, chosen, seed=self.seed, draw=self.draw[who], lot=lot)

    def chance(
        self,
        purpose: str,
        attempt: int,
        who: Int[np.ndarray, " lot"],
        probability: Float[np.ndarray, " patient"],
    ) -> Bool[np.ndarray, " lot"]:
        stream = f"campaign/{purpose}/{attempt}"
        deviate = uniforms(self.seed, stream, self.draw[who], self.patient[who])
        return np.asarray(deviate < probability[who])

    def again(
        self, numbers: Numbers, alike: Float[np.ndarray, " patient"], attempt: int
    ) -> Numbers:
        """Numbers of the next attempt with cells of the same donors."""
        other = self.numbers(self.draw, self.patient + attempt * _OTHER_LOTS)
        typical = sample_numbers(
            self.catalogue,
            self.recipe.parameter_ids,
            seed=self.seed,
            draw=self.draw,
            patient=self.patient,
            typical=True,
        )
        return {
            name: self.mixed(name, numbers[name], other[name], typical[name], alike)
            for name in numbers
        }

    def mixed(
        self,
        name: str,
        old: Float[np.ndarray, " patient"],
        new: Float[np.ndarray, " patient"],
        middle: Float[np.ndarray, " patient"],
        alike: Float[np.ndarray, " patient"],
    ) -> Float[np.ndarray, " patient"]:
        used = self.catalogue.parameter(name).used
        kind = "fixed" if used is None else used.distribution
        if kind == "fixed":
            return old
        scaled = [_scaled(kind, values) for values in (old, new, middle)]
        score = alike * (scaled[0] - scaled[2]) + np.sqrt(1 - alike**2) * (scaled[1] - scaled[2])
        mixed = _unscaled(kind, scaled[2] + score)
        lower = -np.inf if used is None or used.lower is None else used.lower
        upper = np.inf if used is None or used.upper is None else used.upper
        clipped: Float[np.ndarray, " patient"] = np.clip(mixed, lower, upper)
        return clipped


def _scaled(kind: str, values: Float[np.ndarray, " patient"]) -> Float[np.ndarray, " patient"]:
    if kind == "lognormal":
        return np.asarray(np.log(values))
    return np.asarray(np.log(values / (1 - values))) if kind == "logitnormal" else values


def _unscaled(kind: str, values: Float[np.ndarray, " patient"]) -> Float[np.ndarray, " patient"]:
    if kind == "lognormal":
        return np.asarray(np.exp(values))
    return np.asarray(1 / (1 + np.exp(-values))) if kind == "logitnormal" else values


def _offered(batch: Batch) -> Bool[np.ndarray, " lot"]:
    """Lots of which the physician may judge: every line they miss leaves the decision open."""
    rules = batch.recipe.specification
    open_to: tuple[str, ...] = _OFFERED
    if rules is not None:
        open_to = tuple(
            line.reason for line in rules.judged if line.consequence == "out-of-specification use"
        )
    closed = np.zeros(len(batch.lot), dtype=bool)
    for entry in batch.log:
        for check in entry.checks:
            if check.reason not in open_to:
                closed |= entry.active & ~check.passed
    return ~batch.product.released & ~closed & (batch.product.total > 0)


def _kept_enough(batch: Batch) -> Bool[np.ndarray, " lot"]:
    """Lots whose reserve of selected cells could seed another culture."""
    reserve = np.zeros(len(batch.lot))
    for entry in batch.log:
        reserve = reserve + entry.lost.get("kept in reserve", np.zeros(len(batch.lot)))
    return reserve >= batch.log[-1].state.seeded


def _after_release(
    recipe: Recipe, numbers: Numbers, who: Int[np.ndarray, " lot"]
) -> Float[np.ndarray, " lot"]:
    """Days from the decision to infusion: every step after the one that releases."""
    names = [step.step.name for step in recipe.steps]
    last = max((names.index(name) for name in ("release", "certify") if name in names), default=0)
    days = np.zeros(len(who))
    for step in recipe.steps[last + 1 :]:
        if "duration" in step.references:
            days = days + numbers[recipe.used(step.references["duration"])][who]
        else:
            days = days + step.constants.get("duration", 0.0)
    return days
