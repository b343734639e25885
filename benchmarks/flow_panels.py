"""Synthetic panels that share nothing with `progenitor flow simulate`, to judge intervals by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from progenitor.assay import Channel, Events
from progenitor.engine import stream
from progenitor.product import MEMORY_PHENOTYPES

Span = float | tuple[float, float]

_STAINS: Final = ("CD3", "CD4", "CD8", "CD45RA", "CCR7", "CD95", "L/D")
_SIGNS: Final = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 0, 0]])
_TOP: Final = 262144.0


@dataclass(frozen=True)
class Laboratory:
    """What panels are drawn from; a pair is a range that every panel draws from anew."""

    events: int | tuple[int, int] = 20_000
    stem: tuple[float, float] = (0.005, 0.2)
    negative: Span = 2.3
    positive: Span = 3.9
    between: float = 0.2
    """Standard deviation, in decades, of the brightness of each marker between panels."""
    spread: Span = (0.2, 0.3)
    dim: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    phenotypes: float = 0.0
    """Standard deviation, in decades, of brightness between phenotypes."""
    stem_dimmer: float = 0.0
    tails: int = 0
    """Degrees of freedom of Student's t for log-intensity; 0 for normal."""
    spillover: Span = 0.0
    written: bool = True
    doublets: Span = 0.03
    debris: Span = 0.05
    dead: Span = 0.05
    other: Span = 0.05
    helper: Span = (0.2, 0.85)
    autofluorescence: Span = 0.0
    noise: Span = 20.0
    without: tuple[str, ...] = ()


LABORATORIES: Final[Mapping[str, Laboratory]] = {
    "plain": Laboratory(),
    "5,000 events": Laboratory(events=5_000),
    "200,000 events": Laboratory(events=200_000),
    "rare, 5,000 events": Laboratory(events=5_000, stem=(0.005, 0.02)),
    "frequent": Laboratory(stem=(0.1, 0.2)),
    "dim CCR7 and CD95": Laboratory(dim={"CCR7": (0.3, 0.6), "CD95": (0.2, 0.5)}),
    "very dim CCR7": Laboratory(dim={"CCR7": (0.6, 0.8)}, spread=(0.2, 0.25)),
    "wide clouds": Laboratory(spread=(0.3, 0.4)),
    "spillover 25 %": Laboratory(spillover=0.25),
    "doublets 12 %": Laboratory(doublets=0.12),
    "debris 25 %, dead 20 %": Laboratory(debris=0.25, dead=0.2),
    "few CD4": Laboratory(helper=0.08),
    "autofluorescent": Laboratory(autofluorescence=(100.0, 400.0)),
    "uneven phenotypes": Laboratory(phenotypes=0.2),
    "dim CD95 on stem memory": Laboratory(stem_dimmer=0.3, phenotypes=0.05),
    "heavy tails": Laboratory(tails=5),
    "no FSC-H, no dye": Laboratory(without=("FSC-H", "L/D")),
    "no CD4, no CD8": Laboratory(without=("CD4", "CD8")),
    "all at once": Laboratory(
        events=(5_000, 60_000), spread=(0.18, 0.32), dim={"CCR7": (0.0, 0.5), "CD95": (0.0, 0.5)},
        spillover=(0.0, 0.2), doublets=(0.01, 0.1), debris=(0.01, 0.2), dead=(0.01, 0.2),
        other=(0.02, 0.2), autofluorescence=(0.0, 250.0), phenotypes=0.08, stem_dimmer=0.1,
        noise=(5.0, 100.0),
    ),
    "spillover 10 %, not written": Laboratory(spillover=0.1, written=False),
}  # fmt: skip
"""The last is what no interval can hold: a file that was not compensated and does not say how."""


def independent_panel(of: Laboratory, seed: int) -> tuple[Events, float]:
    """Return events, and the share of stem memory among the live single T cells in them."""
    random = stream(seed, "benchmark flow panels")

    def draw(span: Span) -> float:
        return random.uniform(*span) if isinstance(span, tuple) else float(span)

    count = of.events if isinstance(of.events, int) else round(draw(of.events))
    stem = float(np.exp(draw((np.log(of.stem[0]), np.log(of.stem[1])))))
    rest = random.dirichlet(np.full(4, 3.0)) * (1 - stem)
    shares = np.array([rest[0], stem, *rest[1:]])
    bright = np.array([draw(of.positive) - draw(of.dim.get(m, 0.0)) for m in _STAINS])
    bright += random.normal(0, of.between, len(_STAINS))
    dark = np.array([draw(of.negative) for _ in _STAINS])
    dark += random.normal(0, of.between, len(_STAINS))
    sd = np.array([[draw(of.spread), draw(of.spread)] for _ in _STAINS]).T
    offset = random.normal(0, of.phenotypes or 1e-9, (6, len(_STAINS)))
    own, helper, dead_share = draw(of.autofluorescence), draw(of.helper), draw(of.dead)
    other, debris, doublets = draw(of.other), draw(of.debris), draw(of.doublets)

    def cells() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        kind = np.where(random.random(count) < other, 5, random.choice(5, count, p=shares))
        dead, is_helper = random.random(count) < dead_share, random.random(count) < helper
        tcell = kind < 5
        carries = np.column_stack(
            [tcell, tcell & is_helper, tcell & ~is_helper, _SIGNS[kind] > 0, dead]
        )
        away = random.normal(size=carries.shape)
        if of.tails:
            away = random.standard_t(of.tails, carries.shape) * np.sqrt(1 - 2 / of.tails)
        level = np.where(carries, bright + offset[kind], dark + 0.5 * offset[kind])
        level[:, 5] -= of.stem_dimmer * (kind == 1)
        glow = np.exp(random.normal(0, 0.4, count)) * own * np.where(dead, 3.0, 1.0)
        colour = 10 ** (level + away * np.where(carries, sd[1], sd[0])) + glow[:, np.newaxis]
        size = np.exp(random.normal(np.log(8e4), 0.15, count)) * np.where(dead, 0.7, 1.0)
        return kind, dead, size, colour

    kind, dead, size, colour = cells()
    _, _, size_two, colour_two = cells()
    whole = random.random(count) >= debris
    two = whole & (random.random(count) < doublets)
    colour = colour + two[:, np.newaxis] * colour_two
    area = size + two * size_two
    height = np.where(two, 1.05 * np.maximum(size, size_two), size)
    small = np.exp(random.normal(np.log(8e3), 0.5, count))
    area, height = np.where(whole, area, small), np.where(whole, height, small)
    height = height * random.normal(0.9, 0.03, count)
    colour = np.where(whole[:, np.newaxis], colour, 0.05 * colour)
    kinds = len(_STAINS)
    spill = (
        np.eye(kinds)
        + (1 - np.eye(kinds)) * draw(of.spillover) * random.random((kinds, kinds)) ** 3
    )
    colour = colour @ spill
    colour += random.normal(size=colour.shape) * np.sqrt(5 * colour)
    colour += random.normal(0, draw(of.noise), colour.shape)
    side = np.exp(random.normal(10, 0.4, count))
    values = np.minimum(np.column_stack([area, height, side, colour]).astype(np.float32), _TOP)
    channels = [Channel(name) for name in ("FSC-A", "FSC-H", "SSC-A")]
    channels += [Channel(f"D{place}-A", stain) for place, stain in enumerate(_STAINS)]
    kept = [i for i, c in enumerate(channels) if not {c.name, c.label} & set(of.without)]
    stained = [i - 3 for i in kept if i >= 3]
    said = of.written and bool(of.spillover)
    events = Events(
        values[:, kept], tuple(channels[i] for i in kept),
        spill[np.ix_(stained, stained)] if said else None,
        tuple(place for place, i in enumerate(kept) if i >= 3) if said else (), "made",
    )  # fmt: skip
    good = whole & ~two & ~dead & (kind < 5)
    counts = np.bincount(kind[good], minlength=len(MEMORY_PHENOTYPES))
    return events, float(counts[1] / counts.sum())
