"""Tumour size in one and two dimensions, as radiologists measure it, from a number of cells."""

import numpy as np
from jaxtyping import Float

from progenitor.errors import DesignError

__all__ = ["bidimensional_size", "unidimensional_size"]


def bidimensional_size(
    cells: Float[np.ndarray, "*patients"], *, cells_per_cm3: float, lesions: int = 1
) -> Float[np.ndarray, "*patients"]:
    r"""Return the sum of products of diameters of equal spherical lesions.

    .. math::

        V = \frac{cells}{density}, \qquad
        SPD = m \left(\frac{6 V}{\pi m}\right)^{2/3}

    so the SPD halves when the number of cells falls to :math:`2^{-3/2} = 0.35` of what it was,
    whatever the number of lesions.

    Parameters
    ----------
    cells
        Tumour cells of each patient; NaN stays NaN.
    cells_per_cm3
        Cells in a cubic centimetre of tumour.
    lesions
        Number of equal lesions m over which the cells are spread.

    Returns
    -------
    size
        Sum of products of diameters in cm².

    Raises
    ------
    DesignError
        If the density or the number of lesions is not above 0, or cells are negative.

    References
    ----------
    Cheson et al. 2014, doi:10.1200/JCO.2013.54.8800: SPD of up to six target lesions.

    Examples
    --------
    >>> sphere_of_2_cm = np.array([1e9 * np.pi * 2.0**3 / 6.0])
    >>> bidimensional_size(sphere_of_2_cm, cells_per_cm3=1e9).round(6).tolist()
    [4.0]
    """
    return np.asarray(lesions * _cubed_diameter(cells, cells_per_cm3, lesions) ** (2.0 / 3.0))


def unidimensional_size(
    cells: Float[np.ndarray, "*patients"], *, cells_per_cm3: float, lesions: int = 1
) -> Float[np.ndarray, "*patients"]:
    r"""Return the sum of diameters of equal spherical lesions, in mm.

    .. math::

        V = \frac{cells}{density}, \qquad
        s = 10\, m \left(\frac{6 V}{\pi m}\right)^{1/3}

    so a sum that falls by 30 % has :math:`0.7^3 = 34 \%` of the cells, and one that rises by 20 %
    has 173 %.

    Parameters
    ----------
    cells
        Tumour cells of each patient; NaN stays NaN.
    cells_per_cm3
        Cells in a cubic centimetre of tumour.
    lesions
        Number of equal target lesions m over which the cells are spread.

    Raises
    ------
    DesignError
        If the density or the number of lesions is not above 0, or cells are negative.

    References
    ----------
    Eisenhauer et al. 2009, doi:10.1016/j.ejca.2008.10.026: sum of diameters of up to five targets.

    Examples
    --------
    >>> sphere_of_2_cm = np.array([1e9 * np.pi * 2.0**3 / 6.0])
    >>> unidimensional_size(sphere_of_2_cm, cells_per_cm3=1e9).round(6).tolist()
    [20.0]
    """
    cubed = _cubed_diameter(cells, cells_per_cm3, lesions)
    return np.asarray(10.0 * lesions * cubed ** (1.0 / 3.0))


def _cubed_diameter(
    cells: Float[np.ndarray, "*patients"], cells_per_cm3: float, lesions: int
) -> Float[np.ndarray, "*patients"]:
    """Cubed diameter in cm³ of each of several equal spheres."""
    if not (cells_per_cm3 > 0.0 and lesions >= 1) or np.any(cells < 0.0):
        raise DesignError(
            f"no tumour size from {cells_per_cm3:g} cells/cm³, {lesions} lesions and a least count "
            f"of {np.nanmin(cells, initial=np.inf):g} cells. Fix: give a density above 0, at least "
            "one lesion and counts of 0 or more"
        )
    volume = cells / cells_per_cm3 / lesions
    return 6.0 * volume / np.pi
