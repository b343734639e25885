"""Levels in blood in three units: copies per DNA, copies per volume, cells per volume."""

from dataclasses import dataclass
from typing import Final, Literal, final

import numpy as np
from jaxtyping import Float

from progenitor.documents import suggestion
from progenitor.errors import InputError, Problem

__all__ = ["LEVEL_UNITS", "BloodUnits", "LevelUnit"]

LevelUnit = Literal["copy/ug", "copy/uL", "cell/uL"]
LEVEL_UNITS: Final[tuple[LevelUnit, ...]] = ("copy/ug", "copy/uL", "cell/uL")
"""Transgene copies per µg of genomic DNA, copies per µL of blood, CAR-positive cells per µL."""


@final
@dataclass(frozen=True, slots=True)
class BloodUnits:
    r"""Convert levels of CAR-positive cells between the units in which they are reported.

    With w white cells per µL, m µg of DNA in each and v copies in a CAR-positive cell,

    .. math::

        copies/\mu L = copies/\mu g \cdot w\,m, \qquad cells/\mu L = \frac{copies/\mu L}{v}

    so copies per µg rise when white cells fall, with as many CAR-positive cells as before: after
    lymphodepletion a peak in one unit need not be one in the other. A limit of quantification in
    copies per µg converts with each sample's own white cells.

    Parameters
    ----------
    dna_per_cell
        DNA of a nucleated cell, µg (catalogue: ``assay/dna_mass_per_cell``).
    copies_per_cell
        Copies of the transgene in a CAR-positive cell, at least 1 on average.

    Raises
    ------
    InputError
        If a number is not above 0, or a CAR-positive cell would have less than one copy.

    References
    ----------
    Mueller et al. 2018, Clinical Cancer Research 24:6175, doi:10.1158/1078-0432.CCR-18-0758
    (levels by quantitative PCR and by flow cytometry in the same patients).

    Examples
    --------
    >>> units = BloodUnits(dna_per_cell=6.6e-6, copies_per_cell=2.0)
    >>> white = np.array([1000.0, 10000.0])
    >>> level = units.convert(np.array([1e5, 1e4]), "copy/ug", "cell/uL", white_cells=white)
    >>> level.round(6).tolist()
    [330.0, 330.0]
    """

    dna_per_cell: float
    copies_per_cell: float

    def __post_init__(self) -> None:
        problems = []
        if not 0.0 < self.dna_per_cell < np.inf:
            message = f"a cell has {self.dna_per_cell:g} µg of DNA"
            problems.append(Problem(message, "give µg, about 6.6e-6", field="dna_per_cell"))
        if not 1.0 <= self.copies_per_cell < np.inf:
            message = f"a CAR-positive cell has {self.copies_per_cell:g} copies"
            fix = "give copies per CAR-positive cell, 1 or more"
            problems.append(Problem(message, fix, field="copies_per_cell"))
        if problems:
            raise InputError(problems)

    def convert(
        self,
        level: Float[np.ndarray, "*any"],
        from_unit: LevelUnit,
        to_unit: LevelUnit,
        *,
        white_cells: Float[np.ndarray, "*any"] | None = None,
    ) -> Float[np.ndarray, "*any"]:
        """Convert levels, or limits of quantification, sample by sample.

        Parameters
        ----------
        level
            Levels in ``from_unit``; NaN stays NaN.
        from_unit, to_unit
            Two of :data:`LEVEL_UNITS`.
        white_cells
            White cells per µL at each sample; needed to or from copies per µg. Where there were
            none (0) or none counted, copies per µg are NaN.

        Raises
        ------
        InputError
            If a unit is not known, or white cells are missing or negative.
        """
        problems = []
        for name, unit in (("from_unit", from_unit), ("to_unit", to_unit)):
            if unit not in LEVEL_UNITS:
                fix = suggestion(str(unit), LEVEL_UNITS)
                problems.append(Problem(f"there is no unit '{unit}' of a level", fix, field=name))
        needed = ("copy/ug" in {from_unit, to_unit}) and from_unit != to_unit
        if needed and white_cells is None:
            message = "copies per µg depend on white cells, and none are given"
            problems.append(Problem(message, "give white cells per µL", field="white_cells"))
        if white_cells is not None and np.any(white_cells < 0.0):
            message = f"white cells of {np.nanmin(white_cells):g} per µL"
            problems.append(Problem(message, "give counts from 0 on", field="white_cells"))
        if problems:
            raise InputError(problems)
        if not needed or white_cells is None:
            return level * (self._copies(from_unit) / self._copies(to_unit))
        there = np.where(white_cells > 0.0, white_cells, np.nan) * self.dna_per_cell
        if from_unit == "copy/ug":
            return np.asarray(level * there / self._copies(to_unit))
        return np.asarray(level * self._copies(from_unit) / there)

    def _copies(self, unit: LevelUnit) -> float:
        """Count the copies in one unit of a level per volume."""
        return self.copies_per_cell if unit == "cell/uL" else 1.0
