"""From events to a composition: live CD3+, CD4 or CD8, CD45RA by CCR7, CD95; with its doubt."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np
from jaxtyping import Float, Int

from progenitor.assay._cloud_doubt import CloudDoubt
from progenitor.assay._composition import Shares, measured_of
from progenitor.assay._even_scale import even_scale
from progenitor.assay._events import Events
from progenitor.assay._gate_tree import GateTree, Population, Scale
from progenitor.assay._memory_mixture import SIGNS, MemoryFit, fit_memory, refit_without
from progenitor.assay._panel import find_markers
from progenitor.assay._split import Split
from progenitor.errors import InputError
from progenitor.product import MEMORY_PHENOTYPES, MeasuredComposition

__all__ = ["TscmGating", "gate_tscm", "phenotypes"]

_MEMORY: Final = ("CD45RA", "CCR7", "CD95")
_FITTED: Final = 20_000
_GROUPS: Final = 10
_MANY_STRAYS: Final = 0.005
_WHOLE: Final = len(MEMORY_PHENOTYPES)


@final
@dataclass(frozen=True, slots=True)
class TscmGating:
    """A gated sample.

    Parameters
    ----------
    populations
        Events after each gate, in order.
    splits
        Marker → its gate and the scale on which it stands.
    gated
        Live T cells within each memory gate, (5,): plain counts.
    shares
        Share of each phenotype, corrected for overlap, with standard errors.
    composition
        The same as a distribution.
    helper
        Share of CD4+ and CD8+ among T cells; NaN where not stained.
    subsets
        ``"CD4"`` and ``"CD8"`` → shares of phenotypes within, where stained.
    shown
        CD45RA, CCR7 and CD95 of some live T cells on their scales, for figures.
    notes
        What a reader should know.
    """

    populations: tuple[Population, ...]
    splits: Mapping[str, tuple[Split, Scale]]
    gated: Int[np.ndarray, " phenotype"]
    shares: Shares
    composition: MeasuredComposition
    helper: Mapping[str, float]
    subsets: Mapping[str, Float[np.ndarray, " phenotype"]]
    shown: Float[np.ndarray, "event marker"]
    notes: tuple[str, ...]


def gate_tscm(
    events: Events,
    *,
    channels: Mapping[str, str] | None = None,
    thresholds: Mapping[str, tuple[float, str]] | None = None,
    doubt: CloudDoubt | None = None,
) -> TscmGating:
    """Gate a stem-memory panel from the data themselves.

    Cells by size, single cells by pulse shape, alive by dye, CD3+; CD45RA, CCR7 and CD95 divide
    them into naive, stem memory, central memory, effector memory and effector cells. Gates stand in
    the valleys of the densities on logicle scales, placed on at most 60,000 events; all events are
    counted.

    Clouds overlap: with a tenth of effectors leaking into the CCR7+ gate, most "stem memory" could
    be effectors. So five clouds are fitted (:func:`fit_memory`), and what they say about leaking
    corrects the counts: ``share = gated(all) + fitted(some) − gated(some)``, with the mean of
    two fits on different scales. The standard error
    joins counting and fitting (jackknife over ten groups), the placement of every gate (the change
    when it moves by its own error), and the shape of the clouds (half the difference to a second
    opinion on another scale, a quarter of the correction, 4 % of the share, and a fifth of the
    events that belong to no cloud). Without FSC-H or FSC-W it also holds what doublets of two
    phenotypes would add.

    Parameters
    ----------
    events
        What the cytometer wrote.
    channels
        Marker → channel, where labels do not tell.
    thresholds
        Marker → gate as an intensity and how it was found, instead of a valley. With one of the
        three memory markers given, shares are plain counts within the gates.
    doubt
        How much the shape of clouds is doubted; by default the numbers of the catalogue.

    Raises
    ------
    InputError
        When channels are not found, a marker does not divide, or too few events are left; all
        markers at once.

    Examples
    --------
    >>> from progenitor.assay import PanelTruth, synthetic_panel
    >>> found = gate_tscm(synthetic_panel(PanelTruth(events=8000), seed=3).events)
    >>> bool(abs(found.shares.mean[1] - 0.04) < 3 * found.shares.error[1])
    True
    """
    markers = find_markers(events, channels)
    tree = GateTree.of(events, markers, {} if thresholds is None else thresholds)
    notes = list(events.notes)
    if events.spillover is None:
        notes.append("the file holds no spillover matrix: intensities are not compensated")
    if "FSC-A" not in markers:
        notes.append("no FSC-A: debris is counted with the cells")
    tree.cells()
    single = tree.singlets()
    if not single:
        notes.append("neither FSC-H nor FSC-W was recorded: doublets are told by size alone")
    if "viability" in markers:
        tree.marker("viability", "live", positive=False, single="below")
    else:
        notes.append("no viability dye: dead cells are counted with the living")
    tree.marker("CD3", "CD3+", positive=True, single="above")
    helper, kinds = _helper(tree, notes)
    for marker in _MEMORY:
        tree.place(marker)
    if tree.problems:
        raise InputError(tree.problems)
    doubt = CloudDoubt.shipped() if doubt is None else doubt
    doubt = replace(doubt, doublets=0.0) if single else doubt
    return _composed(tree, helper, kinds, notes, doubt)


def _helper(
    tree: GateTree, notes: list[str]
) -> tuple[dict[str, float], Int[np.ndarray, " kept"] | None]:
    """Tell CD4 from CD8: shares, and a kind for each event (0 CD4, 1 CD8, −1 neither)."""
    if not {"CD4", "CD8"} <= set(tree.markers):
        notes.append("CD4 and CD8 are not both stained: T cells are not divided")
        return {}, None
    positive = []
    for marker in ("CD4", "CD8"):
        found, scale = tree.place(marker, needed=False)
        if found is None:
            notes.append(f"{marker} does not divide the T cells: they are not told CD4 from CD8")
            return {}, None
        cut = float(scale.logicle.inverse(np.array([found.at]))[0])
        positive.append(tree.values(marker) > cut)
    kinds = np.where(positive[0] & ~positive[1], 0, np.where(positive[1] & ~positive[0], 1, -1))
    tree.keep("CD4+ or CD8+", kinds >= 0)
    kinds = kinds[kinds >= 0]
    return {"CD4": float((kinds == 0).mean()), "CD8": float((kinds == 1).mean())}, kinds


def _composed(
    tree: GateTree,
    helper: Mapping[str, float],
    kinds: Int[np.ndarray, " kept"] | None,
    notes: list[str],
    doubt: CloudDoubt,
) -> TscmGating:
    """Count phenotypes, correct for overlap, and gather the doubt."""
    splits = [tree.splits[marker] for marker in _MEMORY]
    cuts = [float(scale.logicle.inverse(np.array([of.at]))[0]) for of, scale in splits]
    values = [tree.values(marker) for marker in _MEMORY]
    label = phenotypes(*(value > cut for value, cut in zip(values, cuts, strict=True)))
    step = max(1, -(-label.size // _FITTED))
    scale = np.column_stack(
        [of.logicle.of(value[::step]) for value, (_, of) in zip(values, splits, strict=True)]
    )
    some = label[::step]
    by_hand = any(marker in tree.given for marker in _MEMORY)
    counts = np.bincount(label[label >= 0], minlength=len(MEMORY_PHENOTYPES))
    plain = counts / counts.sum()
    even = [even_scale(value[::step], cut) for value, cut in zip(values, cuts, strict=True)]
    smooth, other = (
        np.column_stack(
            [np.arcsinh(value[::step] / of[n]) for value, of in zip(values, even, strict=True)]
        )
        for n in (0, 1)
    )
    fit = fit_memory(smooth, some)
    placement = _placement(scale, splits)
    if by_hand:
        notes.append("gates were given: shares are counts within them, without correction")
        counting = np.sqrt(plain * (1 - plain) / counts.sum())
        shares = Shares(plain, counting, placement, np.zeros_like(plain))
    else:
        shares = _corrected(smooth, other, some, fit, plain, placement, doubt)
        if (strays := float(fit.weight[-1])) > _MANY_STRAYS:
            notes.append(
                f"{100 * strays:.1f} % of T cells belong to no cloud: intervals are wider for it"
            )
    composition = measured_of(shares, int(counts.sum()), tree.events.source)
    subsets = {}
    if kinds is not None:
        part, found = kinds[::step], fit.responsibility[:, : len(MEMORY_PHENOTYPES)]
        for number, name in enumerate(("CD4", "CD8")):
            total = found[part == number].sum(axis=0)
            if total.sum() > 0:
                subsets[name] = total / total.sum()
    return TscmGating(
        tuple(tree.populations), dict(tree.splits), counts, shares, composition, dict(helper),
        subsets, scale, tuple(notes),
    )  # fmt: skip


def phenotypes(
    naive_isoform: np.ndarray, homing: np.ndarray, death_receptor: np.ndarray
) -> Int[np.ndarray, " event"]:
    """Return the phenotype of each event from the signs of CD45RA, CCR7 and CD95.

    Examples
    --------
    >>> phenotypes(np.array([True, True]), np.array([True, True]), np.array([False, True])).tolist()
    [0, 1]
    """
    code = naive_isoform.astype(np.int8) + 2 * homing.astype(np.int8)
    code += 4 * death_receptor.astype(np.int8)
    found: Int[np.ndarray, " event"] = _OF_SIGNS[code]
    return found


_OF_SIGNS: Final = np.array([3, 4, 2, 0, 3, 4, 2, 1])
"""Phenotype by CD45RA + 2 CCR7 + 4 CD95."""


def _corrected(
    scale: Float[np.ndarray, "event marker"],
    other: Float[np.ndarray, "event marker"],
    some: Int[np.ndarray, " event"],
    fit: MemoryFit,
    plain: Float[np.ndarray, " phenotype"],
    placement: Float[np.ndarray, " phenotype"],
    doubt: CloudDoubt,
) -> Shares:
    """Correct counts by what the fitted clouds say about leaking."""
    gated = np.bincount(some[some >= 0], minlength=len(MEMORY_PHENOTYPES)) / some.size
    second = fit_memory(other, some).shares
    mean = np.clip(plain + (fit.shares + second) / 2 - gated, 0.02 * plain + 1e-6, None)
    mean = mean / mean.sum()
    group = np.arange(some.size) % _GROUPS
    parts = np.array([refit_without(scale, fit, group != one) for one in range(_GROUPS)])
    jackknife = (_GROUPS - 1) / _GROUPS * ((parts - parts.mean(axis=0)) ** 2).sum(axis=0)
    parts_of_doubt = np.stack([
        doubt.scale * (second - fit.shares), doubt.leak * (fit.shares - gated), doubt.least * mean,
        np.full(_WHOLE, doubt.stray * fit.weight[-1]), doubt.doublets * (_pairs(mean) - mean),
    ])  # fmt: skip
    model = np.sqrt((parts_of_doubt**2).sum(axis=0))
    counting = np.sqrt(np.maximum(jackknife, fit.shares * (1 - fit.shares) / some.size))
    return Shares(mean, counting, 0.5 * placement * np.minimum(1.0, mean / plain.clip(1e-9)), model)


def _pairs(shares: Float[np.ndarray, " phenotype"]) -> Float[np.ndarray, " phenotype"]:
    """Return what two cells in one drop look like: each marker that either carries."""
    signs = (SIGNS[:, np.newaxis] | SIGNS[np.newaxis]).reshape(-1, 3)
    found: Float[np.ndarray, " phenotype"] = np.bincount(
        phenotypes(*signs.T), np.outer(shares, shares).ravel(), minlength=_WHOLE
    )
    return found


def _placement(
    scale: Float[np.ndarray, "event marker"], splits: list[tuple[Split, Scale]]
) -> Float[np.ndarray, " phenotype"]:
    """Return how much shares change when each gate moves by its own error, in quadrature."""
    cuts = np.array([of.at for of, _ in splits])
    total = np.zeros(len(MEMORY_PHENOTYPES))
    for marker, (of, _) in enumerate(splits):
        ends = []
        for sign in (-1.0, 1.0):
            moved = cuts.copy()
            moved[marker] += sign * of.error
            found = phenotypes(*(scale > moved).T)
            ends.append(np.bincount(found, minlength=total.size) / found.size)
        total += ((ends[1] - ends[0]) / 2) ** 2
    moved_by: Float[np.ndarray, " phenotype"] = np.sqrt(total)
    return moved_by
