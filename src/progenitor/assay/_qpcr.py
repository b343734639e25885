"""Transgene copies by quantitative PCR: standard curve, copies per microgram, per microlitre."""

from dataclasses import dataclass
from typing import Final, final

import numpy as np
from jaxtyping import Bool, Float

from progenitor.errors import InputError, Problem

__all__ = ["Levels", "StandardCurve", "copies_per_volume", "fit_standard_curve"]

_FEWEST: Final = 3
_TAIL: Final = 0.975


@final
@dataclass(frozen=True, slots=True)
class Levels:
    """Copies with their intervals.

    Parameters
    ----------
    value, low, high
        Estimate and 95 % interval, (sample,).
    below
        Whether the estimate is below the lower limit of quantification, (sample,).
    """

    value: Float[np.ndarray, " sample"]
    low: Float[np.ndarray, " sample"]
    high: Float[np.ndarray, " sample"]
    below: Bool[np.ndarray, " sample"]


@final
@dataclass(frozen=True, slots=True)
class StandardCurve:
    r"""Line of cycles against the logarithm of copies, ``Cq = intercept + slope·log10(copies)``.

    Parameters
    ----------
    slope, intercept
        Of the line; cycles per decade, cycles.
    slope_error
        Standard error of the slope.
    residual
        Standard deviation of cycles about the line.
    r_squared
        Share of the variation of cycles that the line explains.
    points
        Number of standards.
    centre, spread
        Mean of log10 copies, and sum of squares about it.
    range
        Smallest and largest number of copies among the standards.

    Examples
    --------
    >>> copies = np.array([1e3, 1e4, 1e5, 1e6])
    >>> curve = fit_standard_curve(copies, 36.724 - 3.379 * np.log10(copies))
    >>> round(curve.slope, 3), round(1 + curve.efficiency, 3)
    (-3.379, 1.977)
    """

    slope: float
    intercept: float
    slope_error: float
    residual: float
    r_squared: float
    points: int
    centre: float
    spread: float
    range: tuple[float, float]

    @property
    def efficiency(self) -> float:
        """Share of templates copied in a cycle, ``10^(−1/slope) − 1``."""
        return float(10 ** (-1.0 / self.slope) - 1)

    @property
    def efficiency_interval(self) -> tuple[float, float]:
        """95 % interval of the efficiency, from that of the slope."""
        from scipy.special import stdtrit

        reach = float(stdtrit(self.points - 2, _TAIL)) * self.slope_error
        ends = self.slope - reach, min(self.slope + reach, -1e-9)
        low, high = (10 ** min(-1.0 / end, 300.0) - 1 for end in ends)
        return float(low), float(high)

    @property
    def faults(self) -> tuple[str, ...]:
        """What MIQE guidelines would ask about: efficiency outside 90–110 %, R² below 0.98."""
        found = []
        if not 0.9 <= self.efficiency <= 1.1:
            found.append(f"efficiency {100 * self.efficiency:.0f} % is outside 90 to 110 %")
        if self.r_squared < 0.98:
            found.append(f"R² {self.r_squared:.3f} is below 0.98")
        return tuple(found)

    def copies(
        self, cycles: Float[np.ndarray, " sample"], *, wells: int = 1
    ) -> tuple[Float[np.ndarray, " sample"], Float[np.ndarray, " sample"]]:
        """Return copies, and the standard error of their log10, by inverse regression.

        ``s/|b|·√(1/m + 1/n + (Cq − mean)²/(b²·Sxx))`` with m wells of the sample and n standards.

        Parameters
        ----------
        cycles
            Mean Cq of each sample.
        wells
            Wells that were averaged.
        """
        log = (np.asarray(cycles) - self.intercept) / self.slope
        error = (self.residual / abs(self.slope)) * np.sqrt(
            1 / wells + 1 / self.points + (log - self.centre) ** 2 / self.spread
        )
        return 10.0**log, error

    def levels(
        self, cycles: Float[np.ndarray, " sample"], *, wells: int = 1, limit: float = 0.0
    ) -> Levels:
        """Return copies with 95 % intervals (Student's t with n − 2 degrees of freedom).

        Parameters
        ----------
        cycles, wells
            As for :meth:`copies`; NaN where nothing was amplified, which is below the limit.
        limit
            Lower limit of quantification, copies.
        """
        from scipy.special import stdtrit

        value, error = self.copies(cycles, wells=wells)
        none = np.isnan(value)
        value = np.where(none, 0.0, value)
        reach = 10 ** (float(stdtrit(self.points - 2, _TAIL)) * np.where(none, 0.0, error))
        return Levels(value, value / reach, value * reach, none | (value < limit))


def fit_standard_curve(
    copies: Float[np.ndarray, " standard"], cycles: Float[np.ndarray, " standard"]
) -> StandardCurve:
    """Fit the line through standards by least squares.

    Parameters
    ----------
    copies
        Known copies of each standard; above 0.
    cycles
        Its Cq.

    Raises
    ------
    InputError
        With fewer than three standards or a single concentration, copies that are not above 0, or
        cycles that do not fall with copies.

    References
    ----------
    Bustin SA et al. The MIQE guidelines. Clin Chem 2009;55:611-622,
    doi:10.1373/clinchem.2008.112797.
    """
    copies, cycles = np.asarray(copies, dtype=float), np.asarray(cycles, dtype=float)
    problems = []
    if not (np.isfinite(copies).all() and (copies > 0).all() and np.isfinite(cycles).all()):
        problems.append(
            Problem("a standard has no copies above 0 or no cycle", "give both for every standard")
        )
    elif copies.size < _FEWEST or np.unique(copies).size < 2:
        message = f"{copies.size} standards of {np.unique(copies).size} concentrations"
        problems.append(Problem(message, "give three or more, of two or more concentrations"))
    if problems:
        raise InputError(problems)
    x = np.log10(copies)
    centre, mean = float(x.mean()), float(cycles.mean())
    spread = float(((x - centre) ** 2).sum())
    slope = float(((x - centre) * (cycles - mean)).sum() / spread)
    if slope >= 0:
        message = f"cycles do not fall as copies rise (slope {slope:.3g})"
        raise InputError([Problem(message, "check which column is which, and the dilutions")])
    intercept = mean - slope * centre
    rest = float(((cycles - intercept - slope * x) ** 2).sum())
    whole = float(((cycles - mean) ** 2).sum())
    residual = float(np.sqrt(rest / (x.size - 2)))
    return StandardCurve(
        slope, intercept, residual / float(np.sqrt(spread)), residual, 1 - rest / whole,
        int(x.size), centre, spread, (float(copies.min()), float(copies.max())),
    )  # fmt: skip


def copies_per_volume(
    per_mass: Float[np.ndarray, " sample"],
    white_cells: Float[np.ndarray, " sample"],
    *,
    dna_per_cell: float,
) -> Float[np.ndarray, " sample"]:
    """Turn copies per microgram of DNA into copies per microlitre of blood.

    ``copies/µL = C·WBC·m`` with C in copies/µg, WBC in cells/µL and m the DNA of a cell in µg
    (catalogue number ``assay/dna_mass_per_cell``): without the white cell count of the same sample
    there is no such number, since the same copies per microgram mean tenfold different levels in
    lymphopenia.

    Parameters
    ----------
    per_mass
        Copies per microgram of DNA.
    white_cells
        White cells per microlitre of blood at that time.
    dna_per_cell
        Micrograms of DNA in a cell.

    Raises
    ------
    InputError
        When a white cell count is missing or below 0.

    Examples
    --------
    >>> found = copies_per_volume(np.array([1e5]), np.array([5000.0]), dna_per_cell=6.6e-6)
    >>> found.round(1).tolist()
    [3300.0]
    """
    wrong = ~(np.isfinite(white_cells) & (np.asarray(white_cells) >= 0))
    if wrong.any():
        message = f"{int(wrong.sum())} of {wrong.size} samples have no white cell count"
        fix = "give WBC in cell/uL for every sample: copies/uL cannot be known without it"
        raise InputError([Problem(message, fix, field="WBC")])
    found: Float[np.ndarray, " sample"] = per_mass * white_cells * dna_per_cell
    return found
