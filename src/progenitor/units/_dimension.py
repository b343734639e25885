"""What kind of thing a unit measures: a product of powers of base dimensions."""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

__all__ = ["DIMENSIONLESS", "Dimension"]

_Exponent = int | float | Fraction
_FINEST_POWER = 1_000_000


@final
@dataclass(frozen=True, slots=True)
class Dimension:
    """A product of powers of base dimensions, such as ``cell · length⁻³``.

    Parameters
    ----------
    powers
        Base dimension and its power, sorted by name, without zero powers.

    Examples
    --------
    >>> Dimension.of(cell=1, length=-3) * Dimension.of(length=3)
    Dimension('cell')
    >>> Dimension.of(time=1) ** -0.5
    Dimension('time^-1/2')
    """

    powers: tuple[tuple[str, Fraction], ...] = ()

    @classmethod
    def of(cls, **powers: _Exponent) -> "Dimension":
        """Return the dimension with these powers of base dimensions."""
        return cls._tidy({name: _power(power) for name, power in powers.items()})

    @classmethod
    def _tidy(cls, powers: dict[str, Fraction]) -> "Dimension":
        return cls(tuple(sorted((name, power) for name, power in powers.items() if power)))

    @property
    def is_dimensionless(self) -> bool:
        """Whether nothing is measured but a plain number."""
        return not self.powers

    def __mul__(self, other: "Dimension") -> "Dimension":
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, Fraction(0)) + power
        return self._tidy(powers)

    def __truediv__(self, other: "Dimension") -> "Dimension":
        return self * other**-1

    def __pow__(self, exponent: _Exponent) -> "Dimension":
        by = _power(exponent)
        return self._tidy({name: power * by for name, power in self.powers})

    def __str__(self) -> str:
        if not self.powers:
            return "dimensionless"
        return "·".join(name if power == 1 else f"{name}^{power}" for name, power in self.powers)

    def __repr__(self) -> str:
        return f"Dimension('{self}')"


def _power(exponent: _Exponent) -> Fraction:
    """Return an exact power, so that ``(x ** 0.1) ** 10`` is ``x`` again."""
    return Fraction(exponent).limit_denominator(_FINEST_POWER)


DIMENSIONLESS = Dimension()
