"""Synthetic stem-memory panels: cells of known phenotype as a cytometer would see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.assay._events import Channel, Events
from progenitor.engine import stream
from progenitor.errors import InputError, Problem
from progenitor.product import MEMORY_PHENOTYPES

__all__ = ["PanelTruth", "SyntheticPanel", "synthetic_panel"]

_TOP: Final = 262144.0
_COLOURS: Final = (
    ("B710-A", "CD3"), ("V450-A", "CD4"), ("R780-A", "CD8"), ("B525-A", "CD45RA"),
    ("V605-A", "CCR7"), ("R660-A", "CD95"), ("V525-A", "Viability"),
)  # fmt: skip
_POSITIVE: Final[Mapping[str, str]] = {
    "naive": "45RA CCR7", "tscm": "45RA CCR7 95", "tcm": "CCR7 95", "tem": "95", "teff": "45RA 95",
}  # fmt: skip
_SIGNAL: Final = {"CD3": 4.1, "CD4": 4.2, "CD8": 4.4, "CD45RA": 4.2, "CCR7": 3.75, "CD95": 3.9}
"""Decades of intensity of a positive cell."""
_DIM: Final = 2.45
"""Decades of intensity of a negative cell beside its autofluorescence."""
_LEAST_EVENTS: Final = 500
_MOST_EVENTS: Final = 5_000_000


@final
@dataclass(frozen=True, slots=True)
class PanelTruth:
    """What a synthetic panel is made of.

    Parameters
    ----------
    events
        Number of events.
    shares
        Share of each memory phenotype among T cells, in the order of ``MEMORY_PHENOTYPES``.
    cd4
        Share of T cells that are CD4+; the others are CD8+.
    other, dead, debris, doublets
        Share of live cells that are no T cells; of cells that are dead; of events that are debris;
        of events that are two cells.
    spillover
        Largest share of a colour's signal seen by another detector.
    spread
        Standard deviation of a positive population, in decades.
    autofluorescence
        Mean signal of an unstained cell.
    noise
        Standard deviation of the electronics.
    dimness
        Decades by which CCR7 and CD95 are stained more dimly than they could be.

    Raises
    ------
    InputError
        Listing every number that cannot be.

    Examples
    --------
    >>> PanelTruth(events=1000).shares[1]
    0.04
    """

    events: int = 20_000
    shares: tuple[float, ...] = (0.25, 0.04, 0.3, 0.25, 0.16)
    cd4: float = 0.55
    other: float = 0.08
    dead: float = 0.08
    debris: float = 0.05
    doublets: float = 0.04
    spillover: float = 0.1
    spread: float = 0.2
    autofluorescence: float = 120.0
    noise: float = 60.0
    dimness: float = 0.0

    def __post_init__(self) -> None:
        problems = []

        def check(*, ok: bool, name: str, value: object, fix: str) -> None:
            if not ok:
                problems.append(Problem(f"{name} is {value}", fix, field=name))

        most = f"give {_LEAST_EVENTS} to {_MOST_EVENTS}"
        check(ok=_LEAST_EVENTS <= self.events <= _MOST_EVENTS, name="events", value=self.events,
              fix=most)  # fmt: skip
        fine = len(self.shares) == len(MEMORY_PHENOTYPES) and all(s >= 0 for s in self.shares)
        check(ok=fine and abs(sum(self.shares) - 1) < 1e-6, name="shares", value=self.shares,
              fix=f"give five shares that add to 1: {', '.join(MEMORY_PHENOTYPES)}")  # fmt: skip
        for name in ("cd4", "other", "dead", "debris", "doublets"):
            value = getattr(self, name)
            check(ok=0 <= value <= 1 - (name != "cd4") * 0.5, name=name, value=value,
                  fix="give a share from 0 to 0.5 (cd4: to 1)")  # fmt: skip
        check(ok=0 <= self.spillover <= 0.5, name="spillover", value=self.spillover,
              fix="give a share from 0 to 0.5")  # fmt: skip
        check(ok=0 <= self.dimness <= 1, name="dimness", value=self.dimness,
              fix="give 0 to 1 decades")  # fmt: skip
        for name in ("spread", "autofluorescence", "noise"):
            value = getattr(self, name)
            check(
                ok=np.isfinite(value) and value > 0, name=name, value=value, fix="give more than 0"
            )
        if problems:
            raise InputError(problems)

    @classmethod
    def drawn(cls, seed: int, *, events: int | None = None) -> "PanelTruth":
        """Draw a panel: every number varies over what laboratories see.

        Parameters
        ----------
        seed
            Of the random stream.
        events
            Number of events; else 5,000 to 80,000.

        Examples
        --------
        >>> PanelTruth.drawn(1) == PanelTruth.drawn(1)
        True
        """
        random = stream(seed, "flow panel truth")
        stem = float(np.exp(random.uniform(np.log(0.01), np.log(0.3))))
        rest = random.dirichlet(np.full(4, 3.0)) * (1 - stem)
        drawn = round(float(np.exp(random.uniform(np.log(5e3), np.log(8e4)))))
        return cls(
            events=drawn if events is None else events,
            shares=(float(rest[0]), stem, *(float(share) for share in rest[1:])),
            cd4=random.uniform(0.25, 0.8),
            other=random.uniform(0.02, 0.2),
            dead=random.uniform(0.02, 0.2),
            debris=random.uniform(0.01, 0.15),
            doublets=random.uniform(0.01, 0.1),
            spillover=random.uniform(0.0, 0.2),
            spread=random.uniform(0.15, 0.32),
            autofluorescence=random.uniform(60.0, 220.0),
            noise=random.uniform(30.0, 120.0),
            dimness=random.uniform(0.0, 0.4),
        )


@final
@dataclass(frozen=True, slots=True)
class SyntheticPanel:
    """Events with the truth about them.

    Parameters
    ----------
    events
        As a cytometer would write them.
    truth
        What they were drawn from.
    counts
        Live single T cells among the events by phenotype: what was truly there.
    """

    events: Events
    truth: PanelTruth
    counts: Mapping[str, int]


def synthetic_panel(truth: PanelTruth, *, seed: int) -> SyntheticPanel:
    """Draw the events of a panel.

    A cell's signal of a colour is log-normal, its level that of its phenotype; autofluorescence
    adds to every detector, colours spill into each other, and each detector counts photons
    (variance proportional to signal) and has electronic noise. Dead cells take up the viability dye
    and bind every antibody a little; two cells in one drop add their signals, with a pulse as high
    as the brighter and as broad as both.

    Parameters
    ----------
    truth
        What the sample holds.
    seed
        Of the random streams.

    Examples
    --------
    >>> panel = synthetic_panel(PanelTruth(events=2000), seed=1)
    >>> panel.events.values.shape, panel.events.channels[-1].label
    ((2000, 10), 'Viability')
    """
    random, count = stream(seed, "flow panel events"), truth.events
    whole = random.random(count) >= truth.debris
    cell = _Cells.drawn(random, truth, count)
    double = whole & (random.random(count) < truth.doublets)
    other = _Cells.drawn(random, truth, count)
    colour = cell.colour + np.where(double, 1.0, 0.0)[:, np.newaxis] * other.colour
    area = cell.size + np.where(double, other.size, 0.0)
    height = np.where(double, np.maximum(cell.size, other.size) * 1.05, cell.size)
    debris = np.exp(random.normal(np.log(9e3), 0.45, count))
    area, height = np.where(whole, area, debris), np.where(whole, height, debris)
    colour = np.where(whole[:, np.newaxis], colour, colour * 0.03)
    height *= random.normal(0.88, 0.025, count)
    side = np.exp(random.normal(np.log(3e4), 0.3, count)) * np.where(whole, 1.0, 0.4)
    spill = _spillover(random, truth.spillover)
    seen = colour @ spill
    seen = seen + random.normal(0.0, 1.0, seen.shape) * np.sqrt(8.0 * np.maximum(seen, 0.0))
    seen += random.normal(0.0, truth.noise, seen.shape)
    values = np.column_stack([area, height, side, seen]).astype(np.float32)
    channels = (
        *(Channel(name, "", _TOP) for name in ("FSC-A", "FSC-H", "SSC-A")),
        *(Channel(name, label, _TOP) for name, label in _COLOURS),
    )
    good = whole & ~double & ~cell.dead & (cell.kind >= 0)
    counts = np.bincount(cell.kind[good], minlength=len(MEMORY_PHENOTYPES))
    return SyntheticPanel(
        Events(
            np.minimum(values, np.float32(_TOP)), channels, spill, tuple(range(3, 10)), "simulated"
        ),
        truth,
        dict(zip(MEMORY_PHENOTYPES, counts.tolist(), strict=True)),
    )


@final
@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells before the instrument: kind (−1 for no T cell), dead or alive, size, colours."""

    kind: Int[np.ndarray, " event"]
    dead: np.ndarray
    size: Float[np.ndarray, " event"]
    colour: Float[np.ndarray, "event colour"]

    @classmethod
    def drawn(cls, random: np.random.Generator, truth: PanelTruth, count: int) -> "_Cells":
        shares = np.array(truth.shares) / sum(truth.shares)
        kind = random.choice(len(shares), count, p=shares)
        kind = np.where(random.random(count) < truth.other, -1, kind)
        dead = random.random(count) < truth.dead
        helper = random.random(count) < truth.cd4
        positive = {name: np.zeros(count, dtype=bool) for name in _SIGNAL}
        for number, name in enumerate(MEMORY_PHENOTYPES):
            for marker in _POSITIVE[name].split():
                positive[marker if marker == "CCR7" else f"CD{marker}"] |= kind == number
        tcell = kind >= 0
        positive |= {"CD3": tcell, "CD4": tcell & helper, "CD8": tcell & ~helper}
        positive["CD45RA"] |= ~tcell  # B and NK cells carry CD45RA
        auto = np.exp(random.normal(np.log(truth.autofluorescence), 0.35, count))
        auto = auto * np.where(dead, 4.0, 1.0)
        dim = truth.spread * 1.1
        columns = []
        for marker, level in _SIGNAL.items():
            lost = truth.dimness * (marker in {"CCR7", "CD95"})
            mean = np.where(positive[marker], level - lost, _DIM)
            if marker == "CD95":  # stem memory carries a little less of it than other memory
                mean = mean - 0.1 * (kind == MEMORY_PHENOTYPES.index("tscm"))
            sd = np.where(positive[marker], truth.spread, dim)
            columns.append(10 ** random.normal(mean, sd) * np.where(dead, 0.8, 1.0) + auto)
        dye = 10 ** random.normal(np.where(dead, 4.3, 2.5), 0.2)
        columns.append(dye + auto)
        size = np.exp(random.normal(np.log(7e4), 0.12, count)) * np.where(dead, 0.7, 1.0)
        return cls(kind, dead, size, np.column_stack(columns))


def _spillover(random: np.random.Generator, largest: float) -> Float[np.ndarray, "colour detector"]:
    """Return a spillover matrix with a few strong and many weak neighbours."""
    size = len(_COLOURS)
    matrix = largest * random.random((size, size)) ** 4
    np.fill_diagonal(matrix, 1.0)
    return matrix
