"""Published numbers of the witnesses, from the catalogue."""

from progenitor.evidence import Reported, default_catalogue

__all__ = ["published"]


def published(quantity: str, *, row: str = "", place: int = 0) -> Reported:
    """Return one number as its source reports it.

    Parameters
    ----------
    quantity
        Of ``manufacture/`` in the catalogue.
    row, place
        Row of the evidence table, where the record reports several; otherwise its position.
    """
    reported = default_catalogue().parameter(f"manufacture/{quantity}").reported
    return next(one for one in reported if one.row == row) if row else reported[place]
