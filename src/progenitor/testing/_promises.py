"""What a contract promises, by name, so that a test can be made for each."""

import inspect

__all__ = ["promises"]


def promises(contract: type) -> tuple[str, ...]:
    """Names of the checks of a contract, in the order in which they are written.

    Examples
    --------
    >>> from progenitor.testing import DesignContract
    >>> promises(DesignContract)[0]
    'explains_itself'
    """
    return tuple(
        name
        for name, member in vars(contract).items()
        if inspect.isfunction(member) and not name.startswith("_")
    )
