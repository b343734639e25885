"""Ranges of the numbers of a design command; what is outside is noted, to be told at once."""

from itertools import pairwise

from progenitor.cli.designs._lists import OptionLists

__all__ = [
    "need",
    "need_above",
    "need_at_least",
    "need_between",
    "need_counts",
    "need_counts_so_far",
    "need_increasing",
    "need_ordered_rates",
    "need_rates",
    "need_two_stages",
]

_NEVER = float("inf")


def need(lists: OptionLists, **options: object) -> bool:
    """Note options that were not given; true if all were. ``prior_sd`` stands for ``--prior-sd``.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need(lists, p0=0.2, p1=None), [problem.field for problem in lists.problems]
    (False, ['--p1'])
    """
    missing = [_option(name) for name, value in options.items() if value is None]
    for name in missing:
        lists.add(name, "is needed", f"add {name} with a value")
    return not missing


def need_between(
    lists: OptionLists, low: float = 0.0, high: float = 1.0, /, **options: float | None
) -> None:
    """Note numbers that are not between two others; what was not given is passed over.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need_between(lists, p0=0.2, theta_t=1.5)
    >>> print(lists.problems[0].message, lists.problems[0].field)
    is 1.5 --theta-t
    """
    for name, value in options.items():
        if value is not None and not low < value < high:
            fix = f"give a number between {low:g} and {high:g}"
            lists.add(_option(name), f"is {value:g}", fix)


def need_at_least(lists: OptionLists, least: float, /, **options: float | None) -> None:
    """Note numbers below a least one, or infinite.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need_at_least(lists, 1, n=0)
    >>> print(lists.problems[0].fix)
    give a number of at least 1
    """
    for name, value in options.items():
        if value is not None and not least <= value < _NEVER:
            lists.add(_option(name), f"is {value:g}", f"give a number of at least {least:g}")


def need_above(lists: OptionLists, bound: float, /, **options: float | None) -> None:
    """Note numbers that are not above a bound, or infinite.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need_above(lists, 0, prior_a=0.0)
    >>> print(lists.problems[0].field, lists.problems[0].fix)
    --prior-a give a number above 0
    """
    for name, value in options.items():
        if value is not None and not bound < value < _NEVER:
            lists.add(_option(name), f"is {value:g}", f"give a number above {bound:g}")


def need_counts(lists: OptionLists, part: str, x: int, whole: str, n: int) -> None:
    """Note responders that are not a part of the patients.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need_counts(lists, "--x1", 5, "--n1", 3)
    >>> print(lists.problems[0].message)
    5 of 3 patients
    """
    if n < 1:
        lists.add(whole, f"is {n}", "give at least 1 patient")
    elif not 0 <= x <= n:
        lists.add(part, f"{x} of {n} patients", f"give a number from 0 to {n}")


def need_counts_so_far(lists: OptionLists, y: int, n: int, nmax: int) -> None:
    """Note responders and patients so far that do not fit a trial of ``nmax``.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need_counts_so_far(lists, 3, 2, 30)
    >>> print(lists.problems[0].message)
    3 responders of 2 patients
    """
    if not 0 <= n <= nmax:
        lists.add("--n", f"{n} of {nmax} patients", f"give a number from 0 to {nmax}")
    elif not 0 <= y <= n:
        lists.add("--y", f"{y} responders of {n} patients", f"give a number from 0 to {n}")


def need_increasing(lists: OptionLists, name: str, sizes: tuple[int, ...]) -> None:
    """Note looks that do not increase from one patient on.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need_increasing(lists, "--looks", (20, 10))
    >>> print(lists.problems[0].message)
    looks after 20, 10 patients do not increase
    """
    if sizes and (sizes[0] < 1 or any(b <= a for a, b in pairwise(sizes))):
        text = ", ".join(map(str, sizes))
        fix = "give increasing numbers of patients, such as 10,20,40"
        lists.add(name, f"looks after {text} patients do not increase", fix)


def need_ordered_rates(lists: OptionLists, p0: float, p1: float) -> None:
    """Note a rate of no interest and one hoped for that are no rates, or in the wrong order.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need_ordered_rates(lists, 0.4, 0.2)
    >>> print(lists.problems[0].message)
    is 0.2, not above --p0 0.4
    """
    need_between(lists, p0=p0, p1=p1)
    if 0.0 < p1 <= p0 < 1.0:
        fix = "give the uninteresting rate as --p0 and the hoped-for one as --p1"
        lists.add("--p1", f"is {p1:g}, not above --p0 {p0:g}", fix)


def need_rates(lists: OptionLists, name: str, rates: tuple[float, ...]) -> None:
    """Note true rates that are no probabilities.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need_rates(lists, "--rates", (0.2, 2.0))
    >>> print(lists.problems[0].message)
    2 is not a probability
    """
    for rate in rates:
        if not 0.0 <= rate <= 1.0:
            lists.add(name, f"{rate:g} is not a probability", "give numbers from 0 to 1")


def need_two_stages(lists: OptionLists, r1: int, n1: int, r: int, n: int) -> None:
    """Note numbers that are no two-stage design.

    Examples
    --------
    >>> lists = OptionLists()
    >>> need_two_stages(lists, 3, 43, 12, 13)
    >>> print(lists.problems[0].message)
    43 patients in stage one of 13 in all
    """
    if not 1 <= n1 < n:
        text = f"{n1} patients in stage one of {n} in all"
        lists.add("--n1", text, "give at least 1, and fewer than --n")
    if not -1 <= r1 < n1:
        text = f"is {r1}, of {n1} patients in stage one"
        lists.add("--r1", text, "give a number from -1 (never stop early) to below --n1")
    if not max(r1, 0) <= r < n:
        lists.add("--r", f"is {r}, of {n} patients", "give a number from --r1 to below --n")


def _option(name: str) -> str:
    """Write a keyword as the option it stands for.

    Examples
    --------
    >>> _option("prior_sd")
    '--prior-sd'
    """
    return "--" + name.replace("_", "-")
