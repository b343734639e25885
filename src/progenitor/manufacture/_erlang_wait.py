r"""The wait for one of c equal servers when arrivals and work are both random: Erlang's C.

.. math::

    P(W > 0) = \frac{a^c / c!}{(1 - a/c) \sum_{k<c} a^k/k! + a^c/c!}, \qquad
    E[W] = \frac{P(W > 0)}{c\mu - \lambda}, \qquad a = \lambda / \mu .
"""

from progenitor.errors import InputError, Problem

__all__ = ["erlang_wait"]


def erlang_wait(*, servers: int, arrivals: float, service: float) -> tuple[float, float]:
    """Return the chance to wait at all, and the mean wait, of M/M/c in its steady state.

    Parameters
    ----------
    servers
        How many, from 1.
    arrivals
        Mean arrivals a day.
    service
        Mean days of work.

    Raises
    ------
    InputError
        Listing every number that cannot be, and when more arrives than can be done.

    References
    ----------
    Erlang. Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges. Elektroteknikeren 1917;13.

    Examples
    --------
    One server: the chance is the load.

    >>> erlang_wait(servers=1, arrivals=0.5, service=1.0)
    (0.5, 1.0)
    """
    problems = [
        Problem(f"{name} is {value:g}", fix, field=name)
        for name, value, fits, fix in (
            ("servers", servers, servers >= 1, "give a whole number from 1"),
            ("arrivals", arrivals, arrivals > 0, "give a rate above 0"),
            ("service", service, service > 0, "give days above 0"),
        )
        if not fits
    ]
    load = arrivals * service
    if not problems and load >= servers:
        message = f"{load:g} servers are needed on average, there are {servers}"
        problems.append(Problem(message, "give more servers: the line would grow for ever"))
    if problems:
        raise InputError(problems)
    blocked = 1.0  # Erlang's B by recursion, which never overflows
    for server in range(1, servers + 1):
        blocked = load * blocked / (server + load * blocked)
    waits = blocked / (1.0 - load / servers * (1.0 - blocked))
    return waits, waits / (servers / service - arrivals)
