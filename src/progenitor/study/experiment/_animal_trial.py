"""Conduct a planned mouse study many times, and say what it would find and claim."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from jaxtyping import Float, Shaped

from progenitor.engine import stream
from progenitor.evidence import Catalogue
from progenitor.study._shard import Shard
from progenitor.study.experiment._animal_bank import mouse_bank, mouse_design
from progenitor.study.experiment._animal_file import AnimalTrial
from progenitor.study.experiment._file import ExperimentFile
from progenitor.study.experiment.animal_results import (
    AnimalArm,
    AnimalExample,
    AnimalTrialOutcome,
    EqualArms,
    OtherSize,
)
from progenitor.study.results import Estimate
from progenitor.trial import (
    ArmHazards,
    MouseBank,
    MouseDesign,
    MouseStudies,
    TwoLevel,
    between_variance,
    compare_hazards,
    compare_measurements,
    compare_units,
    conduct_mouse_studies,
    estimate,
    fit_batches,
)

__all__ = ["conduct_animal_trial", "one_study"]

_LEVEL: Final = 1.959964
_WHO: Final = ("batch", "mouse")


def conduct_animal_trial(
    catalogue: Catalogue, file: ExperimentFile, *, seed: int, unit: str, shard: Shard
) -> AnimalTrialOutcome | None:
    """Conduct the study that an experiment plans, if it plans one.

    Parameters
    ----------
    catalogue, file
        Where numbers live, and the experiment.
    seed
        Seed of every random stream.
    unit
        Of what is measured.
    shard
        Rows of all arms.
    """
    trial = file.animal_trial
    if trial is None:
        return None
    bank, left_out = mouse_bank(catalogue, file, trial, unit, shard)
    design = mouse_design(catalogue, file, trial)
    conductor = _Conductor(file, trial, bank, design, seed)
    studies = conductor.conduct(design)
    arms, covers = conductor.arms(studies)
    blocked, simple = _imbalance(studies, seed)
    return AnimalTrialOutcome(
        title=trial.title,
        control=trial.control,
        plan=_plan(file, trial, design, bank),
        limit=design.limit,
        alpha=design.alpha,
        studies=len(studies.draw),
        fitted=min(trial.fitted, len(studies.draw)),
        example=conductor.example(studies, _typical(studies)),
        arms=arms,
        equal=tuple(conductor.equal()),
        sizes=tuple(conductor.sizes()),
        cover_batches=covers["batch"],
        cover_mice=covers["mouse"],
        imbalance_blocked=blocked,
        imbalance_simple=simple,
        left_out=left_out,
    )


def one_study(
    catalogue: Catalogue,
    file: ExperimentFile,
    *,
    seed: int,
    unit: str,
    shard: Shard,
    study: int = 0,
) -> tuple[MouseStudies, int] | None:
    """Return studies among which one is asked for, and its position, if the experiment plans one.

    Parameters
    ----------
    catalogue, file, seed, unit, shard
        As :func:`conduct_animal_trial` takes them.
    study
        Which, from 0.
    """
    trial = file.animal_trial
    if trial is None:
        return None
    bank, _ = mouse_bank(catalogue, file, trial, unit, shard)
    design = mouse_design(catalogue, file, trial)
    rounds = study // bank.draws + 1
    return conduct_mouse_studies(bank, design, replicates=rounds, seed=seed), study


@final
@dataclass(frozen=True, slots=True)
class _Conductor:
    """Conducts studies of one bank and reads them."""

    file: ExperimentFile
    trial: AnimalTrial
    bank: MouseBank
    design: MouseDesign
    seed: int

    @property
    def compared(self) -> list[tuple[int, str]]:
        """Position and name of every arm but the control."""
        names = enumerate(self.file.arms)
        return [(place, name) for place, name in names if name != self.trial.control]

    def conduct(self, design: MouseDesign, lived: list[int] | None = None) -> MouseStudies:
        """Conduct studies of a design, as many as the file asks for."""
        return conduct_mouse_studies(
            self.bank, design, replicates=self.trial.replicates, seed=self.seed, lived=lived
        )

    def arms(self, studies: MouseStudies) -> tuple[dict[str, AnimalArm], dict[str, Estimate]]:
        """Operating characteristics of every arm, and how often joint limits hold the truth."""
        design = self.design
        growth = self.bank.true_growth(design.limit, floor=design.floor).mean(axis=(2, 3))
        truth = growth - growth[:, [design.control]]
        effects = {unit: compare_units(studies, unit=unit) for unit in _WHO}
        hazards = compare_hazards(studies)
        won = _log_rank_wins(hazards, design.alpha, len(self.compared))
        mixed = fit_batches(studies, most=self.trial.fitted).slower
        event = studies.event.reshape(len(studies.draw), len(self.file.arms), -1).mean(axis=2)
        found = {}
        for place, name in self.compared:
            batches = studies.by_draw(effects["batch"].slower[:, place])
            found[name] = AnimalArm(
                title=self.file.arms[name].title,
                effect=_whole(_over_draws(truth[:, place]), "1/day", "Growth rate", studies),
                batches=_share(batches, "Power, batches as units"),
                mixed=_few(mixed[:, place], "Power, mixed model"),
                mice=_share(studies.by_draw(effects["mouse"].slower[:, place]), "Mice as units"),
                log_rank=_share(studies.by_draw(won[:, place]), "Power, log-rank"),
                hazard_ratio=_spread(np.exp(hazards.log_ratio[:, place])),
                removed=_whole(
                    estimate(studies.by_draw(event[:, place]), "mean"), "1", "Removed", studies
                ),
                between=_between(batches),
                per_draw=batches.mean(axis=1),
            )
        covers = {
            unit: _share(studies.by_draw(effects[unit].holds(truth[studies.draw])), "Coverage")
            for unit in _WHO
        }
        return found, covers

    def equal(self) -> list[EqualArms]:
        """Error rates where all arms are the control, and where all are another arm."""
        names = list(self.file.arms)
        asked = [(f"All arms are {self._title(self.trial.control)}", self.trial.control, False)]
        if self.trial.equal_arm is not None:
            words = f"All arms are {self._title(self.trial.equal_arm)}"
            asked += [
                (f"{words}, donors shared by arms", self.trial.equal_arm, False),
                (f"{words}, every arm with donors of its own", self.trial.equal_arm, True),
            ]
        found = []
        for words, name, own in asked:
            design = replace(self.design, own_donors=own)
            studies = self.conduct(design, [names.index(name)] * len(names))
            rates = {
                unit: np.asarray(compare_units(studies, unit=unit).different.any(axis=1))
                for unit in _WHO
            }
            hazards = compare_hazards(studies)
            level = design.alpha / len(self.compared)
            survival = (np.nan_to_num(hazards.p_value, nan=1.0) < level).any(axis=1)
            found.append(
                EqualArms(
                    words,
                    _share(studies.by_draw(rates["batch"]), "Type I error, batches"),
                    _share(studies.by_draw(rates["mouse"]), "Type I error, mice"),
                    _share(studies.by_draw(survival), "Type I error, log-rank"),
                )
            )
        return found

    def sizes(self) -> list[OtherSize]:
        """Power of studies of other sizes."""
        found = []
        for donors in self.trial.vary.donors or [self.trial.donors]:
            for mice in self.trial.vary.per_donor or [self.trial.per_donor]:
                design = replace(self.design, donors=donors, per_donor=mice)
                studies = self.conduct(design)
                shares: dict[str, dict[str, Estimate]] = {}
                for unit in _WHO:
                    slower = compare_units(studies, unit=unit).slower
                    shares[unit] = {
                        name: _share(studies.by_draw(slower[:, place]), "Power")
                        for place, name in self.compared
                    }
                total = donors * mice * len(self.file.arms)
                found.append(OtherSize(donors, mice, total, shares["batch"], shares["mouse"]))
        return found

    def example(self, studies: MouseStudies, study: int) -> AnimalExample:
        """One study with the analysis its report would print."""
        names = list(self.file.arms)
        effects = compare_measurements(studies, study)
        one = compare_hazards(studies)
        growth, ratios = {}, {}
        for place, name in self.compared:
            sides = (effects.difference, effects.low, effects.high)
            value, low, high = (float(side[0, place]) for side in sides)
            title = self.file.arms[name].title
            count = 2 * self.design.mice_per_arm
            growth[name] = Estimate(value, low, high, "1/day", title, count)
            log, error = float(one.log_ratio[study, place]), float(one.standard_error[study, place])
            value, low, high = np.exp(log + _LEVEL * error * np.array([0.0, -1.0, 1.0])).tolist()
            ratios[name] = Estimate(value, low, high, "ratio", title, count)
        return AnimalExample(
            study=study,
            draw=int(studies.draw[study]),
            arm=tuple(names[place] for place in studies.arm),
            donor=studies.donor[study] + 1,
            cage=studies.cage[study] + 1,
            block=studies.block[study] + 1,
            days=studies.bank.days,
            volume=studies.volume[study],
            time=studies.time[study],
            event=studies.event[study],
            growth=studies.growth[study],
            effects=growth,
            hazards=ratios,
        )

    def _title(self, name: str) -> str:
        return f"“{self.file.arms[name].title}”"


def _plan(
    file: ExperimentFile, trial: AnimalTrial, design: MouseDesign, bank: MouseBank
) -> Mapping[str, str]:
    """Write the plan down in words."""
    arms = len(file.arms)
    shared = "each arm has donors of its own" if trial.own_donors else "shared by all arms"
    return {
        "Arms": f"{arms}, compared with {file.arms[trial.control].title}",
        "Mice": f"{arms * design.mice_per_arm}: {arms} arms × {design.donors} donors × "
        f"{design.per_donor}",
        "Donors of cells": f"{design.donors}, {shared}; they are the units of the analysis",
        "Randomisation": f"blocks of {arms * design.donors} mice of similar measured burden",
        "Cages": f"{design.cage_size} mice each, filled before randomisation; growth differs "
        f"between cages by {design.cage_effect:g} per day (assumed)",
        "Measurements": f"{trial.measured_by}, {bank.days.size} days to day {bank.days[-1]:g}; "
        f"error {100 * design.error:.0f} %, nothing below {design.floor:g} mm³",
        "Humane endpoint": f"measured volume of {design.limit:g} mm³",
        "Primary analysis": "growth rate of each mouse; Dunnett’s test of batches against "
        f"control, two-sided, {100 * design.alpha:g} % for all arms together",
        "Conducted": f"{trial.replicates} studies in each of {bank.draws} parameter draws, on "
        f"{bank.mice} mice and {bank.donors} donors of each",
    }


def _log_rank_wins(hazards: ArmHazards, alpha: float, arms: int) -> Shaped[np.ndarray, "study arm"]:
    p = np.nan_to_num(hazards.p_value, nan=1.0)
    return np.asarray((p < alpha / arms) & (np.nan_to_num(hazards.z) < 0.0))


def _share(values: Shaped[np.ndarray, "draw replicate"], label: str) -> Estimate:
    found = estimate(values.astype(float), "proportion")
    return Estimate(found.value, found.low, found.high, "1", label, values.size, found.mcse)


def _few(values: Shaped[np.ndarray, " study"], label: str) -> Estimate:
    """Share among few studies, with its Monte Carlo error alone."""
    count = values.size
    share = float(values.mean())
    smooth = (float(values.sum()) + 0.5) / (count + 1.0)
    error = float(np.sqrt(smooth * (1.0 - smooth) / count))
    return Estimate(share, float("nan"), float("nan"), "1", label, count, error)


def _whole(found: TwoLevel, unit: str, label: str, studies: MouseStudies) -> Estimate:
    size = len(studies.draw)
    return Estimate(found.value, found.low, found.high, unit, label, size, found.mcse)


def _over_draws(values: Float[np.ndarray, " draw"]) -> TwoLevel:
    low, high = np.quantile(values, [0.05, 0.95])
    error = float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else float("nan")
    return TwoLevel(float(values.mean()), float(low), float(high), error)


def _spread(values: Float[np.ndarray, " study"]) -> Estimate:
    """Median over studies and the middle 90 % of them."""
    known = values[np.isfinite(values)]
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95]) if known.size else np.full(3, np.nan)
    label = "Hazard ratio (Firth)"
    return Estimate(float(middle), float(low), float(high), "ratio", label, known.size)


def _between(values: Shaped[np.ndarray, "draw replicate"]) -> float:
    """Share of the variance of success that lies between draws."""
    means = values.mean(axis=1)
    mean = float(means.mean())
    if means.size < 2 or not 0.0 < mean < 1.0:
        return float("nan")
    chance = means * (1.0 - means) / max(values.shape[1] - 1, 1)
    return min(1.0, between_variance(means, chance) / (mean * (1.0 - mean)))


def _typical(studies: MouseStudies) -> int:
    """Return the first study in which as many controls are removed as in the median study."""
    controls = studies.arm == studies.design.control
    removed = studies.event[:, controls].sum(axis=1)
    return int(np.abs(removed - np.median(removed)).argmin())


def _imbalance(studies: MouseStudies, seed: int) -> tuple[float, float]:
    """Largest ÷ smallest mean burden of an arm: in blocks, and dealt out at random."""
    arms = len(studies.bank.arms)
    found = np.empty((2, len(studies.draw)))
    for study, burden in enumerate(studies.baseline):
        generator = stream(seed, "mouse_simple_randomisation", draw=study)
        for way, mice in enumerate((burden, generator.permutation(burden))):
            means = mice.reshape(arms, -1).mean(axis=1)
            found[way, study] = means.max() / means.min()
    blocked, simple = np.median(found, axis=1)
    return float(blocked), float(simple)
